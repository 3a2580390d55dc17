/* The payload of one case, written as JSON: the words and figures of checks/tell.h. */
#ifndef SETASIDE_CHECKS_TELL_BODY_H
#define SETASIDE_CHECKS_TELL_BODY_H

#include "checks/quota_tell.h"
#include "checks/tell.h"

enum tell_event { TELL_OPENED, TELL_UPDATED, TELL_REOPENED, TELL_CLOSED };
const char *tell_event_name(enum tell_event event);
enum tell_case { TELL_QUOTA, TELL_ARREARS, TELL_CALENDAR, TELL_SOURCE, TELL_NOBODY };

struct tell_change {
	int64_t finding_id;
	enum tell_event event;
	enum tell_case what;
	bool small_micro;
	bool doubted;  /* arrears: closed because a payment without a debt could cover it */
	bool due_soon; /* arrears: a debt that falls due soon, not one that is overdue */
	char *subject, *unit_code, *department, *rule_id;
	const char *severity;
	fen_t amount_before; /* FINDING_NO_AMOUNT = none */
};

/* What a message on a gap is about. */
struct tell_quota {
	const struct year_outlook *year;
	const struct scope_outlook *outlook;
	const struct scope_figures *figures;
	struct quota_told before; /* told last */
	enum quota_grade grade;
};

/* The changes of one case. event is what the message as a whole says: closed only when nothing of the case is open any
 * more; tell_body() sets it. */
struct tell_case_view {
	const struct tell_change *changes;
	const struct tell_change *lead; /* names rule and severity of the whole */
	size_t count;
	const char *case_key;
	enum tell_event event;
	const struct tell_quota *
		quota; /* of TELL_QUOTA: its event is decided, changes[0] is there even if count is 0 */
};

struct json_out;
/* {"code": …, "name": …}: the name on the day, else the last one. */
void tell_write_unit(const struct ledger *ledger, const struct unit_tree *units, day_t as_of,
	struct json_out *out, const char *key, const char *code);

/* False when there is nothing to tell: of a unit's arrears only debts changed that may be paid, or that were due soon and
 * are paid or told as overdue now. */
bool tell_body(
	const struct tell_context *context, struct tell_case_view *view, struct buf *payload);

#endif
