/* Hints and reviews: what a person is shown beside the status, and what a review is worth when the debt moves on. */
#include "checks/hints.h"

#include <criterion/criterion.h>
#include <string.h>

#include "checks/review.h"
#include "checks/status.h"
#include "core/buf.h"
#include "lib/days.h"
#include "lib/small_facts.h"
#include "lib/source_text.h"

static struct law_csv *csv;
static struct facts *facts;

static void set_up(void)
{
	csv = law_csv_read();
	facts = small_facts(DEBTOR_ORGAN);
	small_contract(facts, "C");
}

static void tear_down(void)
{
	facts_free(facts);
	law_csv_free(csv);
}

TestSuite(hints, .init = set_up, .fini = tear_down);

static struct obligation_state judged(const char *as_of)
{
	struct small_states states;
	struct obligation_state ret;

	small_judge(&csv->law, facts, day(as_of), day(as_of), &states);
	ret = states.items[0];
	small_states_free(&states);
	return ret;
}

Test(hints, ten_working_days_before_the_due_day_across_a_holiday_the_debt_is_due_soon)
{
	struct obligation_state state;

	/* Friday 9 October 2026; 1 to 8 October are rest days but 8 October, 10 October is made up. */
	small_debt(facts, "O", "C", 100000, day("2026-10-09"));
	state = judged("2026-09-01");
	cr_assert_eq(state.hints & HINT_DUE_SOON, 0);
	/* Nothing else happens before: the state is good until the hint appears. */
	cr_assert_gt(state.next_change_on, day("2026-09-01"));
	cr_assert_eq(judged("2026-09-01").next_change_on,
		hints_remind_from(&csv->law, day("2026-10-09"), 10));
	state.hints = judged("2026-10-09").hints;
	cr_assert(state.hints & HINT_DUE_SOON, "on the due day itself too");
	cr_assert_eq(judged("2026-10-10").hints & HINT_DUE_SOON, 0, "overdue is not due soon");
}

Test(hints, the_reminder_begins_when_exactly_the_set_number_of_working_days_is_left)
{
	for (int days = 0; days < 40; days++) {
		day_t due = day("2026-03-02") + days * 5, from;
		int left, before;

		from = hints_remind_from(&csv->law, due, 10);
		cr_assert_eq(day_count_working(csv->law.calendar, from, due, &left), DAY_OK);
		cr_assert_eq(day_count_working(csv->law.calendar, from - 1, due, &before), DAY_OK);
		cr_expect_eq(left, 10);
		cr_expect_eq(before, 11);
	}
}

Test(hints, a_calendar_that_does_not_reach_back_gives_no_reminder)
{
	cr_assert_eq(hints_remind_from(&csv->law, day("2024-01-03"), 10), DAY_NONE);
}

Test(hints, a_debt_paid_in_advance_is_not_due_soon)
{
	small_debt(facts, "O", "C", 100000, day("2026-06-30"));
	cr_assert(judged("2026-06-25").hints & HINT_DUE_SOON);
	small_payment(facts, "V", "O", day("2026-06-24"), 100000);
	cr_assert_eq(judged("2026-06-25").hints, 0);
}

/* Due on 31 March but for what was disputed by then; that was settled on a Saturday: it is due on Monday 18 May. */
Test(hints, the_reminder_is_of_the_part_that_lies_ahead)
{
	struct obligation_fact *debt = small_debt(facts, "O", "C", 100000, day("2026-03-31"));
	struct obligation_state state;

	debt->disputed_fen = 40000;
	debt->dispute_opened_on = day("2026-03-10");
	debt->dispute_settled_on = day("2026-05-16");
	small_payment(facts, "V", "O", day("2026-03-30"), 60000);
	state = judged("2026-05-16");
	cr_assert_eq(state.due.rolled, day("2026-03-31"));
	cr_expect(state.hints & HINT_DUE_SOON);
	cr_expect_eq(state.due_soon_on, day("2026-05-18"));
	cr_expect_eq(state.due_soon, 40000);
	cr_expect_eq(judged("2026-05-15").due_soon, 0, "still in dispute");
	cr_expect_eq(judged("2026-05-19").due_soon, 0, "overdue by then");
}

