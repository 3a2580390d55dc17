#include "daemon/report_forms.h"

#include <inttypes.h>
#include <string.h>

#include "checks/snapshot.h"
#include "core/mem.h"

enum { FEN_PER_HUNDREDTH_WAN = 10000, PPM_PER_PERCENT_HUNDREDTH = 100, MILLION = 1000000 };

int64_t report_wan_hundredths(fen_t amount)
{
	fen_t rounded = 0;

	if (!money_round_div(amount, FEN_PER_HUNDREDTH_WAN, &rounded))
		BUG("a division by a constant does not fit");
	return rounded;
}

static fen_t fen_of(const json_t *row, const char *path)
{
	const json_t *value = tab_member(row, path);

	return json_is_integer(value) ? json_integer_value(value) : 0;
}

/* Monthly ------------------------------------------------------------------------------------- */

/* A number of the table: where it stands in the scope, and its member in the row. */
struct number {
	const char *path, *member;
};
static const struct number monthly_numbers[] = {
	{ "plan.strict_base_fen", "plan_base_wan_hundredths" },
	{ "plan.sme_fen", "plan_sme_wan_hundredths" },
	{ "plan.small_micro_fen", "plan_small_micro_wan_hundredths" },
	{ "plan.sme_gap_fen", "gap_wan_hundredths" },
	{ "award.base_fen", "award_base_wan_hundredths" },
	{ "award.sme_fen", "award_sme_wan_hundredths" },
	{ "award.small_micro_fen", "award_small_micro_wan_hundredths" },
	{ "paid.base_fen", "paid_base_wan_hundredths" },
	{ "paid.sme_fen", "paid_sme_wan_hundredths" },
	{ "paid.small_micro_fen", "paid_small_micro_wan_hundredths" },
};
enum { NUMBERS = sizeof(monthly_numbers) / sizeof(monthly_numbers[0]), GAP = 3 };

static const struct tab_column monthly_columns[] = {
	{ "scope", NULL, "scope", "单位", TAB_TEXT },
	{ "name", NULL, "name", "名称", TAB_TEXT },
	{ "plan_base_wan_hundredths", NULL, "plan_base_wan", "采购预算（万元）", TAB_FEN },
	{ "plan_sme_wan_hundredths", NULL, "plan_sme_wan", "预留中小企业（万元）", TAB_FEN },
	{ "share.sme_fen", "share.base_fen", "plan_sme_percent", "占比%", TAB_SHARE },
	{ "plan_small_micro_wan_hundredths", NULL, "plan_small_micro_wan", "其中小微（万元）",
		TAB_FEN },
	{ "share.small_micro_fen", "share.sme_fen", "plan_small_micro_percent", "占比%",
		TAB_SHARE },
	{ "gap_wan_hundredths", NULL, "gap_wan", "差额（万元）", TAB_FEN },
	{ "award_base_wan_hundredths", NULL, "award_base_wan", "合同金额（万元）", TAB_FEN },
	{ "award_sme_wan_hundredths", NULL, "award_sme_wan", "授予中小企业（万元）", TAB_FEN },
	{ "award_small_micro_wan_hundredths", NULL, "award_small_micro_wan", "其中小微（万元）",
		TAB_FEN },
	{ "paid_base_wan_hundredths", NULL, "paid_base_wan", "已支付（万元）", TAB_FEN },
	{ "paid_sme_wan_hundredths", NULL, "paid_sme_wan", "支付中小企业（万元）", TAB_FEN },
	{ "paid_small_micro_wan_hundredths", NULL, "paid_small_micro_wan", "其中小微（万元）",
		TAB_FEN },
};

static json_t *monthly_row(const char *scope, const char *name, const json_t *figures)
{
	json_t *row = json_pack("{s:s, s:s, s:{s:I, s:I, s:I}}", "scope", scope, "name", name,
		"share", "base_fen", (json_int_t)fen_of(figures, "plan.strict_base_fen"), "sme_fen",
		(json_int_t)fen_of(figures, "plan.sme_fen"), "small_micro_fen",
		(json_int_t)fen_of(figures, "plan.small_micro_fen"));

	for (int i = 0; i < NUMBERS; i++)
		json_object_set_new(row, monthly_numbers[i].member,
			json_integer(
				report_wan_hundredths(fen_of(figures, monthly_numbers[i].path))));
	return row;
}

static const char *text_of(const json_t *row, const char *member)
{
	const char *text = json_string_value(json_object_get(row, member));

	return text ? text : "";
}

