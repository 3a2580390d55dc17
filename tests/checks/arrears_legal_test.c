/* The legal order of payments (民法典 art. 560, 561) beside the default, which clears principal first. */
#include "checks/evidence.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "lib/days.h"
#include "lib/history.h"
#include "lib/small_facts.h"

static struct law_csv *csv;
static struct facts *facts;

static void set_up(void)
{
	csv = law_csv_read();
	law_csv_no_roll(csv);
	facts = small_facts(DEBTOR_ORGAN);
	small_contract(facts, "C");
}

static void tear_down(void)
{
	facts_free(facts);
	law_csv_free(csv);
}

TestSuite(arrears_legal, .init = set_up, .fini = tear_down, .timeout = 120);

/* What the two orders say of one debt. */
struct both {
	struct obligation_state legal, plain;
	fen_t unallocated;
};

static struct both judged(const char *number, const char *as_of)
{
	struct small_states states;
	struct both both;

	small_judge_legal(&csv->law, facts, day(as_of), &states);
	both.legal = *small_state(facts, &states, number);
	both.unallocated = states.unallocated;
	small_states_free(&states);
	small_judge(&csv->law, facts, day(as_of), day(as_of), &states);
	both.plain = *small_state(facts, &states, number);
	small_states_free(&states);
	return both;
}

static void note(const char *number, fen_t costs, fen_t secured)
{
	struct debt_note_fact *one = facts_add_debt_note(facts);

	one->obligation_no = facts_text(facts, number);
	one->costs_fen = costs;
	one->secured_fen = secured;
}

static fen_t open_of(const char *number, const char *as_of)
{
	return judged(number, as_of).legal.outstanding;
}

/* 10,000 yuan, 0.05 % a day: 5 yuan a day. 100 days after 31 March is 9 July. */
static void one_debt(void)
{
	small_debt(facts, "A", "C", 1000000, day("2026-03-31"));
}

Test(arrears_legal, a_payment_clears_the_interest_that_has_run_before_the_principal)
{
	struct both both;

	one_debt();
	small_payment(facts, "V1", "A", day("2026-07-09"), 100000);
	both = judged("A", "2026-07-09");
	cr_expect_eq(both.legal.interest_paid, 50000);
	cr_expect_eq(both.legal.paid, 50000);
	cr_expect_eq(both.legal.outstanding, 950000);
	cr_expect_eq(both.legal.interest, 50000, "what had run, paid or not");
	cr_expect_eq(both.plain.outstanding, 900000, "the default clears principal alone");
	cr_expect_eq(both.plain.interest_paid, 0);
}

Test(arrears_legal, costs_come_before_the_interest_and_both_before_the_principal)
{
	struct both both;

	one_debt();
	note("A", 20000, NUMBER_NONE);
	small_payment(facts, "V1", "A", day("2026-07-09"), 15000);
	both = judged("A", "2026-07-09");
	cr_expect_eq(both.legal.costs_paid, 15000);
	cr_expect_eq(both.legal.interest_paid, 0);
	small_payment(facts, "V2", "A", day("2026-07-09"), 45000);
	both = judged("A", "2026-07-09");
	cr_expect_eq(both.legal.costs_paid, 20000);
	cr_expect_eq(both.legal.interest_paid, 40000);
	cr_expect_eq(both.legal.outstanding, 1000000);
	cr_expect_eq(both.plain.outstanding, 940000, "the default knows no costs");
}

Test(arrears_legal, interest_does_not_bear_interest_and_is_not_paid_twice)
{
	struct both both;

	one_debt();
	small_payment(facts, "V1", "A", day("2026-07-09"), 50000);
	both = judged("A", "2026-10-17");
	cr_expect_eq(both.legal.outstanding, 1000000);
	cr_expect_eq(both.legal.interest, 100000, "200 days on the principal");
	small_payment(facts, "V2", "A", day("2026-10-17"), 60000);
	both = judged("A", "2026-10-17");
	cr_expect_eq(both.legal.interest_paid, 100000);
	cr_expect_eq(both.legal.outstanding, 990000);
}

