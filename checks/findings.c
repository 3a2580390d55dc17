#include "checks/findings.h"

#include "checks/act.h"
#include "checks/clause.h"
#include "checks/size.h"

#include <string.h>

struct finding_context {
	const struct law *law;
	const struct facts_index *index;
	const struct unit_tree *units;
	finding_fn fn;
	void *arg;
};

static void emit(const struct finding_context *context, const struct data_finding *finding)
{
	context->fn(context->arg, finding);
}

static const char *size_word(enum size_class size)
{
	static const char *const words[] = { [SIZE_BLANK] = "",
		[SIZE_MICRO] = "X",
		[SIZE_SMALL] = "S",
		[SIZE_MEDIUM] = "M",
		[SIZE_LARGE] = "L",
		[SIZE_SME] = "SME",
		[SIZE_UNKNOWN] = "U" };

	return words[size];
}

/* Plan ---------------------------------------------------------------------------------------- */

static void budget_finding(const struct finding_context *context,
	const struct budget_item_fact *item, const char *code, const char *rule_id)
{
	char subject[512];

	snprintf(subject, sizeof(subject), "%d/%s/%s/%s", item->fiscal_year, item->unit_code,
		item->project_code, item->package_no);
	emit(context, &(struct data_finding){ code, rule_id, "budget_item", subject,
			      item->unit_code, item->budget_fen, REGULATION_NONE, FINDING_BARE });
}

static void of_plan_part(const struct finding_context *context, const struct budget_item_fact *item,
	unsigned findings)
{
	static const char *const rules[PLAN_FINDING_COUNT] = { "Q-7", "Q-7", "Q-8", "Q-8", "Q-8" };
	char code[64];

	for (int bit = 0; bit < PLAN_FINDING_COUNT; bit++) {
		if (!(findings & 1u << bit))
			continue;
		snprintf(code, sizeof(code), "plan-%s", plan_finding_name(bit));
		budget_finding(context, item, code, rules[bit]);
	}
}

void findings_of_plan(const struct law *law, const struct facts_index *index, int fiscal_year,
	day_t as_of, finding_fn fn, void *arg)
{
	const struct finding_context all = { .law = law, .index = index, .fn = fn, .arg = arg };
	const struct finding_context *context = &all;
	const struct facts *facts = index->facts;
	struct plan_rows rows = plan_effective_rows(facts, fiscal_year, as_of);

	for (size_t i = 0; i < rows.count; i++) {
		const struct budget_item_fact *item = &facts->budget_items.items[rows.rows[i]];

		of_plan_part(context, item,
			plan_item_judge(context->law->registers, item, as_of).findings);
	}
	free(rows.rows);
	for (size_t i = 0; i < facts->budget_items.count; i++) {
		const struct budget_item_fact *item = &facts->budget_items.items[i];

		if (item->fiscal_year == fiscal_year && item->approved_on == DAY_NONE)
			budget_finding(context, item, "budget-approved-on-missing", "Q-5");
	}
}

/* Contracts ----------------------------------------------------------------------------------- */

static void contract_finding(const struct finding_context *context,
	const struct contract_fact *contract, const char *code, const char *rule_id)
{
	emit(context, &(struct data_finding){ code, rule_id, "contract", contract->contract_no,
			      contract->unit_code, contract->amount_fen,
			      regulation_of(context->law, contract->signed_on), FINDING_BARE });
}

static void of_award(const struct finding_context *context, uint32_t row, day_t as_of)
{
	static const char *const rules[AWARD_FINDING_COUNT] = { "Q-7", "Q-7", "Q-7", "Q-12",
		"Q-7" };
	const struct contract_fact *contract = &context->index->facts->contracts.items[row];
	struct award_part part;
	char code[64];

	if (contract->signed_on == DAY_NONE)
		return;
	/* A fault of a record is one as soon as the record is there, also when it is dated ahead.
	 */
	if (contract->signed_on > as_of)
		as_of = contract->signed_on;
	part = award_item_judge(context->law, context->index, context->units, row,
		day_year(contract->signed_on), as_of);
	for (int bit = 0; part.counted && bit < AWARD_FINDING_COUNT; bit++) {
		if (!(part.findings & 1u << bit))
			continue;
		snprintf(code, sizeof(code), "award-%s", award_finding_name(bit));
		contract_finding(context, contract, code, rules[bit]);
	}
}

/* the class stated in the declaration against the one computed from the figures of the year
 * before. Figures of another year say nothing about it. */
static bool size_mismatch(
	const struct finding_context *context, uint32_t row, enum size_class *ret_computed)
{
	const struct contract_fact *contract = &context->index->facts->contracts.items[row];
	uint32_t supplier_row = context->index->supplier_of_contract[row];
	const struct supplier_fact *supplier;
	struct size_verdict computed;

	if (contract->declared_size == SIZE_BLANK || supplier_row == MAP_NONE ||
		contract->signed_on == DAY_NONE)
		return false;
	supplier = &context->index->facts->suppliers.items[supplier_row];
	if (supplier->size_year != day_year(contract->signed_on) - 1)
		return false;
	computed = size_compute(context->law->sizes, supplier->industry_code, supplier->employees,
		supplier->revenue_fen, supplier->assets_fen);
	*ret_computed = computed.class;
	return computed.class != SIZE_UNKNOWN && computed.class != contract->declared_size;
}

