/* What must hold of any ledger, tried on generated ones. A failure names the seed, which makes the same history again. */
#include "checks/ageing.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>

#include "lib/history.h"
#include "lib/small_facts.h"

enum { HISTORIES = 400 };

static struct law_csv *csv;
static day_t first, last;

static void set_up(void)
{
	csv = law_csv_read();
	first = text_day("2025-06-30", 10);
	last = text_day("2026-12-31", 10);
}

static void tear_down(void)
{
	law_csv_free(csv);
}

TestSuite(arrears_property, .init = set_up, .fini = tear_down, .timeout = 120);

static const struct history_options *everything(void)
{
	static struct history_options options = { .disputes = true,
		.amendments = true,
		.caps = true,
		.reversals = true,
		.payments = true };

	options.clocks_until = last;
	return &options;
}

static void judge(const struct facts *facts, day_t as_of, struct small_states *states)
{
	small_judge(&csv->law, facts, as_of, as_of, states);
}

static const char *number_of(const struct facts *facts, const struct obligation_state *state)
{
	return facts->obligations.items[state->obligation].obligation_no;
}

/* Everything a reader can see of a debt on the day. */
static bool same_figures(const struct obligation_state *a, const struct obligation_state *b)
{
	return a->coverage == b->coverage && a->status == b->status && a->paid == b->paid &&
	       a->outstanding == b->outstanding && a->undisputed == b->undisputed &&
	       a->disputed == b->disputed && a->overdue == b->overdue &&
	       a->overdue_days == b->overdue_days && a->overdue_since == b->overdue_since &&
	       a->due.start == b->due.start && a->due.nominal == b->due.nominal &&
	       a->due.rolled == b->due.rolled && a->due.source == b->due.source &&
	       a->interest == b->interest && a->interest_alt == b->interest_alt &&
	       a->paid_late == b->paid_late && a->flags == b->flags;
}

static void expect_same(uint64_t seed, const struct facts *facts, const struct small_states *states,
	const struct facts *others_facts, const struct small_states *others)
{
	cr_assert_eq(states->count, others->count, "seed %" PRIu64, seed);
	cr_assert_eq(states->unallocated, others->unallocated, "seed %" PRIu64, seed);
	for (size_t i = 0; i < states->count; i++) {
		const char *number = number_of(facts, &states->items[i]);

		cr_assert(
			same_figures(&states->items[i], small_state(others_facts, others, number)),
			"seed %" PRIu64 " %s", seed, number);
	}
}

/* Ageing -------------------------------------------------------------------------------------- */

static void expect_balanced(uint64_t seed, const struct facts *facts,
	const struct small_states *states, enum ageing_by by)
{
	struct ageing_table table;
	fen_t balance = 0;
	int64_t parts = 0;

	ageing_table_init(&table, facts, by, first);
	for (size_t i = 0; i < states->count; i++) {
		balance +=
			states->items[i].amount - states->items[i].given_up - states->items[i].paid;
		ageing_table_add(&table, &states->items[i]);
	}
	ageing_table_finish(&table);
	cr_assert(ageing_balanced(&table.total), "seed %" PRIu64, seed);
	cr_assert_eq(table.total.balance, balance, "seed %" PRIu64, seed);
	for (size_t i = 0; i < table.count; i++) {
		cr_assert(ageing_balanced(&table.groups[i].row), "seed %" PRIu64 " %s", seed,
			table.groups[i].key);
		balance -= table.groups[i].row.balance;
		parts += table.groups[i].row.parts_total;
	}
	cr_assert_eq(balance, 0, "seed %" PRIu64 ": rows do not sum to the total", seed);
	cr_assert_eq(parts, table.total.parts_total, "seed %" PRIu64, seed);
	ageing_table_free(&table);
}

