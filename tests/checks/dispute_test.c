/* Several disputes of one debt, worked out by hand: each has its own opening, settlement and agreed sum (P-6). */
#include "checks/dispute.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "checks/ageing.h"
#include "lib/small_facts.h"

static struct law_csv *csv;
static struct facts *facts;
static struct small_states states;

static day_t day(const char *text)
{
	return text_day(text, strlen(text));
}

/* 1,000.00 yuan due on 2 March 2026 at 0.05 % a day: 0.50 yuan for each day and 1,000.00. */
static void set_up(void)
{
	csv = law_csv_read();
	law_csv_no_roll(csv);
	facts = small_facts(DEBTOR_ORGAN);
	small_contract(facts, "C");
	small_debt(facts, "O", "C", 100000, day("2026-03-02"));
}

static void tear_down(void)
{
	small_states_free(&states);
	facts_free(facts);
	law_csv_free(csv);
}

TestSuite(dispute, .init = set_up, .fini = tear_down);

static struct dispute_fact *disputed(const char *id, const char *opened_on, fen_t amount)
{
	return small_dispute(facts, id, "O", *opened_on ? day(opened_on) : DAY_NONE, amount);
}

static struct dispute_fact *settled(
	const char *id, const char *opened_on, fen_t amount, const char *settled_on, fen_t agreed)
{
	struct dispute_fact *dispute = disputed(id, opened_on, amount);

	dispute->settled_on = day(settled_on);
	dispute->agreed_fen = agreed;
	return dispute;
}

static const struct obligation_state *judged(const char *as_of)
{
	small_states_free(&states);
	small_judge(&csv->law, facts, day(as_of), day(as_of), &states);
	return &states.items[0];
}

static void expect(
	const char *as_of, fen_t undisputed, fen_t in_dispute, fen_t overdue, fen_t interest)
{
	const struct obligation_state *state = judged(as_of);

	cr_expect_eq(state->undisputed, undisputed, "%s: undisputed %ld", as_of,
		(long)state->undisputed);
	cr_expect_eq(state->disputed, in_dispute, "%s: disputed %ld", as_of, (long)state->disputed);
	cr_expect_eq(state->overdue, overdue, "%s: overdue %ld", as_of, (long)state->overdue);
	cr_expect_eq(state->interest, interest, "%s: interest %ld", as_of, (long)state->interest);
	cr_expect_eq(state->outstanding, undisputed + in_dispute);
	cr_expect_eq(state->outstanding, state->amount - state->given_up - state->paid);
}

Test(dispute, open_ones_add_up)
{
	disputed("D2", "2026-03-02", 20000);
	disputed("D1", "2026-03-01", 30000);
	expect("2026-02-28", 100000, 0, 0, 0);
	expect("2026-03-01", 70000, 30000, 0, 0);
	expect("2026-04-01", 50000, 50000, 50000, 750);
}

Test(dispute, one_that_is_opened_later_neither_counts_nor_hides_another)
{
	disputed("D1", "2026-01-20", 100000);
	disputed("D2", "2026-11-01", 10000);
	expect("2026-10-06", 0, 100000, 0, 0);
	cr_expect_eq(judged("2026-10-06")->status, STATUS_DISPUTED);
	cr_expect_eq(judged("2026-10-06")->next_change_on, day("2026-11-01"));
}

Test(dispute, a_later_small_or_settled_one_does_not_hide_an_open_one)
{
	disputed("D1", "", 40000);
	settled("D2", "2026-03-10", 10000, "2026-03-12", NUMBER_NONE);
	/* 500.00 for 30 days, 100.00 for 20. */
	expect("2026-04-01", 60000, 40000, 60000, 850);
}

