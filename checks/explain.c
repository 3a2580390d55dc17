/* Rows are written as they are found, so a district's list needs no memory; the figure itself comes
 * first. */
#include "checks/explain.h"

#include "checks/due.h"
#include "checks/snapshot_parts.h"
#include "checks/words.h"
#include "core/mem.h"

#include <string.h>

struct reason {
	const char *reading, *text;
};

/* Why a budget row counts as it does, or not at all. */
static const struct reason NO_APPROVAL = { "G-10", "无批准日期，不计入" };
static const struct reason APPROVED_LATER = { "G-01", "批准日期晚于统计日，尚不可知" };
static const struct reason SUPERSEDED = { "G-10", "已被同一采购包的较新预算版本取代" };
static const struct reason OTHER_CURRENCY = { "Q-5", "非人民币，单独统计" };
static const struct reason NOT_RESERVED = { "Q-7", "未预留，只计入基数" };
static const struct reason WITHDRAWN = { "G-11", "预留已撤销，自撤销日起只计入基数" };
static const struct reason RESERVED_WHOLLY = { "Q-7", "整体预留或专门采购包，按全额计" };
static const struct reason RESERVED_BY_SHARE = { "G-13", "联合体或分包预留，按要求比例计" };
static const struct reason RESERVED_AS_GIVEN = { "Q-7", "预留金额按申报数计" };
static const struct reason FOR_SMALL_MICRO = { "Q-6", "专门预留给小微企业，同时计入小微部分" };
static const struct reason FOR_SME = { "G-12", "未指明小微企业，只计入中小企业部分" };
static const struct reason EXEMPT = { "G-14", "豁免有效，不计入调整后基数" };

static const struct reason plan_fault_reasons[PLAN_FINDING_COUNT] = {
	{ "G-13", "缺少要求比例，按零计" },
	{ "G-13", "要求比例不在0至100%之间，按零计" },
	{ "G-14", "豁免缺少理由、批准人或日期，视为适宜" },
	{ "G-14", "豁免代码不在1至5之内，视为适宜" },
	{ "G-15", "既预留又豁免：以预留为准" },
};

/* Why a contract counts as it does, or not at all. */
static const struct reason NO_PROJECT = { "G-21", "无采购项目编号，不属于政府采购" };
static const struct reason NOT_PUBLIC = { "G-21", "采购方不是机关、事业单位或团体组织" };
static const struct reason NOT_SIGNED = { "G-21", "无签订日期，不计入" };
static const struct reason SIGNED_LATER = { "G-01", "签订日期晚于统计日，尚不可知" };
static const struct reason CANCELLED = { "G-23", "合同已取消，不计入" };
static const struct reason CONTRACT_NOT_RESERVED = { "G-24", "合同未按预留签订，只计入基数" };
static const struct reason BY_SUPPLIER = { "G-25", "整体预留或专门采购包，按供应商规模计" };
static const struct reason BY_AGREEMENT = { "G-26", "联合体或分包，按合同约定比例计" };
static const struct reason AMENDED = { "G-22", "金额含统计日前的变更" };

static const struct reason award_fault_reasons[AWARD_FINDING_COUNT] = {
	{ "G-26", "缺少中小企业份额，按零计" },
	{ "G-26", "份额无效，按零计" },
	{ "G-25", "供应商为大型企业，按零计" },
	{ "G-25", "供应商与大型企业有控制或管理关系，按零计" },
	{ "G-25", "供应商规模不明，下限按零计，上限按全额计" },
};

enum { REASONS_MAX = 12 };
struct reasons {
	const struct reason *list[REASONS_MAX];
	int count;
};

struct explaining {
	const struct law *law;
	const struct facts_index *index;
	const struct unit_tree *units;
	const char *scope; /* "" = all */
	int fiscal_year;
	day_t as_of;
	struct json_out *out;
};

static void because(struct reasons *reasons, const struct reason *reason)
{
	if (reasons->count == REASONS_MAX)
		BUG("more reasons than a row can have");
	reasons->list[reasons->count++] = reason;
}

static void because_bits(
	struct reasons *reasons, const struct reason *table, int count, unsigned bits)
{
	for (int bit = 0; bit < count; bit++) {
		if (bits & 1u << bit)
			because(reasons, &table[bit]);
	}
}

static void write_reasons(struct json_out *out, const struct reasons *reasons)
{
	json_array_begin(out, "because");
	for (int i = 0; i < reasons->count; i++) {
		json_object_begin(out, NULL);
		json_text(out, "reading", reasons->list[i]->reading);
		json_text(out, "text", reasons->list[i]->text);
		json_object_end(out);
	}
	json_array_end(out);
}

static bool in_scope(const struct explaining *e, const char *department)
{
	return !*e->scope || strcmp(e->scope, department) == 0;
}

/* Plan ---------------------------------------------------------------------------------------- */

