/* Restatement: a figure as it was published and as the ledger gives it now, and every row that made
 * the difference. Pure: two sets of facts for one fiscal year and one legal date.
 *
 * They add up, on plan, award and paid basis: "after" of the rows of a scope less "before" of the rows
 * that it had (scope_before) is the difference of its figure. A row whose contribution and
 * department are equal in both is not listed. */
#ifndef SETASIDE_CHECKS_RESTATE_H
#define SETASIDE_CHECKS_RESTATE_H

#include "checks/facts.h"
#include "checks/json_out.h"
#include "checks/law.h"

/* One of the two states. */
struct restate_side {
	const struct law *law;
	const struct facts *facts;
	int64_t known_batch;
	const char *known_at;
};
struct restate_question {
	struct restate_side before, after;
	int fiscal_year;
	day_t as_of;
};

/* {"as_of", "fiscal_year", "known_before": {"batch", "at"}, "known_after", "parameters": [what of
 * the law differs], "scopes": [{"scope", "basis", "before", "after", "difference"}], "rows":
 * [{"basis", "scope" (after, or before for a row that is gone), "scope_before", "key", "change":
 * added | removed | changed, "before", "after", "difference", "fields": [{"field", "before",
 * "after"}]}]}. Amounts in fen. Fails only as json_finish does. */
int restate_write(const struct restate_question *question, struct json_out *out, struct err *err);

#endif