/* Total minus the rounded rows; NULL when every column adds up. The gaps of departments are no parts of the district's. */
static json_t *difference_row(const json_t *rows, const json_t *total)
{
	json_t *row = json_pack("{s:s, s:s}", "scope", "", "name", "因四舍五入的差额"), *part;
	bool any = false;
	size_t index;

	for (int i = 0; i < NUMBERS; i++) {
		const char *member = monthly_numbers[i].member;
		int64_t left = json_integer_value(json_object_get(total, member));
		if (i == GAP)
			continue;
		json_array_foreach(rows, index, part) left -=
			json_integer_value(json_object_get(part, member));
		json_object_set_new(row, member, json_integer(left));
		any |= left != 0;
	}
	if (any)
		return row;
	json_decref(row);
	return NULL;
}

static json_t *monthly_rows(const json_t *document)
{
	const json_t *quota = json_object_get(document, "quota");
	json_t *departments = json_object_get(quota, "departments"), *figures;
	json_t *rows = json_array(), *total, *difference;
	const char *code;

	json_object_foreach(departments, code, figures)
		json_array_append_new(rows, monthly_row(code, text_of(figures, "name"), figures));
	total = monthly_row("district", "合计", json_object_get(quota, "district"));
	difference = difference_row(rows, total);
	if (difference)
		json_array_append_new(rows, difference);
	json_array_append_new(rows, total);
	return rows;
}

const struct report_form report_monthly = { .name = "monthly",
	.title = "政府采购预留份额月度统计表",
	.members = SNAPSHOT_QUOTA,
	.columns = monthly_columns,
	.count = sizeof(monthly_columns) / sizeof(monthly_columns[0]),
	.rows = monthly_rows,
	.note = "各数均由分四舍五入至0."
		"01万元；分项之和与合计不一致时，差额单列一行。占比由分计算，不四舍五入。" };

/* Yearly notice -------------------------------------------------------------------------------- */

static const struct tab_column notice_columns[] = {
	{ "scope", NULL, "scope", "单位", TAB_TEXT },
	{ "name", NULL, "name", "名称", TAB_TEXT },
	{ "fiscal_year", NULL, "fiscal_year", "年度", TAB_INT },
	{ "sme_wan_hundredths", NULL, "sme_wan", "面向中小企业采购（万元）", TAB_FEN },
	{ "small_micro_wan_hundredths", NULL, "small_micro_wan", "其中小微企业（万元）", TAB_FEN },
	{ "percent", NULL, "small_micro_percent", "占比%", TAB_TEXT },
	{ "whole_wan_hundredths", NULL, "whole_wan", "采购项目整体预留（万元）", TAB_FEN },
	{ "package_wan_hundredths", NULL, "package_wan", "设置专门采购包（万元）", TAB_FEN },
	{ "consortium_wan_hundredths", NULL, "consortium_wan", "要求以联合体形式参加（万元）",
		TAB_FEN },
	{ "subcontract_wan_hundredths", NULL, "subcontract_wan", "要求合同分包（万元）", TAB_FEN },
	{ "sentence", NULL, "sentence", "公告正文", TAB_TEXT },
	{ "explanation", NULL, "explanation", "说明", TAB_TEXT },
	{ "draft", NULL, "draft", "待填写", TAB_TEXT },
};

/* "12.35", hundredths of a percent half up; "—" when the whole is 0 (never 0 %). */
static void percent_text(fen_t part, fen_t whole, char room[MONEY_TEXT_MAX])
{
	fen_t hundredths;

	if (whole <= 0 || !money_round_div((wide_t)part * MILLION / PPM_PER_PERCENT_HUNDREDTH,
				  whole, &hundredths))
		snprintf(room, MONEY_TEXT_MAX, "—");
	else
		money_text(hundredths, room);
}

static const char *wan_text(fen_t amount, char room[MONEY_TEXT_MAX])
{
	return money_text(report_wan_hundredths(amount), room);
}

static char *sentence_of(const json_t *notice, int64_t year)
{
	char sme[MONEY_TEXT_MAX], small[MONEY_TEXT_MAX], percent[MONEY_TEXT_MAX];

	percent_text(fen_of(notice, "small_micro_fen"), fen_of(notice, "sme_fen"), percent);
	return mem_format(
		"本部门%" PRId64
		"年预留项目面向中小企业采购共计%s万元，其中面向小微企业采购%s万元，占比%s%s。",
		year, wan_text(fen_of(notice, "sme_fen"), sme),
		wan_text(fen_of(notice, "small_micro_fen"), small), percent,
		strcmp(percent, "—") == 0 ? "" : "%");
}

