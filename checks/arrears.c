/* One group, in five steps: its contracts and obligations, their due days and parts; the payments
 * in order; what each payment clears; the state of each obligation; the caps. Allocation is in
 * allocate.c, the legal order in arrears_legal.c, caps in arrears_cap.c, hints in arrears_hints.c, parts in dispute.c. */
#include "checks/arrears.h"

#include "checks/arrears_own.h"
#include "checks/register_book.h"
#include "checks/status.h"
#include "checks/sums.h"
#include "core/mem.h"

#include <string.h>

struct arrears_scratch *arrears_scratch_new(void)
{
	return mem_zero(1, sizeof(struct arrears_scratch));
}

void arrears_scratch_free(struct arrears_scratch *scratch)
{
	if (!scratch)
		return;
	free(scratch->contracts);
	free(scratch->states);
	free(scratch->payments);
	free(scratch->debts);
	free(scratch->order);
	free(scratch->cap_order);
	free(scratch->state_of);
	dispute_room_free(&scratch->disputes);
	for (size_t i = 0; i < scratch->more_count; i++)
		free(scratch->more_parts[i]);
	free(scratch->more_parts);
	free(scratch);
}

/* Notes a later day on which something in the group changes. */
void arrears_note_change(struct arrears_run *run, day_t day)
{
	if (day != DAY_NONE && day > run->q->as_of &&
		(run->next_change == DAY_NONE || day < run->next_change))
		run->next_change = day;
}

static day_t day_after(day_t day)
{
	return day == DAY_NONE ? DAY_NONE : day + 1;
}

/* Contracts and obligations ------------------------------------------------------------------- */

static struct contract_work judge_contract(const struct arrears_question *q, uint32_t row)
{
	const struct contract_fact *contract = &q->index->facts->contracts.items[row];
	uint32_t supplier_row = q->index->supplier_of_contract[row];
	const struct supplier_fact *supplier =
		supplier_row == MAP_NONE ? NULL : &q->index->facts->suppliers.items[supplier_row];
	struct contract_work work = { .row = row };

	work.debtor = unit_tree_kind(q->units, contract->unit_code, contract->signed_on);
	work.size = register_size_verdict(q->law, contract, supplier, q->as_of);
	work.coverage = coverage_of_contract(q->law, contract, work.debtor, work.size);
	work.rate = late_rate_of(q->law, contract);
	work.department = unit_tree_department(q->units, contract->unit_code, q->as_of);
	return work;
}

static bool bears_interest(enum coverage coverage)
{
	return coverage == COVERAGE_COVERED || coverage == COVERAGE_PREPAYMENT ||
	       coverage == COVERAGE_UNKNOWN_SIZE;
}

/* The day on which an acceptance that does not come is called stalled. */
static void note_stalling(struct arrears_run *run, day_t delivered)
{
	if (delivered != DAY_NONE)
		arrears_note_change(run, delivered + 1 +
						 (day_t)parameter_near(run->q->law->parameters,
							 PARAM_P3_STALLED, delivered));
}

static void note_obligation_changes(
	struct arrears_run *run, const struct obligation_fact *obligation)
{
	arrears_note_change(run, obligation->delivered_on);
	arrears_note_change(run, obligation->accepted_on);
	arrears_note_change(run, obligation->settled_on);
	note_stalling(run, obligation->delivered_on);
}

static void note_events(struct arrears_run *run, uint32_t contract, const struct clock_days *days)
{
	const struct index_lists *lists = &run->q->index->contract_events;

	if (days->delivery_event != MAP_NONE)
		note_stalling(run, days->delivered);
	for (uint32_t i = lists->start[contract]; i < lists->start[contract + 1]; i++)
		arrears_note_change(
			run, run->q->index->facts->events.items[lists->items[i]].happened_on);
}

static void note_dispute_changes(struct arrears_run *run, uint32_t row)
{
	const struct facts_index *index = run->q->index;
	const struct obligation_fact *obligation = &index->facts->obligations.items[row];
	const struct index_lists *lists = &index->obligation_disputes;

	arrears_note_change(run, obligation->dispute_opened_on);
	arrears_note_change(run, obligation->dispute_settled_on);
	for (uint32_t i = lists->start[row]; i < lists->start[row + 1]; i++) {
		const struct dispute_fact *dispute = &index->facts->disputes.items[lists->items[i]];

		arrears_note_change(run, dispute->opened_on);
		arrears_note_change(run, dispute->settled_on);
	}
}

