/* What an alert channel is. Adding one is one file pair, one row in channels.c and one test.
 *
 * A kind turns one configuration block into a channel, a message into finished bytes (the draft),
 * and a draft into exactly one outcome. Channels know nothing of the outbox, the database or each
 * other. Everything runs on the loop; nothing blocks. Only prepare() reads the message, so what is
 * sent is settled before the first byte leaves.
 *
 * Outcomes (alert-formats.md, common rule 3): success is the channel's own success field, never the
 * transport's. UNKNOWN means the request or the final dot left us and no complete answer came: the
 * receiver may have it. */
#ifndef SETASIDE_ALERTS_ALERT_H
#define SETASIDE_ALERTS_ALERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/conf.h"
#include "core/err.h"

struct event_base;
struct fetch;

enum alert_class { ALERT_ACKNOWLEDGED, ALERT_REJECTED, ALERT_RETRY, ALERT_UNKNOWN };
/* "acknowledged", "rejected-permanent", "retry-later", "unknown": the words of delivery.class. */
const char *alert_class_name(enum alert_class class);

enum { ALERT_ANSWER_MAX = 400 };

struct alert_outcome {
	enum alert_class class;
	char answer[ALERT_ANSWER_MAX]; /* the channel's own words on one line, control bytes
	                                  escaped, valid UTF-8 */
	int64_t retry_after_s;         /* the channel asked to wait this long; 0 = our schedule */
	bool endpoint_fault; /* the endpoint failed, not this message: counts for the circuit
	                          breaker */
	bool endpoint_gone; /* the endpoint asks never to be called again (410): disable the channel
	                     */
	size_t bytes;       /* size of what was offered */
	int parts_done; /* robots: parts of the message that are acknowledged, earlier tries included */
	int requests;          /* sent in this try, for the rate budget; 0 counts as 1 */
	int64_t clock_ahead_s; /* our clock minus the receiver's by its Date header; 0 = unknown or equal */
};

/* One message as the outbox leases it. Texts are lent for the length of prepare(). */
struct alert_message {
	int64_t message_id;
	const char *ref; /* A-YYYYMMDD-NNNNNN */
	const char *case_key;
	const char *recipient; /* mail address; "" for kinds with one endpoint */
	const char *payload;   /* JSON, alerts/payload.h */
	size_t payload_length;
	int64_t first_try_at; /* Unix seconds; the same on every try */
	bool maybe_sent;      /* an earlier try ended unknown: say so */
	int parts_done;       /* alert_outcome.parts_done of the last try */
	const char *
		stood_severity; /* kinds that stand: with which the case stands there; NULL or "" = it does not */
};

struct alert_channel; /* one configured channel; its kind's own struct begins with struct
                         alert_channel_head */
struct alert_draft;
struct alert_try; /* cookie of a running send */

/* Shared services, lent for the life of the channel. */
struct alert_env {
	struct event_base *base;
	struct fetch *fetch; /* HTTP; NULL in tests of kinds that need none */
	const char *state;   /* directory of the journal of tries; NULL = none is kept */
};

typedef void (*alert_done_fn)(void *arg, const struct alert_outcome *outcome);

struct alert_kind {
	const char *name;                   /* the word after "kind =" */
	int64_t retry_first_ms, timeout_ms; /* used where the block says nothing */
	int in_flight_max;                  /* same; 0 = 1 */
	int rate_minute,
		rate_second; /* same: requests within any minute and second, 0 = no limit */
	int parts_max;       /* most requests that one message takes; 0 = 1 */
	int64_t digest_bytes; /* most bytes of the items of one digest (JSON); 0 = the text is cut into parts */
	int64_t digest_part_bytes; /* same for each part, where the rate lets a message have fewer than parts_max;
	                              0 = a full digest fits into one */
	bool stands; /* the receiver forgets: outbox repeats what is open (alerts/standing.h) */
	/* Checks one block beyond types and ranges; complains at the line of the key. 0 or -1. */
	int (*validate)(const struct conf_block *block, struct conf_errors *errors);
	/* Keeps nothing of block. NULL with err set: a secret that cannot be read, a library that
	 * refuses. */
	struct alert_channel *(*open)(
		const struct alert_env *env, const struct conf_block *block, struct err *err);
	/* NULL with err set: this message can never be sent as it is (a defect of ours or of its
	 * data). */
	struct alert_draft *(*prepare)(struct alert_channel *channel,
		const struct alert_message *message, struct err *err);
	/* Takes the draft over, in any case. done is called exactly once, never inside this call,
	 * never after cancel. NULL with err set: nothing left this host and nothing will (done is
	 * not called). */
	struct alert_try *(*send)(struct alert_channel *channel, struct alert_draft *draft,
		alert_done_fn done, void *arg, struct err *err);
	/* Gives up: done is not called; what was under way is unknown. */
	void (*cancel)(struct alert_try *try);
	void (*free_draft)(struct alert_draft *draft);
	/* No try may be running. */
	void (*close)(struct alert_channel *channel);
};

/* What the outbox needs to know of any channel; first member of each kind's channel struct. */
struct alert_channel_head {
	const struct alert_kind *kind;
	char *name;
	int in_flight_max; /* tries at once */
	int rate_minute;   /* requests within any rate_window_ms, 0 = no limit */
	int rate_second;
	int parts_max; /* most requests of one message: never more than rate_minute */
	int64_t rate_window_ms;
	int64_t retry_first_ms; /* core/backoff.h, quadratic */
	int64_t retry_cap_ms;
	int64_t give_up_ms;
	int64_t repeat_ms; /* of kinds that stand */
	/* Set by the owner, may be NULL. Of messages in parts: so many are acknowledged, the next one follows; arg is
	 * that of send. */
	void (*part_done)(void *arg, int parts_done);
};
struct alert_channel_head *alert_channel_head(struct alert_channel *channel);
/* Fills the head from the keys that every kind has; the owner frees with alert_head_free. */
void alert_head_init(struct alert_channel_head *head, const struct alert_kind *kind,
	const struct conf_block *block);
void alert_head_free(struct alert_channel_head *head);

/* Fills answer from any bytes: one line, control and bidi characters escaped or dropped, cut
 * between characters. */
void alert_answer_set(struct alert_outcome *outcome, const char *bytes, size_t length);

/* Our clock minus the receiver's, from its Date header (Unix seconds, -1 = none); within 5 s counts as equal: 0. */
int64_t alert_clock_ahead(int64_t date_unix);

/* channels.c: the table of kinds (NULL-terminated) and the keys of channel and route blocks. */
extern const struct alert_kind *const alert_kinds[];
const struct alert_kind *alert_kind_find(const char *name);
const struct alert_kind *alert_kind_of(const struct conf_block *block);
/* Complains about keys (NULL-terminated) that belong to another kind. */
int alert_refuse_keys(
	const struct conf_block *block, const char *const *keys, struct conf_errors *errors);
extern const struct conf_key alert_channel_keys[]; /* section "channel", titled */
extern const struct conf_key alert_route_keys[];   /* section "route", titled */
/* "20:00-08:00" of a route's quiet key; false when text is NULL or anything else. */
enum { ALERT_CLOCK_MAX = 6 };
bool alert_quiet_parse(const char *text, char from[ALERT_CLOCK_MAX], char to[ALERT_CLOCK_MAX]);
/* Validates every channel and route block: kinds, their own rules, routes that name unknown
 * channels. */
int alert_config_validate(const struct conf *conf, struct conf_errors *errors);

#endif
