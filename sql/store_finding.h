/* The life cycle of findings, and the outbox rows that tell of it, in the caller's write transaction.
 *
 * A run observes; the store compares the observations with what is on record:
 *
 *   on record        observed, print differs   observed, print equal   not observed, judged   not judged
 *   none             opened                    opened                  -                      -
 *   open             updated                   -                       closed                 -
 *   acknowledged     updated (open again)      -                       closed                 -
 *   closed           reopened                  reopened                -                      -
 *
 * Every entry writes the finding and one finding_event; nothing else does, so a repeated run changes nothing.
 * Amounts are fen. */
#ifndef SETASIDE_SQL_STORE_FINDING_H
#define SETASIDE_SQL_STORE_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/day.h"
#include "core/err.h"
#include "core/money.h"

struct event_base;
struct sql_tx;

struct finding_store;
struct finding_store *finding_store_new(struct event_base *base, struct sql_tx *tx);
/* After the end of the transaction (commit, rollback, sql_tx_abandon); drops a step under way. NULL is fine. */
void finding_store_free(struct finding_store *store);

/* One observation; (code, subject_kind, subject) is unique in a run. */
struct finding_seen {
	const char *rule_id, *code, *subject_kind, *subject;
	const char *unit_code;  /* "district" = the whole district */
	const char *department; /* on the as-of day, "" for the district */
	const char *severity;   /* info notice warning urgent */
	fen_t amount;
	const char *currency;
	const char *print;    /* equal = not changed: daily figures are not in it */
	const char *evidence; /* JSON object text */
};
typedef void (*finding_fill_fn)(void *arg, size_t index, struct finding_seen *ret_seen);

struct finding_set {
	int64_t run_id;
	day_t as_of;
	size_t count;
	finding_fill_fn fill; /* texts lent until the next call */
	void *fill_arg;
	/* JSON array [{"code", "pattern"}] of what the run judged completely: findings of the code whose subject is LIKE
	 * the pattern and that were not observed are closed. With "changed": true only those of them are judged whose
	 * subject is the number of an obligation in the table state_change (store_check.h); with "touched": true and no
	 * pattern, those about a record in the temporary table judged_subject. Copied. */
	const char *judged;
	bool own_only; /* changes held back in earlier runs are none of this one's business */
};
/* Observations of a piece of the run, before those of finding_store_apply(): count (not 0), fill and fill_arg
 * of the set. */
typedef void (*finding_done_fn)(void *arg, const struct err *err);
void finding_store_put(struct finding_store *store, const struct finding_set *set,
	finding_done_fn done, void *arg);

#define FINDING_NO_AMOUNT INT64_MIN
/* One change of this run, or of earlier ones that was held back; lent for the call. */
struct finding_change {
	int64_t finding_id, seq;
	const char *event; /* opened updated reopened closed */
	const char *rule_id, *code, *subject_kind, *subject, *unit_code, *department, *severity;
	fen_t amount;        /* 0 when closed */
	fen_t amount_before; /* FINDING_NO_AMOUNT when there was none */
	bool doubted; /* a debt that a payment without a debt could cover: not known to be paid */
	bool held;    /* happened in an earlier run and has not been told yet */
};

/* changed is called for every change, ordered by unit, code, amount (largest first), subject; then done once. */
typedef void (*finding_changed_fn)(void *arg, const struct finding_change *change);
void finding_store_apply(struct finding_store *store, const struct finding_set *set,
	finding_changed_fn changed, finding_done_fn done, void *arg);

/* Queues one message for every recipient of every channel that a matching route names (rule in route.rules, unit or its
 * department in route.units, '*' matches all; a channel named by several routes gets one). It is linked with every event
 * of the run on a finding of these codes and this unit (and this subject, unless NULL). */
struct message_draft {
	int64_t run_id;
	const char *case_key, *event, *rule_id, *severity, *unit_code, *department;
	const char *payload; /* JSON object text, see checks/tell.h */
	const char *codes;   /* array literal of finding codes: "{arrears-overdue}" */
	const char *subject;
	day_t as_of; /* the date inside ref */
	/* About a unit's arrears, case arrears/UNIT or step/ID: of these a unit gets one a day. What is not urgent is held
	 * back when there was one, and goes with the next (a step: itself, on another day). */
	bool once_a_day;
};
typedef void (*message_queued_fn)(void *arg, const struct err *err, int64_t messages);
/* Texts are copied. */
void finding_store_message(struct finding_store *store, const struct message_draft *draft,
	message_queued_fn done, void *arg);

#endif
