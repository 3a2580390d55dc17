#include "checks/judgement.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/evidence.h"
#include "checks/hints.h"
#include "checks/json_out.h"
#include "checks/state_print.h"
#include "checks/sums.h"
#include "checks/words.h"
#include "core/clock.h"
#include "core/mem.h"

enum { EVIDENCE_BYTES_MAX = 1 << 20 };

struct applied {
	uint32_t obligation;
	struct applied_payment payment;
};

struct judgement {
	const struct ledger *ledger;
	day_t as_of;
	struct facts_index *index;
	struct unit_tree *units;
	struct arrears_question question;
	struct arrears_scratch *scratch;
	struct arrears_visitor visitor;
	fen_t unallocated;
	uint32_t next_group;
	bool finished;

	struct obligation_state *states; /* as judged: group by group */
	size_t count, cap;
	char (*prints)[33];
	uint32_t *state_of; /* by obligation row; MAP_NONE = not judged */
	uint32_t *order;    /* states in obligation order */
	struct state_key *keys;
	struct group_key *groups;
	size_t group_count, group_capacity;

	struct applied *applied; /* as judged */
	size_t applied_count, applied_cap;
	struct applied_payment *trail; /* applied, sorted by obligation */
	uint32_t *trail_start;

	struct buf text, evidence;
	const char *flags[FLAG_COUNT + HINT_COUNT]; /* of the row filled last */
};

static const struct facts *facts_of(const struct judgement *judgement)
{
	return judgement->ledger->facts;
}

/* Judging ----------------------------------------------------------------------------------- */

static struct group_key *add_group(
	struct judgement *judgement, const struct obligation_state *state)
{
	const struct contract_fact *contract =
		&facts_of(judgement)->contracts.items[state->contract];
	struct group_key *group;
	MEM_GROW(judgement->groups, judgement->group_count, judgement->group_capacity);
	group = &judgement->groups[judgement->group_count++];
	*group = (struct group_key){
		.unit_code = contract->unit_code,
		.supplier_uscc = contract->supplier_uscc,
		.next_change_on = state->next_change_on,
	};
	return group;
}

static void on_group(void *arg, uint32_t group, const struct obligation_state *states, size_t count)
{
	struct judgement *judgement = arg;
	struct state_print sum = { 0 }, print;
	(void)group;
	if (count == 0)
		return;
	for (size_t i = 0; i < count; i++) {
		if (judgement->count == judgement->cap) {
			judgement->cap = judgement->cap ? judgement->cap * 2 : 64;
			judgement->states = mem_resize(
				judgement->states, judgement->cap, sizeof(*judgement->states));
			judgement->prints = mem_resize(
				judgement->prints, judgement->cap, sizeof(*judgement->prints));
		}
		judgement->states[judgement->count] = states[i];
		print = state_print_of(
			facts_of(judgement), &states[i], judgement->as_of, &judgement->text);
		state_print_hex(&print, judgement->prints[judgement->count]);
		state_print_add(&sum, &print);
		judgement->state_of[states[i].obligation] = (uint32_t)judgement->count;
		judgement->count++;
	}
	state_print_hex(&sum, add_group(judgement, states)->print);
}

static void on_applied(void *arg, uint32_t payment, day_t day, uint32_t obligation, fen_t amount)
{
	struct judgement *judgement = arg;
	MEM_GROW(judgement->applied, judgement->applied_count, judgement->applied_cap);
	judgement->applied[judgement->applied_count++] = (struct applied){
		.obligation = obligation,
		.payment = { .payment = payment, .day = day, .amount = amount },
	};
}

