/* The timeline of one debt: every event known on the day, in order, with what it brought. */
#include "checks/timeline.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "lib/days.h"
#include "lib/small_facts.h"

static struct law_csv *csv;
static struct facts *facts;

/* Accepted late: the inspection period ends on 17 March; 60 days from there are Saturday 16 May. */
static void set_up(void)
{
	struct contract_fact *contract;
	struct obligation_fact *debt;

	csv = law_csv_read();
	facts = small_facts(DEBTOR_ORGAN);
	contract = small_contract(facts, "C");
	contract->clock_basis = CLOCK_ACCEPTANCE;
	contract->inspection_days = 15;
	contract->agreed_term = 90;
	debt = small_debt(facts, "O", "C", 1000000, DAY_NONE);
	debt->kind = KIND_DELIVERY;
	debt->delivered_on = day("2026-03-02");
	debt->accepted_on = day("2026-05-20");
	debt->invoice_on = day("2026-04-01");
	debt->disputed_fen = 200000;
	debt->dispute_opened_on = day("2026-06-01");
	debt->dispute_settled_on = day("2026-12-01");
	small_payment(facts, "V1", "O", day("2026-03-20"), 400000);
	small_payment(facts, "V2", "O", day("2026-06-10"), 300000);
	small_payment(facts, "R2", "", day("2026-06-20"), 300000)->reverses_voucher_no = "V2";
	small_payment(facts, "V3", "O", day("2026-12-10"), 100000);
}

static void tear_down(void)
{
	facts_free(facts);
	law_csv_free(csv);
}

TestSuite(timeline, .init = set_up, .fini = tear_down);

static char told[4096];

static json_t *document_on(const char *as_of, const struct review_book *reviews)
{
	struct facts_index *index = facts_index_new(facts);
	struct unit_tree *units = unit_tree_new(facts);
	struct err err = ERR_INIT;
	struct json_out out;
	struct buf buf;
	json_t *document;

	buf_init(&buf, 1 << 16);
	json_out_init(&out, &buf, NULL, NULL);
	cr_assert_eq(evidence_explain_obligation(&(struct arrears_question){ .law = &csv->law,
							 .index = index,
							 .units = units,
							 .as_of = day(as_of),
							 .reversals_known_on = day(as_of) },
			     reviews, "O", &out, &err),
		0, "%s", err.text);
	cr_assert_eq(json_finish(&out), 0);
	document = json_loadb(buf.data, buf.used, 0, NULL);
	buf_free(&buf);
	unit_tree_free(units);
	facts_index_free(index);
	return document;
}

/* "day event amount ref by ahead" of each, one a line. */
static const char *timeline(const char *as_of, const struct review_book *reviews)
{
	json_t *document = document_on(as_of, reviews), *item;
	size_t i, used = 0;

	told[0] = 0;
	json_array_foreach(json_object_get(document, "timeline"), i, item)
	{
		const char *ref = json_string_value(json_object_get(item, "ref"));
		const char *by = json_string_value(json_object_get(item, "by"));

		cr_expect_gt(json_string_length(json_object_get(item, "words")), 5);
		used += (size_t)snprintf(told + used, sizeof(told) - used, "%s %s %lld%s%s%s%s%s\n",
			json_string_value(json_object_get(item, "day")),
			json_string_value(json_object_get(item, "event")),
			(long long)json_integer_value(json_object_get(item, "amount_fen")),
			ref ? " " : "", ref ? ref : "", by ? " " : "", by ? by : "",
			json_object_get(item, "ahead") ? " ahead" : "");
	}
	json_decref(document);
	return told;
}

Test(timeline, every_event_stands_there_in_order_with_what_it_brought)
{
	char number[] = "O", reviewer[] = "wang";
	struct review_book *reviews = review_book_new();

	review_book_add(reviews, &(struct review){ .obligation_no = number,
					 .reviewer = reviewer,
					 .verdict = REVIEW_VERIFIED,
					 .reviewed_on = day("2026-07-01"),
					 .overdue_since = day("2026-05-18"),
					 .overdue = 400000 });
	cr_assert_str_eq(timeline("2026-07-02", reviews),
		"2026-01-15 signed 100000000\n"
		"2026-03-02 delivered 0\n"
		"2026-03-17 inspection-end 0\n"
		"2026-03-17 clock-start 0\n"
		"2026-03-20 paid 400000 V1\n"
		"2026-04-01 invoice 0\n"
		"2026-05-16 due-nominal 0\n"
		"2026-05-18 due 1000000\n"
		"2026-05-19 overdue 400000\n"
		"2026-05-20 accepted 0\n"
		"2026-06-01 dispute-opened 200000\n"
		"2026-06-10 payment-without-effect 300000 V2\n"
		"2026-06-20 reversed 300000 R2\n"
		"2026-07-01 reviewed 400000 verified wang\n");
	review_book_free(reviews);
}

Test(timeline, what_is_not_known_on_the_day_is_not_told_and_a_due_day_to_come_is_marked)
{
	cr_assert_str_eq(timeline("2026-03-25", NULL), "2026-01-15 signed 100000000\n"
						       "2026-03-02 delivered 0\n"
						       "2026-03-17 inspection-end 0\n"
						       "2026-03-17 clock-start 0\n"
						       "2026-03-20 paid 400000 V1\n"
						       "2026-05-16 due-nominal 0 ahead\n"
						       "2026-05-18 due 1000000 ahead\n");
}

