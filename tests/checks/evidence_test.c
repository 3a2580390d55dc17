#include "checks/evidence.h"

#include "core/mem.h"
#include "lib/small_facts.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

enum { DOCUMENT_MAX = 1024 * 1024 };

static day_t day(const char *text)
{
	return text_day(text, strlen(text));
}

static int explain(const struct law *law, const struct facts *facts, const char *number,
	day_t as_of, json_t **ret, struct err *err)
{
	struct facts_index *index = facts_index_new(facts);
	struct unit_tree *units = unit_tree_new(facts);
	struct arrears_question question = { law, index, units, as_of, as_of, false };
	struct buf buf;
	struct json_out out;
	int result;

	buf_init(&buf, DOCUMENT_MAX);
	json_out_init(&out, &buf, NULL, NULL);
	result = evidence_explain_obligation(&question, NULL, number, &out, err);
	*ret = result < 0 ? NULL : json_loads(buf.data, JSON_REJECT_DUPLICATES, NULL);
	buf_free(&buf);
	unit_tree_free(units);
	facts_index_free(index);
	return result;
}

static const json_t *step(const json_t *document, const char *what)
{
	const json_t *steps = json_object_get(json_object_get(document, "evidence"), "steps");

	for (size_t i = 0; i < json_array_size(steps); i++) {
		const json_t *one = json_array_get(steps, i);

		if (strcmp(json_string_value(json_object_get(one, "what")), what) == 0)
			return one;
	}
	return NULL;
}

static const char *text(const json_t *object, const char *member)
{
	const char *value = json_string_value(json_object_get(object, member));

	return value ? value : "(none)";
}

/* Delivered 2 March, accepted late: the inspection period's end starts the clock; 90 days agreed are cut to 60; day
 * 60 is rolled; paid in two vouchers; an agreed rate below the LPR. */
static struct facts *late_acceptance(void)
{
	struct facts *facts = small_facts(DEBTOR_ORGAN);
	struct contract_fact *contract = small_contract(facts, "C");
	struct obligation_fact *debt = small_debt(facts, "O", "C", 10000, DAY_NONE);

	contract->clock_basis = CLOCK_ACCEPTANCE;
	contract->inspection_days = 15;
	contract->agreed_term = 90;
	contract->late_rate_ppm = 10000;
	debt->kind = KIND_DELIVERY;
	debt->delivered_on = day("2026-03-02");
	debt->accepted_on = day("2026-05-20");
	small_payment(facts, "V1", "O", day("2026-03-20"), 4000);
	small_payment(facts, "V2", "", day("2026-08-03"), 1000);
	return facts;
}

Test(evidence, names_the_event_the_cap_the_roll_the_payments_and_the_rate)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = late_acceptance();
	struct err err = ERR_INIT;
	json_t *document;
	const json_t *applied;

	cr_assert_eq(explain(&csv->law, facts, "O", day("2026-11-24"), &document, &err), 0);
	cr_assert_not_null(document);
	cr_expect_str_eq(text(step(document, "coverage"), "result"), "covered");
	cr_expect_str_eq(text(step(document, "start"), "event"), "inspection-end");
	cr_expect_str_eq(text(step(document, "start"), "result"), "2026-03-17");
	cr_expect_str_eq(text(step(document, "term"), "source"), "cap-60");
	cr_expect_str_eq(text(step(document, "term"), "result"), "2026-05-16");
	cr_expect_str_eq(text(step(document, "roll"), "result"), "2026-05-18");
	cr_expect_str_eq(text(step(document, "rate"), "result"), "floor");
	applied = json_object_get(step(document, "payments"), "applied");
	cr_assert_eq(json_array_size(applied), 2);
	cr_expect_str_eq(text(json_array_get(applied, 1), "voucher_no"), "V2");
	cr_expect_null(step(document, "dispute"));
	cr_expect_str_eq(text(json_object_get(document, "state"), "status"), "overdue");
	json_decref(document);
	facts_free(facts);
	law_csv_free(csv);
}

Test(evidence, does_not_change_by_the_turn_of_the_day)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = late_acceptance();
	struct err err = ERR_INIT;
	json_t *first, *second;

	cr_assert_eq(explain(&csv->law, facts, "O", day("2026-11-24"), &first, &err), 0);
	cr_assert_eq(explain(&csv->law, facts, "O", day("2026-11-25"), &second, &err), 0);
	cr_expect(json_equal(
		json_object_get(first, "evidence"), json_object_get(second, "evidence")));
	cr_expect_not(
		json_equal(json_object_get(first, "state"), json_object_get(second, "state")));
	json_decref(first);
	json_decref(second);
	facts_free(facts);
	law_csv_free(csv);
}

Test(evidence, of_very_many_payments_lists_some_and_counts_all)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = small_facts(DEBTOR_ORGAN);
	struct err err = ERR_INIT;
	json_t *document;

	small_contract(facts, "C");
	small_debt(facts, "O", "C", 1000000, day("2026-03-02"));
	for (int i = 0; i < EVIDENCE_PAYMENTS_MAX + 50; i++) {
		_cleanup_free_ char *voucher = mem_format("V%04d", i);

		small_payment(facts, voucher, "O", day("2026-04-01"), 10);
	}
	cr_assert_eq(explain(&csv->law, facts, "O", day("2026-11-24"), &document, &err), 0);
	cr_expect_eq(json_array_size(json_object_get(step(document, "payments"), "applied")),
		EVIDENCE_PAYMENTS_MAX);
	cr_expect_eq(json_integer_value(json_object_get(step(document, "payments"), "count")),
		EVIDENCE_PAYMENTS_MAX + 50);
	json_decref(document);
	facts_free(facts);
	law_csv_free(csv);
}

Test(evidence, an_obligation_that_is_unknown_or_not_yet_known_is_an_error)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = late_acceptance();
	struct err err = ERR_INIT;
	json_t *document;

	cr_expect_eq(explain(&csv->law, facts, "X", day("2026-11-24"), &document, &err), -1);
	cr_expect_not_null(strstr(err.text, "\"X\""));
	err_clear(&err);
	cr_expect_eq(explain(&csv->law, facts, "O", day("2026-01-14"), &document, &err), -1);
	cr_expect_not_null(strstr(err.text, "signed after"));
	facts_free(facts);
	law_csv_free(csv);
}
