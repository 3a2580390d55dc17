/* The parts of the snapshot that have a command of their own: their columns, and which rows they show. */
#include "daemon/figures_part.h"

#include <string.h>

#include "checks/snapshot.h"
#include "daemon/tabulate_xlsx.h"

static const struct tab_column quota_columns[] = {
	{ "scope", NULL, "scope", "单位", TAB_TEXT },
	{ "name", NULL, "name", "名称", TAB_TEXT },
	{ "rule", NULL, "rule", "规则", TAB_TEXT },
	{ "plan.strict_base_fen", NULL, "plan_strict_base_yuan", "预算（全口径）", TAB_FEN },
	{ "plan.sme_fen", NULL, "plan_sme_yuan", "预留中小企业", TAB_FEN },
	{ "plan.sme_fen", "plan.strict_base_fen", "plan_sme_share_percent", "占比%", TAB_SHARE },
	{ "plan.sme_status", NULL, "plan_sme_status", "测算结果", TAB_WORD },
	{ "plan.sme_gap_fen", NULL, "plan_sme_gap_yuan", "差额", TAB_FEN },
	{ "plan.small_micro_fen", NULL, "plan_small_micro_yuan", "其中小微", TAB_FEN },
	{ "plan.small_micro_fen", "plan.sme_fen", "plan_small_micro_share_percent", "占比%",
		TAB_SHARE },
	{ "plan.small_micro_status", NULL, "plan_small_micro_status", "测算结果", TAB_WORD },
	{ "award.base_fen", NULL, "award_base_yuan", "合同口径", TAB_FEN },
	{ "award.sme_fen", NULL, "award_sme_yuan", "合同授予中小企业", TAB_FEN },
	{ "award.small_micro_fen", NULL, "award_small_micro_yuan", "其中小微", TAB_FEN },
	{ "phase", NULL, "phase", "阶段", TAB_WORD },
	{ "outlook", NULL, "outlook", "趋势判断", TAB_WORD },
	{ "targets.sme.last_day", NULL, "last_day", "最后可行日", TAB_TEXT },
	{ "forecast.reservable_fen", NULL, "reservable_yuan", "可预留余额", TAB_FEN },
	/* Strict and adjusted, and the upper values of the bands. */
	{ "plan.adjusted_base_fen", NULL, "plan_adjusted_base_yuan", "预算（扣除不适宜预留）",
		TAB_FEN },
	{ "plan.sme_fen", "plan.adjusted_base_fen", "plan_sme_adjusted_share_percent", "占比%",
		TAB_SHARE },
	{ "plan.sme_gap_adjusted_fen", NULL, "plan_sme_gap_adjusted_yuan", "差额", TAB_FEN },
	{ "plan.band.sme_upper_fen", NULL, "plan_sme_upper_yuan", "预留中小企业上限", TAB_FEN },
	{ "plan.band.small_micro_upper_fen", NULL, "plan_small_micro_upper_yuan", "其中小微上限",
		TAB_FEN },
	{ "award.band.sme_upper_fen", NULL, "award_sme_upper_yuan", "合同授予中小企业上限",
		TAB_FEN },
	{ "award.band.small_micro_upper_fen", NULL, "award_small_micro_upper_yuan", "其中小微上限",
		TAB_FEN },
	{ "paid.base_fen", NULL, "paid_base_yuan", "支付口径", TAB_FEN },
	{ "paid.sme_fen", NULL, "paid_sme_yuan", "已付中小企业", TAB_FEN },
	{ "paid.small_micro_fen", NULL, "paid_small_micro_yuan", "其中小微", TAB_FEN },
	/* The over-threshold base of Q-4 beside the whole base. */
	{ "q4.goods_services.base_fen", NULL, "q4_goods_services_base_yuan", "超限额货物服务",
		TAB_FEN },
	{ "q4.goods_services.sme_fen", NULL, "q4_goods_services_sme_yuan", "预留中小企业",
		TAB_FEN },
	{ "q4.works.base_fen", NULL, "q4_works_base_yuan", "超限额工程", TAB_FEN },
	{ "q4.works.sme_fen", NULL, "q4_works_sme_yuan", "预留中小企业", TAB_FEN },
};