/* A bill over the whole debt O of C, due on 30 June 2026. */
static struct payment_fact *bill(const char *given_on, const char *matures_on)
{
	struct payment_fact *payment = small_payment(facts, "B", "O", DAY_NONE, 100000);

	payment->instrument = INSTRUMENT_BILL;
	payment->voucher_on = day(given_on);
	payment->matures_on = day(matures_on);
	return payment;
}

Test(hints, a_debt_for_which_a_bill_was_given_in_time_is_not_due_soon)
{
	struct payment_fact *payment;

	small_debt(facts, "O", "C", 100000, day("2026-06-30"));
	payment = bill("2026-06-24", "2026-06-30");
	cr_expect(judged("2026-06-23").hints & HINT_DUE_SOON, "not given yet");
	cr_expect_eq(judged("2026-06-23").next_change_on, day("2026-06-24"));
	cr_expect_eq(judged("2026-06-24").hints & HINT_DUE_SOON, 0);
	cr_expect_eq(judged("2026-06-24").outstanding, 100000, "a bill is no payment");
	payment->amount_fen = 99999;
	cr_expect(judged("2026-06-24").hints & HINT_DUE_SOON, "one fen is not ordered");
	cr_expect_eq(judged("2026-06-24").due_soon, 1);
	cr_expect_eq(judged("2026-06-24").due_soon_on, day("2026-06-30"));
	payment->amount_fen = 100000;
	payment->matures_on = day("2026-07-01");
	cr_expect(judged("2026-06-24").hints & HINT_DUE_SOON, "it matures too late");
	cr_expect(judged("2026-06-24").hints & HINT_LATE_BILL);
}

Test(hints, a_bill_that_names_no_debt_counts_for_the_one_that_its_payment_will_clear)
{
	small_debt(facts, "O", "C", 100000, day("2026-06-30"));
	small_debt(facts, "P", "C", 100000, day("2026-06-29"));
	bill("2026-06-20", "2026-06-29")->obligation_no = "";
	cr_expect(judged("2026-06-24").hints & HINT_DUE_SOON, "O comes after P");
	facts->payments.items[0].amount_fen = 200000;
	cr_expect_eq(judged("2026-06-24").hints & HINT_DUE_SOON, 0);
	small_payment(facts, "R", "", day("2026-06-22"), 200000)->reverses_voucher_no = "B";
	cr_expect(judged("2026-06-24").hints & HINT_DUE_SOON, "the bill was taken back");
}

Test(hints, money_of_the_pair_that_found_no_debt_may_have_paid_it)
{
	struct payment_fact *payment;

	small_debt(facts, "O", "C", 100000, day("2026-03-31"));
	/* The obligation number is mistyped: it clears nothing. */
	payment = small_payment(facts, "V", "OO", day("2026-04-10"), 100000);
	payment->contract_no = "C";
	cr_assert_eq(judged("2026-04-09").hints & HINT_MAYBE_PAID, 0, "not known yet");
	cr_assert(judged("2026-04-10").hints & HINT_MAYBE_PAID);
	cr_assert_eq(judged("2026-04-10").overdue, 100000, "no figure changes");
	payment->amount_fen = 99999;
	cr_assert_eq(
		judged("2026-04-10").hints & HINT_MAYBE_PAID, 0, "it could not cover the debt");
}

