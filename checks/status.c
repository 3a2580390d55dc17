#include "checks/status.h"

const char *obligation_status_name(enum obligation_status status)
{
	static const char *const names[] = { "not-covered", "paid", "paid-late", "overdue",
		"disputed", "calendar-missing", "data-missing", "clock-not-started",
		"no-statutory-term", "not-due" };

	return names[status];
}

const char *obligation_flag_name(int bit)
{
	static const char *const names[] = { "rate-below-floor", "calendar-missing",
		"acceptance-stalled", "term-capped", "transition", "long-term-review",
		"status-not-stated", "cap-applied", "disputed-exceeds-amount", "lpr-missing" };

	return names[bit];
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
	for (int i = 0; i < state->part_count; i++) {
		if (calendar_bites(&state->parts[i], as_of))
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
	const struct obligation_fact *obligation =
		&q->index->facts->obligations.items[state->obligation];
	const struct contract_fact *contract = &q->index->facts->contracts.items[state->contract];
	int64_t days = parameter_near(q->law->parameters, PARAM_P3_STALLED, contract->signed_on);

	return state->due.source == DUE_NOT_STARTED && state->outstanding > 0 &&
	       contract->clock_basis == CLOCK_ACCEPTANCE &&
	       contract->inspection_days == NUMBER_NONE &&
	       day_known(obligation->delivered_on, q->as_of) != DAY_NONE &&
	       q->as_of - obligation->delivered_on > days;
}

unsigned obligation_flags_of(const struct arrears_question *q, const struct obligation_state *state)
{
	const struct contract_fact *contract = &q->index->facts->contracts.items[state->contract];
	day_t from = (day_t)parameter_near(q->law->parameters, PARAM_P10_802_FROM, q->as_of);
	int64_t long_term =
		parameter_near(q->law->parameters, PARAM_P2_LONG_TERM_REVIEW, contract->signed_on);
	unsigned flags = 0;

	if (state->rate.basis == RATE_FLOOR)
		flags |= FLAG_RATE_BELOW_FLOOR;
	if (state->rate.basis == RATE_LPR_MISSING)
		flags |= FLAG_LPR_MISSING;
	if (acceptance_stalled(q, state))
		flags |= FLAG_ACCEPTANCE_STALLED;
	if (state->due.source == DUE_CAP_60)
		flags |= FLAG_TERM_CAPPED;
	if (contract->signed_on != DAY_NONE && contract->signed_on < from &&
		state->due.start != DAY_NONE && state->due.start >= from)
		flags |= FLAG_TRANSITION;
	if ((state->coverage == COVERAGE_COVERED || state->coverage == COVERAGE_UNKNOWN_SIZE) &&
		debtor_is_enterprise(state->debtor_kind) && state->due.source == DUE_AGREED &&
		state->due.nominal - state->due.start > long_term)
		flags |= FLAG_LONG_TERM_REVIEW;
	if (contract->declared_size == SIZE_BLANK)
		flags |= FLAG_STATUS_NOT_STATED;
	if (dispute_exceeds(&q->index->facts->obligations.items[state->obligation]))
		flags |= FLAG_DISPUTED_EXCEEDS_AMOUNT;
	return flags;
}
