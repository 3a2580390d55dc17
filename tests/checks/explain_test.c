/* The explanation of a figure adds up to the figure, for every scope of both districts. */
#include "checks/explain.h"

#include "lib/facts_csv.h"

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

static void expect_sum(const json_t *document, const char *scope, const char *basis,
	const char *of_rows, const char *of_figure)
{
	const json_t *rows = json_object_get(document, "rows");
	const json_t *figure = json_object_get(json_object_get(document, "figure"), basis);
	json_int_t sum = 0;

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);

		sum += number(json_object_get(row, "adds"), of_rows);
		cr_expect_gt(json_array_size(json_object_get(row, "because")), 0);
	}
	cr_expect_eq(sum, number(figure, of_figure), "%s %s %s", basis, scope, of_figure);
}

static void expect_scope(const struct asking *a, const char *scope, day_t as_of)
{
	json_t *plan = explain(a, "plan", scope, as_of);
	json_t *award = explain(a, "award", scope, as_of);

	expect_sum(plan, scope, "plan", "strict_base_fen", "strict_base_fen");
	expect_sum(plan, scope, "plan", "adjusted_base_fen", "adjusted_base_fen");
	expect_sum(plan, scope, "plan", "sme_fen", "sme_fen");
	expect_sum(plan, scope, "plan", "small_micro_fen", "small_micro_fen");
	expect_sum(award, scope, "award", "base_fen", "base_fen");
	expect_sum(award, scope, "award", "sme_fen", "sme_fen");
	expect_sum(award, scope, "award", "small_micro_fen", "small_micro_fen");
	json_decref(plan);
	json_decref(award);
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