Test(hints, money_that_names_a_number_nobody_knows_may_have_paid_a_debt_to_the_same_payee)
{
	static const char *const numbers[][2] = { { "HT-X", "" }, { "", "O-X" }, { "HT-X", "O-X" },
		{ "HT-X", "O" } };

	small_debt(facts, "O", "C", 100000, day("2026-03-31"));
	small_payment(facts, "V", "", day("2026-04-10"), 100000);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		struct payment_fact *payment = &facts->payments.items[0];
		struct small_states states;

		payment->contract_no = numbers[i][0];
		payment->obligation_no = numbers[i][1];
		small_judge(&csv->law, facts, day("2026-04-10"), day("2026-04-10"), &states);
		cr_expect(states.items[0].hints & HINT_MAYBE_PAID, "%zu", i);
		cr_expect_eq(states.items[0].paid, 0, "%zu: it clears nothing", i);
		cr_expect_eq(states.unallocated, 100000, "%zu", i);
		cr_expect_eq(states.faults[PAYMENT_UNMATCHED], 1, "%zu", i);
		small_states_free(&states);
		payment->payee_uscc = "";
		cr_expect_eq(judged("2026-04-10").hints & HINT_MAYBE_PAID, 0, "%zu: no payee", i);
		payment->payee_uscc = "911100000000000OTH";
		cr_expect_eq(judged("2026-04-10").hints & HINT_MAYBE_PAID, 0, "%zu: another", i);
		payment->payee_uscc = SMALL_SUPPLIER;
	}
}

Test(hints, a_surplus_on_another_debt_of_the_pair_may_have_paid_it)
{
	small_debt(facts, "O", "C", 100000, day("2026-03-31"));
	small_debt(facts, "P", "C", 50000, day("2026-03-31"));
	small_payment(facts, "V", "P", day("2026-03-31"), 150000);
	cr_assert(judged("2026-04-10").hints & HINT_MAYBE_PAID);
}

Test(hints, limitation_is_near_two_and_a_half_years_after_the_due_day_or_the_last_part_payment)
{
	facts->contracts.items[0].signed_on = day("2024-01-15");
	small_debt(facts, "O", "C", 100000, day("2024-02-29"));
	cr_assert_eq(judged("2026-08-28").hints & HINT_LIMITATION, 0);
	cr_assert(judged("2026-08-29").hints & HINT_LIMITATION);
	small_payment(facts, "V", "O", day("2024-05-10"), 1000);
	cr_assert_eq(judged("2026-11-09").hints & HINT_LIMITATION, 0, "it acknowledged the debt");
	cr_assert(judged("2026-11-10").hints & HINT_LIMITATION);
}

Test(hints, limitation_runs_for_what_is_disputed_too)
{
	struct obligation_fact *debt = small_debt(facts, "O", "C", 100000, day("2024-02-29"));

	debt->disputed_fen = 100000;
	debt->dispute_opened_on = day("2024-02-01");
	cr_assert_eq(judged("2026-08-28").overdue, 0, "nothing is in arrears");
	cr_expect_eq(judged("2026-08-28").hints & HINT_LIMITATION, 0);
	cr_expect_eq(judged("2026-08-28").next_change_on, day("2026-08-29"));
	cr_expect(judged("2026-08-29").hints & HINT_LIMITATION);
	debt->disputed_fen = 40000;
	small_payment(facts, "V", "O", day("2024-02-28"), 60000);
	cr_expect(judged("2026-08-29").hints & HINT_LIMITATION, "the undisputed part is paid");
}

Test(hints, a_single_debt_of_exactly_half_a_million_is_a_small_one)
{
	struct obligation_fact *debt = small_debt(facts, "O", "C", 50000000, day("2026-03-31"));

	cr_assert(judged("2026-04-10").hints & HINT_SMALL_DEBT);
	debt->amount_fen++;
	cr_assert_eq(judged("2026-04-10").hints & HINT_SMALL_DEBT, 0);
}