/* E-3: the act of article 31, where the buyer is a public body. */
static void contract_act_finding(const struct finding_context *context,
	const struct contract_fact *contract, const char *code, const char *rule_id)
{
	const char *act = act_of_finding(
		code, unit_tree_kind(context->units, contract->unit_code, contract->signed_on));

	emit(context, &(struct data_finding){ code, rule_id, "contract", contract->contract_no,
			      contract->unit_code, contract->amount_fen,
			      regulation_of(context->law, contract->signed_on),
			      { FINDING_TEXT(act ? "act" : NULL, act) } });
}

static void of_clauses(const struct finding_context *context, uint32_t row, day_t as_of)
{
	unsigned found = clauses_of(context->law, context->index, context->units, row, as_of);

	for (int clause = 0; clause < CLAUSES; clause++)
		if (found & 1u << clause)
			contract_act_finding(context, &context->index->facts->contracts.items[row],
				clause_code((enum clause)clause), clause_rule((enum clause)clause));
}

static void of_contract(const struct finding_context *context, uint32_t row, day_t as_of)
{
	const struct contract_fact *contract = &context->index->facts->contracts.items[row];
	enum size_class computed;

	of_award(context, row, as_of);
	if (size_mismatch(context, row, &computed))
		emit(context,
			&(struct data_finding){ "declared-size-mismatch", "Q-14", "contract",
				contract->contract_no, contract->unit_code, contract->amount_fen,
				REGULATION_NONE,
				{ FINDING_TEXT("declared_size", size_word(contract->declared_size)),
					FINDING_TEXT("computed_size", size_word(computed)) } });
	if (contract->reserve_form != RESERVE_NONE && contract->reserved_mark != TRI_YES)
		contract_finding(context, contract, "reserved-mark-missing", "Q-7");
	if (contract->signed_on == DAY_NONE)
		contract_finding(context, contract, "signed-on-missing", "P-10");
	if (contract->declared_size == SIZE_BLANK)
		contract_finding(context, contract, "status-not-stated", "Z-5");
	of_clauses(context, row, as_of);
}

static void of_amendments(const struct finding_context *context)
{
	const struct facts *facts = context->index->facts;

	for (size_t i = 0; i < facts->amendments.count; i++) {
		const struct amendment_fact *amendment = &facts->amendments.items[i];
		uint32_t row = map_get(&context->index->contracts, amendment->contract_no);

		if (amendment->amended_on != DAY_NONE)
			continue;
		emit(context,
			&(struct data_finding){ "amendment-date-missing", "Q-7", "amendment",
				amendment->contract_no,
				row == MAP_NONE ? "" : facts->contracts.items[row].unit_code,
				amendment->amount_change_fen, REGULATION_NONE, FINDING_BARE });
	}
}

void findings_of_contracts(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, size_t first, size_t last, day_t as_of, finding_fn fn,
	void *arg)
{
	struct finding_context context = { law, index, units, fn, arg };

	if (first == 0)
		of_amendments(&context);
	for (size_t row = first; row < last; row++)
		of_contract(&context, (uint32_t)row, as_of);
}

void findings_of_records(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, int fiscal_year, day_t as_of, finding_fn fn, void *arg)
{
	findings_of_plan(law, index, fiscal_year, as_of, fn, arg);
	findings_of_contracts(law, index, units, 0, index->facts->contracts.count, as_of, fn, arg);
	findings_of_procurement(law, index, units, fiscal_year, as_of, fn, arg);
}

/* Obligations and payments -------------------------------------------------------------------- */

void findings_of_state(
	const struct facts *facts, const struct obligation_state *state, finding_fn fn, void *arg)
{
	static const char *const rules[FLAG_COUNT] = { "P-7", "DT-6", "P-3", "P-2", "P-10", "P-2",
		"Z-5", "P-7", "P-6", "P-7", "P-3", "P-3" };
	const struct obligation_fact *obligation = &facts->obligations.items[state->obligation];
	char code[64];

	for (int bit = 0; bit < FLAG_COUNT; bit++) {
		if (!(state->flags & 1u << bit))
			continue;
		snprintf(code, sizeof(code), "obligation-%s", obligation_flag_name(bit));
		fn(arg, &(struct data_finding){ code, rules[bit], "obligation",
				obligation->obligation_no,
				facts->contracts.items[state->contract].unit_code,
				obligation->amount_fen, REGULATION_NONE, FINDING_BARE });
	}
}

void findings_of_payment(const struct facts *facts, enum payment_fault fault, uint32_t payment,
	finding_fn fn, void *arg)
{
	static const char *const rules[PAYMENT_FAULT_COUNT] = { "P-5", "P-8", "P-4", "P-8", "P-8",
		"P-8" };
	const struct payment_fact *fact = &facts->payments.items[payment];

	fn(arg, &(struct data_finding){ payment_fault_name(fault), rules[fault], "payment",
			fact->voucher_no, fact->unit_code, fact->amount_fen, REGULATION_NONE,
			FINDING_BARE });
}
