/* The fields of a record that differ between two states of the ledger, written as
 * "fields": [{"field", "before", "after"}], texts of the exchange profile; for checks/restate.c. */
#ifndef SETASIDE_CHECKS_RESTATE_FIELD_H
#define SETASIDE_CHECKS_RESTATE_FIELD_H

#include "checks/index.h"
#include "checks/json_out.h"

/* Either may be NULL: then there is nothing to compare. */
void restate_item_fields(struct json_out *out, const struct budget_item_fact *before,
	const struct budget_item_fact *after);

/* row MAP_NONE: the contract is not counted; it is looked for by the other side's number. */
struct restate_contract {
	const struct facts_index *index;
	uint32_t row;
};
void restate_contract_fields(struct json_out *out, const struct restate_contract *before,
	const struct restate_contract *after);

#endif