struct judgement *judgement_new(const struct ledger *ledger, day_t as_of)
{
	struct judgement *judgement = mem_zero(1, sizeof(*judgement));
	size_t obligations = ledger->facts->obligations.count;
	judgement->ledger = ledger;
	judgement->as_of = as_of;
	judgement->index = facts_index_new(ledger->facts);
	judgement->units = unit_tree_new(ledger->facts);
	judgement->question = (struct arrears_question){
		.law = &ledger->law,
		.index = judgement->index,
		.units = judgement->units,
		.as_of = as_of,
		.reversals_known_on = as_of,
	};
	judgement->scratch = arrears_scratch_new();
	judgement->visitor = (struct arrears_visitor){
		.group = on_group,
		.applied = on_applied,
		.arg = judgement,
	};
	judgement->state_of = mem_alloc((obligations + 1) * sizeof(uint32_t));
	for (size_t i = 0; i < obligations; i++)
		judgement->state_of[i] = MAP_NONE;
	buf_init(&judgement->text, PRINT_BYTES_MAX);
	buf_init(&judgement->evidence, EVIDENCE_BYTES_MAX);
	return judgement;
}

void judgement_free(struct judgement *judgement)
{
	if (!judgement)
		return;
	arrears_scratch_free(judgement->scratch);
	facts_index_free(judgement->index);
	unit_tree_free(judgement->units);
	buf_free(&judgement->text);
	buf_free(&judgement->evidence);
	free(judgement->states);
	free(judgement->prints);
	free(judgement->state_of);
	free(judgement->order);
	free(judgement->keys);
	free(judgement->groups);
	free(judgement->applied);
	free(judgement->trail);
	free(judgement->trail_start);
	free(judgement);
}

/* Counting sort: payments of one obligation lie together, in the order in which they were applied. */
static void sort_trail(struct judgement *judgement)
{
	size_t obligations = facts_of(judgement)->obligations.count;
	uint32_t *start = mem_zero(obligations + 2, sizeof(uint32_t));
	judgement->trail = mem_alloc((judgement->applied_count + 1) * sizeof(*judgement->trail));
	for (size_t i = 0; i < judgement->applied_count; i++)
		start[judgement->applied[i].obligation + 2]++;
	for (size_t i = 2; i < obligations + 2; i++)
		start[i] += start[i - 1];
	for (size_t i = 0; i < judgement->applied_count; i++) {
		uint32_t place = start[judgement->applied[i].obligation + 1]++;
		judgement->trail[place] = judgement->applied[i].payment;
	}
	judgement->trail_start = start;
	free(judgement->applied);
	judgement->applied = NULL;
}

static void order_states(struct judgement *judgement)
{
	const struct facts *facts = facts_of(judgement);
	size_t n = 0;
	judgement->order = mem_alloc((judgement->count + 1) * sizeof(uint32_t));
	judgement->keys = mem_zero(judgement->count + 1, sizeof(*judgement->keys));
	for (size_t row = 0; row < facts->obligations.count; row++) {
		uint32_t state = judgement->state_of[row];
		if (state == MAP_NONE)
			continue;
		judgement->order[n] = state;
		judgement->keys[n].obligation_no = facts->obligations.items[row].obligation_no;
		memcpy(judgement->keys[n].print, judgement->prints[state], 33);
		n++;
	}
}

bool judgement_step(struct judgement *judgement, int64_t budget_us)
{
	int64_t end = clock_steady_us() + budget_us;
	while (judgement->next_group < judgement->index->group_count) {
		sum_add(&judgement->unallocated,
			arrears_judge_group(&judgement->question, judgement->next_group++,
				judgement->scratch, &judgement->visitor));
		if (clock_steady_us() >= end)
			return true;
	}
	if (judgement->finished)
		return false;
	sort_trail(judgement);
	order_states(judgement);
	judgement->finished = true;
	return false;
}

/* Reading the result ------------------------------------------------------------------------ */

size_t judgement_count(const struct judgement *judgement)
{
	return judgement->count;
}

const struct obligation_state *judgement_state(const struct judgement *judgement, size_t index)
{
	return &judgement->states[judgement->order[index]];
}

const struct state_key *judgement_keys(const struct judgement *judgement)
{
	return judgement->keys;
}

size_t judgement_group_count(const struct judgement *judgement)
{
	return judgement->group_count;
}

const struct group_key *judgement_groups(const struct judgement *judgement)
{
	return judgement->groups;
}

