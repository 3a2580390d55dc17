/* Pumps, a webhook receiver and a database: what tests of the outbox need. For tests only.
 *
 * One rig a test. A pump is one program's share of the world: its link, fetcher and outbox on the rig's loop; two of
 * them are two monitors. */
#ifndef SETASIDE_TESTS_OUTBOX_RIG_H
#define SETASIDE_TESTS_OUTBOX_RIG_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/pg.h"
#include "lib/sink.h"

struct outbox_rig {
	struct event_base *base;
	struct pg_db *db;
	struct sink *sink;
	struct conf *conf;
	const char *state; /* directory of the pumps' journal; NULL = none */
	char room[30000];
};
extern struct outbox_rig rig;

/* One webhook channel "hook" to the sink, with more keys, and a route "all" to it. */
void rig_begin(const struct sink_answer *answers, int count, const char *more);
/* The same with one channel "hook" of the kind and the rest of its block; port is the sink's. */
void rig_begin_kind(const struct sink_answer *answers, int count, const char *block_format);
/* The same as rig_begin on a database and a loop (rig.base) of the caller. */
void rig_begin_on(
	struct pg_db *database, const struct sink_answer *answers, int count, const char *more);
void rig_end(void);
void rig_end_but_database(void);

struct pump {
	struct sql_link *link;
	struct fetch *fetch;
	struct outbox *outbox;
	bool drained;
};
void pump_open(struct pump *pump);
void pump_stop(struct pump *pump, int grace_ms);
/* The program dies: nothing more is recorded. */
void pump_kill(struct pump *pump);

/* A message about a gap. */
void rig_queue(const char *ref, const char *kase);
void rig_queue_event(const char *ref, const char *kase, const char *event);
/* Messages A-20261006-000001 on, each of a case of its own. */
void rig_queue_cases(int count);
const char *rig_state_of(const char *ref);
/* Turn the loop until the query gives value, the sink has so many requests, holds says so; 60 s. */
void rig_until(const char *sql, int64_t value);
void rig_until_heard(int count);
void rig_until_true(bool (*holds)(void *arg), void *arg);
extern const char rig_acknowledged[]; /* counts them */
/* Numbers of deliveries have no gaps, nothing is acknowledged twice. */
void rig_expect_gapless(void);

#endif