/* P-1, G-33: a debt that is not covered, or of a contract without signing day, has no days, agreed ones neither. */
static bool has_days(const struct obligation_state *state)
{
	return state->coverage != COVERAGE_NOT_COVERED && state->due.source != DUE_DATA_MISSING;
}

static void split(struct arrears_run *run, struct obligation_state *state)
{
	struct arrears_scratch *scratch = run->scratch;
	struct dispute_room *room = &scratch->disputes;
	size_t more;

	dispute_parts(&(struct dispute_question){ .law = run->q->law,
			      .index = run->q->index,
			      .obligation = state->obligation,
			      .as_of = run->q->as_of,
			      .nominal = state->due.nominal,
			      .rolled = state->due.rolled,
			      .missing_year = state->due.missing_year,
			      .dated = has_days(state) },
		room);
	state->part_count = room->count;
	state->given_up = room->given_up;
	state->excused = room->excuses;
	if (room->exceeds)
		state->flags |= FLAG_DISPUTED_EXCEEDS_AMOUNT;
	for (size_t i = 0; i < room->count && i < PARTS_NEAR; i++)
		state->parts[i] = room->parts[i];
	if (room->count <= PARTS_NEAR)
		return;
	more = (room->count - PARTS_NEAR) * sizeof(*room->parts);
	state->more_parts = memcpy(mem_alloc(more), room->parts + PARTS_NEAR, more);
	MEM_GROW(scratch->more_parts, scratch->more_count, scratch->more_capacity);
	scratch->more_parts[scratch->more_count++] = state->more_parts;
}

static struct obligation_part *part_of(struct obligation_state *state, size_t place)
{
	return place < PARTS_NEAR ? &state->parts[place] : &state->more_parts[place - PARTS_NEAR];
}

static void add_state(struct arrears_run *run, const struct contract_work *work, uint32_t row)
{
	struct arrears_scratch *scratch = run->scratch;
	const struct facts *facts = run->q->index->facts;
	const struct obligation_fact *obligation = &facts->obligations.items[row];
	const struct contract_fact *contract = &facts->contracts.items[work->row];
	struct obligation_state *state;

	MEM_GROW(scratch->states, scratch->state_count, scratch->state_capacity);
	scratch->state_of[row] = (uint32_t)scratch->state_count;
	state = &scratch->states[scratch->state_count++];
	*state = (struct obligation_state){ .obligation = row,
		.contract = work->row,
		.debtor_kind = work->debtor,
		.size = work->size,
		.coverage = coverage_of_obligation(work->coverage, obligation->kind),
		.department = work->department,
		.amount = obligation->amount_fen,
		.overdue_since = DAY_NONE,
		.last_paid_on = DAY_NONE,
		.cap_left = NUMBER_NONE,
		.due = { DAY_NONE, DAY_NONE, DAY_NONE, DUE_NOT_COVERED, 0 } };
	if (bears_interest(state->coverage))
		state->rate = work->rate;
	state->days = clock_days_of(run->q->index, row, work->row, run->q->as_of);
	if (state->coverage != COVERAGE_NOT_COVERED)
		state->due = due_judge(
			run->q->law, &(struct due_question){ contract, obligation, work->debtor,
					     work->coverage == COVERAGE_INDIVIDUAL, run->q->as_of,
					     &state->days });
	split(run, state);
	note_obligation_changes(run, obligation);
	note_events(run, work->row, &state->days);
	note_dispute_changes(run, row);
}

static void add_contract(struct arrears_run *run, uint32_t row)
{
	struct arrears_scratch *scratch = run->scratch;
	const struct facts_index *index = run->q->index;
	const struct index_lists *lists = &index->contract_obligations;
	struct contract_work *work;

	arrears_note_change(run, index->facts->contracts.items[row].signed_on);
	/* G-01: a contract signed later is not known, nor are its debts. */
	if (index->facts->contracts.items[row].signed_on != DAY_NONE &&
		index->facts->contracts.items[row].signed_on > run->q->as_of)
		return;
	MEM_GROW(scratch->contracts, scratch->contract_count, scratch->contract_capacity);
	work = &scratch->contracts[scratch->contract_count++];
	*work = judge_contract(run->q, row);
	work->first_state = scratch->state_count;
	for (uint32_t i = lists->start[row]; i < lists->start[row + 1]; i++)
		add_state(run, work, lists->items[i]);
	work->state_count = scratch->state_count - work->first_state;
}

/* Payments ------------------------------------------------------------------------------------ */

static int compare_payments(const void *a, const void *b)
{
	const struct payment_work *x = a, *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return strcmp(x->voucher_no, y->voucher_no);
}

