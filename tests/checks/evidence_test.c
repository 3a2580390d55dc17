#include "checks/evidence.h"

#include "core/mem.h"
#include "lib/days.h"
#include "lib/small_facts.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

enum { DOCUMENT_MAX = 1024 * 1024 };

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
	const json_t *applied, *rest;

	cr_assert_eq(explain(&csv->law, facts, "O", day("2026-11-24"), &document, &err), 0);
	cr_assert_not_null(document);
	cr_expect_str_eq(text(step(document, "coverage"), "result"), "covered");
	cr_expect_str_eq(text(step(document, "start"), "event"), "inspection-end");
	cr_expect_str_eq(text(step(document, "start"), "result"), "2026-03-17");
	cr_expect_str_eq(text(step(document, "term"), "source"), "cap-60");
	cr_expect_str_eq(text(step(document, "term"), "result"), "2026-05-16");
	cr_expect_str_eq(text(step(document, "roll"), "result"), "2026-05-18");
	rest = json_object_get(step(document, "roll"), "rest_days");
	cr_assert_eq(json_array_size(rest), 2);
	cr_expect_str_eq(text(json_array_get(rest, 0), "day"), "2026-05-16");
	cr_expect_str_eq(text(json_array_get(rest, 0), "words"), "周六");
	cr_expect_str_eq(text(json_array_get(rest, 1), "words"), "周日");
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

/* The version of the regulation (P-10) --------------------------------------------------------- */

/* late_acceptance() with a dispute, a bill and an agreed cap, signed on another day. */
static struct facts *signed_on(const char *signed_day, enum debtor_kind debtor)
{
	struct facts *facts = late_acceptance();
	struct contract_fact *contract = &facts->contracts.items[0];
	struct obligation_fact *debt = &facts->obligations.items[0];
	struct payment_fact *bill = small_payment(facts, "B1", "O", DAY_NONE, 500);

	facts->units.items[0].kind = debtor;
	contract->signed_on = day(signed_day);
	contract->late_rate_ppm = 60000;
	contract->late_cap_ppm = 50000;
	contract->payment_clause = "验收合格并收到发票后付款";
	debt->disputed_fen = 2000;
	debt->dispute_opened_on = day("2026-04-01");
	bill->instrument = INSTRUMENT_BILL;
	bill->voucher_on = day("2026-03-25");
	bill->received_on = DAY_NONE;
	bill->matures_on = day("2026-09-25");
	return facts;
}

static char *evidence_of(const struct law *law, const struct facts *facts)
{
	struct err err = ERR_INIT;
	json_t *document;
	char *dumped;

	cr_assert_eq(
		explain(law, facts, "O", day("2026-11-24"), &document, &err), 0, "%s", err.text);
	dumped = json_dumps(json_object_get(document, "evidence"), 0);
	json_decref(document);
	return dumped;
}

Test(evidence, one_row_cites_one_version_of_the_regulation_whatever_the_debtor)
{
	static const enum debtor_kind debtors[] = { DEBTOR_ORGAN, DEBTOR_INSTITUTION, DEBTOR_GROUP,
		DEBTOR_SOE, DEBTOR_LARGE_ENTERPRISE };
	static const enum clock_basis clocks[] = { CLOCK_DELIVERY, CLOCK_ACCEPTANCE,
		CLOCK_SETTLEMENT };
	static const struct {
		const char *signed_on, *governs, *other;
	} versions[] = { { "2024-12-01", "第728号", "第802号" },
		{ "2025-05-31", "第728号", "第802号" }, { "2025-06-01", "第802号", "第728号" },
		{ "2026-01-15", "第802号", "第728号" } };
	struct law_csv *csv = law_csv_read();

	for (size_t v = 0; v < sizeof(versions) / sizeof(versions[0]); v++)
		for (size_t i = 0; i < sizeof(debtors) / sizeof(debtors[0]) * 3; i++)
			for (int kind = KIND_PREPAYMENT; kind <= KIND_DEPOSIT; kind++) {
				struct facts *facts =
					signed_on(versions[v].signed_on, debtors[i / 3]);
				char *told;

				facts->contracts.items[0].clock_basis = clocks[i % 3];
				facts->obligations.items[0].kind = (enum obligation_kind)kind;
				told = evidence_of(&csv->law, facts);
				cr_expect_not_null(strstr(told, versions[v].governs), "%s", told);
				cr_expect_null(strstr(told, versions[v].other), "%s", told);
				free(told);
				facts_free(facts);
			}
	law_csv_free(csv);
}

