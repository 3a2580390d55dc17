/* 面向中小企业预留项目明细: the list under the yearly notice (N-1). */
#include "daemon/report_forms.h"

#include <string.h>

#include "checks/snapshot.h"
#include "core/mem.h"

enum { PPM_PER_PERCENT_HUNDREDTH = 100 };

static const struct tab_column columns[] = {
	{ "scope", NULL, "scope", "单位", TAB_TEXT },
	{ "number", NULL, "number", "序号", TAB_TEXT },
	{ "project_name", NULL, "project_name", "项目名称", TAB_TEXT },
	{ "option", NULL, "option", "预留选项", TAB_TEXT },
	{ "sme_wan_hundredths", NULL, "sme_wan", "面向中小企业采购金额（万元）", TAB_FEN },
	{ "link", NULL, "link", "合同链接", TAB_TEXT },
	{ "project_code", NULL, "project_code", "项目编号", TAB_TEXT },
	{ "budget_wan_hundredths", NULL, "budget_wan", "项目预算金额（万元）", TAB_FEN },
	{ "small_micro_wan_hundredths", NULL, "small_micro_wan", "面向小微企业金额（万元）",
		TAB_FEN },
	{ "contract_no", NULL, "contract_no", "合同编号", TAB_TEXT },
};

static fen_t fen_of(const json_t *row, const char *member)
{
	return json_integer_value(json_object_get(row, member));
}

static const char *text_of(const json_t *row, const char *member)
{
	const char *text = json_string_value(json_object_get(row, member));

	return text ? text : "";
}

/* "设置专门采购包（预留比例40%）"; the share belongs to every form but the first. */
static char *option_of(const json_t *project)
{
	static const char *const forms[][2] = { { "whole", "采购项目整体预留" },
		{ "package", "设置专门采购包" }, { "consortium", "要求以联合体形式参加" },
		{ "subcontract", "要求合同分包" } };
	const json_t *share = json_object_get(project, "share_ppm");
	const char *form = text_of(project, "reserve_form"), *words = "预留形式未填";
	char percent[MONEY_TEXT_MAX];

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strcmp(forms[i][0], form) == 0)
			words = forms[i][1];
	if (strcmp(form, "whole") == 0)
		return mem_text(words);
	if (!json_is_integer(share))
		return mem_format("%s（预留比例未填）", words);
	return mem_format("%s（预留比例%s%%）", words,
		money_text(json_integer_value(share) / PPM_PER_PERCENT_HUNDREDTH, percent));
}

static void set_wan(json_t *row, const char *member, fen_t amount)
{
	json_object_set_new(row, member, json_integer(report_wan_hundredths(amount)));
}

static json_t *project_row(const json_t *project, size_t number)
{
	_cleanup_free_ char *option = option_of(project);
	_cleanup_free_ char *place = mem_format("%zu", number);
	const char *name = text_of(project, "project_name");
	json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "scope",
		text_of(project, "department"), "number", place, "project_name",
		*name ? name : text_of(project, "project_code"), "option", option, "link",
		text_of(project, "link"), "project_code", text_of(project, "project_code"),
		"contract_no", text_of(project, "contract_no"));

	set_wan(row, "sme_wan_hundredths", fen_of(project, "sme_fen"));
	set_wan(row, "small_micro_wan_hundredths", fen_of(project, "small_micro_fen"));
	if (json_object_get(project, "budget_fen"))
		set_wan(row, "budget_wan_hundredths", fen_of(project, "budget_fen"));
	return row;
}

/* Sums of one department, in fen, and of its rounded rows. */
struct sums {
	fen_t sme, small;
	int64_t sme_rows, small_rows;
};

static json_t *sum_row(const char *scope, const char *words, int64_t sme, int64_t small)
{
	return json_pack("{s:s, s:s, s:I, s:I}", "scope", scope, "project_name", words,
		"sme_wan_hundredths", (json_int_t)sme, "small_micro_wan_hundredths",
		(json_int_t)small);
}

/* The table adds up to what the notice says: where rounding lost something, a row says so. */
static void end_department(json_t *rows, const char *scope, const struct sums *sums)
{
	int64_t sme = report_wan_hundredths(sums->sme), small = report_wan_hundredths(sums->small);

	if (sme != sums->sme_rows || small != sums->small_rows)
		json_array_append_new(rows, sum_row(scope, "因四舍五入的差额", sme - sums->sme_rows,
						    small - sums->small_rows));
	json_array_append_new(rows, sum_row(scope, "合计", sme, small));
}

static json_t *project_rows(const json_t *document)
{
	const json_t *projects = json_object_get(document, "notice_projects"), *project;
	json_t *rows = json_array();
	struct sums sums = { 0 };
	const char *scope = NULL;
	size_t index, number = 0;

	json_array_foreach(projects, index, project)
	{
		json_t *row;

		if (scope && strcmp(scope, text_of(project, "department")) != 0) {
			end_department(rows, scope, &sums);
			sums = (struct sums){ 0 };
			number = 0;
		}
		scope = text_of(project, "department");
		row = project_row(project, ++number);
		sums.sme += fen_of(project, "sme_fen");
		sums.small += fen_of(project, "small_micro_fen");
		sums.sme_rows += fen_of(row, "sme_wan_hundredths");
		sums.small_rows += fen_of(row, "small_micro_wan_hundredths");
		json_array_append_new(rows, row);
	}
	if (scope)
		end_department(rows, scope, &sums);
	return rows;
}

const struct report_form report_notice_projects = { .name = "notice-projects",
	.title = "面向中小企业预留项目明细",
	.members = SNAPSHOT_NOTICE_PROJECTS,
	.columns = columns,
	.count = sizeof(columns) / sizeof(columns[0]),
	.rows = project_rows,
	.note = "合同口径，年末计；合同链接为已公告合同的地址。" };
