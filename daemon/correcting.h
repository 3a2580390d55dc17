/* A person's correction of a refused row, carried out: rehearsed first, then put on record, then sent through the same way
 * as every batch, as the source "corrections". */
#ifndef SETASIDE_DAEMON_CORRECTING_H
#define SETASIDE_DAEMON_CORRECTING_H

#include <stdint.h>

#include "core/err.h"

struct config;
struct source_env;

struct correction_wish {
	int64_t quarantine_id;
	const char *person, *reason;
	const char *changes; /* JSON object of texts: field -> new value. Copied, as the others */
};

struct correcting;
/* number: the batch that brought the row. err ERR_REFUSED: there is no such open row, only the source can correct it, or it
 * would be refused again; nothing was kept then. Called once, never inside the starting call. */
typedef void (*correcting_done_fn)(void *arg, const struct err *err, int64_t number);
/* env is copied; what it points to is lent until done, config (rules of the sources) too. NULL with err when it cannot even
 * start. */
struct correcting *correcting_start(const struct source_env *env, const struct config *config,
	const struct correction_wish *wish, correcting_done_fn done, void *arg, struct err *err);
/* Nobody is called any more. What is not just being committed is rolled back. */
void correcting_cancel(struct correcting *work);

#endif