Test(hints, a_dispute_opened_after_the_due_day_is_late)
{
	struct obligation_fact *debt = small_debt(facts, "O", "C", 100000, day("2026-03-31"));

	debt->disputed_fen = 40000;
	debt->dispute_opened_on = day("2026-04-15");
	cr_assert_eq(judged("2026-04-14").hints & HINT_LATE_DISPUTE, 0, "not known yet");
	cr_assert(judged("2026-04-15").hints & HINT_LATE_DISPUTE);
	debt->dispute_opened_on = day("2026-03-31");
	cr_assert_eq(judged("2026-04-15").hints & HINT_LATE_DISPUTE, 0);
}

Test(hints, a_bill_that_names_the_debt_and_matures_after_its_due_day_is_late)
{
	struct payment_fact *bill;

	small_debt(facts, "O", "C", 100000, day("2026-03-31"));
	bill = small_payment(facts, "V", "O", DAY_NONE, 100000);
	bill->instrument = INSTRUMENT_BILL;
	bill->voucher_on = day("2026-03-20");
	bill->matures_on = day("2026-09-20");
	cr_assert_eq(judged("2026-03-19").hints & HINT_LATE_BILL, 0, "not given yet");
	cr_assert_eq(judged("2026-03-19").next_change_on, day("2026-03-20"));
	cr_assert(judged("2026-03-20").hints & HINT_LATE_BILL);
	cr_assert_eq(judged("2026-09-21").hints & HINT_LATE_BILL, 0, "it was paid");
	bill->matures_on = day("2026-03-31");
	cr_assert_eq(judged("2026-03-20").hints & HINT_LATE_BILL, 0, "on the due day");
	bill->matures_on = day("2026-09-20");
	bill->obligation_no = "";
	bill->contract_no = "C";
	cr_assert_eq(judged("2026-03-20").hints & HINT_LATE_BILL, 0, "it names no debt");
}

Test(hints, a_bill_on_the_day_it_matures_is_money_and_no_order)
{
	struct payment_fact *bill;

	small_debt(facts, "O", "C", 100000, day("2026-03-31"));
	bill = small_payment(facts, "V", "O", DAY_NONE, 60000);
	bill->instrument = INSTRUMENT_BILL;
	bill->voucher_on = day("2026-02-02");
	bill->matures_on = day("2026-03-24");
	cr_expect_eq(judged("2026-03-23").due_soon, 40000, "ordered");
	cr_expect_eq(judged("2026-03-24").due_soon, 40000, "paid");
	cr_expect_eq(judged("2026-03-24").paid, 60000);
}

/* Reviews -------------------------------------------------------------------------------------- */

static struct review seen(const struct obligation_state *state, enum review_verdict verdict)
{
	static char number[] = "O", reviewer[] = "wang";

	return (struct review){ .obligation_no = number,
		.reviewer = reviewer,
		.verdict = verdict,
		.reviewed_on = DAY_NONE,
		.overdue_since = state->overdue_since,
		.overdue = state->overdue };
}

static enum standing standing(const struct review_book *book, const struct obligation_state *state)
{
	return standing_of(state, review_of(book, "O", state));
}

Test(hints, a_review_holds_until_more_is_overdue_than_the_reviewer_saw)
{
	struct review_book *book = review_book_new();
	struct obligation_state state;
	struct review review;

	small_debt(facts, "O", "C", 100000, day("2026-03-31"));
	state = judged("2026-04-10");
	cr_assert_eq(standing(NULL, &state), STANDING_SUSPECTED);
	cr_assert_eq(standing(book, &state), STANDING_SUSPECTED);
	review = seen(&state, REVIEW_VERIFIED);
	review_book_add(book, &review);
	cr_assert_eq(standing(book, &state), STANDING_VERIFIED);
	cr_assert_str_eq(review_holding(book, "O", &state)->reviewer, "wang");
	state.overdue -= 1;
	cr_assert_eq(standing(book, &state), STANDING_VERIFIED, "a part payment");
	state.overdue += 2;
	cr_assert_eq(standing(book, &state), STANDING_SUSPECTED, "more than was verified");
	state.overdue -= 1;
	state.overdue_since -= 1;
	cr_assert_eq(standing(book, &state), STANDING_SUSPECTED, "earlier than was verified");
	state.overdue = 0;
	cr_assert_eq(standing(book, &state), STANDING_NONE);
	review_book_free(book);
}

