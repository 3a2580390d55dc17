/* The explanation of a figure adds up to the figure, for every scope of both districts. */
#include "checks/explain.h"

#include "lib/facts_csv.h"
#include "lib/small_quota.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

enum { DOCUMENT_MAX = 16 * 1024 * 1024 };

struct asking {
	struct law_csv *csv;
	struct facts *facts;
	struct facts_index *index;
	struct unit_tree *units;
};

static struct asking ask(const char *folder)
{
	struct asking a = { law_csv_read(), facts_csv_read(folder), NULL, NULL };

	a.index = facts_index_new(a.facts);
	a.units = unit_tree_new(a.facts);
	return a;
}

static void ask_free(struct asking *a)
{
	unit_tree_free(a->units);
	facts_index_free(a->index);
	facts_free(a->facts);
	law_csv_free(a->csv);
}

static json_t *explain(const struct asking *a, const char *basis, const char *scope, day_t as_of)
{
	struct buf buf;
	struct json_out out;
	struct err err = ERR_INIT;
	json_t *document;

	buf_init(&buf, DOCUMENT_MAX);
	json_out_init(&out, &buf, NULL, NULL);
	cr_assert_eq(explain_quota(&a->csv->law, a->index, a->units, basis, scope, 2026, as_of,
			     &out, &err),
		0, "%s", err.text);
	cr_assert_eq(json_finish(&out), 0);
	document = json_loads(buf.data, JSON_REJECT_DUPLICATES, NULL);
	cr_assert_not_null(document);
	buf_free(&buf);
	return document;
}

static json_int_t number(const json_t *object, const char *member)
{
	const json_t *value = json_object_get(object, member);

	cr_assert(json_is_integer(value), "%s", member);
	return json_integer_value(value);
}

/* figure: path of the sum below "figure"; only rows whose "part" is that, NULL = all. */
static void expect_sum(const json_t *document, const char *part, const char *of_rows,
	const json_t *figure, const char *of_figure)
{
	const json_t *rows = json_object_get(document, "rows");
	json_int_t sum = 0;

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i), *because, *first;

		if (part && strcmp(part, json_string_value(json_object_get(row, "part"))) != 0)
			continue;
		sum += number(json_object_get(row, "adds"), of_rows);
		because = json_object_get(row, "because");
		cr_expect_gt(json_array_size(because), 0);
		first = json_array_get(because, 0);
		cr_expect_neq(*json_string_value(json_object_get(first, "rule")), '\0');
		cr_expect_neq(*json_string_value(json_object_get(first, "article")), '\0');
		cr_expect(json_is_object(json_object_get(row, "values")));
	}
	cr_expect_eq(sum, number(figure, of_figure), "%s of %s", of_figure,
		json_string_value(json_object_get(document, "scope")));
}

/* The numbers of a formula give its result. */
static void expect_formulas(const json_t *document)
{
	const json_t *formulas = json_object_get(document, "formulas");

	cr_expect_geq(json_array_size(formulas), 2);
	for (size_t i = 0; i < json_array_size(formulas); i++) {
		const json_t *formula = json_array_get(formulas, i);
		json_int_t part = number(formula, "part_fen"), whole = number(formula, "whole_fen");
		const char *result = json_string_value(json_object_get(formula, "result"));
		__int128 left = (__int128)part * 1000000;
		bool met = left >= (__int128)whole * number(formula, "floor_ppm");

		cr_expect_eq(met, number(formula, "gap_fen") == 0);
		if (strcmp(result, "met") == 0)
			cr_expect(met);
		if (strcmp(result, "not-met") == 0)
			cr_expect_not(met);
	}
}

static void expect_basis(const struct asking *a, const char *basis, const char *part,
	const char *const sums[][2], const char *scope, day_t as_of)
{
	json_t *document = explain(a, basis, scope, as_of);
	const json_t *figure = json_object_get(json_object_get(document, "figure"), basis);
	const json_t *of = part ? json_object_get(figure, part) : figure;

	for (int i = 0; sums[i][0]; i++) {
		const char *band = strstr(sums[i][1], "band.");

		expect_sum(document, part, sums[i][0], band ? json_object_get(of, "band") : of,
			band ? band + strlen("band.") : sums[i][1]);
	}
	expect_formulas(document);
	json_decref(document);
}

