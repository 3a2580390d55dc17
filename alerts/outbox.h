/* The outbox pump: leases messages that are due, hands them to their channels, records every
 * outcome.
 *
 * Runs on the loop, on a store link lent by the caller. It wakes by outbox_wake() (the caller
 * LISTENs on setaside_outbox), by its own timer for the earliest next_try_at, and every 60 s as a
 * net. Order inside one turn: record what is known, renew leases of tries that run, declare lost
 * leases unknown, lease more. So an acknowledged message is never sent again by us; one whose lease
 * was lost may be, with the same reference and marked.
 *
 * One outbox sends for a database; any other waits in reserve until its session has ended.
 *
 * outbox_stop() leases nothing more, gives running tries up to grace_ms, then cancels them (their
 * outcome is unknown) and records what is known; what cannot be recorded within 5 s more stays
 * `sending` until its lease ends. drained is called once, never inside stop. */
#ifndef SETASIDE_ALERTS_OUTBOX_H
#define SETASIDE_ALERTS_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "core/conf.h"
#include "core/err.h"

struct alert_env;
struct outbox;
struct sql_link;

struct outbox_stats {
	int64_t acknowledged, rejected, retried, unknown; /* tries since start */
	int in_flight;
	int unrecorded; /* outcomes not yet committed */
	bool reserve;   /* another monitor sends the messages of this database */
	bool busy;      /* a statement is under way, or something is about to be done */
};

/* Opens every channel block of conf. NULL with err set when one cannot be opened. link and env are
 * lent. */
struct outbox *outbox_new(const struct alert_env *env, struct sql_link *link,
	const struct conf *conf, struct err *err);
/* Becomes the sender, writes channels, recipients and routes into the database, then begins. */
void outbox_start(struct outbox *outbox);
void outbox_wake(struct outbox *outbox);
void outbox_stop(struct outbox *outbox, int grace_ms, void (*drained)(void *arg), void *arg);
bool outbox_drained(const struct outbox *outbox);
struct outbox_stats outbox_stats(const struct outbox *outbox);
/* Cancels what runs. NULL is fine. Not from inside a callback of the outbox. */
void outbox_free(struct outbox *outbox);

#endif