static const struct tab_column arrears_columns[] = {
	{ "obligation_no", NULL, "obligation_no", "款项编号", TAB_TEXT },
	{ "contract_no", NULL, "contract_no", "合同编号", TAB_TEXT },
	{ "status", NULL, "status", "测算结果", TAB_WORD },
	{ "due", NULL, "due", "应付日", TAB_TEXT },
	{ "due_source", NULL, "due_source", "期限依据", TAB_TEXT },
	{ "overdue_since", NULL, "overdue_since", "逾期起算日", TAB_TEXT },
	{ "overdue_days", NULL, "overdue_days", "逾期天数", TAB_INT },
	{ "overdue_fen", NULL, "overdue_yuan", "逾期金额", TAB_FEN },
	{ "outstanding_fen", NULL, "outstanding_yuan", "未付金额", TAB_FEN },
	{ "disputed_fen", NULL, "disputed_yuan", "有分歧金额", TAB_FEN },
	{ "amount_fen", NULL, "amount_yuan", "应付金额", TAB_FEN },
	{ "paid_fen", NULL, "paid_yuan", "已付金额", TAB_FEN },
};

static const struct tab_column notice_columns[] = {
	{ "period", NULL, "period", "期间", TAB_TEXT },
	{ "scope", NULL, "scope", "单位", TAB_TEXT },
	{ "plan_base_fen", NULL, "plan_base_yuan", "采购预算", TAB_FEN },
	{ "plan_sme_fen", NULL, "plan_sme_yuan", "预留中小企业", TAB_FEN },
	{ "plan_small_micro_fen", NULL, "plan_small_micro_yuan", "其中小微", TAB_FEN },
	{ "reserved_contracts", NULL, "reserved_contracts", "预留合同数", TAB_INT },
	{ "reserved_contract_fen", NULL, "reserved_contract_yuan", "预留合同金额", TAB_FEN },
	{ "sme_fen", NULL, "sme_yuan", "授予中小企业", TAB_FEN },
	{ "small_micro_fen", NULL, "small_micro_yuan", "其中小微", TAB_FEN },
};

static const struct tab_column disclosure_columns[] = {
	{ "period", NULL, "period", "期间", TAB_TEXT },
	{ "counted_at", NULL, "counted_at", "统计时点", TAB_TEXT },
	{ "rule", NULL, "rule", "规则", TAB_TEXT },
	{ "scope", NULL, "scope", "单位", TAB_TEXT },
	{ "contracts", NULL, "contracts", "合同数", TAB_INT },
	{ "obligations", NULL, "obligations", "款项数", TAB_INT },
	{ "amount_fen", NULL, "amount_yuan", "金额", TAB_FEN },
	{ "verified_obligations", NULL, "verified_obligations", "其中已核实款项数", TAB_INT },
	{ "verified_fen", NULL, "verified_yuan", "已核实金额", TAB_FEN },
	{ "refuted_obligations", NULL, "refuted_obligations", "核实为不逾期款项数", TAB_INT },
	{ "refuted_fen", NULL, "refuted_yuan", "核实为不逾期金额", TAB_FEN },
};

static const struct tab_column open_item_columns[] = {
	{ "department", NULL, "department", "主管预算单位", TAB_TEXT },
	{ "rank", NULL, "rank", "序号", TAB_INT },
	{ "unit_code", NULL, "unit_code", "预算单位", TAB_TEXT },
	{ "project_code", NULL, "project_code", "采购项目编号", TAB_TEXT },
	{ "package_no", NULL, "package_no", "包号", TAB_TEXT },
	{ "name", NULL, "name", "名称", TAB_TEXT },
	{ "action", NULL, "action", "可采取的措施", TAB_WORD },
	{ "budget_fen", NULL, "budget_yuan", "预算", TAB_FEN },
	{ "adds_fen", NULL, "adds_yuan", "可增加预留", TAB_FEN },
	{ "planned_on", NULL, "planned_on", "预计采购时间", TAB_TEXT },
	{ "plan_filed_on", NULL, "plan_filed_on", "采购计划备案", TAB_TEXT },
	{ "notice_on", NULL, "notice_on", "预计公告", TAB_TEXT },
	{ "contact", NULL, "contact", "联系人", TAB_TEXT },
};