static void expect_snapshot(
	const struct asking *a, enum snapshot_kind kind, const char *scope, day_t as_of)
{
	static const char *const sums[] = { "strict_base_fen", "adjusted_base_fen", "sme_fen",
		"small_micro_fen" };
	const char *name = figures_snapshot_name(kind);
	json_t *document = explain(a, name, scope, as_of), *row;
	const json_t *snapshots = json_object_get(json_object_get(document, "figure"), "snapshots");
	const json_t *figure = json_object_get(snapshots, name);
	json_int_t counted = 0;
	size_t i;

	for (size_t s = 0; s < sizeof(sums) / sizeof(sums[0]); s++)
		expect_sum(document, NULL, sums[s], figure, sums[s]);
	json_array_foreach(json_object_get(document, "rows"), i, row)
	{
		counted += json_is_true(json_object_get(row, "counted"));
	}
	cr_expect_eq(counted, number(figure, "items"), "%s of %s", name, scope);
	expect_formulas(document);
	json_decref(document);
}

static void expect_notice(const struct asking *a, const char *scope, day_t as_of)
{
	static const char *const members[] = { "contracts", "contract_fen", "sme_fen",
		"small_micro_fen" };
	json_t *document = explain(a, "notice", scope, as_of);
	const json_t *notice = json_object_get(document, "notice");

	expect_sum(document, NULL, "contracts", notice, "reserved_contracts");
	expect_sum(document, NULL, "contract_fen", notice, "reserved_contract_fen");
	expect_sum(document, NULL, "sme_fen", notice, "sme_fen");
	expect_sum(document, NULL, "small_micro_fen", notice, "small_micro_fen");
	for (int form = 0; form < FORM_UNSTATED; form++)
		for (int m = 0; m < 4; m++)
			expect_sum(document, figures_form_name(form), members[m],
				json_object_get(notice, figures_form_name(form)), members[m]);
	expect_formulas(document);
	json_decref(document);
}

static void expect_scope(const struct asking *a, const char *scope, day_t as_of)
{
	static const char *const plan[][2] = { { "strict_base_fen", "strict_base_fen" },
		{ "adjusted_base_fen", "adjusted_base_fen" }, { "sme_fen", "sme_fen" },
		{ "small_micro_fen", "small_micro_fen" }, { "sme_fen", "band.sme_lower_fen" },
		{ "sme_upper_fen", "band.sme_upper_fen" },
		{ "small_micro_upper_fen", "band.small_micro_upper_fen" }, { NULL, NULL } };
	static const char *const award[][2] = { { "base_fen", "base_fen" },
		{ "sme_fen", "sme_fen" }, { "small_micro_fen", "small_micro_fen" },
		{ "sme_lower_fen", "band.sme_lower_fen" },
		{ "sme_upper_fen", "band.sme_upper_fen" },
		{ "small_micro_lower_fen", "band.small_micro_lower_fen" },
		{ "small_micro_upper_fen", "band.small_micro_upper_fen" }, { NULL, NULL } };
	static const char *const basis[][2] = { { "base_fen", "base_fen" },
		{ "sme_fen", "sme_fen" }, { "small_micro_fen", "small_micro_fen" },
		{ NULL, NULL } };
	static const char *const mixed[][2] = { { "plan_sme_fen", "plan_sme_fen" },
		{ "award_small_micro_fen", "award_small_micro_fen" }, { NULL, NULL } };

	expect_basis(a, "plan", NULL, plan, scope, as_of);
	for (int kind = 0; kind < SNAPSHOT_KINDS; kind++)
		expect_snapshot(a, (enum snapshot_kind)kind, scope, as_of);
	expect_basis(a, "award", NULL, award, scope, as_of);
	expect_basis(a, "paid", NULL, award, scope, as_of);
	expect_basis(a, "mixed", NULL, mixed, scope, as_of);
	expect_notice(a, scope, as_of);
	expect_basis(a, "q4", "works", basis, scope, as_of);
	expect_basis(a, "q4", "goods_services", basis, scope, as_of);
}

