/* What the files that make findings of procurement share. Not for others. */
#ifndef SETASIDE_CHECKS_FINDINGS_PROCUREMENT_H
#define SETASIDE_CHECKS_FINDINGS_PROCUREMENT_H

#include "checks/findings.h"
#include "checks/package.h"
#include "core/map.h"

struct looking {
	const struct law *law;
	const struct facts_index *index;
	const struct unit_tree *units;
	const struct packages *packages;
	struct map contracts; /* project -> first contract, chained by next_contract */
	uint32_t *next_contract;
	struct map subcontracts; /* contract -> first party, chained by next_party */
	uint32_t *next_party;
	int fiscal_year;
	day_t as_of;
	finding_fn fn;
	void *arg;
};

#define LOOKING_CONTRACT(looking, contract, code, rule_id, ...)                                    \
	(looking)->fn((looking)->arg,                                                              \
		&(struct data_finding){ code, rule_id, "contract", (contract)->contract_no,        \
			(contract)->unit_code, (contract)->amount_fen,                             \
			regulation_of((looking)->law, (contract)->signed_on), { __VA_ARGS__ } })
/* Of a budget row; regulation: as in struct data_finding. */
void looking_item_under(const struct looking *l, const struct budget_item_fact *item,
	enum regulation regulation, const char *code, const char *rule_id,
	const struct finding_value values[FINDING_VALUES_MAX]);
/* One that rests on no article of the payment regulation. */
void looking_item(const struct looking *l, const struct budget_item_fact *item, const char *code,
	const char *rule_id, const struct finding_value values[FINDING_VALUES_MAX]);

/* A package and the days on which something was done for it. Codes are a unit's own and may be used again in another
 * year. */
struct package_days {
	const char *unit_code, *project_code, *package_no;
	day_t from, by; /* both included; from > by: none */
};
/* Of a budget row: the days of its year that have come (package_span). */
struct package_days looking_days_of_item(
	const struct looking *l, const struct budget_item_fact *item);
/* The latest notice of the kind about the package, published on one of the days; NULL if there is none. A notice that
 * states no unit or package may speak of any. */
const struct notice_fact *looking_notice(
	const struct looking *l, enum notice_kind kind, const struct package_days *days);
/* Some contract of the package was signed on one of the days. One that states no package is for all of them. */
bool looking_signed(const struct looking *l, const struct package_days *days);

/* N-1, N-2: what should have been signed or published by now, and what came late. */
void findings_of_clocks(const struct looking *looking);
/* small projects that are not reserved as a whole, where the place has a procurement limit. */
void findings_of_small_projects(const struct looking *looking);
/* E-4: what is bought beside or above the budget of a project whose budget is on record. */
void findings_of_budgets(const struct looking *looking);
/* price preferences of notices. */
void findings_of_preferences(const struct looking *looking);

/* What a day alone changes, for a look that judges only what may differ since a look at the day `after`: whether a term
 * of N-2 that began on that day (an award, a signing) ended in between, and whether the notices of a year (N-1) are
 * late. */
bool findings_term_ended(const struct law *law, day_t begun, day_t after, day_t as_of);
bool findings_notices_late(const struct law *law, int fiscal_year, day_t as_of);

#endif