void arrears_note_reversals(struct arrears_run *run, uint32_t payment)
{
	const struct index_lists *lists = &run->q->index->payment_reversals;

	for (uint32_t i = lists->start[payment]; i < lists->start[payment + 1]; i++)
		arrears_note_change(
			run, reversal_day(&run->q->index->facts->payments.items[lists->items[i]]));
}

static void add_payments(struct arrears_run *run, uint32_t group)
{
	struct arrears_scratch *scratch = run->scratch;
	const struct facts_index *index = run->q->index;
	const struct index_lists *lists = &index->group_payments;

	for (uint32_t i = lists->start[group]; i < lists->start[group + 1]; i++) {
		uint32_t row = lists->items[i];
		day_t day;
		fen_t amount = payment_net(index, row, run->q->as_of, run->q->reversals_known_on,
			&day, run->visitor->fault, run->visitor->arg);

		arrears_note_change(run, day);
		arrears_note_reversals(run, row);
		if (amount == 0)
			continue;
		MEM_GROW(scratch->payments, scratch->payment_count, scratch->payment_capacity);
		scratch->payments[scratch->payment_count++] = (struct payment_work){ row, day,
			amount, index->facts->payments.items[row].voucher_no };
	}
}

/* Days after the debt's due day that a part in dispute had no clock, up to a day; its own clock starts with the
 * settlement. */
static int64_t days_beside(
	const struct obligation_state *state, const struct obligation_part *part, day_t day)
{
	day_t until = part->rolled != DAY_NONE && part->rolled < day ? part->rolled : day;

	return state->due.rolled != DAY_NONE && until > state->due.rolled
		       ? until - state->due.rolled
		       : 0;
}

/* Puts money on one part: what was open after its due day has borne interest until this day. */
static void pay_part(
	struct obligation_state *state, struct obligation_part *part, fen_t amount, day_t day)
{
	part->open -= amount;
	if (part->late)
		state->beside_product += (wide_t)amount * days_beside(state, part, day);
	if (amount == 0 || part->rolled == DAY_NONE || day <= part->rolled)
		return;
	state->paid_late = true;
	state->day_product += (wide_t)amount * (day - part->rolled);
}

static void on_applied(void *arg, size_t debt, fen_t amount)
{
	struct arrears_run *run = arg;
	struct obligation_state *state = &run->scratch->states[debt];
	fen_t left;

	state->last_paid_on = run->paying->day;
	if (run->q->legal_order)
		amount = arrears_legal_take(run, state, amount);
	state->paid += amount;
	left = amount;
	for (size_t i = 0; i < state->part_count && left > 0; i++) {
		struct obligation_part *part = part_of(state, i);
		fen_t put = left < part->open ? left : part->open;

		pay_part(state, part, put, run->paying->day);
		left -= put;
	}
	if (run->visitor->applied && amount > 0)
		run->visitor->applied(run->visitor->arg, run->paying->row, run->paying->day,
			state->obligation, amount);
}

static void make_debts(struct arrears_run *run)
{
	struct arrears_scratch *scratch = run->scratch;
	const struct facts *facts = run->q->index->facts;
	size_t count = scratch->state_count;

	if (count > scratch->debt_capacity) {
		scratch->debt_capacity = count + count / 2;
		scratch->debts =
			mem_resize(scratch->debts, scratch->debt_capacity, sizeof(*scratch->debts));
		scratch->order =
			mem_resize(scratch->order, scratch->debt_capacity, sizeof(*scratch->order));
		scratch->cap_order = mem_resize(
			scratch->cap_order, scratch->debt_capacity, sizeof(*scratch->cap_order));
	}
	for (size_t i = 0; i < count; i++) {
		const struct obligation_state *state = &scratch->states[i];

		scratch->debts[i] = (struct debt){
			.number = facts->obligations.items[state->obligation].obligation_no,
			.contract = state->contract,
			.only_when_named =
				facts->obligations.items[state->obligation].kind == KIND_DEPOSIT,
			.due = state->due.rolled != DAY_NONE ? state->due.rolled
							     : state->due.nominal,
			.yearly_ppm = bears_interest(state->coverage) ? state->rate.yearly_ppm : 0,
			.open = state->amount > 0 ? state->amount - state->given_up : 0,
		};
	}
	if (run->q->legal_order)
		arrears_legal_begin(run);
	allocate_order(scratch->debts, count, scratch->order);
}

