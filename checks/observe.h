/* What one judgement makes a finding of: quota shortfalls on plan basis (Q-1 … Q-3), suspected overdue obligations (P-4),
 * disputes opened only after the due day (P-6), deliveries that nobody accepts (P-3), bills that mature after the due day
 * (P-5), deposits that are not given back (P-9), calendar years that are missing (DT-6), sources that leave the checks blind (OPS-1, for those who run the monitor).
 *
 * A scope without a base (no budget rows of the year yet) gives nothing: an incomplete year is not a shortfall. Amounts
 * are fen. */
#ifndef SETASIDE_CHECKS_OBSERVE_H
#define SETASIDE_CHECKS_OBSERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "checks/figures.h"
#include "checks/judgement.h"
#include "sql/store_finding.h"

#define CODE_QUOTA_SME         "quota-shortfall-sme"
#define CODE_QUOTA_SMALL_MICRO "quota-shortfall-small-micro"
#define CODE_OVERDUE           "arrears-overdue"
#define CODE_MAYBE_PAID        "arrears-maybe-paid"
#define CODE_DUE_SOON          "arrears-due-soon"
#define CODE_LATE_DISPUTE      "arrears-late-dispute"
#define CODE_STALLED           "acceptance-stalled"
#define CODE_LATE_BILL         "bill-past-due"
#define CODE_DEPOSIT           "deposit-not-returned"
#define CODE_CALENDAR          "calendar-missing"
#define CODE_SOURCE            "source-health"
#define RULE_SOURCE            "OPS-1"
#define UNIT_DISTRICT          "district"

enum observed {
	OBSERVED_SME,
	OBSERVED_SMALL_MICRO,
	OBSERVED_OVERDUE,
	OBSERVED_MAYBE_PAID,
	OBSERVED_DUE_SOON,
	OBSERVED_LATE_DISPUTE,
	OBSERVED_STALLED,
	OBSERVED_LATE_BILL,
	OBSERVED_DEPOSIT,
	OBSERVED_CALENDAR,
	OBSERVED_SOURCE
};
struct observation {
	enum observed what;
	const char *rule_id, *unit_code, *department;
	fen_t amount;
	const struct scope_figures *scope; /* quota */
	size_t state;                      /* of an obligation: index of the judgement */
	bool verified;                     /* overdue: a person has verified it */
	int year;                          /* calendar */
	int64_t waiting;               /* calendar: obligations whose due day could not be found */
	char *source, *print, *faults; /* source: its name, what must differ, JSON array */
};

/* Whether the SME share of a scope is short. Departments stand under, whose text excepts what SMEs cannot supply:
 * met after exemptions is met. The district's Q-3 states no exception, so its strict figure decides. */
bool quota_is_short(enum quota_status sme, bool district);

struct observations;
/* Empty. Borrows both; judgement may be NULL when no states are added. */
struct observations *observations_new(const struct ledger *ledger,
	const struct judgement *judgement, day_t as_of, int fiscal_year);
void observations_free(struct observations *observations);
/* The shortfalls of the year's figures, which are borrowed. */
void observations_add_quota(struct observations *observations, const struct year_figures *figures);
/* The suspected overdue obligations among these states of the judgement. */
void observations_add_states(
	struct observations *observations, const uint32_t *states, size_t count);
/* A calendar year that obligations wait for. */
void observations_add_year(struct observations *observations, int year, int64_t waiting);
/* A source with faults; texts are copied. */
void observations_add_source(struct observations *observations, const char *source,
	const char *print, const char *faults);
size_t observations_count(const struct observations *observations);
const struct observation *observations_at(const struct observations *observations, size_t index);

/* finding_fill_fn of sql/store_finding.h. */
void observations_fill(void *observations, size_t index, struct finding_seen *ret_seen);
/* What was judged completely, as finding_set.judged wants it: the calendar and
 * the sources; the quota of the year when it was added; all
 * obligations, or only those whose state changed. */
const char *observations_judged(struct observations *observations, bool all_obligations);

#endif