static const struct tab_column hint_columns[] = {
	{ "code", NULL, "code", "代码", TAB_TEXT },
	{ "words", NULL, "words", "提示事项", TAB_TEXT },
	{ "rule", NULL, "rule", "规则", TAB_TEXT },
	{ "unit_code", NULL, "unit_code", "预算单位", TAB_TEXT },
	{ "subject_kind", NULL, "subject_kind", "记录", TAB_TEXT },
	{ "subject", NULL, "subject", "编号", TAB_TEXT },
	{ "amount_fen", NULL, "amount_yuan", "金额", TAB_FEN },
};

static const struct tab_column complaint_columns[] = {
	{ "complaint_no", NULL, "complaint_no", "投诉编号", TAB_TEXT },
	{ "handover_due", NULL, "handover_due", "转办期限", TAB_TEXT },
	{ "handover_status", NULL, "handover_status", "转办", TAB_WORD },
	{ "answer_due", NULL, "answer_due", "答复期限", TAB_TEXT },
	{ "answer_status", NULL, "answer_status", "答复", TAB_WORD },
	{ "result_words", NULL, "result", "处理结果", TAB_TEXT },
	{ "not_admitted_ground", NULL, "not_admitted_ground", "不予受理理由", TAB_TEXT },
};

static const struct tab_column ageing_columns[] = {
	{ "scope", NULL, "scope", "分组", TAB_TEXT },
	{ "balance_fen", NULL, "balance_yuan", "未付金额", TAB_FEN },
	{ "not_due.fen", NULL, "not_due_yuan", "未到期", TAB_FEN },
	{ "undated.fen", NULL, "undated_yuan", "无应付日", TAB_FEN },
	{ "disputed.fen", NULL, "disputed_yuan", "有分歧", TAB_FEN },
	{ "0-30.fen", NULL, "overdue_0_30_yuan", "0-30天", TAB_FEN },
	{ "31-60.fen", NULL, "overdue_31_60_yuan", "31-60天", TAB_FEN },
	{ "61-90.fen", NULL, "overdue_61_90_yuan", "61-90天", TAB_FEN },
	{ "91-180.fen", NULL, "overdue_91_180_yuan", "91-180天", TAB_FEN },
	{ "181-365.fen", NULL, "overdue_181_365_yuan", "181-365天", TAB_FEN },
	{ ">365.fen", NULL, "overdue_over_365_yuan", "365天以上", TAB_FEN },
	{ "parts", NULL, "parts", "笔数", TAB_INT },
};

static const struct tab_column work_columns[] = {
	{ "rank", NULL, "rank", "序号", TAB_INT },
	{ "obligation_no", NULL, "obligation_no", "款项编号", TAB_TEXT },
	{ "contract_no", NULL, "contract_no", "合同编号", TAB_TEXT },
	{ "unit_code", NULL, "unit_code", "单位", TAB_TEXT },
	{ "standing_words", NULL, "standing", "状态", TAB_TEXT },
	{ "overdue_fen", NULL, "overdue_yuan", "逾期金额", TAB_FEN },
	{ "overdue_days", NULL, "overdue_days", "逾期天数", TAB_INT },
	{ "disputed_fen", NULL, "disputed_yuan", "有分歧金额", TAB_FEN },
	{ "project_name", NULL, "project_name", "项目名称", TAB_TEXT },
	{ "origin", NULL, "origin", "线索来源", TAB_TEXT },
	{ "cause", NULL, "cause", "拖欠原因", TAB_TEXT },
	{ "responsible", NULL, "responsible", "责任人", TAB_TEXT },
	{ "fund_source", NULL, "fund_source", "资金来源", TAB_TEXT },
	{ "promised_on", NULL, "promised_on", "计划偿还完毕日期", TAB_TEXT },
	{ "change", NULL, "change", "较昨日", TAB_WORD },
};

/* Adds the row under a scope unless another unit was asked for. The row is shared, not copied. */
static void add_scope(json_t *rows, json_t *row, const char *scope, const char *unit)
{
	if (!json_is_object(row) || (unit && strcmp(unit, scope) != 0))
		return;
	json_object_set_new(row, "scope", json_string(scope));
	json_array_append(rows, row);
}

static void add_scopes(json_t *rows, json_t *by_code, const char *unit)
{
	const char *code;
	json_t *row;
	json_object_foreach(by_code, code, row) add_scope(rows, row, code, unit);
}