static void expect_district(const char *folder, const char *day)
{
	struct asking a = ask(folder);
	day_t as_of = text_day(day, strlen(day));
	struct year_figures figures;

	figures_judge(&a.csv->law, a.index, a.units, 2026, as_of, NULL, &figures);
	cr_assert_gt(figures.department_count, 5);
	expect_scope(&a, "", as_of);
	for (size_t i = 0; i < figures.department_count; i++)
		expect_scope(&a, figures.departments[i].scope, as_of);
	figures_free(&figures);
	ask_free(&a);
}

Test(explain, rows_add_up_to_every_figure_of_the_district)
{
	expect_district("district", "2026-10-20");
}

Test(explain, rows_add_up_to_every_figure_of_the_corner_cases)
{
	expect_district("corner", "2026-10-06");
}

/* Units that are below a department on the day. */
static size_t expect_units(const struct asking *a, day_t as_of, json_int_t *ret_base)
{
	size_t seen = 0;

	for (size_t i = 0; i < a->facts->units.count; i++) {
		const struct unit_fact *unit =
			unit_tree_row(a->units, a->facts->units.items[i].unit_code, as_of);
		json_t *document;

		if (unit != &a->facts->units.items[i] || !*unit->parent_code)
			continue;
		expect_scope(a, unit->unit_code, as_of);
		document = explain(a, "plan", unit->unit_code, as_of);
		cr_expect_str_eq(
			json_string_value(json_object_get(document, "scope")), unit->unit_code);
		*ret_base += number(json_object_get(json_object_get(document, "figure"), "plan"),
			"strict_base_fen");
		for (size_t r = 0; r < json_array_size(json_object_get(document, "rows")); r++)
			cr_expect_str_eq(
				json_string_value(json_object_get(
					json_array_get(json_object_get(document, "rows"), r),
					"unit_code")),
				unit->unit_code);
		json_decref(document);
		seen++;
	}
	return seen;
}

Test(explain, rows_of_a_unit_below_a_department_add_up_to_its_own_figure)
{
	struct asking a = ask("corner");
	json_int_t base = 0;

	cr_expect_gt(expect_units(&a, text_day("2026-10-06", 10), &base), 0);
	cr_expect_gt(base, 0, "no unit had a budget");
	ask_free(&a);
}

static const json_t *target_of(const json_t *document, size_t at)
{
	const json_t *outlook = json_object_get(document, "outlook");

	return json_array_get(json_object_get(outlook, "targets"), at);
}

static void expect_text(const json_t *object, const char *member, const char *want)
{
	cr_expect_str_eq(json_string_value(json_object_get(object, member)), want);
}

static void expect_outlook_words(
	const struct asking *a, const char *as_of, const char *result, const char *said)
{
	json_t *document = explain(a, "plan", "100", text_day(as_of, strlen(as_of)));
	const json_t *sme = target_of(document, 0);

	expect_text(sme, "result", result);
	cr_expect_not_null(strstr(json_string_value(json_object_get(sme, "text")), said), "%s",
		json_string_value(json_object_get(sme, "text")));
	json_decref(document);
}

/* 25 of 100 reserved, 60 still open, 15 announced. */
static struct asking short_of_fifteen(void)
{
	struct asking a = { law_csv_read(), quota_facts(), NULL, NULL };

	quota_reserved(a.facts, "100", "A", 2500, RESERVED_FOR_SMALL_MICRO);
	quota_item(a.facts, "101", "B", 6000);
	quota_item(a.facts, "100", "C", 1500)->notice_on = text_day("2026-02-01", 10);
	quota_item(a.facts, "200", "D", 100);
	a.index = facts_index_new(a.facts);
	a.units = unit_tree_new(a.facts);
	return a;
}

