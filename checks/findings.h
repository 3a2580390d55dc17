/* Data findings: what the records themselves say is wrong (names as in the golden finding_counts),
 * with the record they are about. Verdict findings (quota not met, overdue) are made from figures
 * and states by the caller. */
#ifndef SETASIDE_CHECKS_FINDINGS_H
#define SETASIDE_CHECKS_FINDINGS_H

#include "checks/arrears.h"
#include "checks/figures.h"

struct data_finding {
	const char *code;    /* "plan-share-missing" */
	const char *rule_id; /* "Q-7" */
	const char
		*subject_kind; /* budget_item, contract, obligation, payment, amendment, notice */
	const char *subject;   /* natural key; for a budget item YEAR/UNIT/PROJECT/PACKAGE */
	const char *unit_code;
	fen_t amount; /* NUMBER_NONE = none */
};
/* subject and unit_code are good during the call only. */
typedef void (*finding_fn)(void *arg, const struct data_finding *finding);

/* zh-CN of the codes of records, for people; the code itself for one that has no words. */
const char *finding_words(const char *code);

/* Plan, award, contract and amendment findings of one fiscal year on a day. */
void findings_of_records(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, int fiscal_year, day_t as_of, finding_fn fn, void *arg);
/* What notices, parties, amendments and deposits say about packages and contracts: clocks of N-2,
 * reserved packages that ended without award, subcontracting upward, possible double counting.
 * Called by findings_of_records. Where the records hold no notice nothing is claimed. */
void findings_of_procurement(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, int fiscal_year, day_t as_of, finding_fn fn, void *arg);
/* One finding per flag of the state. */
void findings_of_state(
	const struct facts *facts, const struct obligation_state *state, finding_fn fn, void *arg);
void findings_of_payment(const struct facts *facts, enum payment_fault fault, uint32_t payment,
	finding_fn fn, void *arg);

#endif