static void quota_rows(json_t *document, const char *unit, bool all, json_t *rows)
{
	json_t *quota = json_object_get(document, "quota");
	json_t *one = json_object_get(document, "quota_unit");
	(void)all;
	if (one) {
		add_scope(rows, json_object_get(one, "figures"),
			json_string_value(json_object_get(one, "scope")), NULL);
		return;
	}
	add_scope(rows, json_object_get(quota, "district"), "district", unit);
	add_scopes(rows, json_object_get(quota, "departments"), unit);
}

/* The request named the unit already. */
static void arrears_rows(json_t *document, const char *unit, bool all, json_t *rows)
{
	size_t index;
	json_t *row;
	(void)unit;
	json_array_foreach(json_object_get(document, "obligations"), index, row)
	{
		if (all || json_integer_value(json_object_get(row, "overdue_fen")) > 0)
			json_array_append(rows, row);
	}
}

/* document.group_by: of which table. */
static void ageing_rows(json_t *document, const char *unit, bool all, json_t *rows)
{
	const char *by = json_string_value(json_object_get(document, "group_by"));
	json_t *tables = json_object_get(json_object_get(document, "arrears"), "ageing_tables");
	(void)all;
	add_scopes(rows, json_object_get(tables, by), unit);
	if (!unit)
		add_scope(rows, json_object_get(tables, "total"), "total", NULL);
}

static void work_rows(json_t *document, const char *unit, bool all, json_t *rows)
{
	(void)unit, (void)all;
	json_array_extend(rows, json_object_get(json_object_get(document, "work_list"), "rows"));
}

static void notice_rows(json_t *document, const char *unit, bool all, json_t *rows)
{
	static const char *const periods[] = { "previous_year", "this_year_to_date" };
	(void)all;
	for (size_t i = 0; i < 2; i++) {
		json_t *period = json_object_get(json_object_get(document, "notice"), periods[i]);
		size_t first = json_array_size(rows);
		add_scope(rows, json_object_get(period, "district"), "district", unit);
		add_scopes(rows, json_object_get(period, "departments"), unit);
		for (; first < json_array_size(rows); first++)
			json_object_set_new(
				json_array_get(rows, first), "period", json_string(periods[i]));
	}
}

/* Rows from the first on are what this rule publishes or reports. */
static void name_rule(json_t *rows, size_t first, const char *rule)
{
	for (; first < json_array_size(rows); first++)
		json_object_set_new(json_array_get(rows, first), "rule", json_string(rule));
}

/* D-1: the district and its departments; then every enterprise and every institution that reports for itself. */
static void disclosure_rows(json_t *document, const char *unit, bool all, json_t *rows)
{
	static const char *const periods[] = { "previous_year", "this_year_to_date" };
	static const char *const alone[][2] = { { "enterprises", "D-2" },
		{ "institutions", "D-3" } };
	(void)all;
	for (size_t i = 0; i < 2; i++) {
		json_t *period =
			json_object_get(json_object_get(document, "disclosure"), periods[i]);
		size_t first = json_array_size(rows);
		add_scope(rows, json_object_get(period, "organ_and_institution"), "district", unit);
		add_scopes(rows, json_object_get(period, "by_department"), unit);
		name_rule(rows, first, "D-1");
		for (size_t k = 0; k < 2; k++) {
			size_t start = json_array_size(rows);
			add_scopes(rows, json_object_get(period, alone[k][0]), unit);
			name_rule(rows, start, alone[k][1]);
		}
		for (; first < json_array_size(rows); first++) {
			json_t *row = json_array_get(rows, first);
			json_object_set_new(row, "period", json_string(periods[i]));
			json_object_set(row, "counted_at", json_object_get(period, "counted_at"));
		}
	}
}

/* A department's list, or that of one of its units. */
static void open_item_rows(json_t *document, const char *unit, bool all, json_t *rows)
{
	size_t index;
	json_t *row;
	(void)all;
	json_array_foreach(json_object_get(document, "open_items"), index, row)
	{
		const char *department = json_string_value(json_object_get(row, "department"));
		const char *code = json_string_value(json_object_get(row, "unit_code"));
		if (!unit || strcmp(department, unit) == 0 || strcmp(code, unit) == 0)
			json_array_append(rows, row);
	}
}

static void hint_rows(json_t *document, const char *unit, bool all, json_t *rows)
{
	size_t index;
	json_t *row;
	(void)all;
	json_array_foreach(json_object_get(document, "record_findings"), index, row)
	{
		const char *code = json_string_value(json_object_get(row, "unit_code"));
		if (!unit || strcmp(code, unit) == 0)
			json_array_append(rows, row);
	}
}

