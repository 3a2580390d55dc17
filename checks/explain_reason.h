/* Why a row counts as it does: the rule, the clarification where the rule leaves a choice, the
 * article, and a sentence (zh-CN). Constant data. */
#ifndef SETASIDE_CHECKS_EXPLAIN_REASON_H
#define SETASIDE_CHECKS_EXPLAIN_REASON_H

#include "checks/award_item.h"
#include "checks/json_out.h"
#include "checks/plan_item.h"

struct reason {
	const char *rule, *reading, *text; /* reading: a clarification, else the rule again */
};
enum { REASONS_MAX = 12 };
struct reasons {
	const struct reason *list[REASONS_MAX];
	int count;
};

/* A counted budget row. */
struct reasons reasons_of_item(
	const struct budget_item_fact *item, const struct plan_part *part, day_t as_of);
/* A budget row of the year that is not effective. */
struct reasons reasons_of_lost_item(const struct budget_item_fact *item, day_t as_of);
/* The same for the figure of one budget snapshot: chosen = counted in it; a carried row is one of the
 * snapshot before, for want of one. */
struct reasons reasons_of_snapshot(const struct budget_item_fact *item,
	const struct plan_part *part, enum snapshot_kind kind, bool chosen, day_t as_of);
/* A contract; maker_unknown: goods without the maker's declaration. */
struct reasons reasons_of_contract(const struct unit_tree *units,
	const struct contract_fact *contract, const struct award_part *part, bool maker_unknown,
	day_t as_of);

/* how a package of a project counts in the over-threshold base. */
enum q4_reason { Q4_OVER, Q4_BELOW_RESERVED, Q4_BELOW_NOT_RESERVED, Q4_EXEMPT };
void reasons_add_corrected(struct reasons *reasons); /* by an entry of the register */
void reasons_add_q4(struct reasons *reasons, enum q4_reason reason);

/* "because": [{"rule", "reading", "article", "text"}]. */
void reasons_write(struct json_out *out, const struct reasons *reasons);

/* Where the text of a rule stands; our own convention says so. */
const char *rule_article(const char *rule_id);
/* The rules that have an article of their own there, in the order of the law; NULL after the last. */
const char *rule_with_article(size_t number);

#endif
