#include "checks/due.h"

#include "checks/words.h"
#include "lib/golden.h"
#include "lib/small_facts.h"

#include <criterion/criterion.h>
#include <string.h>

static struct facts *facts_of_case(const struct golden *golden, size_t i)
{
	struct facts *facts = small_facts(words_debtor_kind(golden_cell(golden, i, "debtor_kind")));
	struct contract_fact *contract = small_contract(facts, "C");
	struct obligation_fact *obligation = small_debt(facts, "O", "C", 100, DAY_NONE);

	contract->signed_on = cell_day(golden, i, "signed_on");
	contract->clock_basis = words_clock_basis(golden_cell(golden, i, "clock_basis"));
	contract->inspection_days = cell_int(golden, i, "inspection_days");
	contract->agreed_term = cell_int(golden, i, "agreed_term");
	contract->term_unit = words_term_unit(golden_cell(golden, i, "term_unit"));
	obligation->kind = words_obligation_kind(golden_cell(golden, i, "obligation_kind"));
	obligation->delivered_on = cell_day(golden, i, "delivered_on");
	obligation->accepted_on = cell_day(golden, i, "accepted_on");
	obligation->settled_on = cell_day(golden, i, "settled_on");
	obligation->contract_due_on = cell_day(golden, i, "contract_due_on");
	return facts;
}

static void compare(const struct golden *golden, size_t i, const struct obligation_state *state)
{
	const char *id = golden_cell(golden, i, "case_id");

	cr_expect_eq(state->due.start, cell_day(golden, i, "expected_start"), "%s start", id);
	cr_expect_eq(
		state->due.nominal, cell_day(golden, i, "expected_nominal_due"), "%s nominal", id);
	cr_expect_eq(state->due.rolled, cell_day(golden, i, "expected_due"), "%s due", id);
	cr_expect_str_eq(due_source_name(state->due.source),
		golden_cell(golden, i, "expected_source"), "%s source", id);
	cr_expect_str_eq(obligation_status_name(state->status),
		golden_cell(golden, i, "expected_status"), "%s status", id);
	cr_expect_eq(
		state->overdue_days, cell_int(golden, i, "expected_overdue_days"), "%s days", id);
}

Test(due, every_golden_row)
{
	struct golden *golden = golden_open("due_date.csv");

	cr_assert_gt(golden_rows(golden), 60);
	for (size_t i = 0; i < golden_rows(golden); i++) {
		struct law_csv *csv = law_csv_read();
		struct facts *facts = facts_of_case(golden, i);
		day_t as_of = cell_day(golden, i, "as_of");
		struct small_states states;

		if (strcmp(golden_cell(golden, i, "roll"), "off") == 0)
			law_csv_no_roll(csv);
		small_judge(&csv->law, facts, as_of, as_of, &states);
		cr_assert_eq(states.count, 1);
		compare(golden, i, &states.items[0]);
		small_states_free(&states);
		facts_free(facts);
		law_csv_free(csv);
	}
	golden_free(golden);
}

Test(due, an_absurd_term_does_not_leave_the_range_of_days)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = small_facts(DEBTOR_SOE);
	struct contract_fact *contract = small_contract(facts, "C");
	struct obligation_fact *obligation = small_debt(facts, "O", "C", 100, DAY_NONE);
	struct small_states states;
	day_t as_of = text_day("2026-11-24", 10);

	contract->agreed_term = INT64_MAX;
	obligation->kind = KIND_DELIVERY;
	obligation->delivered_on = text_day("2026-03-02", 10);
	small_judge(&csv->law, facts, as_of, as_of, &states);
	cr_expect_gt(states.items[0].due.nominal, as_of);
	cr_expect_eq(states.items[0].status, STATUS_NOT_DUE);
	cr_expect(states.items[0].flags & FLAG_CALENDAR_MISSING);
	small_states_free(&states);
	facts_free(facts);
	law_csv_free(csv);
}
