/* The outbox pump over the life of the monitor: started when the database is first ready, replaced when a reload
 * changed a channel or a route, wound down at the stop. */
#ifndef SETASIDE_DAEMON_DELIVERIES_H
#define SETASIDE_DAEMON_DELIVERIES_H

#include <stdbool.h>

#include "alerts/outbox.h"
#include "core/err.h"

struct config;
struct deliveries;
struct event_base;
struct fetch;
struct sql_link;

/* All are lent, config is referenced. NULL with err when a channel cannot be opened. */
struct deliveries *deliveries_new(struct event_base *base, struct fetch *fetch,
	struct sql_link *link, struct config *config, struct err *err);
/* The first call starts the pump. */
void deliveries_wake(struct deliveries *deliveries);
/* A channel that cannot be opened leaves the old ones at work, with a line in the log. */
void deliveries_reload(struct deliveries *deliveries, struct config *config);
/* Tries that run get ten seconds. */
void deliveries_stop(struct deliveries *deliveries);
bool deliveries_drained(const struct deliveries *deliveries);
struct outbox_stats deliveries_stats(const struct deliveries *deliveries);
void deliveries_free(struct deliveries *deliveries);

#endif
