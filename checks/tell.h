/* What the messages of a run say: changes of findings gathered by case, each with a payload complete in itself.
 *
 * The members of a payload are the contract written in alerts/payload.h; a mail of last week can be shown again from it
 * as it was sent. Cases: quota/YEAR/SCOPE (both targets of one scope together), arrears/UNIT (all suspected overdue
 * obligations of a unit, new ones first), calendar/YEAR, source/NAME. Members beyond that contract: quota.outlook ("on-target",
 * "gap-fixable", …), label (fixed Chinese words for the subject), arrears.cleared (numbers of the obligations that are no longer overdue). Amounts are fen. */
#ifndef SETASIDE_CHECKS_TELL_H
#define SETASIDE_CHECKS_TELL_H

#include "checks/observe.h"
#include "checks/quota_part.h"
#include "checks/told.h"
#include "sql/store_finding.h"
#include "sql/store_quota_told.h"

enum {
	TELL_ROWS_MAX = TOLD_ROWS_MAX, /* rows and cleared numbers in one message */
	TELL_FINDINGS_MAX = 500        /* ids in a payload; message_finding has all */
};

struct tell_context {
	const struct ledger *ledger;
	const struct unit_tree *units;
	const struct quota_year *year;           /* its figures; NULL: they were not looked at */
	const struct observations *observations; /* with the calendar's */
	const struct told *told;
	day_t as_of;
	int fiscal_year;
	int64_t run_id;
	const char *started_at; /* "2026-10-20T01:00:00Z" */
	const char *program;
};

struct tell;
/* Borrows what the context points to. told may be read after the changes were taken. */
struct tell *tell_new(const struct tell_context *context);
void tell_free(struct tell *tell);

/* Takes one change; finding_changed_fn of sql/store_finding.h. Changes of quota findings are counted, not told: what is
 * told of a gap follows checks/quota_tell.h. */
void tell_change(void *tell, const struct finding_change *change);
/* Takes what was told last of a scope; quota_told_row_fn of sql/store_quota_told.h. All before the first message. */
void tell_quota_told(void *tell, const struct quota_told_row *row);
/* The figures of the year before, when something may still be told of it; before the first message. Borrowed. */
void tell_past(struct tell *tell, const struct quota_year *past);
/* Counts over all changes taken. */
struct tell_counts {
	int64_t opened, updated, closed;
};
struct tell_counts tell_counts(const struct tell *tell);
/* A change was taken that somebody may be told of, also one that was held back by an earlier run. */
bool tell_waits(const struct tell *tell);

/* The next message, false when all are told. Texts are lent until the next call. */
bool tell_next(struct tell *tell, struct message_draft *ret_draft);
/* What is to be kept once that message is queued for anybody; NULL when nothing is. Lent like the message. */
const struct quota_told_row *tell_kept(const struct tell *tell);

#endif
