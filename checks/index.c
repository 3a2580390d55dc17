/* Lists are made by counting: one pass counts per owner, one pass places; no allocation per row. */
#include "checks/index.h"

#include "checks/supplier_rows.h"
#include "core/mem.h"

#include <string.h>

static bool is_cny(const char *currency)
{
	return !*currency || strcmp(currency, "CNY") == 0;
}

/* Lists rows 0 … count - 1 by owner[row] (MAP_NONE: in no list). */
static struct index_lists lists_of(const uint32_t *owner, size_t count, size_t owners)
{
	struct index_lists lists = { mem_zero(owners + 1, sizeof(uint32_t)),
		mem_zero(count + 1, sizeof(uint32_t)) };

	for (size_t row = 0; row < count; row++) {
		if (owner[row] != MAP_NONE)
			lists.start[owner[row] + 1]++;
	}
	for (size_t i = 1; i <= owners; i++)
		lists.start[i] += lists.start[i - 1];
	for (size_t row = 0; row < count; row++) {
		if (owner[row] != MAP_NONE)
			lists.items[lists.start[owner[row]]++] = (uint32_t)row;
	}
	/* Placing moved every start to its end: shift back. */
	for (size_t i = owners; i > 0; i--)
		lists.start[i] = lists.start[i - 1];
	lists.start[0] = 0;
	return lists;
}

static void index_contracts(struct facts_index *index, struct map *groups)
{
	const struct facts *facts = index->facts;
	size_t count = facts->contracts.count;
	struct supplier_rows suppliers;

	supplier_rows_make(facts, &suppliers);
	index->group_of_contract = mem_zero(count + 1, sizeof(uint32_t));
	index->supplier_of_contract = mem_zero(count + 1, sizeof(uint32_t));
	map_reserve(&index->contracts, count);
	for (size_t i = 0; i < count; i++) {
		const struct contract_fact *contract = &facts->contracts.items[i];
		uint32_t group = MAP_NONE;

		map_put(&index->contracts, contract->contract_no, (uint32_t)i);
		index->supplier_of_contract[i] = supplier_rows_of_contract(&suppliers, contract);
		if (is_cny(contract->currency)) {
			group = map_put2(groups, contract->unit_code, contract->supplier_uscc,
				index->group_count);
			if (group == MAP_NONE)
				group = index->group_count++;
		}
		index->group_of_contract[i] = group;
	}
	index->group_contracts = lists_of(index->group_of_contract, count, index->group_count);
	supplier_rows_free(&suppliers);
}

static void index_obligations(struct facts_index *index)
{
	const struct facts *facts = index->facts;
	size_t count = facts->obligations.count;

	index->contract_of_obligation = mem_zero(count + 1, sizeof(uint32_t));
	map_reserve(&index->obligations, count);
	for (size_t i = 0; i < count; i++) {
		const struct obligation_fact *obligation = &facts->obligations.items[i];
		uint32_t contract = map_get(&index->contracts, obligation->contract_no);

		map_put(&index->obligations, obligation->obligation_no, (uint32_t)i);
		if (contract != MAP_NONE && index->group_of_contract[contract] == MAP_NONE)
			contract = MAP_NONE;
		index->contract_of_obligation[i] = contract;
	}
	index->contract_obligations =
		lists_of(index->contract_of_obligation, count, facts->contracts.count);
}

static void index_amendments(struct facts_index *index)
{
	const struct facts *facts = index->facts;
	size_t count = facts->amendments.count;
	uint32_t *owner = mem_zero(count + 1, sizeof(*owner));

	for (size_t i = 0; i < count; i++)
		owner[i] = map_get(&index->contracts, facts->amendments.items[i].contract_no);
	index->contract_amendments = lists_of(owner, count, facts->contracts.count);
	free(owner);
}

static void index_events(struct facts_index *index)
{
	const struct facts *facts = index->facts;
	size_t count = facts->events.count;
	uint32_t *owner = mem_zero(count + 1, sizeof(*owner));

	for (size_t i = 0; i < count; i++)
		owner[i] = map_get(&index->contracts, facts->events.items[i].contract_no);
	index->contract_events = lists_of(owner, count, facts->contracts.count);
	free(owner);
}

static void index_disputes(struct facts_index *index)
{
	const struct facts *facts = index->facts;
	size_t count = facts->disputes.count;
	uint32_t *owner = mem_zero(count + 1, sizeof(*owner));

	for (size_t i = 0; i < count; i++)
		owner[i] = map_get(&index->obligations, facts->disputes.items[i].obligation_no);
	index->obligation_disputes = lists_of(owner, count, facts->obligations.count);
	free(owner);
}

