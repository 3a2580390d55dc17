/* Why a clause was found: its words or values, what they were compared with, and the article that governs the contract. */
#include "checks/explain_clause.h"

#include "checks/findings.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#include "lib/small_facts.h"

static struct law_csv *csv;
static struct facts *facts;

static void set_up(void)
{
	csv = law_csv_read();
	facts = small_facts(DEBTOR_ORGAN);
}

static void tear_down(void)
{
	facts_free(facts);
	law_csv_free(csv);
}

TestSuite(explain_clause, .init = set_up, .fini = tear_down);

static json_t *told(void)
{
	struct facts_index *index = facts_index_new(facts);
	struct unit_tree *units = unit_tree_new(facts);
	struct json_out out;
	struct buf buf;
	json_t *document, *clauses;

	buf_init(&buf, 1 << 16);
	json_out_init(&out, &buf, NULL, NULL);
	json_object_begin(&out, NULL);
	explain_clauses(&csv->law, index, units, 0, text_day("2026-06-30", 10), &out);
	json_object_end(&out);
	cr_assert_eq(json_finish(&out), 0);
	document = json_loadb(buf.data, buf.used, 0, NULL);
	clauses = json_incref(json_object_get(document, "clauses"));
	json_decref(document);
	buf_free(&buf);
	unit_tree_free(units);
	facts_index_free(index);
	return clauses;
}

static const char *text_at(json_t *clauses, size_t i, const char *key)
{
	const char *text = json_string_value(json_object_get(json_array_get(clauses, i), key));

	return text ? text : "";
}

Test(explain_clause, a_term_is_told_with_its_limit_and_the_article_of_its_version)
{
	struct contract_fact *contract = small_contract(facts, "C");
	json_t *clauses;

	contract->agreed_term = 90;
	clauses = told();
	cr_assert_eq(json_array_size(clauses), 1);
	cr_expect_str_eq(text_at(clauses, 0, "code"), "clause-term-over-cap");
	cr_expect_str_eq(text_at(clauses, 0, "text"), "约定付款期限 90 日，超过 60 日的上限");
	cr_expect_str_eq(text_at(clauses, 0, "regulation"), "802");
	cr_expect_not_null(strstr(text_at(clauses, 0, "article"), "802号第九条第一款"));
	json_decref(clauses);
	contract->signed_on = text_day("2024-12-01", 10);
	clauses = told();
	cr_expect_str_eq(text_at(clauses, 0, "regulation"), "728");
	cr_expect_not_null(strstr(text_at(clauses, 0, "article"), "728号第八条第一款"));
	cr_expect_null(strstr(text_at(clauses, 0, "article"), "802"));
	json_decref(clauses);
}

Test(explain_clause, words_are_quoted_as_they_stand_and_a_rate_with_its_floor)
{
	struct contract_fact *contract = small_contract(facts, "C");
	json_t *clauses;

	contract->payment_clause = "财政资金到位后支付";
	contract->late_rate_ppm = 12345;
	clauses = told();
	cr_assert_eq(json_array_size(clauses), 2);
	cr_expect_str_eq(text_at(clauses, 0, "code"), "clause-rate-below-floor");
	cr_expect_str_eq(
		text_at(clauses, 0, "text"), "约定逾期年利率 1.2345%，低于签订时一年期LPR 3.0000%");
	cr_expect_str_eq(text_at(clauses, 1, "code"), "clause-fund-arrival");
	cr_expect_str_eq(text_at(clauses, 1, "payment_clause"), "财政资金到位后支付");
	json_decref(clauses);
}

Test(explain_clause, every_clause_has_words_and_an_article_in_both_versions)
{
	static const char *const signing[] = { "2025-05-31", "2026-01-15" };
	struct contract_fact *contract = small_contract(facts, "C");

	contract->agreed_term = 90;
	contract->clock_basis = CLOCK_ACCEPTANCE;
	contract->late_rate_ppm = 1;
	contract->payment_clause = "业主付款后支付；财政资金到位后支付；以审计结果为准；由乙方垫资";
	for (int i = 0; i < 2; i++) {
		json_t *clauses;

		contract->signed_on = text_day(signing[i], 10);
		clauses = told();
		cr_expect_eq(json_array_size(clauses), i ? 7U : 6U, "%zu: an audit was allowed",
			json_array_size(clauses));
		for (size_t k = 0; k < json_array_size(clauses); k++) {
			cr_expect(*text_at(clauses, k, "text"));
			cr_expect(*text_at(clauses, k, "words"));
			cr_expect_str_eq(text_at(clauses, k, "article"),
				finding_citation(finding_kind_find(text_at(clauses, k, "code")),
					i ? REGULATION_802 : REGULATION_728),
				"as its finding says");
		}
		json_decref(clauses);
	}
}

Test(explain_clause, a_contract_without_such_clauses_has_none)
{
	json_t *clauses;

	small_contract(facts, "C");
	clauses = told();
	cr_expect_eq(json_array_size(clauses), 0);
	json_decref(clauses);
}
