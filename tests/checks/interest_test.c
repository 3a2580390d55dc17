#include "checks/interest.h"

#include "core/mem.h"
#include "lib/golden.h"
#include "lib/small_facts.h"

#include <criterion/criterion.h>
#include <string.h>

struct owing {
	fen_t outstanding;
	wide_t product;
};

/* The day-product by the definition: what each payment clears was open until its day, the rest until as_of. */
static struct owing owing_of_case(const struct golden *golden, size_t i)
{
	day_t due = cell_day(golden, i, "due"), as_of = cell_day(golden, i, "as_of");
	_cleanup_free_ char *payments = mem_text(golden_cell(golden, i, "payments"));
	char *rest = *payments ? payments : NULL, *piece;
	struct owing owing = { cell_yuan(golden, i, "principal_yuan"), 0 };

	while ((piece = next_piece(&rest, ';'))) {
		day_t day = text_day(piece, 10);
		fen_t amount = text_yuan(piece + 11, strlen(piece + 11));

		if (day > as_of)
			continue;
		owing.outstanding -= amount;
		if (day > due)
			owing.product += (wide_t)amount * (day - due);
	}
	if (as_of > due)
		owing.product += (wide_t)owing.outstanding * (as_of - due);
	return owing;
}

static struct contract_fact contract_of_case(const struct golden *golden, size_t i)
{
	return (struct contract_fact){ .signed_on = cell_day(golden, i, "signed_on"),
		.late_rate_ppm = cell_percent(golden, i, "late_rate_percent_per_year"),
		.day_base = cell_int(golden, i, "day_base"),
		.late_cap_ppm = cell_percent(golden, i, "late_cap_percent"),
		.amount_fen = cell_yuan(golden, i, "contract_amount_yuan"),
		.payment_clause = "" };
}

static void compare(const struct law *law, const struct golden *golden, size_t i)
{
	const char *id = golden_cell(golden, i, "case_id");
	struct contract_fact contract = contract_of_case(golden, i);
	struct late_rate rate = late_rate_of(law, &contract);
	struct owing owing = owing_of_case(golden, i);
	fen_t interest = interest_at(&rate, owing.product);
	fen_t limit = interest_cap(&contract, &rate, contract.amount_fen);
	bool capped = limit != NUMBER_NONE && interest > limit;
	fen_t alternative = rate.basis == RATE_FLOOR ? interest_statutory(&rate, owing.product) : 0;

	cr_expect_str_eq(rate_basis_name(rate.basis), golden_cell(golden, i, "expected_rate_basis"),
		"%s basis", id);
	cr_expect_eq(rate.lpr_ppm, cell_int(golden, i, "expected_lpr_hundredths_percent") * 100,
		"%s lpr", id);
	cr_expect_eq(owing.outstanding, cell_int(golden, i, "expected_outstanding_fen"),
		"%s outstanding", id);
	cr_expect_eq(capped ? limit : interest, cell_int(golden, i, "expected_interest_fen"),
		"%s interest", id);
	cr_expect_eq(alternative, cell_int(golden, i, "expected_alternative_fen"), "%s other", id);
	cr_expect_eq(capped, cell_int(golden, i, "expected_cap_applied") == 1, "%s cap", id);
}

Test(interest, every_golden_row)
{
	struct law_csv *csv = law_csv_read();
	struct golden *golden = golden_open("interest.csv");

	cr_assert_gt(golden_rows(golden), 45);
	for (size_t i = 0; i < golden_rows(golden); i++)
		compare(&csv->law, golden, i);
	golden_free(golden);
	law_csv_free(csv);
}

Test(interest, an_agreed_rate_without_a_known_lpr_gives_no_figure)
{
	struct law_csv *csv = law_csv_read();
	struct contract_fact contract = { .signed_on = text_day("2019-01-02", 10),
		.late_rate_ppm = 60000,
		.late_cap_ppm = NUMBER_NONE,
		.day_base = NUMBER_NONE,
		.payment_clause = "" };
	struct late_rate rate = late_rate_of(&csv->law, &contract);

	cr_expect_eq(rate.basis, RATE_LPR_MISSING);
	cr_expect_eq(interest_at(&rate, 1000000), 0);
	law_csv_free(csv);
}

/* 10,000 yuan for 100 days: 500.00 at 0.05 % a day, 82.19 at 3 % a year. */
Test(interest, under_a_pay_when_paid_clause_the_lpr_stands_beside_the_statutory_rate)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = small_facts(DEBTOR_LARGE_ENTERPRISE);
	struct contract_fact *contract = small_contract(facts, "C");
	struct small_states states;

	contract->payment_clause = "收到业主款项后15日内支付";
	small_debt(facts, "O", "C", 1000000, text_day("2026-03-31", 10));
	small_judge(
		&csv->law, facts, text_day("2026-07-09", 10), text_day("2026-07-09", 10), &states);
	cr_assert_eq(states.items[0].rate.lpr_ppm, 30000);
	cr_expect_eq(states.items[0].interest, 50000, "the regulation's rate is the figure");
	cr_expect_eq(states.items[0].interest_alt, 8219, "the courts' one stands beside it");
	small_states_free(&states);
	contract->payment_clause = "验收合格后15日内支付";
	small_judge(
		&csv->law, facts, text_day("2026-07-09", 10), text_day("2026-07-09", 10), &states);
	cr_expect_eq(states.items[0].interest_alt, 0, "nothing is open there");
	small_states_free(&states);
	contract->payment_clause = "收到业主款项后15日内支付";
	contract->late_rate_ppm = 60000;
	small_judge(
		&csv->law, facts, text_day("2026-07-09", 10), text_day("2026-07-09", 10), &states);
	cr_expect_eq(states.items[0].interest_alt, 0, "a valid rate was agreed");
	small_states_free(&states);
	facts_free(facts);
	law_csv_free(csv);
}

