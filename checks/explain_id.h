/* Explanations by id, as the command and the API name them:
 *
 *   quota/plan/UNIT/YEAR, quota/award/UNIT/YEAR, …   a figure and every row behind it; UNIT "district" allowed
 *   obligation/NO                                    the state of an obligation, step by step
 *   contract/NO                                      its place in the award basis, its clauses against the regulation, its obligations
 *   calendar/YEAR                                    whether its working days are known, and which obligations need them
 *   budget_item/YEAR/UNIT/PROJECT/PACKAGE            every snapshot of a budget row, and which one counts
 *   rules, rule/ID                                   the law as data (checks/rule_list.h), all or one
 *
 * A bare text is tried as an obligation number, then as a contract number. */
#ifndef SETASIDE_CHECKS_EXPLAIN_ID_H
#define SETASIDE_CHECKS_EXPLAIN_ID_H

#include "checks/json_out.h"
#include "checks/load.h"

struct explain_request {
	day_t as_of;
	bool legal_order; /* of payments, in what is said of obligations */
	const char *id;
};
/* Whether the id is of the law alone: then no facts are needed. */
bool explain_id_of_law(const char *id);
/* Writes one JSON object. ERR_USAGE for an id of no known form, ERR_DATA when nothing has it on the day. */
int explain_id(const struct ledger *ledger, const struct explain_request *request,
	struct json_out *out, struct err *err);

#endif
