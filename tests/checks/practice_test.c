/* Payment practice, the day's work and declared debts, on small ledgers worked out by hand. */
#include "checks/practice.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "checks/ageing.h"
#include "checks/declared.h"
#include "checks/worklist.h"
#include "core/buf.h"
#include "lib/days.h"
#include "lib/small_facts.h"

static struct law_csv *csv;
static struct facts *facts;
static struct small_states states;

static void set_up(void)
{
	csv = law_csv_read();
	facts = small_facts(DEBTOR_ORGAN);
	small_contract(facts, "C");
}

static void tear_down(void)
{
	small_states_free(&states);
	facts_free(facts);
	law_csv_free(csv);
}

TestSuite(practice, .init = set_up, .fini = tear_down);

/* Delivered on 2 March 2026, thirty days: due on 1 April. Paid so many days after delivery, 0 = not. */
static struct obligation_fact *delivered(const char *number, fen_t amount, int paid_after)
{
	struct obligation_fact *debt = small_debt(facts, number, "C", amount, DAY_NONE);
	char voucher[16];

	debt->kind = KIND_DELIVERY;
	debt->delivered_on = day("2026-03-02");
	snprintf(voucher, sizeof(voucher), "V%s", number);
	if (paid_after)
		small_payment(facts, voucher, number, debt->delivered_on + paid_after, amount);
	return debt;
}

static void judge(const char *as_of)
{
	small_states_free(&states);
	small_judge(&csv->law, facts, day(as_of), day(as_of), &states);
}

static struct practice practice_on(const char *as_of)
{
	struct practice practice;

	judge(as_of);
	practice_init(&practice, day(as_of));
	for (size_t i = 0; i < states.count; i++)
		practice_add(&practice, &states.items[i]);
	practice_finish(&practice);
	return practice;
}

Test(practice, days_to_pay_by_number_and_by_value)
{
	struct practice practice;

	delivered("A", 10000, 10);
	delivered("B", 10000, 30);
	delivered("D", 70000, 61);
	delivered("E", 10000, 40)->disputed_fen = 10; /* late, and disputed since ever */
	delivered("F", 99999, 0);
	practice = practice_on("2026-06-30");
	cr_expect_eq(practice.count, 4);
	/* (10 + 30 + 61 + 40) / 4 = 35.25; (100 + 300 + 4270 + 400) thousand / 100 thousand = 50.7 */
	cr_expect_eq(practice.average_hundredths, 3525);
	cr_expect_eq(practice.average_by_value_hundredths, 5070);
	cr_expect_eq(practice.median_days, 30);
	cr_expect_eq(practice.median_by_value_days, 61);
	cr_expect_eq(practice.share_count[PRACTICE_WITHIN_30], 2);
	cr_expect_eq(practice.share_count[PRACTICE_31_TO_60], 1);
	cr_expect_eq(practice.share_count[PRACTICE_OVER_60], 1);
	cr_expect_eq(practice.share_amount[PRACTICE_OVER_60], 70000);
	cr_expect_eq(practice.share_count[PRACTICE_WITHIN_TERMS], 2);
	cr_expect_eq(practice.share_count[PRACTICE_LATE_DISPUTED], 1);
	practice_free(&practice);
}

Test(practice, sixty_days_are_the_last_of_their_share)
{
	struct practice practice;

	delivered("A", 10000, 31);
	delivered("B", 20000, 60);
	delivered("D", 40000, 61);
	practice = practice_on("2026-06-30");
	cr_expect_eq(practice.share_amount[PRACTICE_31_TO_60], 30000);
	cr_expect_eq(practice.share_amount[PRACTICE_OVER_60], 40000);
	practice_free(&practice);
}

/* 存量 is what was due on the baseline day, too. */
Test(practice, what_is_due_on_the_baseline_day_is_old_and_a_day_later_new)
{
	struct ageing_table table;

	small_debt(facts, "A", "C", 100, day("2026-03-31"));
	small_debt(facts, "B", "C", 2000, day("2026-04-01"));
	judge("2026-06-30");
	ageing_table_init(&table, facts, AGEING_BY_BASELINE, day("2026-03-31"));
	for (size_t i = 0; i < states.count; i++)
		ageing_table_add(&table, &states.items[i]);
	ageing_table_finish(&table);
	cr_assert_eq(table.count, 2);
	for (size_t i = 0; i < table.count; i++)
		cr_expect_eq(table.groups[i].row.balance,
			strcmp(table.groups[i].key, "stock") == 0 ? 100 : 2000, "%s",
			table.groups[i].key);
	ageing_table_free(&table);
}