Test(dispute, open_ones_are_cut_to_what_is_outstanding)
{
	disputed("D1", "2026-03-01", 70000);
	disputed("D2", "2026-03-02", 60000);
	expect("2026-04-01", 0, 100000, 0, 0);
	cr_expect(judged("2026-04-01")->flags & FLAG_DISPUTED_EXCEEDS_AMOUNT);
	cr_expect_eq(judged("2026-03-01")->flags & FLAG_DISPUTED_EXCEEDS_AMOUNT, 0);
	small_payment(facts, "V", "O", day("2026-03-20"), 30000);
	expect("2026-04-01", 0, 70000, 0, 0);
}

/* 200.00 of the settled 800.00 are not disputed again. */
Test(dispute, what_was_settled_can_be_disputed_again)
{
	settled("D1", "2026-03-01", 80000, "2026-03-12", NUMBER_NONE);
	disputed("D2", "2026-03-20", 80000);
	expect("2026-03-19", 100000, 0, 100000, 450); /* 200.00 for 17 days, 800.00 for 7 */
	expect("2026-04-01", 20000, 80000, 20000, 200);
	cr_expect_eq(judged("2026-04-01")->overdue_since, day("2026-03-12"));
}

/* The debt is not what it was: 200.00 of the disputed 300.00 fall due never. */
Test(dispute, of_a_settled_one_only_the_agreed_sum_is_owed)
{
	settled("D1", "2026-03-01", 30000, "2026-03-12", 10000);
	disputed("D2", "2026-03-01", 20000);
	expect("2026-03-11", 50000, 50000, 50000, 225);
	expect("2026-03-12", 60000, 20000, 50000, 250);
	expect("2026-04-01", 60000, 20000, 60000, 850);
	cr_expect_eq(judged("2026-04-01")->given_up, 20000);
	cr_expect_eq(judged("2026-04-01")->amount, 100000, "the record stays as it is");
}

Test(dispute, the_agreed_sum_is_due_on_the_agreed_day)
{
	struct dispute_fact *dispute = settled("D", "2026-03-01", 30000, "2026-03-12", 10000);

	dispute->agreed_due_on = day("2026-03-02"); /* the original one */
	expect("2026-03-11", 70000, 30000, 70000, 315);
	expect("2026-03-12", 80000, 0, 80000, 400);
	expect("2026-04-01", 80000, 0, 80000, 1200);
	dispute->agreed_due_on = day("2026-03-27");
	expect("2026-03-27", 80000, 0, 70000, 875);
	cr_expect_eq(judged("2026-03-20")->next_change_on, day("2026-03-28"));
	expect("2026-04-01", 80000, 0, 80000, 1075);
	dispute->agreed_fen = NUMBER_NONE;
	expect("2026-04-01", 100000, 0, 100000, 1125);
}

Test(dispute, the_agreed_day_is_rolled)
{
	csv->parameters.of[PARAM_DT5_ROLL].periods[0].value = 1;
	/* 4 April is a Saturday in the Qingming days, which end on the 6th. */
	settled("D", "2026-03-01", 100000, "2026-03-12", 10000)->agreed_due_on = day("2026-04-04");
	expect("2026-04-07", 10000, 0, 0, 0);
	expect("2026-04-08", 10000, 0, 10000, 5);
}

Test(dispute, what_is_given_up_wholly_leaves_nothing_and_more_than_disputed_is_not_agreed)
{
	struct dispute_fact *dispute = settled("D", "2026-03-01", 100000, "2026-03-12", 0);

	expect("2026-04-01", 0, 0, 0, 0);
	cr_expect_eq(judged("2026-04-01")->status, STATUS_PAID);
	dispute->amount_fen = 30000;
	dispute->agreed_fen = 40000;
	expect("2026-04-01", 100000, 0, 100000, 1350);
	cr_expect_eq(judged("2026-04-01")->given_up, 0);
}

Test(dispute, an_agreement_counts_from_the_settlement_only)
{
	struct dispute_fact *dispute = disputed("D", "2026-03-01", 30000);

	dispute->agreed_fen = 10000;
	dispute->agreed_due_on = day("2026-03-02");
	expect("2026-04-01", 70000, 30000, 70000, 1050);
}

