#include "checks/promise.h"

#include <string.h>

#include "checks/sums.h"

static bool is_known(const struct plan_fact *plan, day_t as_of)
{
	return plan->agreed_on == DAY_NONE || plan->agreed_on <= as_of;
}

static day_t later(day_t a, day_t b)
{
	return a == DAY_NONE || (b != DAY_NONE && b > a) ? b : a;
}

/* Rows come by the day of agreement: a plan that begins after another one takes its place. */
struct promise promise_of(const struct facts *facts, const char *obligation_no, day_t as_of)
{
	struct promise promise = { .until = DAY_NONE, .fund_source = "" };
	bool has_next = false;
	size_t count;
	const struct plan_fact *plans = facts_plans(facts, obligation_no, &count);

	for (size_t i = 0; i < count; i++) {
		const struct plan_fact *plan = &plans[i];

		if (!is_known(plan, as_of))
			continue;
		if (!promise.plan_id || strcmp(plan->plan_id, promise.plan_id) != 0) {
			promise = (struct promise){
				.plan_id = plan->plan_id, .until = DAY_NONE, .fund_source = ""
			};
			has_next = false;
		}
		promise.until = later(promise.until, later(plan->due_on, plan->final_on));
		sum_add(&promise.amount, plan->amount_fen);
		if (!has_next)
			promise.fund_source = plan->fund_source;
		has_next = has_next || plan->due_on >= as_of;
	}
	return promise;
}
