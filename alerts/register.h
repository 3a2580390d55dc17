/* The channels and routes of a configuration, copied out of it, ready to be written into the database. */
#ifndef SETASIDE_ALERTS_REGISTER_H
#define SETASIDE_ALERTS_REGISTER_H

#include "core/conf.h"
#include "core/err.h"
#include "sql/job.h"

struct register_set;
struct sql_link;

/* NULL with err set when an address file cannot be read. */
struct register_set *register_new(const struct conf *conf, struct err *err);
void register_free(struct register_set *set);
/* May be called again after a failure. See store_outbox_sync. */
int register_write(const struct register_set *set, struct sql_link *link, sql_done_fn done,
	void *arg, struct err *err);

#endif
