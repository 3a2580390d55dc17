/* The monthly table adds up as printed, and the yearly notice says what the figures say. */
#include "daemon/report_forms.h"

#include <criterion/criterion.h>
#include <string.h>

static json_t *scope(const char *name, json_int_t base, json_int_t sme, json_int_t small)
{
	return json_pack("{s:s, s:i, s:i, s:{s:I, s:I, s:I, s:I, s:I}}", "name", name,
		"sme_floor_ppm", 400000, "small_micro_floor_ppm", 700000, "plan", "strict_base_fen",
		base, "adjusted_base_fen", base, "sme_fen", sme, "small_micro_fen", small,
		"sme_gap_fen", (json_int_t)0);
}

/* Two departments whose rounded bases add up to more than the rounded total. */
static json_t *document(json_int_t a, json_int_t b)
{
	return json_pack("{s:i, s:{s:o, s:{s:o, s:o}}}", "fiscal_year", 2026, "quota", "district",
		scope("", a + b, 0, 0), "departments", "001", scope("甲", a, 0, 0), "002",
		scope("乙", b, 0, 0));
}

static int64_t number(const json_t *row, const char *member)
{
	return json_integer_value(json_object_get(row, member));
}

Test(report_forms, a_number_is_rounded_once_half_up_to_a_hundredth_of_ten_thousand_yuan)
{
	cr_expect_eq(report_wan_hundredths(4999), 0);
	cr_expect_eq(report_wan_hundredths(5000), 1);
	cr_expect_eq(report_wan_hundredths(1234567), 123);
	cr_expect_eq(report_wan_hundredths(0), 0);
	cr_expect_eq(report_wan_hundredths(-5000), -1);
}

Test(report_forms, a_column_adds_up_to_its_total_with_the_row_of_what_rounding_lost)
{
	json_t *months = document(1005000, 1005000); /* 1.005 wan each: 1.01 + 1.01, in all 2.01 */
	json_t *rows = report_monthly.rows(months), *row;
	const char *member = "plan_base_wan_hundredths";
	size_t count = json_array_size(rows), index;
	int64_t sum = 0;

	cr_assert_eq(count, 4);
	cr_expect_eq(number(json_array_get(rows, 2), member), -1);
	cr_expect_eq(number(json_array_get(rows, 3), member), 201);
	json_array_foreach(rows, index, row) sum += index + 1 < count ? number(row, member) : 0;
	cr_expect_eq(sum, number(json_array_get(rows, count - 1), member));
	json_decref(rows);
	json_decref(months);
}

Test(report_forms, without_a_difference_there_is_no_such_row)
{
	json_t *months = document(1000000, 2000000);
	json_t *rows = report_monthly.rows(months);

	cr_expect_eq(json_array_size(rows), 3);
	json_decref(rows);
	json_decref(months);
}

static json_t *notice_of(json_int_t sme, json_int_t small, json_t *figures)
{
	return json_pack("{s:i, s:{s:{s:{s:{s:I, s:I, s:{s:I}}}}}, s:{s:{s:o}}}", "fiscal_year",
		2025, "notice", "this_year_to_date", "departments", "001", "sme_fen", sme,
		"small_micro_fen", small, "whole", "sme_fen", sme, "quota", "departments", "001",
		figures);
}

Test(report_forms, the_notice_says_amounts_and_share_from_the_fen)
{
	json_t *year = notice_of(300000000, 200000000, scope("甲", 100, 40, 28));
	json_t *rows = report_notice.rows(year), *row = json_array_get(rows, 0);

	cr_expect_str_eq(json_string_value(json_object_get(row, "sentence")),
		"本部门2025年预留项目面向中小企业采购共计300.00万元，其中面向小微企业采购200."
		"00万元，占"
		"比66.67%。");
	cr_expect_str_empty(json_string_value(json_object_get(row, "explanation")));
	cr_expect_eq(number(row, "whole_wan_hundredths"), 30000);
	json_decref(rows);
	json_decref(year);
}

Test(report_forms, one_fen_below_a_floor_the_notice_asks_for_an_explanation)
{
	json_t *year = notice_of(0, 0, scope("甲", 100000000, 39999999, 39999999));
	json_t *rows = report_notice.rows(year), *row = json_array_get(rows, 0);

	cr_expect(strstr(json_string_value(json_object_get(row, "explanation")), "应不低于40.00%"),
		"%s", json_string_value(json_object_get(row, "explanation")));
	cr_expect_str_eq(json_string_value(json_object_get(row, "draft")), "是");
	cr_expect(strstr(json_string_value(json_object_get(row, "sentence")), "占比—。"),
		"nothing went to SMEs: no share, never 0 %%");
	json_decref(rows);
	json_decref(year);
}

Test(report_forms, there_is_no_other_form)
{
	cr_expect_eq(report_form_find("monthly"), &report_monthly);
	cr_expect_eq(report_form_find("notice"), &report_notice);
	cr_expect_null(report_form_find("wishes"));
}

static json_t *project(const char *department, json_int_t sme, json_int_t small, const char *form)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I}", "department", department,
		"project_code", "P", "project_name", "办公设备", "contract_no", "C", "link",
		"http://x.example/1", "reserve_form", form, "sme_fen", sme, "small_micro_fen",
		small, "share_ppm", (json_int_t)400000);
}

static const char *text(const json_t *rows, size_t row, const char *member)
{
	const char *found = json_string_value(json_object_get(json_array_get(rows, row), member));

	return found ? found : "";
}

Test(report_forms, n1_the_list_of_projects_adds_up_to_the_notice_for_each_department)
{
	/* 1.005 wan each: 1.01 + 1.01, in all 2.01 */
	json_t *year = json_pack("{s:[o, o, o]}", "notice_projects",
		project("001", 1005000, 0, "whole"), project("001", 1005000, 1000000, "package"),
		project("002", 50000000, 0, "subcontract"));
	json_t *rows = report_notice_projects.rows(year);
	const char *member = "sme_wan_hundredths";

	cr_assert_eq(json_array_size(rows), 6);
	cr_expect_str_eq(text(rows, 0, "option"), "采购项目整体预留");
	cr_expect_str_eq(text(rows, 1, "option"), "设置专门采购包（预留比例40.00%）");
	cr_expect_str_eq(text(rows, 1, "number"), "2");
	cr_expect_str_eq(text(rows, 2, "project_name"), "因四舍五入的差额");
	cr_expect_eq(number(json_array_get(rows, 2), member), -1);
	cr_expect_str_eq(text(rows, 3, "project_name"), "合计");
	cr_expect_eq(number(json_array_get(rows, 3), member), 201);
	cr_expect_str_eq(text(rows, 4, "number"), "1", "each department counts its own");
	cr_expect_str_eq(text(rows, 4, "link"), "http://x.example/1");
	cr_expect_eq(number(json_array_get(rows, 5), member), 5000);
	json_decref(rows);
	json_decref(year);
}

Test(report_forms, n1_a_share_that_is_not_stated_is_said_to_be_missing)
{
	json_t *year =
		json_pack("{s:[o]}", "notice_projects", project("001", 100, 0, "consortium"));
	json_t *rows;

	json_object_del(json_array_get(json_object_get(year, "notice_projects"), 0), "share_ppm");
	rows = report_notice_projects.rows(year);
	cr_expect_str_eq(text(rows, 0, "option"), "要求以联合体形式参加（预留比例未填）");
	json_decref(rows);
	json_decref(year);
}
