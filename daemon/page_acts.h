/* What people do through the API: reviews of debts, decisions on proposals, acts on cases, entries of the
 * registers, refused rows settled or corrected. Implements the hook `act` of api/server.h. */
#ifndef SETASIDE_DAEMON_PAGE_ACTS_H
#define SETASIDE_DAEMON_PAGE_ACTS_H

#include "api/server.h"

/* done is called once with a JSON object, unless cancelled. NULL with err when nothing was started. */
struct config;
struct source_env;
/* env and config are for entries of the registers and for corrections, which come as batches. */
void *page_act_start(struct sql_link *link, const struct source_env *env,
	const struct config *config, const struct api_act *act, api_document_fn done, void *arg,
	struct err *err);
/* The act itself may go on, and be committed already. */
void page_act_cancel(void *act);

#endif