/* "day event instrument basis" of what was paid or taken back, one a line. */
static const char *paid(const char *as_of)
{
	json_t *document = document_on(as_of, NULL), *item;
	size_t i, used = 0;

	told[0] = 0;
	json_array_foreach(json_object_get(document, "timeline"), i, item)
	{
		const char *form = json_string_value(json_object_get(item, "instrument"));
		const char *basis = json_string_value(json_object_get(item, "day_basis"));
		const char *matures = json_string_value(json_object_get(item, "matures_on"));

		if (form)
			used += (size_t)snprintf(told + used, sizeof(told) - used, "%s %s %s %s\n",
				json_string_value(json_object_get(item, "day")),
				json_string_value(json_object_get(item, "event")), form,
				basis     ? basis
				: matures ? matures
					  : "-");
	}
	json_decref(document);
	return told;
}

static struct payment_fact *bill(const char *voucher, const char *given, const char *matures)
{
	struct payment_fact *fact = small_payment(facts, voucher, "O", DAY_NONE, 50000);

	fact->instrument = INSTRUMENT_BILL;
	fact->voucher_on = day(given);
	fact->matures_on = *matures ? day(matures) : DAY_NONE;
	return fact;
}

Test(timeline, a_bill_is_given_on_one_day_and_counts_on_another)
{
	facts->payments.count = 0;
	small_payment(facts, "V1", "O", day("2026-03-20"), 400000)->cleared_on = day("2026-03-19");
	bill("B1", "2026-04-02", "2026-08-01");
	cr_assert_str_eq(paid("2026-08-02"), "2026-03-20 paid cash received\n"
					     "2026-04-02 bill-given bill 2026-08-01\n"
					     "2026-08-01 paid bill maturity\n");
	cr_assert_str_eq(paid("2026-07-31"),
		"2026-03-20 paid cash received\n"
		"2026-04-02 bill-given bill 2026-08-01\n",
		"it has not matured, but it was given");
	cr_assert_str_eq(paid("2026-04-01"), "2026-03-20 paid cash received\n", "not yet given");
}

Test(timeline, a_bill_that_never_matures_or_came_back_is_told_without_being_a_payment)
{
	struct payment_fact *back;

	facts->payments.count = 0;
	bill("B1", "2026-04-02", "");
	bill("B2", "2026-04-03", "2026-08-01");
	back = small_payment(facts, "R2", "", DAY_NONE, 50000);
	back->reverses_voucher_no = "B2";
	back->cleared_on = day("2026-08-10");
	cr_assert_str_eq(paid("2026-08-11"), "2026-04-02 bill-given bill -\n"
					     "2026-04-03 bill-given bill 2026-08-01\n"
					     "2026-08-01 payment-without-effect bill maturity\n"
					     "2026-08-10 reversed cash cleared\n");
}

Test(timeline, each_dispute_is_named_with_what_was_disputed_and_what_was_agreed)
{
	struct dispute_fact *dispute;
	const char *line;

	facts->obligations.items[0].disputed_fen = NUMBER_NONE;
	dispute = small_dispute(facts, "D1", "O", day("2026-05-10"), 200000);
	dispute->settled_on = day("2026-06-15");
	dispute->agreed_fen = 50000;
	small_dispute(facts, "D2", "O", day("2026-06-01"), 100000);
	small_dispute(facts, "D3", "O", day("2026-12-01"), 100000);
	line = timeline("2026-06-18", NULL);
	cr_expect(strstr(line, "2026-05-10 dispute-opened 200000 D1\n"), "%s", line);
	cr_expect(strstr(line, "2026-06-01 dispute-opened 100000 D2\n"), "%s", line);
	cr_expect(strstr(line, "2026-06-15 dispute-settled 50000 D1\n"), "%s", line);
	cr_expect_null(strstr(line, "D3"), "%s", line);
}

Test(timeline, what_came_back_in_part_is_counted_once)
{
	json_t *document, *item;
	size_t i, seen = 0;

	facts->payments.count = 0;
	small_payment(facts, "V1", "O", day("2026-03-20"), 300000);
	small_payment(facts, "R1", "", day("2026-04-10"), 100000)->reverses_voucher_no = "V1";
	document = document_on("2026-04-11", NULL);
	json_array_foreach(json_object_get(document, "timeline"), i, item)
	{
		const char *event = json_string_value(json_object_get(item, "event"));

		if (strcmp(event, "paid") == 0) {
			cr_expect_eq(
				json_integer_value(json_object_get(item, "amount_fen")), 300000);
			cr_expect_eq(
				json_integer_value(json_object_get(item, "applied_fen")), 200000);
			seen++;
		} else if (strcmp(event, "reversed") == 0) {
			cr_expect_eq(
				json_integer_value(json_object_get(item, "amount_fen")), 100000);
			seen++;
		}
	}
	cr_expect_eq(seen, 2);
	json_decref(document);
}