Test(arrears_legal, what_is_paid_by_the_due_day_is_principal_alone)
{
	struct both both;

	one_debt();
	small_payment(facts, "V1", "A", day("2026-03-31"), 400000);
	both = judged("A", "2026-03-31");
	cr_expect_eq(both.legal.outstanding, 600000);
	cr_expect_eq(both.legal.interest_paid, 0);
}

Test(arrears_legal, only_what_exceeds_costs_interest_and_principal_is_unallocated)
{
	struct both both;

	one_debt();
	note("A", 7, NUMBER_NONE);
	small_payment(facts, "V1", "", day("2026-07-09"), 1050010);
	both = judged("A", "2026-07-09");
	cr_expect_eq(both.legal.outstanding, 0);
	cr_expect_eq(both.unallocated, 3);
	cr_expect_eq(both.legal.status, STATUS_PAID_LATE);
}

/* 0.1 % a day, at most 120,000. Of B's interest 20,000 are left beside A's 100,000 when B is paid; A has no claim on them
 * when it runs on. */
Test(arrears_legal, interest_that_was_paid_has_used_up_the_cap_before_what_runs_on)
{
	struct contract_fact *contract = &facts->contracts.items[0];
	struct both a, b;

	contract->late_rate_ppm = 365000;
	contract->amount_fen = 2000000;
	contract->late_cap_ppm = 60000;
	one_debt();
	small_debt(facts, "B", "C", 1000000, day("2026-04-10"));
	small_payment(facts, "V1", "B", day("2026-07-09"), 50000);
	b = judged("B", "2026-07-09");
	cr_assert_eq(b.legal.interest_paid, 20000);
	cr_expect_eq(b.legal.interest, 20000);
	cr_expect_eq(judged("A", "2026-07-09").legal.interest, 100000);
	a = judged("A", "2026-10-17");
	b = judged("B", "2026-10-17");
	cr_expect_eq(a.legal.interest, 100000, "not the 20,000 that were paid");
	cr_expect_eq(b.legal.interest, 20000, "never less than was paid of it");
	cr_expect_eq(a.plain.interest, 120000, "the default pays no interest");
	cr_expect_eq(b.plain.interest, 0);
}

/* Which debt (art. 560) ------------------------------------------------------------------------ */

Test(arrears_legal, debts_that_are_due_come_first)
{
	small_debt(facts, "A", "C", 1000000, day("2026-12-31"));
	small_debt(facts, "B", "C", 1000000, day("2026-03-31"));
	note("B", NUMBER_NONE, 1000000);
	small_payment(facts, "V1", "", day("2026-03-31"), 300000);
	cr_expect_eq(open_of("B", "2026-03-31"), 700000, "although it is secured");
	cr_expect_eq(open_of("A", "2026-03-31"), 1000000);
}

Test(arrears_legal, among_those_due_the_one_without_or_with_the_least_security_comes_first)
{
	struct contract_fact *heavier;

	small_debt(facts, "A", "C", 1000000, day("2026-03-31"));
	heavier = small_contract(facts, "D");
	heavier->late_rate_ppm = 500000;
	small_debt(facts, "B", "D", 1000000, day("2026-02-28"));
	small_debt(facts, "E", "D", 1000000, day("2026-02-28"));
	note("B", NUMBER_NONE, 200000);
	note("E", NUMBER_NONE, 100000);
	small_payment(facts, "V1", "", day("2026-03-31"), 1000000);
	cr_expect_eq(open_of("A", "2026-03-31"), 0, "unsecured, although lighter and later");
	cr_expect_eq(open_of("B", "2026-03-31"), 1000000);
	small_payment(facts, "V2", "", day("2026-03-31"), 500000);
	cr_expect_lt(open_of("E", "2026-03-31"), 1000000, "the least secured of the rest");
	cr_expect_eq(open_of("B", "2026-03-31"), 1000000);
	cr_expect_eq(judged("A", "2026-03-31").plain.outstanding, 1000000,
		"the default goes by the rate");
}