Test(practice, a_disputed_debt_that_kept_the_day_after_its_dispute_is_late_because_disputed)
{
	struct obligation_fact *debt = delivered("A", 10000, 70);
	struct practice practice;

	delivered("B", 10000, 30); /* the whole of it on the due day */
	debt->disputed_fen = 10000;
	debt->dispute_opened_on = day("2026-03-10");
	debt->dispute_settled_on = day("2026-05-10");
	practice = practice_on("2026-06-30");
	cr_assert_not(small_state(facts, &states, "A")->paid_late, "no default");
	cr_expect_eq(practice.count, 2);
	cr_expect_eq(practice.share_count[PRACTICE_WITHIN_TERMS], 1);
	cr_expect_eq(practice.share_count[PRACTICE_LATE_DISPUTED], 1);
	cr_expect_eq(practice.share_amount[PRACTICE_LATE_DISPUTED], 10000);
	practice_free(&practice);
}

/* Paid on 11 May, forty days after the due day. */
Test(practice,
	only_a_dispute_that_stood_after_the_due_day_and_was_opened_by_it_excuses_a_late_payment)
{
	static const struct {
		const char *opened, *settled;
		int excused;
	} cases[] = {
		{ "2026-11-01", "", 0 },           /* not known yet */
		{ "2026-05-20", "", 0 },           /* after the payment */
		{ "2026-04-02", "", 0 },           /* after the due day */
		{ "2026-04-01", "", 1 },           /* on it */
		{ "2026-03-10", "2026-03-31", 0 }, /* over before it */
		{ "2026-03-10", "2026-04-02", 1 },
		{ "", "", 1 },
	};

	delivered("A", 10000, 70);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dispute_fact *dispute =
			i == 0 ? facts_add_dispute(facts) : facts->disputes.items;
		struct practice practice;

		dispute->dispute_id = "D";
		dispute->obligation_no = "A";
		dispute->amount_fen = 4000;
		dispute->opened_on = *cases[i].opened ? day(cases[i].opened) : DAY_NONE;
		dispute->settled_on = *cases[i].settled ? day(cases[i].settled) : DAY_NONE;
		practice = practice_on("2026-06-30");
		cr_expect_eq(practice.count, 1);
		cr_expect_eq(practice.share_count[PRACTICE_WITHIN_TERMS], 0);
		cr_expect_eq(practice.share_count[PRACTICE_LATE_DISPUTED], cases[i].excused,
			"case %zu", i);
		practice_free(&practice);
	}
}

Test(practice, what_a_settlement_gave_up_is_no_value_that_was_paid)
{
	struct dispute_fact *dispute = facts_add_dispute(facts);
	struct practice practice;

	delivered("A", 10000, 30)->amount_fen = 14000;
	dispute->dispute_id = "D";
	dispute->obligation_no = "A";
	dispute->opened_on = day("2026-03-10");
	dispute->amount_fen = 4000;
	practice = practice_on("2026-06-30");
	cr_expect_eq(practice.count, 0, "something is left of it");
	practice_free(&practice);
	dispute->settled_on = day("2026-05-10");
	dispute->agreed_fen = 0;
	practice = practice_on("2026-06-30");
	cr_expect_eq(practice.count, 1);
	cr_expect_eq(practice.amount, 10000);
	cr_expect_eq(practice.share_amount[PRACTICE_WITHIN_TERMS], 10000);
	practice_free(&practice);
}

Test(practice, only_what_was_paid_within_the_last_twelve_months_counts)
{
	struct practice practice;

	delivered("A", 10000, 10); /* on 12 March 2026 */
	practice = practice_on("2027-03-11");
	cr_expect_eq(practice.count, 1);
	practice_free(&practice);
	practice = practice_on("2027-03-12");
	cr_expect_eq(practice.count, 0);
	cr_expect_eq(practice.average_hundredths, 0);
	practice_free(&practice);
}

