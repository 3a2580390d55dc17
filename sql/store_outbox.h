/* The outbox in the database: leases, outcomes, the ledger of deliveries, channels and routes.
 *
 * Messages are written by store_finding in the transaction of their cause and announced by NOTIFY
 * setaside_outbox. States of a message and who may move them: alerts/life.h. Times are the
 * server's; waits are milliseconds.
 *
 * A lease is a row in state sending with lease_until and a lease_epoch that grows with every lease:
 * an outcome is recorded only under the epoch it was leased with. A lease that ends without an
 * outcome becomes unknown, with its own row in delivery. Messages of one (case_key, channel,
 * recipient) leave one at a time, in the order of their ids.
 *
 * Every call is asynchronous: done once, later, on the loop (sql/job.h). */
#ifndef SETASIDE_SQL_STORE_OUTBOX_H
#define SETASIDE_SQL_STORE_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "sql/job.h"

struct sql_link;

enum {
	STORE_OUTBOX_LEASE_S = 30,    /* renewed every 10 s while the try runs */
	STORE_OUTBOX_BLOCK_MAX = 256, /* messages leased at once */
	STORE_OUTBOX_BATCH_MAX = 256, /* outcomes in one transaction */
	STORE_OUTBOX_BREAK_AFTER = 5, /* endpoint faults in a row that open the circuit breaker */
	STORE_OUTBOX_PROBE_MAX_S =
		660 /* longest wait between two probes of a broken channel; jitter takes up to a
	                                  tenth off it: they come at least ten minutes apart then */
};

/* A leased message; texts are lent for the row callback. */
struct store_outbox_message {
	int64_t message_id, lease_epoch;
	int attempt; /* number of this try, from 1 */
	const char *ref, *case_key, *channel, *recipient, *payload;
	size_t payload_length;
	int64_t first_try_at; /* Unix seconds */
	int64_t age_ms;       /* since the first try */
	bool maybe_sent;
	int parts_done;
	const char *
		stood_severity; /* with which the case stands at a channel that forgets; "" = it does not */
};
typedef void (*store_outbox_message_fn)(void *arg, const struct store_outbox_message *message);

/* Becomes the only sender of the database, as long as the link's session lives. other: empty, or who is it already;
 * lent. */
typedef void (*store_outbox_sender_fn)(
	void *arg, const struct sql_outcome *outcome, const char *other);
int store_outbox_sender(
	struct sql_link *link, store_outbox_sender_fn done, void *arg, struct err *err);

/* References given from now on have greater numbers than last. done.affected = 1 when they would not have had. */
int store_outbox_refs(
	struct sql_link *link, int64_t last, sql_done_fn done, void *arg, struct err *err);

/* Leases at most limit due messages of one channel; of a channel whose circuit is open at most one, when its probe is
 * due; no more than its rate budget has room for, each counted as the most requests that a message of the channel may
 * take. A disabled channel gives none, and neither does any while another session is the sender. */
struct store_outbox_lease {
	const char *channel;
	int limit;
	store_outbox_message_fn row;
	void (*done)(void *arg, const struct sql_outcome *outcome);
	void *arg;
};
int store_outbox_lease(
	struct sql_link *link, const struct store_outbox_lease *lease, struct err *err);

/* Moves lease_until of tries that run or will. moved is called with the place, from 0, of each that is still held under
 * its epoch. */
typedef void (*store_outbox_moved_fn)(void *arg, int place);
int store_outbox_renew(struct sql_link *link, const int64_t *message_ids, const int64_t *epochs,
	int count, store_outbox_moved_fn moved, sql_done_fn done, void *arg, struct err *err);

/* Ends leases whose messages were not sent: as if they had not been leased. */
int store_outbox_return(struct sql_link *link, const int64_t *message_ids, const int64_t *epochs,
	int count, sql_done_fn done, void *arg, struct err *err);

/* Every lease that has ended becomes unknown (next try at once) with a delivery row; done.affected
 * = how many. */
int store_outbox_expire(struct sql_link *link, sql_done_fn done, void *arg, struct err *err);

