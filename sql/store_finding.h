/* The life cycle of findings, and the outbox rows that tell of it, in the caller's write
 * transaction.
 *
 * A run observes; the store compares the observations with what is on record:
 *
 *   on record        observed, print differs   observed, print equal   not observed, scope judged
 * not judged none             opened                    opened                  - - open updated -
 * closed                       - acknowledged     updated (open again)      - closed - closed
 * reopened                  reopened                -                            -
 *
 * Every entry writes the finding and one finding_event; nothing else does, so a repeated run
 * changes nothing. */
#ifndef SETASIDE_SQL_STORE_FINDING_H
#define SETASIDE_SQL_STORE_FINDING_H

#include <stddef.h>
#include <stdint.h>

#include "core/day.h"
#include "core/err.h"
#include "core/money.h"

struct sql_tx;

/* One observation. Texts are lent for the call of store_findings(); evidence is JSON object text.
 */
struct finding_seen {
	const char *rule_id, *code, *subject_kind, *subject;
	const char *unit_code, *department; /* "" = the whole district */
	const char *severity;               /* info notice warning urgent */
	fen_t amount;
	const char *currency;
	const char *print; /* equal = not changed */
	const char *evidence;
};

/* What this run judged completely: findings of code whose subject is LIKE pattern and that were not
 * seen are closed. */
struct finding_scope {
	const char *code, *pattern;
};

/* One change of this run, lent for the call. */
struct finding_change {
	int64_t finding_id, seq;
	const char *event; /* opened updated reopened closed */
	const char *rule_id, *code, *subject_kind, *subject, *unit_code, *department, *severity;
	fen_t amount;
	const char *evidence; /* of the last observation */
};

struct finding_set {
	const struct finding_seen *seen;
	size_t seen_count;
	const struct finding_scope *scopes;
	size_t scope_count;
};

/* changed is called for every change, ordered by unit, code, amount (largest first), subject; then
 * done once. Inside the caller's transaction; on failure the caller rolls back. The arrays must
 * live until done. */
typedef void (*finding_changed_fn)(void *arg, const struct finding_change *change);
typedef void (*finding_done_fn)(void *arg, const struct err *err);
void store_findings(struct sql_tx *tx, int64_t run_id, day_t as_of, const struct finding_set *set,
        finding_changed_fn changed, finding_done_fn done, void *arg);

/* Queues one message for every recipient of every channel that a matching route names (rule in
 * route.rules, unit or its department in route.units, '*' matches all; a channel named by several
 * routes gets one). It is linked with every finding_event of the run whose code is in codes and
 * whose unit (and subject, unless NULL) is given. */
struct message_draft {
	const char *case_key, *event, *rule_id, *severity, *unit_code, *department;
	const char *payload; /* JSON object text, see checks/tell.h */
	const char *codes;   /* array literal of finding codes: "{arrears-overdue}" */
	const char *subject; /* NULL = all of the unit */
	day_t as_of;         /* the date inside ref */
};
typedef void (*message_queued_fn)(void *arg, const struct err *err, int64_t messages);
void store_message(struct sql_tx *tx, int64_t run_id, const struct message_draft *draft,
        message_queued_fn done, void *arg);

#endif