Test(arrears_property, ageing_columns_of_every_table_sum_to_the_balance)
{
	int64_t filled[AGEING_COLUMNS] = { 0 };

	for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
		struct facts *facts = history_new(seed, everything());
		struct small_states states;
		struct ageing_row row = { 0 };

		judge(facts, first + (day_t)(seed % 540), &states);
		for (int by = 0; by < AGEING_BY_COUNT; by++)
			expect_balanced(seed, facts, &states, (enum ageing_by)by);
		for (size_t i = 0; i < states.count; i++)
			ageing_add(&row, &states.items[i]);
		for (int i = 0; i < AGEING_COLUMNS; i++)
			filled[i] += row.parts[i];
		small_states_free(&states);
		facts_free(facts);
	}
	/* The histories reach every column, or the sums would prove little. */
	for (int i = 0; i < AGEING_COLUMNS; i++)
		cr_expect_gt(filled[i], 0, "%s", ageing_column_name(i));
}

/* Disputes ------------------------------------------------------------------------------------ */

/* Records of the debt that are open on the day, and whether the rest of the debt can be paid apart from all of them. */
static fen_t open_records(
	const struct facts *facts, const char *number, day_t day, bool *ret_separable)
{
	fen_t sum = 0;

	*ret_separable = true;
	for (size_t i = 0; i < facts->disputes.count; i++) {
		const struct dispute_fact *dispute = &facts->disputes.items[i];

		if (strcmp(dispute->obligation_no, number) != 0 || dispute->opened_on > day ||
			(dispute->settled_on != DAY_NONE && dispute->settled_on <= day))
			continue;
		sum += dispute->amount_fen;
		*ret_separable = *ret_separable && dispute->separable != TRI_NO;
	}
	return sum;
}

static void expect_split(uint64_t seed, const struct facts *facts,
	const struct obligation_state *state, day_t day, int *several)
{
	fen_t parts = 0, open = 0, records;
	const char *number = number_of(facts, state);
	bool separable;

	for (size_t i = 0; i < state->part_count; i++) {
		parts += state_part(state, i)->amount;
		open += state_part(state, i)->open;
	}
	cr_assert_eq(parts + state->given_up, state->amount, "seed %" PRIu64 " %s", seed, number);
	cr_assert_eq(open, state->outstanding, "seed %" PRIu64 " %s", seed, number);
	cr_assert_eq(state->amount - state->given_up - state->paid, state->outstanding);
	cr_assert_eq(state->undisputed + state->disputed, state->outstanding);
	cr_assert_leq(state->overdue, state->undisputed);
	records = open_records(facts, number, day, &separable);
	if (records > state->outstanding)
		records = state->outstanding;
	if (facts->obligations.items[state->obligation].disputed_fen == NUMBER_NONE && separable)
		cr_assert_eq(state->disputed, records, "seed %" PRIu64 " %s", seed, number);
	else
		cr_assert_geq(state->disputed, records, "seed %" PRIu64 " %s", seed, number);
	*several += state->part_count > 2 && state->paid > 0 && state->outstanding > 0;
}

/* The records without those of disputes that open later. */
static void forget_later(struct facts *facts, day_t day)
{
	size_t kept = 0;

	for (size_t i = 0; i < facts->disputes.count; i++)
		if (facts->disputes.items[i].opened_on <= day)
			facts->disputes.items[kept++] = facts->disputes.items[i];
	facts->disputes.count = kept;
}

Test(arrears_property, every_dispute_known_on_the_day_counts_and_no_other)
{
	int several = 0, forgotten = 0;

	for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
		struct facts *facts = history_new(seed, everything());
		day_t day = first + (day_t)(seed % 540);
		struct small_states states, without;
		size_t records = facts->disputes.count;

		judge(facts, day, &states);
		for (size_t i = 0; i < states.count; i++)
			expect_split(seed, facts, &states.items[i], day, &several);
		forget_later(facts, day);
		forgotten += facts->disputes.count < records;
		judge(facts, day, &without);
		for (size_t i = 0; i < states.count; i++) /* a flag looks at all days (G-42) */
			without.items[i].flags |=
				states.items[i].flags & FLAG_DISPUTED_EXCEEDS_AMOUNT;
		expect_same(seed, facts, &states, facts, &without);
		small_states_free(&states);
		small_states_free(&without);
		facts_free(facts);
	}
	cr_assert_gt(several, 20);
	cr_assert_gt(forgotten, 100);
}