/* The group of what a payment names: MAP_NONE when it names nothing, or a number nobody knows. */
static uint32_t group_named(const struct facts_index *index, const struct payment_fact *payment)
{
	uint32_t contract = MAP_NONE;

	if (*payment->contract_no) {
		contract = map_get(&index->contracts, payment->contract_no);
	} else if (*payment->obligation_no) {
		uint32_t obligation = map_get(&index->obligations, payment->obligation_no);

		if (obligation != MAP_NONE)
			contract = index->contract_of_obligation[obligation];
	}
	return contract == MAP_NONE ? MAP_NONE : index->group_of_contract[contract];
}

/* The group whose debts a payment can clear: that of its contract, else of its obligation, else of its (unit, payee).
 * A number nobody knows clears nothing; the money waits in the group of the (unit, payee), whose debt it may have paid. */
static uint32_t group_of_payment(const struct facts_index *index, const struct map *groups,
	const struct payment_fact *payment)
{
	bool names = *payment->contract_no || *payment->obligation_no;
	uint32_t group = group_named(index, payment);

	if (group != MAP_NONE || (names && !*payment->payee_uscc))
		return group;
	return map_get2(groups, payment->unit_code, payment->payee_uscc);
}

/* It clears no debt of its own unit, but may have been meant for one of another. */
static bool is_stray(
	const struct facts_index *index, const struct payment_fact *payment, uint32_t group)
{
	bool names = *payment->contract_no || *payment->obligation_no;

	return *payment->payee_uscc &&
	       (names ? group_named(index, payment) == MAP_NONE : group == MAP_NONE);
}

static uint32_t stray_list(struct facts_index *index, const char *payee)
{
	uint32_t list = map_get(&index->stray_payees, payee);

	if (list == MAP_NONE) {
		list = (uint32_t)index->stray_payees.count;
		map_put(&index->stray_payees, payee, list);
	}
	return list;
}

static void index_payments(struct facts_index *index, const struct map *groups)
{
	const struct facts *facts = index->facts;
	size_t count = facts->payments.count;
	uint32_t *group = mem_zero(count + 1, sizeof(*group));
	uint32_t *stray = mem_zero(count + 1, sizeof(*stray));

	index->payment_reversed = mem_zero(count + 1, sizeof(uint32_t));
	index->orphan_payments = mem_zero(count + 1, sizeof(uint32_t));
	map_reserve(&index->vouchers, count);
	for (size_t i = 0; i < count; i++)
		map_put(&index->vouchers, facts->payments.items[i].voucher_no, (uint32_t)i);
	for (size_t i = 0; i < count; i++) {
		const struct payment_fact *payment = &facts->payments.items[i];

		index->payment_reversed[i] = MAP_NONE;
		group[i] = stray[i] = MAP_NONE;
		if (!is_cny(payment->currency))
			continue;
		if (*payment->reverses_voucher_no)
			index->payment_reversed[i] =
				map_get(&index->vouchers, payment->reverses_voucher_no);
		else
			group[i] = group_of_payment(index, groups, payment);
		if (!*payment->reverses_voucher_no && is_stray(index, payment, group[i]))
			stray[i] = stray_list(index, payment->payee_uscc);
		/* Orphans: money that can clear no debt, and reversals of unknown vouchers. */
		if (group[i] == MAP_NONE && index->payment_reversed[i] == MAP_NONE)
			index->orphan_payments[index->orphan_count++] = (uint32_t)i;
	}
	index->group_payments = lists_of(group, count, index->group_count);
	index->payment_reversals = lists_of(index->payment_reversed, count, count);
	index->strays = lists_of(stray, count, index->stray_payees.count);
	free(group);
	free(stray);
}

struct facts_index *facts_index_new(const struct facts *facts)
{
	struct facts_index *index = mem_zero(1, sizeof(*index));
	struct map groups = MAP_INIT;

	index->facts = facts;
	index_contracts(index, &groups);
	index_obligations(index);
	index_amendments(index);
	index_events(index);
	index_disputes(index);
	index_payments(index, &groups);
	map_free(&groups);
	return index;
}

static void lists_free(struct index_lists *lists)
{
	free(lists->start);
	free(lists->items);
}

void facts_index_free(struct facts_index *index)
{
	if (!index)
		return;
	map_free(&index->contracts);
	map_free(&index->obligations);
	map_free(&index->vouchers);
	map_free(&index->stray_payees);
	free(index->group_of_contract);
	free(index->contract_of_obligation);
	free(index->payment_reversed);
	free(index->supplier_of_contract);
	lists_free(&index->group_contracts);
	lists_free(&index->contract_obligations);
	lists_free(&index->contract_amendments);
	lists_free(&index->contract_events);
	lists_free(&index->obligation_disputes);
	lists_free(&index->group_payments);
	lists_free(&index->payment_reversals);
	lists_free(&index->strays);
	free(index->orphan_payments);
	free(index);
}