uint32_t arrears_named_state(
	const struct arrears_run *run, const struct payment_fact *payment, bool *ret_fault)
{
	const struct facts_index *index = run->q->index;
	uint32_t row = map_get(&index->obligations, payment->obligation_no), state;

	*ret_fault =
		row == MAP_NONE || index->contract_of_obligation[row] == MAP_NONE ||
		(*payment->contract_no && strcmp(index->facts->obligations.items[row].contract_no,
						  payment->contract_no) != 0);
	if (*ret_fault)
		return MAP_NONE;
	state = run->scratch->state_of[row];
	return state < run->scratch->state_count && run->scratch->states[state].obligation == row
		       ? state
		       : MAP_NONE;
}

/* Told when the payment counts; a bill that is only spread ahead is not told twice. */
static void unmatched(const struct arrears_run *run)
{
	if (run->visitor->fault && run->applied == on_applied)
		run->visitor->fault(run->visitor->arg, PAYMENT_UNMATCHED, run->paying->row);
}

static fen_t pay_named(struct arrears_run *run, const struct payment_fact *fact)
{
	bool fault;
	uint32_t state = arrears_named_state(run, fact, &fault);

	if (fault)
		unmatched(run);
	if (state == MAP_NONE)
		return run->paying->amount;
	return allocate_named(run->scratch->debts, state, run->paying->amount, run->applied, run);
}

/* All debts of the pair, or those of the contract it names; a contract that nobody knows has none (G-45). */
static fen_t pay_pool(struct arrears_run *run, const struct payment_fact *fact)
{
	struct arrears_scratch *scratch = run->scratch;
	const struct facts_index *index = run->q->index;
	uint32_t contract = ALLOCATE_ANY_CONTRACT;

	if (*fact->contract_no) {
		contract = map_get(&index->contracts, fact->contract_no);
		if (contract == MAP_NONE || index->group_of_contract[contract] == MAP_NONE) {
			unmatched(run);
			return run->paying->amount;
		}
	}
	return allocate_pool(scratch->debts, scratch->state_count, scratch->order, contract,
		run->paying->day, run->paying->amount, run->applied, run);
}

fen_t arrears_spread(struct arrears_run *run, applied_fn applied)
{
	struct arrears_scratch *scratch = run->scratch;
	fen_t surplus = 0;

	run->applied = applied;
	if (scratch->payment_count > 1)
		qsort(scratch->payments, scratch->payment_count, sizeof(*scratch->payments),
			compare_payments);
	for (size_t i = 0; i < scratch->payment_count; i++) {
		const struct payment_fact *fact =
			&run->q->index->facts->payments.items[scratch->payments[i].row];

		run->paying = &scratch->payments[i];
		if (run->q->legal_order && applied == on_applied)
			arrears_legal_open(run, run->paying->day);
		sum_add(&surplus,
			*fact->obligation_no ? pay_named(run, fact) : pay_pool(run, fact));
	}
	return surplus;
}

/* States -------------------------------------------------------------------------------------- */

static void sum_part(
	struct arrears_run *run, struct obligation_state *state, struct obligation_part *part)
{
	day_t as_of = run->q->as_of, first;

	state->outstanding += part->open;
	if (part->disputed)
		state->disputed += part->open;
	else
		state->undisputed += part->open;
	if (part->missing_year) {
		state->flags |= FLAG_CALENDAR_MISSING;
		arrears_note_change(run, day_after(part->nominal));
		if (part->nominal == DAY_NONE && day_from_civil(part->missing_year, 1, 1, &first))
			arrears_note_change(run, first);
	}
	arrears_note_change(run, day_after(part->rolled));
	if (part->open == 0 || part->rolled == DAY_NONE || as_of <= part->rolled)
		return;
	part->overdue_days = as_of - part->rolled;
	state->overdue += part->open;
	state->day_product += (wide_t)part->open * part->overdue_days;
	if (state->overdue_since == DAY_NONE || part->rolled < state->overdue_since) {
		state->overdue_since = part->rolled;
		state->overdue_days = part->overdue_days;
	}
}

static void sum_beside(
	struct obligation_state *state, const struct obligation_part *part, day_t as_of)
{
	if (!part->late || !bears_interest(state->coverage))
		return;
	state->beside_product += (wide_t)part->open * days_beside(state, part, as_of);
	if (part->rolled == DAY_NONE || as_of <= part->rolled)
		state->beside_accruing += part->open;
}