Test(hints, the_latest_review_counts_and_not_paid_ends_the_doubt)
{
	struct review_book *book = review_book_new();
	struct obligation_state state;
	struct payment_fact *payment;
	struct review review;

	small_debt(facts, "O", "C", 100000, day("2026-03-31"));
	payment = small_payment(facts, "V", "OO", day("2026-04-10"), 100000);
	payment->contract_no = "C";
	state = judged("2026-04-10");
	cr_assert_eq(standing(book, &state), STANDING_MAYBE_PAID);
	review = seen(&state, REVIEW_NOT_PAID);
	review_book_add(book, &review);
	cr_assert_eq(standing(book, &state), STANDING_SUSPECTED);
	review.verdict = REVIEW_REFUTED;
	review_book_add(book, &review);
	cr_assert_eq(standing(book, &state), STANDING_REFUTED);
	review_book_free(book);
}

Test(hints, every_verdict_has_a_name_that_reads_back)
{
	for (int verdict = REVIEW_VERIFIED; verdict <= REVIEW_REFUTED; verdict++)
		cr_expect_eq(
			review_verdict_parse(review_verdict_name((enum review_verdict)verdict)),
			(enum review_verdict)verdict);
	cr_expect_eq(review_verdict_parse("withdrawn"), REVIEW_NONE);
}

Test(hints, a_person_may_give_a_verdict_only_where_the_table_has_such_a_step)
{
	static const char *const allowed[][2] = {
		{ "verified", "{suspected,maybe-paid,contested}" },
		{ "contested", "{suspected,verified}" },
		{ "not-paid", "{maybe-paid}" },
		{ "refuted", "{suspected,maybe-paid,contested,verified}" },
		{ "withdrawn", "{suspected,contested,verified,refuted}" },
	};
	struct buf out;

	buf_init(&out, 200);
	for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++) {
		buf_reset(&out);
		cr_assert(review_allowed(allowed[i][0], &out));
		cr_expect_str_eq(out.data, allowed[i][1]);
	}
	buf_reset(&out);
	cr_expect_not(review_allowed("cleared", &out), "that is what a run finds");
	cr_expect_not(review_allowed("perhaps", &out));
	buf_free(&out);
}

/* From any standing but none the debt can leave the list, and what people said lapses when the debt grows. */
Test(hints, every_standing_can_be_cleared_and_every_verdict_lapses)
{
	for (int from = STANDING_MAYBE_PAID; from < STANDING_COUNT; from++) {
		bool cleared = false, grows = false;

		for (const struct standing_step *step = standing_steps; step->event; step++) {
			cleared |= step->from == (enum standing)from &&
				   strcmp(step->event, "cleared") == 0;
			grows |= step->from == (enum standing)from &&
				 strcmp(step->event, "grows") == 0;
		}
		cr_expect(cleared, "%s", standing_name((enum standing)from));
		cr_expect_eq(grows, from >= STANDING_CONTESTED, "%s",
			standing_name((enum standing)from));
	}
}

/* What draw writes must stand in the README. */
static void expect_in_readme(void (*draw)(struct buf *out))
{
	struct buf out;

	buf_init(&out, 20000);
	draw(&out);
	source_text_expect_in_readme(out.data);
	buf_free(&out);
}

Test(hints, the_picture_of_standings_is_in_the_readme)
{
	expect_in_readme(standing_draw);
}

Test(hints, the_tables_of_statuses_flags_and_hints_are_in_the_readme)
{
	expect_in_readme(status_draw);
}
