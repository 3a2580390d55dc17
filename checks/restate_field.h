/* The fields of a record that differ between two states of the ledger, written as
 * "fields": [{"field", "before", "after"}], texts of the exchange profile; for checks/restate.c. */
#ifndef SETASIDE_CHECKS_RESTATE_FIELD_H
#define SETASIDE_CHECKS_RESTATE_FIELD_H

#include "checks/index.h"
#include "checks/json_out.h"
#include "checks/register_book.h"

/* An item may be NULL: then there is nothing to compare. */
struct restate_item {
	const struct budget_item_fact *item;
	const struct register_entry *exemption; /* NULL = none in the register */
};
void restate_item_fields(
	struct json_out *out, const struct restate_item *before, const struct restate_item *after);

/* row MAP_NONE: the contract is not counted; it is looked for by the other side's number. */
struct restate_contract {
	const struct facts_index *index;
	uint32_t row;
	const struct register_entry *deemed, *size; /* NULL = none in the register */
	fen_t paid; /* principal that payments are credited with; NUMBER_NONE = not compared */
};
void restate_contract_fields(struct json_out *out, const struct restate_contract *before,
	const struct restate_contract *after);

#endif