static void finish_state(struct arrears_run *run, struct obligation_state *state)
{
	if (state->due.missing_year)
		state->flags |= FLAG_CALENDAR_MISSING;
	for (size_t i = 0; i < state->part_count; i++) {
		sum_part(run, state, part_of(state, i));
		sum_beside(state, state_part(state, i), run->q->as_of);
	}
	state->status = obligation_status_of(state, run->q->as_of);
	state->flags |= obligation_flags_of(run->q, state);
	if (state->rate.basis == RATE_AGREED || state->rate.basis == RATE_FLOOR ||
		state->rate.basis == RATE_STATUTORY)
		state->accruing = state->overdue;
	state->interest = interest_at(&state->rate, state->day_product);
	state->interest_alt = interest_alternative(&state->rate, state->day_product);
}

/* Later days ---------------------------------------------------------------------------------- */

fen_t arrears_interest_on(const struct obligation_state *state, day_t as_of, day_t later)
{
	wide_t product = state->day_product + (wide_t)state->accruing * (later - as_of);
	fen_t interest = interest_at(&state->rate, product);

	return state->cap_left != NUMBER_NONE && interest > state->cap_left ? state->cap_left
									    : interest;
}

fen_t arrears_interest_beside(const struct obligation_state *state)
{
	fen_t beside = interest_at(&state->rate, state->beside_product), left;

	if (state->cap_left == NUMBER_NONE)
		return beside;
	left = state->cap_left > state->interest ? state->cap_left - state->interest : 0;
	return beside < left ? beside : left;
}

/* Groups -------------------------------------------------------------------------------------- */

static void prepare(struct arrears_scratch *scratch, const struct facts_index *index)
{
	size_t count = index->facts->obligations.count;

	scratch->contract_count = scratch->state_count = scratch->payment_count = 0;
	if (scratch->state_of_count >= count && scratch->state_of)
		return;
	scratch->state_of = mem_resize(scratch->state_of, count + 1, sizeof(*scratch->state_of));
	memset(scratch->state_of, 0, (count + 1) * sizeof(*scratch->state_of));
	scratch->state_of_count = count;
}

fen_t arrears_judge_group(const struct arrears_question *question, uint32_t group,
	struct arrears_scratch *scratch, const struct arrears_visitor *visitor)
{
	const struct index_lists *lists = &question->index->group_contracts;
	struct arrears_run run = {
		.q = question, .scratch = scratch, .visitor = visitor, .next_change = DAY_NONE
	};

	prepare(scratch, question->index);
	for (uint32_t i = lists->start[group]; i < lists->start[group + 1]; i++)
		add_contract(&run, lists->items[i]);
	add_payments(&run, group);
	make_debts(&run);
	run.unallocated = arrears_spread(&run, on_applied);
	for (size_t i = 0; i < scratch->state_count; i++)
		finish_state(&run, &scratch->states[i]);
	for (size_t i = 0; i < scratch->contract_count; i++)
		arrears_apply_cap(&run, &scratch->contracts[i]);
	arrears_give_hints(&run, group);
	for (size_t i = 0; i < scratch->state_count; i++)
		scratch->states[i].next_change_on = run.next_change;
	if (visitor->group)
		visitor->group(visitor->arg, group, scratch->states, scratch->state_count);
	return run.unallocated;
}

fen_t arrears_judge_orphans(
	const struct arrears_question *question, const struct arrears_visitor *visitor)
{
	const struct facts_index *index = question->index;
	fen_t sum = 0;

	for (uint32_t i = 0; i < index->orphan_count; i++) {
		uint32_t row = index->orphan_payments[i];
		const struct payment_fact *payment = &index->facts->payments.items[row];
		bool reversal = *payment->reverses_voucher_no != 0;
		day_t day;

		if (reversal || *payment->contract_no || *payment->obligation_no) {
			if (visitor->fault)
				visitor->fault(visitor->arg,
					reversal ? REVERSAL_UNKNOWN_VOUCHER : PAYMENT_UNMATCHED,
					row);
		}
		if (!reversal)
			sum_add(&sum, payment_net(index, row, question->as_of,
					      question->reversals_known_on, &day, visitor->fault,
					      visitor->arg));
	}
	return sum;
}

fen_t arrears_judge_all(
	const struct arrears_question *question, const struct arrears_visitor *visitor)
{
	struct arrears_scratch *scratch = arrears_scratch_new();
	fen_t unallocated = 0;

	for (uint32_t group = 0; group < question->index->group_count; group++)
		sum_add(&unallocated, arrears_judge_group(question, group, scratch, visitor));
	sum_add(&unallocated, arrears_judge_orphans(question, visitor));
	arrears_scratch_free(scratch);
	return unallocated;
}