/* Below a floor, as integers (DT-1). What is exempt is a reason that the records give; the rest is a person's to explain. */
static bool below_floor(const json_t *figures)
{
	fen_t base = fen_of(figures, "plan.strict_base_fen");
	fen_t sme = fen_of(figures, "plan.sme_fen"),
	      small = fen_of(figures, "plan.small_micro_fen");

	return (wide_t)sme * MILLION < (wide_t)base * fen_of(figures, "sme_floor_ppm") ||
	       (wide_t)small * MILLION < (wide_t)sme * fen_of(figures, "small_micro_floor_ppm");
}

static char *explanation_of(const json_t *figures, int64_t year)
{
	char sme[MONEY_TEXT_MAX], floor[MONEY_TEXT_MAX], small[MONEY_TEXT_MAX],
		small_floor[MONEY_TEXT_MAX], exempt[MONEY_TEXT_MAX];
	fen_t base = fen_of(figures, "plan.strict_base_fen");

	percent_text(fen_of(figures, "plan.sme_fen"), base, sme);
	percent_text(
		fen_of(figures, "plan.small_micro_fen"), fen_of(figures, "plan.sme_fen"), small);
	return mem_format(
		"%" PRId64
		"年本部门面向中小企业预留采购份额占政府采购项目预算总额的%s%%（应不低于%s%%），"
		"其中预留给小微企业占%s%%（应不低于%s%%），未达到的原因：不适宜预留%s万元；"
		"（由本部门填写）；改进措施：（由本部门填写）。",
		year, sme,
		money_text(fen_of(figures, "sme_floor_ppm") / PPM_PER_PERCENT_HUNDREDTH, floor),
		small,
		money_text(fen_of(figures, "small_micro_floor_ppm") / PPM_PER_PERCENT_HUNDREDTH,
			small_floor),
		wan_text(base - fen_of(figures, "plan.adjusted_base_fen"), exempt));
}

static json_t *notice_row(
	const char *code, const json_t *notice, const json_t *figures, int64_t year)
{
	static const char *const forms[] = { "whole", "package", "consortium", "subcontract" };
	char percent[MONEY_TEXT_MAX];
	_cleanup_free_ char *sentence = sentence_of(notice, year);
	_cleanup_free_ char *explanation =
		below_floor(figures) ? explanation_of(figures, year) : mem_text("");
	json_t *row = json_pack("{s:s, s:s, s:I, s:s, s:s, s:s}", "scope", code, "name",
		text_of(figures, "name"), "fiscal_year", (json_int_t)year, "sentence", sentence,
		"explanation", explanation, "draft", *explanation ? "是" : "");

	percent_text(fen_of(notice, "small_micro_fen"), fen_of(notice, "sme_fen"), percent);
	json_object_set_new(row, "percent", json_string(percent));
	json_object_set_new(row, "sme_wan_hundredths",
		json_integer(report_wan_hundredths(fen_of(notice, "sme_fen"))));
	json_object_set_new(row, "small_micro_wan_hundredths",
		json_integer(report_wan_hundredths(fen_of(notice, "small_micro_fen"))));
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		_cleanup_free_ char *path = mem_format("%s.sme_fen", forms[i]);
		_cleanup_free_ char *member = mem_format("%s_wan_hundredths", forms[i]);
		json_object_set_new(
			row, member, json_integer(report_wan_hundredths(fen_of(notice, path))));
	}
	return row;
}

/* One row for each department that has something to publish. */
static json_t *notice_rows(const json_t *document)
{
	const json_t *period =
		json_object_get(json_object_get(document, "notice"), "this_year_to_date");
	const json_t *figures = json_object_get(json_object_get(document, "quota"), "departments");
	int64_t year = json_integer_value(json_object_get(document, "fiscal_year"));
	json_t *departments = json_object_get(period, "departments"), *notice, *rows = json_array();
	const char *code;

	json_object_foreach(departments, code, notice) json_array_append_new(
		rows, notice_row(code, notice, json_object_get(figures, code), year));
	return rows;
}

const struct report_form report_notice = { .name = "notice",
	.title = "面向中小企业预留项目执行情况（公告数据）",
	.members = SNAPSHOT_QUOTA | SNAPSHOT_NOTICE | SNAPSHOT_NOTICE_PROJECTS,
	.columns = notice_columns,
	.count = sizeof(notice_columns) / sizeof(notice_columns[0]),
	.rows = notice_rows,
	.note = "合同口径；占比由分计算。说明一栏须由部门填写原因和措施后方可公告。",
	.detail = &report_notice_projects };

const struct report_form *report_form_find(const char *name)
{
	static const struct report_form *const forms[] = { &report_monthly, &report_notice,
		&report_notice_projects };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strcmp(name, forms[i]->name) == 0)
			return forms[i];
	return NULL;
}