/* The day's work ------------------------------------------------------------------------------- */

static void expect_order(const struct worklist_order *order, const struct review_book *book,
	const char *as_of, const char *want)
{
	struct worklist list;
	struct buf have;

	judge(as_of);
	worklist_init(&list, facts, book, order, day(as_of));
	for (size_t i = 0; i < states.count; i++)
		worklist_add(&list, &states.items[i]);
	worklist_finish(&list);
	buf_init(&have, 64);
	for (size_t i = 0; i < list.count; i++)
		buf_format(&have, "%s", list.rows[i].obligation_no);
	cr_expect_str_eq(have.data, want);
	buf_free(&have);
	worklist_free(&list);
}

static void verify(struct review_book *book, const char *number, enum review_verdict verdict)
{
	char reviewer[] = "wang", name[16];
	const struct obligation_state *state;

	snprintf(name, sizeof(name), "%s", number);
	judge("2026-06-30");
	state = small_state(facts, &states, number);
	review_book_add(book, &(struct review){ .obligation_no = name,
				      .reviewer = reviewer,
				      .verdict = verdict,
				      .reviewed_on = day("2026-06-30"),
				      .overdue_since = state->overdue_since,
				      .overdue = state->overdue });
}

Test(practice, verified_and_undisputed_work_first_then_small_debts_then_amount_times_days)
{
	struct review_book *book = review_book_new();

	small_debt(facts, "A", "C", 90000000, day("2026-06-01")); /* large: 900,000 yuan */
	small_debt(facts, "B", "C", 1000000, day("2026-06-20"));  /* small, 10 days */
	small_debt(facts, "D", "C", 1000000, day("2026-06-10"));  /* small, 20 days */
	small_debt(facts, "E", "C", 60000000, day("2026-04-01")); /* large, longest */
	small_debt(facts, "F", "C", 5000000, day("2026-07-01"));  /* not due */
	expect_order(&worklist_default, NULL, "2026-06-30", "DBEA");
	verify(book, "E", REVIEW_VERIFIED);
	verify(book, "B", REVIEW_REFUTED);
	expect_order(&worklist_default, book, "2026-06-30", "EDA");
	/* A part of it is in dispute: verified, but not undisputed. */
	facts->obligations.items[3].disputed_fen = 100;
	facts->obligations.items[3].dispute_opened_on = day("2026-05-01");
	expect_order(&worklist_default, book, "2026-06-30", "DEA");
	review_book_free(book);
}

Test(practice, the_order_is_read_from_words_and_a_wrong_word_is_refused)
{
	struct worklist_order order;

	small_debt(facts, "A", "C", 90000000, day("2026-06-01"));
	small_debt(facts, "B", "C", 1000000, day("2026-05-20"));
	cr_assert(worklist_order_parse("amount", &order));
	expect_order(&order, NULL, "2026-06-30", "AB");
	cr_assert(worklist_order_parse("days, amount", &order));
	cr_assert_eq(order.count, 2);
	expect_order(&order, NULL, "2026-06-30", "BA");
	cr_expect(!worklist_order_parse("days, days", &order));
	cr_expect(!worklist_order_parse("day", &order));
	cr_expect(!worklist_order_parse("", &order));
}

/* The list of a day, with the day before it. */
static void two_days(struct worklist *list, const char *as_of)
{
	struct small_states before;

	judge(as_of);
	small_judge(&csv->law, facts, day(as_of) - 1, day(as_of) - 1, &before);
	worklist_init(list, facts, NULL, &worklist_default, day(as_of));
	for (size_t i = 0; i < before.count; i++)
		worklist_add_before(list, &before.items[i]);
	for (size_t i = 0; i < states.count; i++)
		worklist_add(list, &states.items[i]);
	worklist_finish(list);
	small_states_free(&before);
}

Test(practice, what_fell_overdue_since_yesterday_is_new)
{
	struct worklist list;

	small_debt(facts, "A", "C", 100, day("2026-06-01"));
	small_debt(facts, "B", "C", 100, day("2026-06-02"));
	two_days(&list, "2026-06-03");
	cr_assert_eq(list.count, 2);
	cr_expect(!list.rows[0].fresh);
	cr_expect(list.rows[1].fresh);
	cr_expect_eq(list.cleared_count, 0);
	worklist_free(&list);
}

