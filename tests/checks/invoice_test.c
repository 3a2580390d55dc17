/* Late invoices: from the due day until the same term counted from the invoice has passed, what is overdue is contested. */
#include "checks/invoice.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#include "checks/evidence.h"
#include "checks/review.h"
#include "lib/days.h"
#include "lib/district.h"
#include "lib/district_rig.h"
#include "lib/evaluate.h"
#include "lib/small_facts.h"

static struct law_csv *csv;
static struct facts *facts;
static struct contract_fact *contract;
static struct obligation_fact *debt;

/* Delivered on Monday 2 March 2026, ten working days: due on 16 March. An invoice of 20 March: 3 April, the day before
 * three days of holiday. */
static void set_up(void)
{
	csv = law_csv_read();
	facts = small_facts(DEBTOR_ORGAN);
	contract = small_contract(facts, "C");
	contract->agreed_term = 10;
	contract->term_unit = TERM_WORKDAY;
	contract->payment_clause = "收到发票后10个工作日内支付";
	debt = small_debt(facts, "O", "C", 100000, DAY_NONE);
	debt->kind = KIND_DELIVERY;
	debt->delivered_on = day("2026-03-02");
	debt->invoice_on = day("2026-03-20");
}

static void tear_down(void)
{
	facts_free(facts);
	law_csv_free(csv);
}

TestSuite(invoice, .init = set_up, .fini = tear_down);

static struct obligation_state judged(const char *as_of)
{
	struct small_states states;
	struct obligation_state ret;

	small_judge(&csv->law, facts, day(as_of), day(as_of), &states);
	ret = states.items[0];
	small_states_free(&states);
	return ret;
}

static bool contested(const char *as_of)
{
	struct obligation_state state = judged(as_of);

	cr_assert_eq((state.hints & HINT_CONTESTED) != 0,
		standing_of(&state, REVIEW_NONE) == STANDING_CONTESTED, "%s", as_of);
	return state.hints & HINT_CONTESTED;
}

Test(invoice, a_clause_that_says_payment_does_not_hang_on_an_invoice_contests_nothing)
{
	static const char *const free_of_it[] = { "验收后30日内支付，不以开具发票为付款前提",
		"无论是否开具发票均应按期付款", "发票不作为付款条件", "无须先行开具发票",
		"甲方不得以未收到发票为由拒付", "付款后开具发票" };
	static const char *const hanging[] = { "凭发票支付，不得以审计为由拖延", "须先开具等额发票",
		"未收到发票不予付款" };

	debt->invoice_on = DAY_NONE;
	for (size_t i = 0; i < sizeof(free_of_it) / sizeof(*free_of_it); i++) {
		contract->payment_clause = free_of_it[i];
		cr_expect_not(contested("2026-03-17"), "%s", free_of_it[i]);
	}
	for (size_t i = 0; i < sizeof(hanging) / sizeof(*hanging); i++) {
		contract->payment_clause = hanging[i];
		cr_expect(contested("2026-03-17"), "%s", hanging[i]);
	}
}

Test(invoice, a_late_invoice_contests_from_the_due_day_until_its_own_term_has_passed)
{
	cr_assert_eq(judged("2026-03-16").due.rolled, day("2026-03-16"));
	cr_expect_not(contested("2026-03-16"), "nothing is overdue yet");
	cr_expect(contested("2026-03-17"), "overdue, no invoice yet");
	cr_expect(contested("2026-03-20"));
	cr_expect(contested("2026-04-03"), "the last day of the term counted from the invoice");
	cr_expect_not(contested("2026-04-04"));
	cr_expect_eq(judged("2026-04-03").next_change_on, day("2026-04-04"));
}

Test(invoice, the_clock_and_the_figures_do_not_move)
{
	struct obligation_state with = judged("2026-03-31"), without;

	contract->payment_clause = "验收合格后支付";
	without = judged("2026-03-31");
	cr_expect_eq(with.status, STATUS_OVERDUE);
	cr_expect_eq(with.due.rolled, without.due.rolled);
	cr_expect_eq(with.overdue, without.overdue);
	cr_expect_eq(with.interest, without.interest);
	cr_expect_not(contested("2026-03-31"), "no clause demands an invoice");
}

Test(invoice, a_person_decides_over_it)
{
	struct obligation_state state = judged("2026-03-31");

	cr_expect_eq(standing_of(&state, REVIEW_VERIFIED), STANDING_VERIFIED);
	cr_expect_eq(standing_of(&state, REVIEW_REFUTED), STANDING_REFUTED);
	cr_expect_eq(standing_of(&state, REVIEW_NOT_PAID), STANDING_CONTESTED,
		"the payment was for something else, the invoice is still late");
	state.hints |= HINT_MAYBE_PAID;
	cr_expect_eq(standing_of(&state, REVIEW_NONE), STANDING_MAYBE_PAID, "looked at first");
}

