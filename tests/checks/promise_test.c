/* Repayment plans: what was promised of a debt, shown beside it and changing nothing of it. */
#include "checks/promise.h"

#include <criterion/criterion.h>
#include <string.h>

#include "lib/small_facts.h"

static struct facts *facts;

static day_t day(const char *text)
{
	return text_day(text, strlen(text));
}

static struct plan_fact *plan_of(
	const char *debt, const char *number, const char *agreed, const char *due, fen_t amount)
{
	struct plan_fact *plan = facts_add_plan(facts);

	plan->obligation_no = debt;
	plan->plan_id = number;
	plan->agreed_on = *agreed ? day(agreed) : DAY_NONE;
	plan->due_on = day(due);
	plan->amount_fen = amount;
	return plan;
}

static void set_up(void)
{
	facts = facts_new();
	plan_of("A", "P0", "", "2026-05-31", 700);
	plan_of("B", "P1", "2026-03-01", "2026-06-30", 40000)->fund_source = "年初预算";
	plan_of("B", "P1", "2026-03-01", "2026-09-30", 60000)->fund_source = "专项债";
	plan_of("B", "P2", "2026-07-01", "2026-12-31", 60000)->final_on = day("2027-01-31");
	plan_of("D", "P4", "2026-03-01", "2026-06-30", 1);
}

static void tear_down(void)
{
	facts_free(facts);
}

TestSuite(promise, .init = set_up, .fini = tear_down);

Test(promise, of_several_plans_the_one_agreed_last_counts_once_it_is_known)
{
	struct promise promise = promise_of(facts, "B", day("2026-06-30"));

	cr_expect_str_eq(promise.plan_id, "P1");
	cr_expect_eq(promise.until, day("2026-09-30"));
	cr_expect_eq(promise.amount, 100000);
	cr_expect_str_eq(promise.fund_source, "年初预算", "of the next instalment");
	cr_expect_str_eq(promise_of(facts, "B", day("2026-06-30") - 100).fund_source, "年初预算");
	promise = promise_of(facts, "B", day("2026-07-01"));
	cr_expect_str_eq(promise.plan_id, "P2");
	cr_expect_eq(promise.until, day("2027-01-31"), "its final day");
	cr_expect_eq(promise.amount, 60000);
}

Test(promise, the_funds_are_those_of_the_next_instalment)
{
	facts->plans.count = 3;
	cr_expect_str_eq(promise_of(facts, "B", day("2026-07-01")).fund_source, "专项债");
	cr_expect_str_eq(
		promise_of(facts, "B", day("2026-12-01")).fund_source, "专项债", "the last");
}

Test(promise, a_debt_without_a_plan_or_with_one_agreed_later_has_none)
{
	cr_expect_null(promise_of(facts, "C", day("2026-06-30")).plan_id);
	cr_expect_eq(promise_of(facts, "C", day("2026-06-30")).until, DAY_NONE);
	cr_expect_null(promise_of(facts, "B", day("2026-02-28")).plan_id);
	cr_expect_str_eq(promise_of(facts, "A", day("2026-01-01")).plan_id, "P0",
		"without a day of agreement it is known");
	cr_expect_str_eq(promise_of(facts, "D", day("2026-06-30")).plan_id, "P4");
}