static void expect_articles(const char *signed_day, enum debtor_kind debtor,
	const char *const expected[][2], const char *version, bool transition)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = signed_on(signed_day, debtor);
	struct err err = ERR_INIT;
	json_t *document;

	cr_assert_eq(explain(&csv->law, facts, "O", day("2026-11-24"), &document, &err), 0, "%s",
		err.text);
	for (size_t i = 0; expected[i][0]; i++)
		cr_expect_str_eq(text(step(document, expected[i][0]), "article"), expected[i][1],
			"%s: %s", expected[i][0], text(step(document, expected[i][0]), "article"));
	cr_expect_str_eq(text(step(document, "version"), "result"), version);
	cr_expect_eq(
		json_is_true(json_object_get(step(document, "version"), "transition")), transition);
	json_decref(document);
	facts_free(facts);
	law_csv_free(csv);
}

Test(evidence, a_contract_of_the_earlier_regulation_is_told_by_its_articles)
{
	static const char *const public_body[][2] = { { "version", "国务院令第728号" },
		{ "coverage", "国务院令第728号第二条、第三条" },
		{ "start", "国务院令第728号第九条第二款" },
		{ "term", "国务院令第728号第八条第一款" },
		{ "invoice", "国务院令第728号第十三条（开具发票不在所列理由之内）" },
		{ "dispute", "国务院令第728号未作规定；本系统约定：无分歧部分按期支付" },
		{ "rate", "国务院令第728号第十五条" },
		{ "cap", "合同约定；国务院令第728号第十五条" }, { NULL, NULL } };
	static const char *const group[][2] = {
		{ "coverage", "国务院令第728号第二条、第三条、第二十八条第一款" }, { NULL, NULL }
	};
	static const char *const enterprise[][2] = { { "term", "国务院令第728号第八条第二款" },
		{ NULL, NULL } };

	expect_articles("2024-12-01", DEBTOR_ORGAN, public_body, "728", true);
	expect_articles("2024-12-01", DEBTOR_GROUP, group, "728", true);
	expect_articles("2024-12-01", DEBTOR_SOE, enterprise, "728", true);
}

Test(evidence, a_contract_of_the_later_regulation_is_told_by_its_articles)
{
	static const char *const public_body[][2] = { { "version", "国务院令第802号" },
		{ "coverage", "国务院令第802号第二条、第三条" },
		{ "start", "国务院令第802号第十条第二款" },
		{ "term", "国务院令第802号第九条第一款" },
		{ "invoice", "国务院令第802号第十四条（开具发票不在所列理由之内）" },
		{ "dispute", "国务院令第802号第十五条" }, { "rate", "国务院令第802号第十七条" },
		{ "cap", "合同约定；国务院令第802号第十七条" }, { NULL, NULL } };
	static const char *const enterprise[][2] = { { "term", "国务院令第802号第九条第二款" },
		{ NULL, NULL } };

	expect_articles("2025-12-01", DEBTOR_ORGAN, public_body, "802", false);
	expect_articles("2025-12-01", DEBTOR_LARGE_ENTERPRISE, enterprise, "802", false);
}

Test(evidence, without_a_signing_day_no_version_is_claimed)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = signed_on("2024-12-01", DEBTOR_ORGAN);
	struct err err = ERR_INIT;
	json_t *document;

	facts->contracts.items[0].signed_on = DAY_NONE;
	cr_assert_eq(explain(&csv->law, facts, "O", day("2026-11-24"), &document, &err), 0);
	cr_expect_str_eq(text(step(document, "version"), "result"), "");
	cr_expect_not_null(strstr(text(step(document, "version"), "article"), "未载明签订日期"));
	cr_expect_str_eq(text(step(document, "term"), "article"),
		text(step(document, "version"), "article"));
	json_decref(document);
	facts_free(facts);
	law_csv_free(csv);
}

Test(evidence, an_individual_creditor_stands_outside_the_regulation)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = signed_on("2026-01-15", DEBTOR_ORGAN);
	struct err err = ERR_INIT;
	json_t *document;

	facts->contracts.items[0].supplier_uscc = "92110000000000000X";
	cr_assert_eq(explain(&csv->law, facts, "O", day("2026-11-24"), &document, &err), 0);
	cr_expect_str_eq(
		text(step(document, "coverage"), "article"), "促进个体工商户发展条例第三十一条");
	cr_expect_str_eq(
		text(step(document, "term"), "article"), "促进个体工商户发展条例第三十一条");
	json_decref(document);
	facts_free(facts);
	law_csv_free(csv);
}

/* Payments ------------------------------------------------------------------------------------- */

static void expect_payment(const json_t *payment, const char *voucher, const char *instrument,
	const char *counted, const char *basis)
{
	cr_expect_str_eq(text(payment, "voucher_no"), voucher);
	cr_expect_str_eq(text(payment, "instrument"), instrument, "%s", voucher);
	cr_expect_str_eq(text(payment, "day"), counted, "%s", voucher);
	cr_expect_str_eq(text(payment, "day_basis"), basis, "%s", voucher);
	cr_expect_gt(strlen(text(payment, "instrument_words")), 6);
	cr_expect_gt(strlen(text(payment, "day_basis_words")), 6);
}