static struct reasons reasons_of_counted(
	const struct budget_item_fact *item, const struct plan_part *part, day_t as_of)
{
	struct reasons reasons = { .count = 0 };

	if (item->reserve_form == RESERVE_NONE) {
		because(&reasons, &NOT_RESERVED);
	} else if (day_known(item->withdrawn_on, as_of) != DAY_NONE) {
		because(&reasons, &WITHDRAWN);
	} else {
		bool wholly = item->reserve_form == RESERVE_WHOLE ||
			      item->reserve_form == RESERVE_PACKAGE;

		if (item->reserve_form == RESERVE_UNSTATED)
			because(&reasons, &RESERVED_AS_GIVEN);
		else
			because(&reasons, wholly ? &RESERVED_WHOLLY : &RESERVED_BY_SHARE);
		if (item->reserved_for == RESERVED_FOR_SMALL_MICRO)
			because(&reasons, &FOR_SMALL_MICRO);
		else if (item->reserve_form != RESERVE_UNSTATED)
			because(&reasons, &FOR_SME);
	}
	if (part->exempt)
		because(&reasons, &EXEMPT);
	because_bits(&reasons, plan_fault_reasons, PLAN_FINDING_COUNT, part->findings);
	return reasons;
}

static const struct reason *why_not_counted(const struct budget_item_fact *item, day_t as_of)
{
	if (*item->currency && strcmp(item->currency, "CNY") != 0)
		return &OTHER_CURRENCY;
	if (item->approved_on == DAY_NONE)
		return &NO_APPROVAL;
	return item->approved_on > as_of ? &APPROVED_LATER : &SUPERSEDED;
}

static void write_item(
	const struct explaining *e, const struct budget_item_fact *item, bool counted)
{
	static const char *const snapshots[] = { "initial", "adjusted", "final" };
	struct plan_part part = { 0 };
	struct reasons reasons = { .count = 0 };

	if (counted) {
		part = plan_item_judge(item, e->as_of);
		reasons = reasons_of_counted(item, &part, e->as_of);
	} else {
		because(&reasons, why_not_counted(item, e->as_of));
	}
	json_line(e->out);
	json_object_begin(e->out, NULL);
	json_text(e->out, "unit_code", item->unit_code);
	json_text(e->out, "project_code", item->project_code);
	json_text(e->out, "package_no", item->package_no);
	json_text(e->out, "name", item->name);
	json_text(e->out, "snapshot", snapshots[item->snapshot]);
	json_day(e->out, "approved_on", item->approved_on);
	json_fen(e->out, "budget_fen", item->budget_fen);
	json_text(e->out, "reserve_form", words_of_reserve_form(item->reserve_form));
	json_bool(e->out, "counted", counted);
	json_object_begin(e->out, "adds");
	json_fen(e->out, "strict_base_fen", part.strict);
	json_fen(e->out, "adjusted_base_fen", part.adjusted);
	json_fen(e->out, "sme_fen", part.sme);
	json_fen(e->out, "small_micro_fen", part.small_micro);
	json_object_end(e->out);
	write_reasons(e->out, &reasons);
	json_object_end(e->out);
}

/* A row without a day of approval belongs to the department of the as-of day, to be shown at all.
 */
static const char *department_of_item(
	const struct explaining *e, const struct budget_item_fact *item)
{
	day_t day = item->approved_on == DAY_NONE ? e->as_of : item->approved_on;

	return unit_tree_department(e->units, item->unit_code, day);
}

static void write_items(const struct explaining *e)
{
	const struct facts *facts = e->index->facts;
	struct plan_rows rows = plan_effective_rows(facts, e->fiscal_year, e->as_of);
	bool *effective = mem_zero(facts->budget_items.count + 1, sizeof(*effective));

	for (size_t i = 0; i < rows.count; i++) {
		const struct budget_item_fact *item = &facts->budget_items.items[rows.rows[i]];

		effective[rows.rows[i]] = true;
		if (in_scope(e, department_of_item(e, item)))
			write_item(e, item, true);
	}
	for (size_t i = 0; i < facts->budget_items.count; i++) {
		const struct budget_item_fact *item = &facts->budget_items.items[i];

		if (!effective[i] && item->fiscal_year == e->fiscal_year &&
			in_scope(e, department_of_item(e, item)))
			write_item(e, item, false);
	}
	free(effective);
	free(rows.rows);
}

/* Award --------------------------------------------------------------------------------------- */

static const struct reason *why_contract_not_counted(
	const struct explaining *e, const struct contract_fact *contract)
{
	if (*contract->currency && strcmp(contract->currency, "CNY") != 0)
		return &OTHER_CURRENCY;
	if (!*contract->project_code)
		return &NO_PROJECT;
	if (!debtor_is_public(unit_tree_kind(e->units, contract->unit_code, contract->signed_on)))
		return &NOT_PUBLIC;
	if (contract->signed_on == DAY_NONE)
		return &NOT_SIGNED;
	return contract->signed_on > e->as_of ? &SIGNED_LATER : &CANCELLED;
}