Test(practice, what_was_paid_since_yesterday_is_cleared_and_a_part_payment_is_not)
{
	struct worklist list;

	small_debt(facts, "A", "C", 100, day("2026-06-01"));
	small_debt(facts, "B", "C", 100, day("2026-06-01"));
	small_payment(facts, "V1", "A", day("2026-06-10"), 100);
	small_payment(facts, "V2", "B", day("2026-06-10"), 99);
	two_days(&list, "2026-06-10");
	cr_assert_eq(list.count, 1);
	cr_assert_eq(list.cleared_count, 1);
	cr_expect_str_eq(list.cleared[0].obligation_no, "A");
	cr_expect_eq(list.cleared[0].before, 100);
	worklist_free(&list);
	two_days(&list, "2026-06-11");
	cr_expect_eq(list.cleared_count, 0, "that was yesterday");
	worklist_free(&list);
}

Test(practice, the_project_is_named_by_the_contract_else_by_the_newest_budget_row)
{
	struct budget_item_fact *item;
	struct debt_note_fact *note;
	struct worklist list;

	facts->contracts.items[0].project_code = "P1";
	small_debt(facts, "A", "C", 200, day("2026-06-01"));
	small_debt(facts, "B", "C", 100, day("2026-06-01"));
	item = facts_add_budget_item(facts);
	item->project_code = "P1";
	item->name = "设备采购（初稿）";
	item = facts_add_budget_item(facts);
	item->project_code = "P1";
	item->name = "设备采购";
	note = facts_add_debt_note(facts);
	note->obligation_no = "A";
	note->project_name = "医用设备采购";
	two_days(&list, "2026-06-10");
	cr_assert_eq(list.count, 2);
	cr_expect_str_eq(worklist_project_name(&list, &list.rows[0]), "医用设备采购");
	cr_expect_str_eq(worklist_project_name(&list, &list.rows[1]), "设备采购");
	worklist_free(&list);
	facts->contracts.items[0].project_code = "";
	two_days(&list, "2026-06-10");
	cr_expect_str_eq(worklist_project_name(&list, &list.rows[1]), "");
	worklist_free(&list);
}

/* Declared debts ------------------------------------------------------------------------------- */

static struct declared_fact *declared(const char *unit, fen_t amount, day_t due)
{
	struct declared_fact *debt = facts_add_declared(facts);

	debt->unit_code = unit;
	debt->amount_fen = amount;
	debt->declared_due_on = due;
	return debt;
}

Test(practice, declared_debts_age_from_their_declared_day_and_sum_to_the_balance)
{
	struct declared_report report;

	declared("001", 1000, day("2026-05-31"));
	declared("001", 5000, day("2026-06-30"))->outstanding_fen = 3000;
	declared("002", 700, DAY_NONE);
	declared("002", 400, day("2025-06-29"));
	declared("002", 400, day("2026-01-01"))->outstanding_fen = 0;
	declared("002", 400, day("2026-01-01"))->formed_on = day("2026-07-01");
	declared_judge(facts, day("2026-06-30"), &report);
	cr_expect_eq(report.total.balance, 5100);
	cr_expect(ageing_balanced(&report.total));
	cr_expect_eq(report.total.fen[AGEING_FIRST_OVERDUE], 1000);
	cr_expect_eq(report.total.fen[AGEING_NOT_DUE], 3000, "the declared day itself is in time");
	cr_expect_eq(report.total.fen[AGEING_UNDATED], 700);
	cr_expect_eq(report.total.fen[AGEING_COLUMNS - 1], 400, "366 days");
	cr_assert_eq(report.count, 2);
	cr_expect_str_eq(report.units[0].unit_code, "001");
	cr_expect_eq(report.units[0].row.balance, 4000);
	cr_expect(ageing_balanced(&report.units[1].row));
	declared_free(&report);
}

Test(practice, declared_debts_are_in_no_headline)
{
	declared("001001", 1000, day("2026-01-01"));
	judge("2026-06-30");
	cr_assert_eq(states.count, 0);
}
