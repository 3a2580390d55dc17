/* A year without a calendar is explained by the debts that need it. */
#include "checks/explain_calendar.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#include "lib/small_facts.h"

static struct law_csv *csv;
static struct facts *facts;

static day_t day(const char *text)
{
	return text_day(text, strlen(text));
}

static json_t *told(int year)
{
	struct facts_index *index = facts_index_new(facts);
	struct unit_tree *units = unit_tree_new(facts);
	struct json_out out;
	struct buf buf;
	json_t *document;

	buf_init(&buf, 1 << 16);
	json_out_init(&out, &buf, NULL, NULL);
	explain_calendar(&(struct arrears_question){ .law = &csv->law,
				 .index = index,
				 .units = units,
				 .as_of = day("2026-12-31"),
				 .reversals_known_on = day("2026-12-31") },
		year, &out);
	cr_assert_eq(json_finish(&out), 0);
	document = json_loadb(buf.data, buf.used, 0, NULL);
	cr_assert_not_null(document);
	buf_free(&buf);
	unit_tree_free(units);
	facts_index_free(index);
	return document;
}

Test(explain_calendar, the_debts_that_need_a_missing_year_are_named)
{
	json_t *document, *waiting;

	csv = law_csv_read();
	facts = small_facts(DEBTOR_ORGAN);
	small_contract(facts, "C");
	small_debt(facts, "ahead", "C", 1000, day("2027-05-01"));
	small_debt(facts, "paid", "C", 1000, day("2027-05-01"));
	small_debt(facts, "known", "C", 1000, day("2026-05-01"));
	small_payment(facts, "V", "paid", day("2026-06-01"), 1000);
	document = told(2027);
	waiting = json_object_get(document, "waiting");
	cr_expect(json_is_false(json_object_get(document, "known")));
	cr_assert_eq(json_array_size(waiting), 1);
	cr_expect_str_eq(json_string_value(json_array_get(waiting, 0)), "ahead");
	cr_expect_eq(json_integer_value(json_object_get(document, "count")), 1);
	json_decref(document);
	document = told(2026);
	cr_expect(json_is_true(json_object_get(document, "known")));
	cr_expect_eq(json_integer_value(json_object_get(document, "count")), 0);
	json_decref(document);
	facts_free(facts);
	law_csv_free(csv);
}