Test(evidence, each_payment_says_its_form_and_which_day_counted)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = signed_on("2026-01-15", DEBTOR_ORGAN);
	struct payment_fact *payment;
	struct err err = ERR_INIT;
	json_t *document;
	const json_t *applied;

	payment = small_payment(facts, "V3", "O", day("2026-10-04"), 100);
	payment->voucher_on = day("2026-10-01");
	payment->cleared_on = day("2026-10-03");
	payment = small_payment(facts, "V4", "O", DAY_NONE, 100);
	payment->voucher_on = day("2026-10-11");
	payment->cleared_on = day("2026-10-13");
	payment = small_payment(facts, "V5", "O", DAY_NONE, 100);
	payment->voucher_on = day("2026-10-21");
	payment->instrument = INSTRUMENT_UNSTATED;
	cr_assert_eq(explain(&csv->law, facts, "O", day("2026-11-24"), &document, &err), 0);
	applied = json_object_get(step(document, "payments"), "applied");
	cr_assert_eq(json_array_size(applied), 6);
	expect_payment(json_array_get(applied, 2), "B1", "bill", "2026-09-25", "maturity");
	expect_payment(json_array_get(applied, 3), "V3", "cash", "2026-10-04", "received");
	expect_payment(json_array_get(applied, 4), "V4", "cash", "2026-10-13", "cleared");
	expect_payment(json_array_get(applied, 5), "V5", "", "2026-10-21", "voucher");
	cr_expect_str_eq(text(json_array_get(applied, 2), "issued_on"), "2026-03-25");
	cr_expect_str_eq(text(json_array_get(applied, 2), "article"), "国务院令第802号第十一条");
	cr_expect_str_eq(text(json_array_get(applied, 3), "voucher_on"), "2026-10-01");
	cr_expect_str_eq(text(json_array_get(applied, 3), "cleared_on"), "2026-10-03");
	cr_expect_str_eq(text(json_array_get(applied, 3), "article"), "(none)");
	json_decref(document);
	facts_free(facts);
	law_csv_free(csv);
}

/* Disputes ------------------------------------------------------------------------------------- */

Test(evidence, every_dispute_says_what_was_agreed_and_what_part_it_is)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = late_acceptance();
	struct dispute_fact *dispute = small_dispute(facts, "D1", "O", day("2026-05-18"), 3000);
	struct err err = ERR_INIT;
	json_t *document;
	const json_t *told, *record, *part;

	dispute->settled_on = day("2026-09-11");
	dispute->agreed_fen = 1000;
	dispute->agreed_due_on = day("2026-12-01");
	dispute->ground = "quality";
	small_dispute(facts, "D2", "O", day("2026-05-19"), 500);
	small_dispute(facts, "D3", "O", day("2026-11-25"), 500);
	cr_assert_eq(explain(&csv->law, facts, "O", day("2026-11-24"), &document, &err), 0);
	told = step(document, "dispute");
	cr_assert_eq(json_array_size(json_object_get(told, "disputes")), 2, "D3 is not known");
	record = json_array_get(json_object_get(told, "disputes"), 0);
	cr_expect_str_eq(text(record, "dispute_id"), "D1");
	cr_expect_str_eq(text(record, "opened_on"), "2026-05-18");
	cr_expect_str_eq(text(record, "settled_on"), "2026-09-11");
	cr_expect_str_eq(text(record, "agreed_due_on"), "2026-12-01");
	cr_expect_str_eq(text(record, "ground"), "quality");
	cr_expect_eq(json_integer_value(json_object_get(record, "agreed_fen")), 1000);
	cr_expect(json_is_false(json_object_get(record, "opened_late")));
	record = json_array_get(json_object_get(told, "disputes"), 1);
	cr_expect_str_eq(text(record, "dispute_id"), "D2");
	cr_expect(json_is_true(json_object_get(record, "opened_late")), "a day after the due day");
	cr_assert_eq(json_array_size(json_object_get(told, "parts")), 3);
	part = json_array_get(json_object_get(told, "parts"), 1);
	cr_expect_str_eq(text(part, "dispute_id"), "D1");
	cr_expect_str_eq(text(part, "due"), "2026-12-01");
	cr_expect_eq(json_integer_value(json_object_get(part, "open_fen")), 1000);
	cr_expect_eq(json_integer_value(json_object_get(told, "given_up_fen")), 2000);
	cr_expect_eq(json_integer_value(json_object_get(told, "result")), 500);
	cr_expect_eq(json_integer_value(
			     json_object_get(json_object_get(document, "state"), "given_up_fen")),
		2000);
	json_decref(document);
	facts_free(facts);
	law_csv_free(csv);
}