/* 500.00 nobody disputes, 300.00 settled on 12 March, 200.00 open. */
Test(dispute, payments_clear_undisputed_parts_by_due_day_and_then_disputed_ones)
{
	disputed("D2", "2026-02-01", 20000);
	settled("D1", "2026-03-01", 30000, "2026-03-12", NUMBER_NONE);
	small_payment(facts, "V1", "O", day("2026-03-02"), 50000);
	small_payment(facts, "V2", "O", day("2026-03-22"), 20000);
	/* 200.00 for 10 days, 100.00 for 30. */
	expect("2026-04-11", 10000, 20000, 10000, 250);
	small_payment(facts, "V3", "O", day("2026-04-06"), 25000);
	/* 100.00 of it for 25 days, the other 150.00 were in dispute. */
	expect("2026-04-11", 0, 5000, 0, 225);
	cr_expect_eq(states.items[0].status, STATUS_DISPUTED);
	cr_expect(states.items[0].paid_late);
	small_payment(facts, "V4", "O", day("2026-04-10"), 6000);
	expect("2026-04-11", 0, 0, 0, 225);
	cr_expect_eq(states.unallocated, 1000);
}

/* A day before the debt's own was agreed: that part is cleared first. */
Test(dispute, an_earlier_due_part_is_cleared_first)
{
	settled("D", "2026-01-20", 30000, "2026-02-01", 20000)->agreed_due_on = day("2026-02-10");
	small_payment(facts, "V1", "O", day("2026-02-20"), 20000);
	expect("2026-03-12", 70000, 0, 70000, 450); /* 200.00 for 10 days, 700.00 for 10 */
}

Test(dispute, what_was_paid_before_a_settlement_gave_it_up_is_left_over)
{
	settled("D", "2026-03-01", 30000, "2026-03-12", 10000);
	small_payment(facts, "V", "O", day("2026-03-02"), 100000);
	expect("2026-03-11", 0, 0, 0, 0);
	cr_expect_eq(states.unallocated, 0);
	expect("2026-04-01", 0, 0, 0, 0);
	cr_expect_eq(states.unallocated, 20000);
	cr_expect_eq(states.items[0].paid, 80000);
}

Test(dispute, one_that_cannot_be_separated_holds_the_rest_too_and_gives_it_its_day)
{
	struct dispute_fact *dispute = disputed("D", "2026-02-20", 10000);

	dispute->separable = TRI_NO;
	expect("2026-04-01", 0, 100000, 0, 0);
	dispute->settled_on = day("2026-03-12");
	dispute->agreed_fen = 5000;
	expect("2026-04-01", 95000, 0, 95000, 950);
	dispute->separable = TRI_YES;
	expect("2026-04-01", 95000, 0, 95000, 1400); /* 900.00 for 30 days, 50.00 for 20 */
}

Test(dispute, what_had_fallen_due_before_one_that_cannot_be_separated_stays_due)
{
	struct dispute_fact *dispute = disputed("D", "2026-03-03", 10000);

	dispute->separable = TRI_NO;
	expect("2026-04-01", 90000, 10000, 90000, 1350);
	cr_expect(states.items[0].hints & HINT_LATE_DISPUTE);
	dispute->opened_on = day("2026-03-02");
	expect("2026-04-01", 0, 100000, 0, 0);
}

Test(dispute, what_the_row_says_includes_what_records_say)
{
	struct obligation_fact *debt = &facts->obligations.items[0];

	debt->disputed_fen = 50000;
	disputed("D1", "2026-03-10", 30000);
	expect("2026-03-09", 50000, 50000, 50000, 175);
	expect("2026-04-01", 50000, 50000, 50000, 750);
	debt->disputed_fen = 30000;
	expect("2026-04-01", 70000, 30000, 70000, 1050);
	debt->disputed_fen = 0;
	expect("2026-04-01", 70000, 30000, 70000, 1050);
	debt->disputed_fen = 50000;
	debt->dispute_settled_on = day("2026-03-12");
	/* 500.00 for 30 days, the row's 200.00 for 20. */
	expect("2026-04-01", 70000, 30000, 70000, 950);
}