/* Interest ------------------------------------------------------------------------------------ */

Test(arrears_property, interest_never_falls_as_the_day_advances)
{
	const struct history_options options = { .payments = true, .clocks_until = first };
	int rises = 0;

	for (uint64_t seed = 1; seed <= HISTORIES / 4; seed++) {
		struct facts *facts = history_new(seed, &options);
		struct small_states before, after;

		judge(facts, first, &before);
		for (day_t day = first + 1; day <= last; day += 1 + (day_t)(seed % 9)) {
			judge(facts, day, &after);
			cr_assert_eq(before.count, after.count);
			for (size_t i = 0; i < after.count; i++) {
				cr_assert_geq(after.items[i].interest, before.items[i].interest,
					"seed %" PRIu64 " %s on day %d", seed,
					number_of(facts, &after.items[i]), (int)day);
				rises += after.items[i].interest > before.items[i].interest;
			}
			small_states_free(&before);
			before = after;
		}
		small_states_free(&before);
		facts_free(facts);
	}
	cr_assert_gt(rises, 1000);
}

/* Paying -------------------------------------------------------------------------------------- */

/* A payment of the whole debt that names it. */
static void pay_whole(struct facts *facts, const struct obligation_state *state, day_t day)
{
	const struct contract_fact *contract = &facts->contracts.items[state->contract];
	struct payment_fact *payment =
		small_payment(facts, "WHOLE", number_of(facts, state), day, state->amount);

	payment->unit_code = contract->unit_code;
	payment->payee_uscc = contract->supplier_uscc;
}

/* Pays the debt so many days after its due day and looks at it on the last day. */
static struct obligation_state paid_after(
	struct facts *facts, const struct obligation_state *state, day_t days)
{
	struct small_states states;
	struct obligation_state ret;

	pay_whole(facts, state, state->due.rolled + days);
	judge(facts, last, &states);
	ret = *small_state(facts, &states, number_of(facts, state));
	small_states_free(&states);
	facts->payments.count--;
	return ret;
}

static bool payable(const struct obligation_state *state)
{
	return state->coverage != COVERAGE_NOT_COVERED && state->due.rolled != DAY_NONE &&
	       state->due.rolled < last && state->amount > 0;
}

Test(arrears_property, paying_on_the_due_day_is_on_time_and_a_day_later_is_late)
{
	const struct history_options options = { .clocks_until = last - 100 };
	int tried = 0;

	for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
		struct facts *facts = history_new(seed, &options);
		struct small_states states;

		judge(facts, last, &states);
		for (size_t i = 0; i < states.count; i++) {
			const struct obligation_state *state = &states.items[i];
			struct obligation_state on_time, late;

			if (!payable(state))
				continue;
			on_time = paid_after(facts, state, 0);
			late = paid_after(facts, state, 1);
			cr_assert_eq(on_time.status, STATUS_PAID, "seed %" PRIu64, seed);
			cr_assert_eq(on_time.interest, 0, "seed %" PRIu64, seed);
			cr_assert_eq(on_time.overdue, 0, "seed %" PRIu64, seed);
			cr_assert_eq(late.status, STATUS_PAID_LATE, "seed %" PRIu64, seed);
			tried++;
		}
		small_states_free(&states);
		facts_free(facts);
	}
	cr_assert_gt(tried, 500);
}