Test(arrears_legal, of_equal_security_the_more_burdensome_then_the_earlier_due_comes_first)
{
	struct contract_fact *heavier;

	small_debt(facts, "A", "C", 1000000, day("2026-02-28"));
	small_debt(facts, "B", "C", 1000000, day("2026-03-31"));
	heavier = small_contract(facts, "D");
	heavier->late_rate_ppm = 500000;
	small_debt(facts, "E", "D", 1000000, day("2026-03-31"));
	small_payment(facts, "V1", "", day("2026-03-31"), 1000000);
	cr_expect_eq(open_of("E", "2026-03-31"), 0, "half a percent a day more");
	small_payment(facts, "V2", "", day("2026-03-31"), 15500);
	cr_expect_eq(judged("A", "2026-03-31").legal.interest_paid, 15500, "31 days of A");
	cr_expect_eq(open_of("A", "2026-03-31"), 1000000);
	cr_expect_eq(open_of("B", "2026-03-31"), 1000000);
}

Test(arrears_legal, equal_debts_share_pro_rata_to_the_fen)
{
	small_debt(facts, "A", "C", 1000000, day("2026-03-31"));
	small_debt(facts, "B", "C", 1000000, day("2026-03-31"));
	small_debt(facts, "E", "C", 1000000, day("2026-03-31"));
	small_payment(facts, "V1", "", day("2026-03-31"), 100);
	cr_expect_eq(open_of("A", "2026-03-31"), 999966);
	cr_expect_eq(open_of("B", "2026-03-31"), 999967);
	cr_expect_eq(open_of("E", "2026-03-31"), 999967);
}

Test(arrears_legal, a_named_debt_is_paid_whatever_the_order)
{
	small_debt(facts, "A", "C", 1000000, day("2026-03-31"));
	small_debt(facts, "B", "C", 1000000, day("2026-06-30"));
	small_payment(facts, "V1", "B", day("2026-07-09"), 4500);
	cr_expect_eq(judged("B", "2026-07-09").legal.interest_paid, 4500, "9 days of its interest");
	cr_expect_eq(judged("A", "2026-07-09").legal.interest_paid, 0);
}

Test(arrears_legal, no_more_interest_is_taken_than_the_contract_s_cap)
{
	struct both both;

	facts->contracts.items[0].late_rate_ppm = 200000;
	facts->contracts.items[0].late_cap_ppm = 100; /* of 1,000,000 yuan: 100 yuan */
	one_debt();
	small_payment(facts, "V1", "A", day("2026-12-31"), 500000);
	both = judged("A", "2026-12-31");
	cr_expect_eq(both.legal.interest_paid, 10000);
	cr_expect_eq(both.legal.outstanding, 510000);
	cr_expect_eq(both.legal.interest, 10000);
	small_payment(facts, "V2", "A", day("2027-01-31"), 500000);
	both = judged("A", "2027-01-31");
	cr_expect_eq(both.legal.interest_paid, 10000, "the cap was used up by the first payment");
	cr_expect_eq(both.legal.outstanding, 10000);
}

/* 100 yuan for the contract. 20 % a year of 10,000 yuan is 5.479 yuan a day: by 30 June the debt of 31 March has run up
 * 498.63 yuan, that of 31 May 164.38. */
Test(arrears_legal, the_cap_is_used_up_by_the_earlier_due_debt_first_however_the_file_has_them)
{
	static const char *const numbers[][2] = { { "A", "B" }, { "B", "A" } };

	facts->contracts.items[0].late_rate_ppm = 200000;
	facts->contracts.items[0].late_cap_ppm = 100;
	for (size_t i = 0; i < 2; i++) {
		const char *late = numbers[i][0], *early = numbers[i][1];

		facts->obligations.count = facts->payments.count = 0;
		small_debt(facts, late, "C", 1000000, day("2026-05-31"));
		small_debt(facts, early, "C", 1000000, day("2026-03-31"));
		small_payment(facts, "V1", late, day("2026-06-30"), 20000);
		cr_expect_eq(judged(late, "2026-06-30").legal.interest_paid, 0,
			"nothing of the cap is left for %s", late);
		cr_expect_eq(judged(late, "2026-06-30").legal.paid, 20000);
		small_payment(facts, "V2", early, day("2026-06-30"), 20000);
		cr_expect_eq(judged(early, "2026-06-30").legal.interest_paid, 10000);
		cr_expect_eq(judged(early, "2026-06-30").legal.interest, 10000);
		cr_expect_eq(judged(late, "2026-06-30").legal.interest, 0, "as the figures say");
	}
}