struct store_outbox_outcome {
	int64_t message_id, lease_epoch;
	const char *class; /* alert_class_name() */
	const char *answer;
	const char *state;                     /* message state after it, alerts/life.h */
	int64_t wait_ms;                       /* until the next try, for retry and unknown */
	int64_t channel_wait_ms;               /* the endpoint asked for a pause; 0 = none */
	int64_t started_at_us, finished_at_us; /* Unix microseconds */
	int64_t bytes;
	bool endpoint_fault, endpoint_gone;
	int parts_done, requests; /* requests 0 counts as 1 */
	int64_t clock_ahead_s;
	int64_t probe_ms; /* first wait for a probe should this fault open the circuit; grows quadratically */
};
/* One transaction: message states, delivery rows with gap-free numbers, channel health,
 * state_version. Doing it again after an unknown COMMIT changes nothing. done.affected = rows
 * recorded; fewer than count: some leases were lost. */
int store_outbox_record(struct sql_link *link, const struct store_outbox_outcome *outcomes,
	int count, sql_done_fn done, void *arg, struct err *err);

/* Before a lease. What is due in quiet hours waits for their end. Then what waits on the channel is gathered: messages
 * of many cases become digests when more than half of the rate budget waits or the time of held ones has come; several
 * messages of one case become one. What was gathered is superseded by the message that carries it. done.affected is not
 * used. */
enum {
	STORE_OUTBOX_DIGEST_MAX = 80,
	STORE_OUTBOX_PRECEDED_MAX = 50,
	STORE_OUTBOX_GATHER_MAX =
		1000 /* messages gathered by one statement; it is done until none is left */
};
/* digest_bytes: most bytes of one digest's items, 0 = no limit. */
int store_outbox_gather(struct sql_link *link, const char *channel, int64_t digest_bytes,
	sql_done_fn done, void *arg, struct err *err);

/* One page of what stands on a channel, by case: rows have message_id, ref, case_key, recipient, payload and
 * first_try_at, the rest is 0. standing must live until done, or until the job is cancelled. NULL with err set. */
struct store_outbox_standing {
	const char *channel, *after; /* the last case of the page before, "" at first */
	int limit;
	store_outbox_message_fn row;
	void (*done)(void *arg, const struct sql_outcome *outcome);
	void *arg;
};
struct sql_job *store_outbox_standing(
	struct sql_link *link, struct store_outbox_standing *standing, struct err *err);

/* Milliseconds until something is due (0 = now), -1 = nothing waits. Blocked followers, disabled
 * channels and open circuits are looked through. */
typedef void (*store_outbox_next_fn)(void *arg, const struct sql_outcome *outcome, int64_t wait_ms);
int store_outbox_next(struct sql_link *link, store_outbox_next_fn done, void *arg, struct err *err);

/* The configuration's channels and routes. A channel whose print changed is enabled again with a
 * closed circuit; one that is gone is disabled, its messages wait. */
struct store_outbox_channel {
	const char *name, *kind;
	const char *print; /* hash of its configuration block; secrets not included */
	const char *const *recipients;
	int recipient_count;
	int rate_count, rate_second; /* 0 = no limit */
	int parts_max;               /* most requests of one message; 0 counts as 1 */
	bool stands;                 /* alert_kind.stands */
	int64_t rate_window_ms;
};
struct store_outbox_route {
	const char *name;
	const char *const *channels, *const *rules, *const *units;
	int channel_count, rule_count, unit_count;
	const char *severity;          /* least */
	int64_t amount_fen;            /* least */
	const char *const *recipients; /* of the channels; none = all */
	int recipient_count;
	const char *digest;                /* off daily weekly */
	const char *quiet_from, *quiet_to; /* "20:00", "" = none */
	bool working_days, all_quiet;
};
int store_outbox_sync(struct sql_link *link, const struct store_outbox_channel *channels,
	int channel_count, const struct store_outbox_route *routes, int route_count,
	sql_done_fn done, void *arg, struct err *err);

#endif