static void complaint_rows(json_t *document, const char *unit, bool all, json_t *rows)
{
	(void)unit, (void)all;
	json_array_extend(rows, json_object_get(document, "complaints"));
}

#define COLUMNS(table) table, (int)(sizeof(table) / sizeof(*table))
const struct figures_part figures_quota = { "quota", NULL, SNAPSHOT_QUOTA | SNAPSHOT_QUOTA_UNIT,
	COLUMNS(quota_columns), quota_rows };
const struct figures_part figures_arrears = { "arrears", "obligations",
	SNAPSHOT_ARREARS | SNAPSHOT_OBLIGATIONS, COLUMNS(arrears_columns), arrears_rows };
const struct figures_part figures_ageing = { "arrears", NULL, SNAPSHOT_ARREARS,
	COLUMNS(ageing_columns), ageing_rows };
const struct figures_part figures_work_list = { "work_list", NULL, SNAPSHOT_WORK_LIST,
	COLUMNS(work_columns), work_rows };
const struct figures_part figures_notice = { "notice", NULL, SNAPSHOT_NOTICE,
	COLUMNS(notice_columns), notice_rows };
const struct figures_part figures_disclosure = { "disclosure", NULL, SNAPSHOT_DISCLOSURE,
	COLUMNS(disclosure_columns), disclosure_rows };
const struct figures_part figures_complaints = { "complaints", NULL, SNAPSHOT_COMPLAINTS,
	COLUMNS(complaint_columns), complaint_rows };
const struct figures_part figures_open_items = { "open_items", NULL, SNAPSHOT_OPEN_ITEMS,
	COLUMNS(open_item_columns), open_item_rows };
const struct figures_part figures_hints = { "record_findings", NULL, SNAPSHOT_RECORD_FINDINGS,
	COLUMNS(hint_columns), hint_rows };

/* JSON of one part: the members asked for; with a unit the rows instead of the whole. */
static json_t *part_json(
	const struct figures_part *part, json_t *document, const char *unit, json_t *rows)
{
	json_t *answer = json_object();
	json_object_set(answer, "as_of", json_object_get(document, "as_of"));
	json_object_set(answer, "fiscal_year", json_object_get(document, "fiscal_year"));
	if (json_object_get(document, "payment_order"))
		json_object_set(
			answer, "payment_order", json_object_get(document, "payment_order"));
	if (unit) {
		json_object_set(answer, part->also ? part->also : part->member, rows);
		return answer;
	}
	json_object_set(answer, part->member, json_object_get(document, part->member));
	if (part->also)
		json_object_set(answer, part->also, json_object_get(document, part->also));
	return answer;
}

/* Leaves only the rows that one person answers for. */
static void keep_official(json_t *document, const char *official)
{
	json_t *list = json_object_get(document, "work_list"), *kept = json_array(), *row;
	size_t index;
	json_array_foreach(json_object_get(list, "rows"), index, row)
	{
		const char *name = json_string_value(json_object_get(row, "responsible"));
		if (name && strcmp(name, official) == 0)
			json_array_append(kept, row);
	}
	json_object_set_new(list, "rows", kept);
}

int figures_part_write_xlsx(const char *path, const struct figures_part *part,
	const struct figures_layout *layout, json_t *document, struct err *err)
{
	json_t *rows = json_array();
	if (layout->official)
		keep_official(document, layout->official);
	part->rows(document, layout->unit, layout->all, rows);
	int answer = tab_write_xlsx(path, part->columns, part->count, rows, err);
	json_decref(rows);
	return answer;
}

void figures_part_write(FILE *out, const struct figures_part *part,
	const struct figures_layout *layout, json_t *document)
{
	json_t *rows = json_array();
	if (layout->official)
		keep_official(document, layout->official);
	if (layout->format != TAB_JSON || layout->unit)
		part->rows(document, layout->unit, layout->all, rows);
	if (layout->format == TAB_JSON) {
		json_t *answer = part_json(part, document, layout->unit, rows);
		json_dumpf(answer, out, JSON_INDENT(1));
		fputc('\n', out);
		json_decref(answer);
	} else {
		tab_write(out, layout->format, part->columns, part->count, rows);
	}
	json_decref(rows);
}