/* The explanation ------------------------------------------------------------------------------ */

Test(arrears_legal, the_explanation_names_the_articles_and_what_went_where)
{
	struct facts_index *index;
	struct unit_tree *units;
	struct arrears_question question;
	struct err err = ERR_INIT;
	struct json_out out;
	struct buf buf;
	const char *text;

	one_debt();
	note("A", 20000, NUMBER_NONE);
	small_payment(facts, "V1", "A", day("2026-07-09"), 100000);
	index = facts_index_new(facts);
	units = unit_tree_new(facts);
	question = (struct arrears_question){ &csv->law, index, units, day("2026-07-09"),
		day("2026-07-09"), true };
	buf_init(&buf, 1 << 16);
	json_out_init(&out, &buf, NULL, NULL);
	cr_assert_eq(
		evidence_explain_obligation(&question, NULL, "A", &out, &err), 0, "%s", err.text);
	text = buf.data;
	cr_expect_not_null(strstr(text, "民法典第五百六十条"));
	cr_expect_not_null(strstr(text, "第五百六十一条"));
	cr_expect_not_null(strstr(text, "\"order\":\"costs-interest-principal\""), "%s", text);
	cr_expect_not_null(strstr(text, "\"costs_fen\":20000,\"interest_fen\":50000,\"amount_fen\":"
					"30000"),
		"%s", text);
	buf_free(&buf);
	unit_tree_free(units);
	facts_index_free(index);
}

/* Generated histories -------------------------------------------------------------------------- */

enum { HISTORIES = 200 };

static fen_t paid_in(const struct small_states *states)
{
	fen_t sum = states->unallocated;

	for (size_t i = 0; i < states->count; i++)
		sum += states->items[i].paid + states->items[i].costs_paid +
		       states->items[i].interest_paid;
	return sum;
}

Test(arrears_legal, no_fen_is_lost_and_no_principal_is_cleared_sooner_than_by_the_default)
{
	struct history_options options = { .disputes = true,
		.amendments = true,
		.caps = true,
		.reversals = true,
		.payments = true,
		.clocks_until = day("2026-12-31") };
	size_t with_interest = 0;

	for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
		struct facts *made = history_new(seed, &options);
		struct small_states legal, plain;
		fen_t open_legal = 0, open_plain = 0;

		small_judge_legal(&csv->law, made, day("2026-12-31"), &legal);
		small_judge(&csv->law, made, day("2026-12-31"), day("2026-12-31"), &plain);
		cr_assert_eq(paid_in(&legal), paid_in(&plain), "seed %" PRIu64, seed);
		cr_assert_eq(legal.count, plain.count);
		for (size_t i = 0; i < legal.count; i++) {
			const struct obligation_state *state = &legal.items[i];

			cr_assert_eq(state->outstanding,
				(state->amount > 0 ? state->amount : 0) - state->given_up -
					state->paid,
				"seed %" PRIu64, seed);
			cr_assert_geq(state->interest_paid, 0, "seed %" PRIu64, seed);
			with_interest += state->interest_paid > 0;
			open_legal += state->outstanding;
			open_plain += plain.items[i].outstanding;
		}
		cr_assert_geq(open_legal, open_plain, "seed %" PRIu64, seed);
		small_states_free(&legal);
		small_states_free(&plain);
		facts_free(made);
	}
	cr_assert_gt(with_interest, 50, "the histories hold late payments");
}