Test(invoice, an_invoice_by_the_start_of_the_clock_is_not_late)
{
	debt->invoice_on = debt->delivered_on;
	cr_expect_not(contested("2026-03-17"));
	debt->invoice_on = day("2026-03-03");
	cr_expect(contested("2026-03-17"), "a day late, a working day more");
	cr_expect_not(contested("2026-03-18"));
}

Test(invoice, without_an_invoice_it_stays_contested_unless_invoices_are_not_kept)
{
	debt->invoice_on = DAY_NONE;
	cr_expect(contested("2026-11-20"));
	csv->parameters.of[PARAM_P5_INVOICE_MISSING].periods[0].value = 0;
	cr_expect_not(contested("2026-11-20"));
	debt->invoice_on = day("2026-03-20");
	cr_expect_not(contested("2026-03-17"), "not known yet");
	cr_expect(contested("2026-03-20"), "known to be late");
	cr_expect_eq(judged("2026-03-17").next_change_on, day("2026-03-20"));
}

Test(invoice, a_term_beyond_the_cap_is_cut_to_it_for_the_invoice_too)
{
	contract->agreed_term = 90;
	contract->term_unit = TERM_DAY;
	/* Sixty days from 2 March: Friday 1 May, a holiday until 5 May; from 20 March: 19 May. */
	cr_expect_eq(judged("2026-05-07").due.source, DUE_CAP_60);
	cr_expect(contested("2026-05-19"));
	cr_expect_not(contested("2026-05-20"));
}

Test(invoice, what_goes_by_a_date_of_its_own_waits_for_the_invoice_alone)
{
	debt->kind = KIND_RETENTION;
	debt->contract_due_on = day("2026-03-16");
	cr_expect(contested("2026-03-17"));
	cr_expect(contested("2026-03-20"));
	cr_expect_not(contested("2026-03-21"));
}

Test(invoice, a_term_that_ends_in_a_year_without_calendar_is_no_objection)
{
	struct invoice_answer answer;

	debt->invoice_on = day("2026-12-25");
	answer = invoice_judge(&csv->law, &(struct due_question){ contract, debt, DEBTOR_ORGAN,
						  false, day("2026-12-31"), NULL });
	cr_expect(answer.demanded);
	cr_expect_eq(answer.until, DAY_NONE, "ten working days reach into 2027");
	cr_expect_not(answer.objection);
}

Test(invoice, explain_shows_the_clause_the_invoice_and_both_days)
{
	struct err err = ERR_INIT;
	struct buf text;
	struct json_out out;
	struct facts_index *index = facts_index_new(facts);
	struct unit_tree *units = unit_tree_new(facts);

	buf_init(&text, 65536);
	json_out_init(&out, &text, NULL, NULL);
	cr_assert_eq(evidence_explain_obligation(&(struct arrears_question){ .law = &csv->law,
							 .index = index,
							 .units = units,
							 .as_of = day("2026-03-31"),
							 .reversals_known_on = day("2026-03-31") },
			     NULL, "O", &out, &err),
		0);
	cr_assert_eq(json_finish(&out), 0);
	cr_expect_not_null(strstr(text.data,
		"\"payment_clause\":\"收到发票后10个工作日内支付\",\"invoice_on\":"
		"\"2026-03-20\",\"due_counted_from_invoice\":\"2026-04-03\",\"result\":true"));
	cr_expect_not_null(strstr(text.data, "\"contested\""), "beside the flags");
	buf_free(&text);
	unit_tree_free(units);
	facts_index_free(index);
}

/* In the ledger -------------------------------------------------------------------------------- */

TestSuite(invoice_ledger, .init = district_rig_corner_judged, .fini = district_rig_tear_down,
	.timeout = 120);

Test(invoice_ledger, the_view_of_standings_says_what_the_rule_says_day_by_day)
{
	static const char standing[] = "SELECT standing FROM v_obligation_standing WHERE "
				       "obligation_no = 'G19-001-01'";

	cr_assert_str_eq(pg_text(district.db, standing), "suspected");
	district_batch(district.db);
	pg_exec(district.db,
		"UPDATE contract SET batch_id = (SELECT max(batch_id) FROM batch), "
		"payment_clause = '验收合格并收到发票后15日内' WHERE contract_no IN (SELECT "
		"contract_no FROM obligation WHERE obligation_no = 'G19-001-01')");
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_assert_str_eq(pg_text(district.db, standing), "contested", "no invoice is on record");
	cr_assert_eq(
		pg_int(district.db, "SELECT count(*) FROM finding WHERE subject = 'G19-001-01' AND "
				    "code = 'arrears-overdue' AND state = 'open'"),
		1, "the unit is asked to verify all the same");
	district_batch(district.db);
	pg_exec(district.db, "UPDATE obligation SET batch_id = (SELECT max(batch_id) FROM batch), "
			     "invoice_on = '2026-01-05' WHERE obligation_no = 'G19-001-01'");
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_assert_str_eq(pg_text(district.db, standing), "suspected", "its term has long passed");
}