/* A payment somewhere in the history: naming a debt, a contract, or only the parties. */
static void pay_anything(struct facts *facts, uint64_t seed, day_t day, fen_t amount)
{
	const struct obligation_fact *debt =
		&facts->obligations.items[seed % facts->obligations.count];
	const struct contract_fact *contract = facts->contracts.items;
	struct payment_fact *payment;

	while (strcmp(contract->contract_no, debt->contract_no) != 0)
		contract++;
	payment =
		small_payment(facts, "PAID", seed % 3 == 0 ? debt->obligation_no : "", day, amount);
	payment->contract_no = seed % 3 == 1 ? contract->contract_no : "";
	payment->unit_code = contract->unit_code;
	payment->payee_uscc = contract->supplier_uscc;
}

Test(arrears_property, a_payment_and_its_full_reversal_leave_every_figure_as_before)
{
	int differed = 0;

	for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
		struct facts *facts = history_new(seed, everything());
		day_t paid = first + (day_t)(seed % 300), back = paid + (day_t)(seed % 40);
		struct small_states before, between, after;
		struct payment_fact *reversal;

		judge(facts, back, &before);
		pay_anything(facts, seed, paid, 1 + (fen_t)(seed * 7919 % 5000000));
		judge(facts, back, &between);
		reversal = small_payment(facts, "BACK", "", back,
			-facts->payments.items[facts->payments.count - 1].amount_fen);
		reversal->reverses_voucher_no = "PAID";
		judge(facts, back, &after);
		expect_same(seed, facts, &before, facts, &after);
		for (size_t i = 0; i < before.count; i++)
			differed += !same_figures(&before.items[i], &between.items[i]);
		small_states_free(&before);
		small_states_free(&between);
		small_states_free(&after);
		facts_free(facts);
	}
	cr_assert_gt(differed, 100);
}

/* Splits payment row k in two of the same day; the second follows the first at once in order of voucher. */
static void split_payment(struct facts *facts, size_t k)
{
	fen_t whole = facts->payments.items[k].amount_fen, head = whole / 3;
	struct payment_fact *added = facts_add_payment(facts);
	struct payment_fact *split = &facts->payments.items[k];
	char number[64];

	*added = *split;
	split->amount_fen = head;
	added->amount_fen = whole - head;
	snprintf(number, sizeof(number), "%s-2", split->voucher_no);
	added->voucher_no = facts_text(facts, number);
}

static bool reversed(const struct facts *facts, const char *voucher_no)
{
	for (size_t i = 0; i < facts->payments.count; i++) {
		if (strcmp(facts->payments.items[i].reverses_voucher_no, voucher_no) == 0)
			return true;
	}
	return false;
}

Test(arrears_property, splitting_a_payment_that_names_its_debt_changes_nothing)
{
	int split = 0;

	for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
		struct facts *facts = history_new(seed, everything());
		size_t payments = facts->payments.count;
		struct small_states before, after;

		judge(facts, last, &before);
		for (size_t k = 0; k < payments; k++) {
			const struct payment_fact *payment = &facts->payments.items[k];

			if (*payment->obligation_no && payment->amount_fen > 2 &&
				!reversed(facts, payment->voucher_no)) {
				split_payment(facts, k);
				split++;
			}
		}
		judge(facts, last, &after);
		expect_same(seed, facts, &before, facts, &after);
		small_states_free(&before);
		small_states_free(&after);
		facts_free(facts);
	}
	cr_assert_gt(split, 100);
}

/* Order --------------------------------------------------------------------------------------- */

Test(arrears_property, the_order_in_which_records_arrived_changes_nothing)
{
	for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
		struct facts *facts = history_new(seed, everything());
		struct facts *shuffled = history_new(seed, everything());
		struct small_states states, others;

		history_shuffle(shuffled, seed * 31);
		judge(facts, last, &states);
		judge(shuffled, last, &others);
		expect_same(seed, facts, &states, shuffled, &others);
		small_states_free(&states);
		small_states_free(&others);
		facts_free(facts);
		facts_free(shuffled);
	}
}
