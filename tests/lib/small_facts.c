#include "lib/small_facts.h"

#include "core/err.h"
#include "core/mem.h"

#include <string.h>

struct facts *small_facts(enum debtor_kind kind)
{
	struct facts *facts = facts_new();
	struct unit_fact *unit = facts_add_unit(facts);
	struct supplier_fact *supplier = facts_add_supplier(facts);

	unit->unit_code = SMALL_UNIT;
	unit->kind = kind;
	supplier->uscc = SMALL_SUPPLIER;
	supplier->size_class = SIZE_SMALL;
	return facts;
}

struct contract_fact *small_contract(struct facts *facts, const char *contract_no)
{
	struct contract_fact *contract = facts_add_contract(facts);

	contract->contract_no = facts_text(facts, contract_no);
	contract->unit_code = SMALL_UNIT;
	contract->supplier_uscc = SMALL_SUPPLIER;
	contract->signed_on = text_day("2026-01-15", 10);
	contract->declared_size = SIZE_SMALL;
	contract->amount_fen = 100000000;
	return contract;
}

struct obligation_fact *small_debt(
	struct facts *facts, const char *number, const char *contract_no, fen_t amount, day_t due)
{
	struct obligation_fact *obligation = facts_add_obligation(facts);

	obligation->obligation_no = facts_text(facts, number);
	obligation->contract_no = facts_text(facts, contract_no);
	obligation->kind = KIND_RETENTION;
	obligation->amount_fen = amount;
	obligation->contract_due_on = due;
	return obligation;
}

struct payment_fact *small_payment(struct facts *facts, const char *voucher_no,
	const char *obligation_no, day_t day, fen_t amount)
{
	struct payment_fact *payment = facts_add_payment(facts);

	payment->voucher_no = facts_text(facts, voucher_no);
	payment->obligation_no = facts_text(facts, obligation_no);
	payment->unit_code = SMALL_UNIT;
	payment->payee_uscc = SMALL_SUPPLIER;
	payment->received_on = day;
	payment->amount_fen = amount;
	return payment;
}

struct dispute_fact *small_dispute(struct facts *facts, const char *dispute_id,
	const char *obligation_no, day_t opened_on, fen_t amount)
{
	struct dispute_fact *dispute = facts_add_dispute(facts);

	dispute->dispute_id = facts_text(facts, dispute_id);
	dispute->obligation_no = facts_text(facts, obligation_no);
	dispute->opened_on = opened_on;
	dispute->amount_fen = amount;
	return dispute;
}

void law_csv_no_roll(struct law_csv *csv)
{
	csv->parameters.of[PARAM_DT5_ROLL].periods[0].value = 0;
}

static void on_group(void *arg, uint32_t group, const struct obligation_state *states, size_t count)
{
	struct small_states *all = arg;

	(void)group;
	for (size_t i = 0; i < count; i++) {
		MEM_GROW(all->items, all->count, all->capacity);
		all->items[all->count++] = states[i];
	}
}

static void on_fault(void *arg, enum payment_fault fault, uint32_t payment)
{
	(void)payment;
	((struct small_states *)arg)->faults[fault]++;
}

static void judge_all(
	const struct arrears_question *asked, const struct facts *facts, struct small_states *ret)
{
	struct arrears_question question = *asked;
	struct facts_index *index = facts_index_new(facts);
	struct unit_tree *units = unit_tree_new(facts);
	struct arrears_visitor visitor = { .group = on_group, .fault = on_fault, .arg = ret };

	question.index = index;
	question.units = units;
	*ret = (struct small_states){ 0 };
	ret->scratch = arrears_scratch_new();
	for (uint32_t group = 0; group < index->group_count; group++)
		ret->unallocated += arrears_judge_group(&question, group, ret->scratch, &visitor);
	ret->unallocated += arrears_judge_orphans(&question, &visitor);
	unit_tree_free(units);
	facts_index_free(index);
}

void small_judge(const struct law *law, const struct facts *facts, day_t as_of,
	day_t reversals_known_on, struct small_states *ret)
{
	judge_all(
		&(struct arrears_question){
			.law = law, .as_of = as_of, .reversals_known_on = reversals_known_on },
		facts, ret);
}

void small_judge_legal(
	const struct law *law, const struct facts *facts, day_t as_of, struct small_states *ret)
{
	judge_all(&(struct arrears_question){ .law = law,
			  .as_of = as_of,
			  .reversals_known_on = as_of,
			  .legal_order = true },
		facts, ret);
}

void small_states_free(struct small_states *states)
{
	free(states->items);
	arrears_scratch_free(states->scratch);
	*states = (struct small_states){ 0 };
}

const struct obligation_state *small_state(
	const struct facts *facts, const struct small_states *states, const char *number)
{
	for (size_t i = 0; i < states->count; i++) {
		const struct obligation_state *state = &states->items[i];

		if (strcmp(facts->obligations.items[state->obligation].obligation_no, number) == 0)
			return state;
	}
	BUG("no state of obligation %s", number);
}