static int collect_flags(struct judgement *judgement, const struct obligation_state *state)
{
	int count = 0;
	for (int bit = 0; bit < FLAG_COUNT; bit++)
		if (state->flags & (1U << bit))
			judgement->flags[count++] = obligation_flag_name(bit);
	for (int bit = 0; bit < HINT_COUNT; bit++)
		if (state->hints & (1U << bit))
			judgement->flags[count++] = obligation_hint_name(bit);
	return count;
}

/* Most of a ledger is settled or not due, and nobody works on it: why such a debt counts as it does is explained when asked
 * (checks/explain.h) and not kept with every row. */
static bool somebody_works_on(const struct obligation_state *state)
{
	return state->overdue > 0 || state->disputed > 0 ||
	       (state->hints & (HINT_DUE_SOON | HINT_MAYBE_PAID)) != 0;
}

static const char *evidence_text(struct judgement *judgement, const struct obligation_state *state)
{
	struct json_out out;
	uint32_t start = judgement->trail_start[state->obligation];
	uint32_t end = judgement->trail_start[state->obligation + 1];
	if (!somebody_works_on(state))
		return NULL;
	buf_reset(&judgement->evidence);
	json_out_init(&out, &judgement->evidence, NULL, NULL);
	evidence_obligation(&judgement->ledger->law, facts_of(judgement), state,
		judgement->trail + start, end - start, judgement->as_of, &out, NULL);
	if (json_finish(&out) < 0) /* thousands of payments on one debt: the figures still stand */
		return "{\"cut\":true}";
	return judgement->evidence.data;
}

void judgement_fill(void *arg, size_t index, struct state_row *ret_row)
{
	struct judgement *judgement = arg;
	const struct obligation_state *state = judgement_state(judgement, index);
	const struct contract_fact *contract =
		&facts_of(judgement)->contracts.items[state->contract];
	const struct obligation_fact *obligation =
		&facts_of(judgement)->obligations.items[state->obligation];
	bool capped = state_cap_left(state) != NUMBER_NONE;
	const struct yearly_rate alternative = late_alternative_rate(&state->rate);
	*ret_row = (struct state_row){
		.contract_no = obligation->contract_no,
		.unit_code = contract->unit_code,
		.supplier_uscc = contract->supplier_uscc,
		.department = state->department,
		.kind = words_of_obligation_kind(obligation->kind),
		.debtor_kind = words_of_debtor_kind(state->debtor_kind),
		.coverage = coverage_name(state->coverage),
		.status = obligation_status_name(state->status),
		.start_on = state->due.start,
		.due_nominal_on = state->due.nominal,
		.due_on = state->due.rolled,
		.due_source = due_source_name(state->due.source),
		.amount = state->amount,
		.paid = state->paid,
		.outstanding = state->outstanding,
		.undisputed = state->undisputed,
		.disputed = state->disputed,
		.overdue = state->overdue,
		.overdue_since = state->overdue_since,
		.rate_basis = rate_basis_name(state->rate.basis),
		.interest = state->interest,
		.interest_alt = state->interest_alt,
		.rate_ppm = state->rate.yearly_ppm,
		/* The statutory rate is per day: 365 of them are the yearly figure (G-43). */
		.day_base = state->rate.basis == RATE_STATUTORY ? 365 : state->rate.day_base,
		.day_product = state->day_product,
		.accruing = state->accruing,
		.capped = capped,
		.cap_left = capped ? state->cap_left : 0,
		.flags = judgement->flags,
		.flag_count = collect_flags(judgement, state),
		.evidence = evidence_text(judgement, state),
		.missing_year = state->due.missing_year && (state->flags & FLAG_CALENDAR_MISSING)
					? state->due.missing_year
					: 0,
		.alt_rate_ppm = alternative.ppm,
		.alt_day_base = alternative.day_base,
		.beside = state->hints & HINT_LATE_DISPUTE,
		.beside_product = state->beside_product,
		.beside_accruing = state->beside_accruing,
		.currency = "CNY",
	};
}
