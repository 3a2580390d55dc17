/* Quota verdicts and gaps (Q-1 …, G-16 … G-18). Pure arithmetic on sums. */
#ifndef SETASIDE_CHECKS_QUOTA_H
#define SETASIDE_CHECKS_QUOTA_H

#include "checks/law.h"
#include "core/money.h"

enum quota_status {
	QUOTA_MET,
	QUOTA_MET_AFTER_EXEMPTIONS,
	QUOTA_NOT_MET,
	QUOTA_NO_BASE,
	QUOTA_UNDEFINED
};
const char *quota_status_name(enum quota_status status);

/* Which floor holds for a year: its rule ID and the two shares. */
struct quota_floor {
	const char *rule_id;
	int64_t sme_ppm, small_micro_ppm;
};
struct quota_floor quota_floor_of(const struct law *law, int fiscal_year, bool district);
/* The project-level floor of Q-4 (its percentages, where the jurisdiction sets none those of the
 * department). */
struct quota_floor quota_floor_of_q4(const struct law *law, int fiscal_year);

struct quota_sums {
	fen_t strict_base, adjusted_base, sme, small_micro;
};
struct quota_verdict {
	enum quota_status sme, small_micro;
	fen_t sme_gap, sme_gap_adjusted, small_micro_gap, small_micro_gap_at_target;
};
/* Sums are >= 0. */
struct quota_verdict quota_judge(struct quota_floor floor, struct quota_sums sums);

#endif