/* 0.1 % a day on 10,000 yuan: 10 yuan a day. Due on 31 March, disputed on 20 April, settled 50 days after the due day. */
Test(interest, beside_a_dispute_it_runs_to_the_settlement_and_no_further_than_the_cap)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = small_facts(DEBTOR_ORGAN);
	struct contract_fact *contract = small_contract(facts, "C");
	struct obligation_fact *debt =
		small_debt(facts, "O", "C", 1000000, text_day("2026-03-31", 10));
	static const struct {
		const char *as_of;
		int64_t cap_ppm;
		fen_t own, beside;
	} cases[] = {
		{ "2026-05-10", NUMBER_NONE, 0, 40000 },
		{ "2026-05-20", NUMBER_NONE, 0, 50000 },
		{ "2026-06-09", NUMBER_NONE, 20000, 50000 }, /* its own clock ran 20 days */
		{ "2026-05-10", 30000, 0, 30000 },
		{ "2026-06-09", 60000, 20000, 40000 }, /* both together no more than 600 yuan */
		{ "2026-07-09", 15000, 15000, 0 },
	};

	law_csv_no_roll(csv);
	contract->late_rate_ppm = 365000;
	contract->amount_fen = 1000000;
	debt->disputed_fen = 1000000;
	debt->dispute_opened_on = text_day("2026-04-20", 10);
	debt->dispute_settled_on = text_day("2026-05-20", 10);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		day_t day = text_day(cases[i].as_of, 10);
		struct small_states states;

		contract->late_cap_ppm = cases[i].cap_ppm;
		small_judge(&csv->law, facts, day, day, &states);
		cr_expect(states.items[0].hints & HINT_LATE_DISPUTE);
		cr_expect_eq(states.items[0].interest, cases[i].own, "case %zu", i);
		cr_expect_eq(
			arrears_interest_beside(&states.items[0]), cases[i].beside, "case %zu", i);
		small_states_free(&states);
	}
	facts_free(facts);
	law_csv_free(csv);
}

Test(interest, beyond_the_range_of_amounts_it_stays_at_the_largest)
{
	struct late_rate rate = { RATE_STATUTORY, ALTERNATIVE_NONE, 182500, 500, -1, 365 };

	cr_expect_eq(interest_at(&rate, (wide_t)MONEY_FEN_MAX * 100000), MONEY_FEN_MAX);
}

/* The accrual of a stored state on later days against a new judgement of each day, over the whole corner district. */
static void compare_later(const struct law *law, const struct facts *facts,
	const struct small_states *old, day_t as_of, day_t later)
{
	struct small_states new;

	small_judge(law, facts, later, later, &new);
	for (size_t i = 0; i < old->count; i++) {
		const struct obligation_state *state = &old->items[i], *other;
		const char *number = facts->obligations.items[state->obligation].obligation_no;

		if (state->next_change_on != DAY_NONE && state->next_change_on <= later)
			continue;
		other = small_state(facts, &new, number);
		cr_expect_eq(
			arrears_interest_on(state, as_of, later), other->interest, "%s", number);
		cr_expect_eq(state->status, other->status, "%s", number);
		cr_expect_eq(state->overdue, other->overdue, "%s", number);
		cr_expect_eq(state->overdue_since, other->overdue_since, "%s", number);
		cr_expect_eq(state->outstanding, other->outstanding, "%s", number);
		cr_expect_eq(state->flags & ~(unsigned)FLAG_CAP_APPLIED,
			other->flags & ~(unsigned)FLAG_CAP_APPLIED, "%s", number);
	}
	small_states_free(&new);
}

Test(interest, a_stored_state_gives_later_days_exactly_until_its_next_change)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = facts_csv_read("corner");
	static const int ahead[] = { 1, 2, 3, 7, 20, 60 };
	day_t first = text_day("2025-12-20", 10), last = text_day("2027-01-20", 10);

	for (day_t as_of = first; as_of <= last; as_of += 3) {
		struct small_states states;

		small_judge(&csv->law, facts, as_of, as_of, &states);
		for (size_t i = 0; i < sizeof(ahead) / sizeof(ahead[0]); i++)
			compare_later(&csv->law, facts, &states, as_of, as_of + ahead[i]);
		small_states_free(&states);
	}
	facts_free(facts);
	law_csv_free(csv);
}
