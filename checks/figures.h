/* The quota figures of one fiscal year, per department and for the district: plan, award, paid,
 * mixed and Q-4 basis (Q-1 … Q-9, G-10 … G-28). Sums only; verdicts by checks/quota.h. */
#ifndef SETASIDE_CHECKS_FIGURES_H
#define SETASIDE_CHECKS_FIGURES_H

#include "checks/arrears.h"
#include "checks/quota.h"

/* Sums of one scope. */
struct scope_figures {
	const char *scope; /* department code, "?" or "" for the district */
	const char *name;  /* of the department's unit row on the as-of day, "" if none */
	struct quota_sums plan;
	int64_t plan_items;
	struct quota_sums award; /* strict = adjusted = base */
	int64_t award_contracts;
	/* Band for suppliers of unknown size (award basis): lower = award.sme / award.small_micro
	 */
	fen_t award_sme_upper, award_small_micro_upper;
	int64_t award_unknown_contracts;
	struct quota_sums paid;
	struct quota_sums q4_goods_services, q4_works;
	int64_t q4_below_not_reserved;
};

struct year_figures {
	int fiscal_year;
	day_t as_of;
	struct scope_figures district;
	struct scope_figures *departments; /* sorted by code, byte order; topmost units of the day
	                                      and all with figures */
	size_t department_count, department_capacity;
};

/* paid_of_contract: principal allocated to each contract's obligations other than deposits, by
 * contract row (figures_paid_of_contract), or NULL to leave the paid basis at zero. Free with
 * figures_free. */
void figures_judge(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, int fiscal_year, day_t as_of, const fen_t *paid_of_contract,
	struct year_figures *ret);
void figures_free(struct year_figures *figures);
const struct scope_figures *figures_department(
	const struct year_figures *figures, const char *scope);

#endif