Test(dispute, interest_runs_beside_those_that_were_opened_late)
{
	disputed("D1", "2026-03-02", 10000);
	disputed("D2", "2026-03-10", 20000);
	settled("D3", "2026-03-11", 5000, "2026-03-22", NUMBER_NONE);
	expect("2026-04-01", 70000, 30000, 70000, 1000); /* 650.00 for 30 days, 50.00 for 10 */
	cr_expect(states.items[0].hints & HINT_LATE_DISPUTE);
	/* 200.00 for 30 days, 50.00 for 20. */
	cr_expect_eq(arrears_interest_beside(&states.items[0]), 350);
	cr_expect_eq(states.items[0].beside_accruing, 20000);
	expect("2026-03-09", 90000, 10000, 90000, 315);
	cr_expect_eq(states.items[0].hints & HINT_LATE_DISPUTE, 0);
}

Test(dispute, a_debt_that_has_no_days_gets_none_by_an_agreement)
{
	facts->contracts.items[0].signed_on = DAY_NONE;
	settled("D", "2026-03-01", 30000, "2026-03-12", 10000)->agreed_due_on = day("2026-03-12");
	expect("2026-04-01", 80000, 0, 0, 0);
	cr_expect_eq(states.items[0].status, STATUS_DATA_MISSING);
	facts->contracts.items[0].signed_on = day("2026-01-15");
	facts->contracts.items[0].declared_size = SIZE_LARGE;
	expect("2026-04-01", 80000, 0, 0, 0);
	cr_expect_eq(states.items[0].status, STATUS_NOT_COVERED);
}

Test(dispute, each_part_stands_in_the_ageing_by_itself)
{
	struct ageing_row row = { 0 };

	disputed("D1", "2026-03-01", 10000);
	disputed("D2", "2026-03-02", 20000);
	settled("D3", "2026-03-01", 30000, "2026-03-12", 5000);
	settled("D4", "2026-03-01", 20000, "2026-03-12", NUMBER_NONE)->agreed_due_on =
		day("2026-05-01");
	ageing_add(&row, judged("2026-04-06"));
	cr_expect(ageing_balanced(&row));
	cr_expect_eq(row.balance, 75000);
	cr_expect_eq(row.fen[AGEING_DISPUTED], 30000);
	cr_expect_eq(row.parts[AGEING_DISPUTED], 2);
	cr_expect_eq(row.fen[AGEING_NOT_DUE], 20000);
	cr_expect_eq(row.fen[AGEING_FIRST_OVERDUE], 5000, "25 days");
	cr_expect_eq(row.fen[AGEING_FIRST_OVERDUE + 1], 20000, "35 days");
}

/* A hundred of 1.00 yuan each: every second one is settled at half, a day later than the one before. */
Test(dispute, there_may_be_many)
{
	char id[16];
	fen_t product = 0;

	for (int i = 0; i < 100; i++) {
		struct dispute_fact *dispute;

		snprintf(id, sizeof(id), "D%03d", (i * 37) % 100);
		dispute = disputed(id, "2026-03-01", 100);
		if (i % 2)
			continue;
		dispute->settled_on = day("2026-03-03") + i / 2;
		dispute->agreed_fen = 50;
		product += 50 * (day("2026-06-01") - dispute->settled_on);
	}
	product += 90000 * (day("2026-06-01") - day("2026-03-02"));
	expect("2026-06-01", 90000 + 50 * 50, 50 * 100, 90000 + 50 * 50,
		(product * 5 + 5000) / 10000);
	cr_expect_eq(states.items[0].given_up, 50 * 50);
	cr_expect_eq(states.items[0].part_count, 101);
}
