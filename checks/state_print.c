#include "checks/state_print.h"

#include <string.h>
#include <xxhash.h>

#include "core/err.h"

fen_t state_cap_left(const struct obligation_state *state)
{
	bool counts = state->interest > 0 || state->accruing > 0 ||
		      (state->hints & HINT_LATE_DISPUTE && state->beside_product > 0);
	return counts ? state->cap_left : NUMBER_NONE;
}

/* The length keeps "a" + "bc" apart from "ab" + "c". */
static void add_field(struct buf *room, const char *value)
{
	uint32_t length = (uint32_t)strlen(value);
	buf_add(room, &length, sizeof(length));
	buf_add(room, value, length);
}

static void add_numbers(struct buf *room, const struct obligation_fact *obligation,
	const struct obligation_state *state, day_t as_of)
{
	wide_t line = state->day_product - (wide_t)state->overdue * as_of;
	const struct yearly_rate alternative = late_alternative_rate(&state->rate);
	/* A contested debt says which invoice it waits for. */
	day_t invoice =
		state->hints & HINT_CONTESTED ? day_known(obligation->invoice_on, as_of) : DAY_NONE;
	bool late = state->hints & HINT_LATE_DISPUTE;
	wide_t beside = state->beside_product - (wide_t)state->beside_accruing * as_of;
	bool soon = state->hints & HINT_DUE_SOON;
	const int64_t numbers[] = { obligation->kind, state->debtor_kind, state->coverage,
		state->status, state->due.start, state->due.nominal, state->due.rolled,
		state->due.source, state->due.missing_year, state->amount, state->paid,
		state->outstanding, state->undisputed, state->disputed, state->overdue,
		state->overdue_since, state->rate.basis, state->rate.yearly_ppm,
		state->rate.day_base, state->rate.lpr_ppm, state->rate.alternative, alternative.ppm,
		alternative.day_base, state_cap_left(state), state->flags, state->hints,
		soon ? state->due_soon_on : DAY_NONE, soon ? state->due_soon : 0, invoice,
		state->accruing, (int64_t)(line >> 64), (int64_t)line,
		late ? (int64_t)(beside >> 64) : 0, late ? (int64_t)beside : 0,
		late ? state->beside_accruing : 0 };
	buf_add(room, numbers, sizeof(numbers));
}

struct state_print state_print_of(const struct facts *facts, const struct obligation_state *state,
	day_t as_of, struct buf *room)
{
	const struct contract_fact *contract = &facts->contracts.items[state->contract];
	const struct obligation_fact *obligation = &facts->obligations.items[state->obligation];
	XXH128_hash_t hash;

	buf_reset(room);
	add_numbers(room, obligation, state, as_of);
	add_field(room, obligation->obligation_no);
	add_field(room, obligation->contract_no);
	add_field(room, contract->unit_code);
	add_field(room, contract->supplier_uscc);
	add_field(room, state->department);
	if (room->failed)
		BUG("no print for a state of %zu bytes", room->used);
	hash = XXH3_128bits(room->data, room->used);
	return (struct state_print){ .high = hash.high64, .low = hash.low64 };
}

void state_print_add(struct state_print *sum, const struct state_print *print)
{
	sum->low += print->low;
	sum->high += print->high + (sum->low < print->low);
}

static void hex_of(uint64_t value, char *room)
{
	static const char digits[] = "0123456789abcdef";
	for (int i = 15; i >= 0; i--, value >>= 4)
		room[i] = digits[value & 15];
}

void state_print_hex(const struct state_print *print, char room[33])
{
	hex_of(print->high, room);
	hex_of(print->low, room + 16);
	room[32] = '\0';
}