static struct reasons reasons_of_contract(const struct explaining *e,
	const struct contract_fact *contract, const struct award_part *part)
{
	struct reasons reasons = { .count = 0 };

	if (!part->counted) {
		because(&reasons, why_contract_not_counted(e, contract));
		return reasons;
	}
	switch (contract->reserve_form) {
	case RESERVE_NONE:
		because(&reasons, &CONTRACT_NOT_RESERVED);
		break;
	case RESERVE_WHOLE:
	case RESERVE_PACKAGE:
		because(&reasons, &BY_SUPPLIER);
		break;
	case RESERVE_UNSTATED:
		because(&reasons, &RESERVED_AS_GIVEN);
		break;
	case RESERVE_CONSORTIUM:
	case RESERVE_SUBCONTRACT:
	default:
		because(&reasons, &BY_AGREEMENT);
		break;
	}
	if (part->amount != contract->amount_fen)
		because(&reasons, &AMENDED);
	because_bits(&reasons, award_fault_reasons, AWARD_FINDING_COUNT, part->findings);
	return reasons;
}

static void write_contract(const struct explaining *e, uint32_t row)
{
	const struct contract_fact *contract = &e->index->facts->contracts.items[row];
	struct award_part part =
		award_item_judge(e->law, e->index, e->units, row, e->fiscal_year, e->as_of);
	struct reasons reasons = reasons_of_contract(e, contract, &part);

	json_line(e->out);
	json_object_begin(e->out, NULL);
	json_text(e->out, "contract_no", contract->contract_no);
	json_text(e->out, "unit_code", contract->unit_code);
	json_text(e->out, "project_code", contract->project_code);
	json_text(e->out, "package_no", contract->package_no);
	json_text(e->out, "supplier_uscc", contract->supplier_uscc);
	json_day(e->out, "signed_on", contract->signed_on);
	json_text(e->out, "reserve_form", words_of_reserve_form(contract->reserve_form));
	json_fen(e->out, "amount_fen", part.amount);
	json_bool(e->out, "counted", part.counted);
	json_object_begin(e->out, "adds");
	json_fen(e->out, "base_fen", part.counted ? part.amount : 0);
	json_fen(e->out, "sme_fen", part.counted ? part.sme : 0);
	json_fen(e->out, "small_micro_fen", part.counted ? part.small_micro : 0);
	json_fen(e->out, "sme_upper_fen", part.counted ? part.sme_upper : 0);
	json_object_end(e->out);
	write_reasons(e->out, &reasons);
	json_object_end(e->out);
}

/* Contracts of the year, and those without a signing day, which might be of it. */
static void write_contracts(const struct explaining *e)
{
	const struct facts *facts = e->index->facts;

	for (uint32_t row = 0; row < facts->contracts.count; row++) {
		const struct contract_fact *contract = &facts->contracts.items[row];
		day_t day = contract->signed_on == DAY_NONE ? e->as_of : contract->signed_on;

		if (contract->signed_on != DAY_NONE && day_year(day) != e->fiscal_year)
			continue;
		if (in_scope(e, unit_tree_department(e->units, contract->unit_code, day)))
			write_contract(e, row);
	}
}

/* --------------------------------------------------------------------------------------------- */

static void write_explanation(const struct explaining *e, const struct quota_view *view,
	const char *basis, const struct scope_figures *figure,
	void (*rows)(const struct explaining *e))
{
	json_object_begin(e->out, NULL);
	json_text(e->out, "basis", basis);
	json_text(e->out, "scope", *e->scope ? e->scope : "district");
	json_int(e->out, "fiscal_year", e->fiscal_year);
	json_day(e->out, "as_of", e->as_of);
	json_line(e->out);
	write_scope(e->out, "figure", view, figure);
	json_line(e->out);
	json_array_begin(e->out, "rows");
	rows(e);
	json_line(e->out);
	json_array_end(e->out);
	json_object_end(e->out);
}

int explain_quota(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, const char *basis, const char *scope, int fiscal_year,
	day_t as_of, struct json_out *out, struct err *err)
{
	struct explaining e = { law, index, units, scope, fiscal_year, as_of, out };
	bool plan = strcmp(basis, "plan") == 0;
	const struct scope_figures *figure;
	struct year_figures figures;
	struct year_outlook outlook;
	struct quota_view view = { law, index->facts, &figures, &outlook };
	fen_t *paid;

	if (!plan && strcmp(basis, "award") != 0)
		return err_set(err, ERR_DATA, "no basis \"%s\": there are plan and award", basis);
	paid = figures_paid_on(&(struct arrears_question){ law, index, units, as_of, as_of });
	figures_judge(law, index, units, fiscal_year, as_of, paid, &figures);
	free(paid);
	outlook_judge(law, index, units, &figures, &outlook);
	figure = *scope ? figures_department(&figures, scope) : &figures.district;
	if (figure)
		write_explanation(&e, &view, basis, figure, plan ? write_items : write_contracts);
	else
		err_set(err, ERR_DATA, "no department \"%s\" has figures in %d", scope,
			fiscal_year);
	outlook_free(&outlook);
	figures_free(&figures);
	return figure ? 0 : -1;
}
