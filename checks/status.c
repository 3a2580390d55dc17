#include "checks/status.h"

#include "checks/regulation.h"
#include "core/buf.h"

/* In the order in which they are tried (G-39): the first that fits is the status. */
static const struct named {
	const char *name, *meaning;
} statuses[STATUS_COUNT] = {
	[STATUS_NOT_COVERED] = { "not-covered",
		"the regulation does not protect this debt: balance only" },
	[STATUS_PAID] = { "paid", "nothing is owed, nothing was late" },
	[STATUS_PAID_LATE] = { "paid-late",
		"nothing is owed, some of it was open after a due day" },
	[STATUS_OVERDUE] = { "overdue",
		"疑似逾期（待核实）: an undisputed part is past its due day" },
	[STATUS_DISPUTED] = { "disputed", "有分歧: only a part in an open dispute is left" },
	[STATUS_CALENDAR_MISSING] = { "calendar-missing",
		"a day that is needed lies in a year without calendar" },
	[STATUS_DATA_MISSING] = { "data-missing", "signing day or date of payment is not stated" },
	[STATUS_CLOCK_NOT_STARTED] = { "clock-not-started",
		"the event that starts the term is not known" },
	[STATUS_NO_STATUTORY_TERM] = { "no-statutory-term",
		"no term agreed, and the law gives none" },
	[STATUS_NOT_DUE] = { "not-due", "its due day is still to come" },
};

static const struct named flags[FLAG_COUNT] = {
	{ "rate-below-floor", "agreed late interest below the LPR: computed at the LPR" },
	{ "calendar-missing", "a needed day is unknown, whatever the status" },
	{ "acceptance-stalled", "delivered long ago, not accepted, no inspection period" },
	{ "term-capped", "the agreed term was cut to 60 days" },
	{ "transition", "signed before 1 June 2025, its clock started later" },
	{ "long-term-review", "an enterprise agreed on more than 60 days" },
	{ "status-not-stated", "the creditor's size was not stated at signing" },
	{ "cap-applied", "interest was reduced to the contract's cap" },
	{ "disputed-exceeds-amount", "more is disputed than is owed" },
	{ "lpr-missing", "no LPR is on record for the signing day" },
	{ "event-differs", "an event record gives another day than the debt's row, which counts" },
	{ "event-unused", "an event is there and starts no clock: of which debt, with what result "
			  "or how much of it is not stated" },
};

static const struct named hints[HINT_COUNT] = {
	{ "due-soon", "due within ten working days, and no bill was given that pays it by then" },
	{ "maybe-paid",
		"an unmatched payment to the payee could cover it: no alert until looked at" },
	{ "limitation", "two and a half of the three years of limitation have passed" },
	{ "small-debt", "a single debt of up to 500,000 yuan" },
	{ "late-dispute",
		"disputed only after it had fallen due: a finding with the interest beside it" },
	{ "contested",
		"overdue, and its invoice is late or missing under a clause that demands one" },
	{ "late-bill", "a bill was given for it that matures after the due day: a finding" },
};

const char *obligation_status_name(enum obligation_status status)
{
	return statuses[status].name;
}

const char *obligation_flag_name(int bit)
{
	return flags[bit].name;
}

const char *obligation_hint_name(int bit)
{
	return hints[bit].name;
}

static void draw(struct buf *out, const char *title, const struct named *list, int count)
{
	buf_format(out, "| %s | means |\n|---|---|\n", title);
	for (int i = 0; i < count; i++)
		buf_format(out, "| `%s` | %s |\n", list[i].name, list[i].meaning);
	buf_format(out, "\n");
}

void status_draw(struct buf *out)
{
	draw(out, "status", statuses, STATUS_COUNT);
	draw(out, "flag", flags, FLAG_COUNT);
	draw(out, "hint", hints, HINT_COUNT);
}

/* G-38: past the day that is needed and cannot be found. */
static bool calendar_bites(const struct obligation_part *part, day_t as_of)
{
	day_t first;

	if (part->open == 0 || part->missing_year == 0)
		return false;
	if (part->nominal != DAY_NONE)
		return as_of > part->nominal;
	return day_from_civil(part->missing_year, 1, 1, &first) && as_of >= first;
}

/* G-39. */
enum obligation_status obligation_status_of(const struct obligation_state *state, day_t as_of)
{
	if (state->coverage == COVERAGE_NOT_COVERED)
		return STATUS_NOT_COVERED;
	if (state->outstanding == 0)
		return state->paid_late ? STATUS_PAID_LATE : STATUS_PAID;
	if (state->overdue > 0)
		return STATUS_OVERDUE;
	if (state->undisputed == 0)
		return STATUS_DISPUTED;
	for (size_t i = 0; i < state->part_count; i++) {
		if (calendar_bites(state_part(state, i), as_of))
			return STATUS_CALENDAR_MISSING;
	}
	switch (state->due.source) {
	case DUE_DATA_MISSING:
		return STATUS_DATA_MISSING;
	case DUE_NOT_STARTED:
		return STATUS_CLOCK_NOT_STARTED;
	case DUE_NO_STATUTORY_TERM:
		return STATUS_NO_STATUTORY_TERM;
	default:
		return STATUS_NOT_DUE;
	}
}

static bool acceptance_stalled(
	const struct arrears_question *q, const struct obligation_state *state)
{
	const struct contract_fact *contract = &q->index->facts->contracts.items[state->contract];
	int64_t days = parameter_near(q->law->parameters, PARAM_P3_STALLED, contract->signed_on);

	return state->due.source == DUE_NOT_STARTED && state->outstanding > 0 &&
	       contract->clock_basis == CLOCK_ACCEPTANCE &&
	       contract->inspection_days == NUMBER_NONE && state->days.inspected_from != DAY_NONE &&
	       q->as_of - state->days.inspected_from > days;
}

unsigned obligation_flags_of(const struct arrears_question *q, const struct obligation_state *state)
{
	const struct contract_fact *contract = &q->index->facts->contracts.items[state->contract];
	int64_t long_term =
		parameter_near(q->law->parameters, PARAM_P2_LONG_TERM_REVIEW, contract->signed_on);
	unsigned found = 0;

	if (state->rate.basis == RATE_FLOOR)
		found |= FLAG_RATE_BELOW_FLOOR;
	if (state->rate.basis == RATE_LPR_MISSING)
		found |= FLAG_LPR_MISSING;
	if (acceptance_stalled(q, state))
		found |= FLAG_ACCEPTANCE_STALLED;
	if (state->due.source == DUE_CAP_60)
		found |= FLAG_TERM_CAPPED;
	if (regulation_transition(q->law, contract->signed_on, state->due.start))
		found |= FLAG_TRANSITION;
	if ((state->coverage == COVERAGE_COVERED || state->coverage == COVERAGE_UNKNOWN_SIZE) &&
		debtor_is_enterprise(state->debtor_kind) && state->due.source == DUE_AGREED &&
		state->due.nominal - state->due.start > long_term)
		found |= FLAG_LONG_TERM_REVIEW;
	if (contract->declared_size == SIZE_BLANK)
		found |= FLAG_STATUS_NOT_STATED;
	if (state->days.differs)
		found |= FLAG_EVENT_DIFFERS;
	if (state->days.unused && state->due.source == DUE_NOT_STARTED)
		found |= FLAG_EVENT_UNUSED;
	return found;
}