Test(explain, the_outlook_has_its_numbers_and_the_days_that_it_comes_from)
{
	struct asking a = short_of_fifteen();
	json_t *document = explain(&a, "plan", "100", text_day("2026-04-01", 10));
	const json_t *sme = target_of(document, 0), *steps;
	static const char *const days[] = { "2026-12-01", "2026-11-18", "2026-10-29",
		"2026-10-15" };

	cr_expect_eq(number(sme, "gap_fen"), 1500);
	cr_expect_eq(number(sme, "capacity_fen"), 6000);
	cr_expect_eq(number(sme, "covered_fen"), 2250);
	expect_text(sme, "last_day", "2026-10-15");
	cr_expect_eq(json_array_size(json_object_get(sme, "quiet")), 0);
	steps = json_object_get(json_object_get(document, "outlook"), "lead_times");
	cr_assert_eq(json_array_size(steps), 4);
	for (size_t i = 0; i < 4; i++)
		expect_text(json_array_get(steps, i), "from", days[i]);
	json_decref(document);

	expect_outlook_words(&a, "2026-04-01", "gap-fixable",
		"差额15.00元；可预留余额60.00元；差额的150%为22.50元；最后可行日为2026-10-"
		"15，尚余");
	expect_outlook_words(
		&a, "2026-09-30", "gap-at-risk", "（不超过20个为紧急）；缺口较大、需尽快安排");
	expect_outlook_words(
		&a, "2026-10-16", "out-of-reach", "已不能补足（按采购用时最后可行日为2026-10-15）");
	day_calendar_free((struct day_calendar *)a.csv->law.calendar);
	a.csv->law.calendar = day_calendar_new();
	expect_outlook_words(&a, "2026-10-20", "gap-at-risk",
		"最后可行日不晚于2026-10-23，年度工作日历缺失，至多尚余3个工作日");
	ask_free(&a);
}

Test(explain, why_a_gap_is_told_to_nobody_is_said)
{
	struct asking a = short_of_fifteen();
	json_t *document;

	a.facts->budget_items.items[1].reserve_form =
		RESERVE_SUBCONTRACT; /* the share is missing */
	document = explain(&a, "plan", "100", text_day("2026-04-01", 10));
	expect_text(json_array_get(json_object_get(target_of(document, 0), "quiet"), 0), "why",
		"band-meets");
	json_decref(document);
	ask_free(&a);
}

Test(explain, the_fourth_figure_has_budget_rows_and_contracts_and_no_verdict)
{
	struct asking a = ask("district");
	json_t *document = explain(&a, "mixed", "", text_day("2026-10-20", 10)), *item;
	size_t i, budgets = 0, contracts = 0;

	json_array_foreach(json_object_get(document, "rows"), i, item)
	{
		const char *part = json_string_value(json_object_get(item, "part"));
		bool contract = json_object_get(item, "contract_no") != NULL;

		cr_expect_str_eq(part, contract ? "award" : "plan");
		contracts += contract;
		budgets += !contract;
	}
	cr_expect_gt(budgets, 0);
	cr_expect_gt(contracts, 0);
	json_array_foreach(json_object_get(document, "formulas"), i, item)
	{
		cr_expect_str_eq(json_string_value(json_object_get(item, "rule")), "Q-6");
		cr_expect_str_eq(json_string_value(json_object_get(item, "result")), "");
	}
	cr_expect_eq(i, 2);
	json_decref(document);
	ask_free(&a);
}

Test(explain, an_unknown_basis_or_department_is_refused)
{
	struct asking a = ask("corner");
	struct buf buf;
	struct json_out out;
	struct err err = ERR_INIT;
	day_t as_of = text_day("2026-10-06", 10);

	buf_init(&buf, DOCUMENT_MAX);
	json_out_init(&out, &buf, NULL, NULL);
	cr_expect_eq(
		explain_quota(&a.csv->law, a.index, a.units, "guess", "", 2026, as_of, &out, &err),
		-1);
	cr_expect_not_null(strstr(err.text, "guess"));
	err_clear(&err);
	cr_expect_eq(explain_quota(&a.csv->law, a.index, a.units, "plan", "000000", 2026, as_of,
			     &out, &err),
		-1);
	cr_expect_not_null(strstr(err.text, "000000"));
	cr_expect_eq(buf.used, 0);
	buf_free(&buf);
	ask_free(&a);
}
