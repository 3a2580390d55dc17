/* Index: which rows belong together. Built once over a struct facts, then read-only.
 *
 * The unit of arrears work is the allocation group: all contracts of one (unit, supplier), because unassigned payments
 * are spread over them (G-45) and caps run per contract (G-44). Every contract is in one group; groups are numbered in
 * the order of their first contract. A payment belongs to the group of the contract or obligation it names, else (naming
 * none, or one that nobody knows) to the group of its (unit, payee); what finds no group is an orphan. What names none
 * and finds no group, or names what nobody knows, is a stray: it may have paid a debt of any unit to its payee. A
 * reversal hangs on the payment it reverses. Only CNY rows enter (figures are per currency). Lists keep file order. */
#ifndef SETASIDE_CHECKS_INDEX_H
#define SETASIDE_CHECKS_INDEX_H

#include "checks/facts.h"
#include "core/map.h"

/* Rows grouped by owner: items[start[owner] … start[owner + 1]) are row numbers. */
struct index_lists {
	uint32_t *start;
	uint32_t *items;
};

struct facts_index {
	const struct facts *facts;
	struct map contracts, obligations, vouchers; /* natural key -> row number */
	uint32_t group_count;
	uint32_t *group_of_contract;      /* MAP_NONE: another currency */
	uint32_t *contract_of_obligation; /* MAP_NONE: names no known contract, or one of another
					     currency */
	uint32_t
		*payment_reversed; /* row of the payment that this one reverses, MAP_NONE if none */
	uint32_t
		*supplier_of_contract; /* with its size at signing; MAP_NONE: not in the register */
	struct index_lists group_contracts, contract_obligations, contract_amendments,
		contract_events, obligation_disputes, group_payments, payment_reversals;
	struct map stray_payees; /* payee -> its list of strays */
	struct index_lists strays;
	uint32_t *orphan_payments;
	uint32_t orphan_count;
};

/* Borrows facts, which must not grow while the index is in use. */
struct facts_index *facts_index_new(const struct facts *facts);
void facts_index_free(struct facts_index *index);

#endif
