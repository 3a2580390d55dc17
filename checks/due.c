/* Three questions in a row: when did the clock start, on which day is the money due by the text,
 * and on which working day does that fall. */
#include "checks/due.h"

enum { LONGEST_TERM = 100000 }; /* days; beyond any sensible entry, keeps day arithmetic in range */

const char *due_source_name(enum due_source source)
{
	static const char *const names[] = { "not-covered", "statutory-30", "statutory-60",
		"agreed", "cap-60", "contract-date", "clock-start", "not-started", "data-missing",
		"no-statutory-term", "calendar-missing" };

	return names[source];
}

bool debtor_is_public(enum debtor_kind kind)
{
	return kind == DEBTOR_ORGAN || kind == DEBTOR_INSTITUTION || kind == DEBTOR_GROUP;
}

bool debtor_is_enterprise(enum debtor_kind kind)
{
	return kind == DEBTOR_SOE || kind == DEBTOR_LARGE_ENTERPRISE;
}

static day_t day_plus(day_t day, int64_t days)
{
	if (days < 0)
		days = 0;
	return day + (day_t)(days > LONGEST_TERM ? LONGEST_TERM : days);
}

/* P-3 with acceptance: the day it passed, but not later than the end of the agreed inspection
 * period, whether or not it was accepted; that end does not roll and may lie ahead (G-34). */
static day_t start_by_acceptance(const struct due_question *q, const struct clock_days *days)
{
	day_t end;

	if (days->inspected_from == DAY_NONE || q->contract->inspection_days == NUMBER_NONE)
		return days->accepted;
	end = day_plus(days->inspected_from, q->contract->inspection_days);
	return days->accepted != DAY_NONE && days->accepted < end ? days->accepted : end;
}

static day_t clock_start(const struct due_question *q)
{
	struct clock_days days = q->days ? *q->days : clock_days_stated(q->obligation, q->as_of);

	switch (q->contract->clock_basis) {
	case CLOCK_SETTLEMENT:
		return days.settled;
	case CLOCK_ACCEPTANCE:
		return start_by_acceptance(q, &days);
	case CLOCK_DELIVERY:
	default:
		return days.delivered;
	}
}

static void set_nominal(struct due_answer *answer, day_t nominal, enum due_source source)
{
	answer->nominal = nominal;
	answer->source = source;
}

/* The last day the 60-day cap allows, DAY_NONE without a cap (G-31: an individual has none). */
static day_t cap_day(const struct law *law, const struct due_question *q, day_t start)
{
	if (start == DAY_NONE || q->individual || !debtor_is_public(q->debtor))
		return DAY_NONE;
	return day_plus(start,
		parameter_near(law->parameters, PARAM_P2_PUBLIC_CAP, q->contract->signed_on));
}

/* Sets the day, or the cap's day when it lies beyond. The comparison is of unrolled days (G-37). */
static void set_capped(struct due_answer *answer, day_t nominal, day_t cap, enum due_source source)
{
	if (cap != DAY_NONE && nominal > cap)
		set_nominal(answer, cap, DUE_CAP_60);
	else
		set_nominal(answer, nominal, source);
}

/* G-36: an instalment with a calendar date. A delivery needs a started clock and is never due
 * before its start; a progress row is due on its date even without one. */
static void due_by_instalment_date(
	const struct law *law, const struct due_question *q, struct due_answer *answer)
{
	day_t date = q->obligation->contract_due_on;

	if (q->obligation->kind == KIND_DELIVERY && answer->start == DAY_NONE)
		answer->source = DUE_NOT_STARTED;
	else if (q->obligation->kind == KIND_DELIVERY && date < answer->start)
		set_nominal(answer, answer->start, DUE_CLOCK_START);
	else
		set_capped(answer, date, cap_day(law, q, answer->start), DUE_CONTRACT_DATE);
}

static void due_by_agreed_term(
	const struct law *law, const struct due_question *q, struct due_answer *answer)
{
	int64_t term =
		q->contract->agreed_term > LONGEST_TERM ? LONGEST_TERM : q->contract->agreed_term;
	day_t cap = cap_day(law, q, answer->start), nominal;

	if (q->contract->term_unit == TERM_DAY) {
		set_capped(answer, day_plus(answer->start, term), cap, DUE_AGREED);
		return;
	}
	answer->missing_year =
		day_add_working(law->calendar, answer->start, (int)term, cap, &nominal);
	if (answer->missing_year)
		answer->source = DUE_CALENDAR_MISSING;
	else
		set_capped(answer, nominal, cap, DUE_AGREED);
}

static void due_by_statute(
	const struct law *law, const struct due_question *q, struct due_answer *answer)
{
	day_t signed_on = q->contract->signed_on;
	int64_t large = parameter_at(law->parameters, PARAM_P2_LARGE_TERM, signed_on);

	if (q->individual || (!debtor_is_public(q->debtor) && large == PARAMETER_NONE))
		answer->source = DUE_NO_STATUTORY_TERM;
	else if (debtor_is_public(q->debtor))
		set_nominal(answer,
			day_plus(answer->start,
				parameter_near(law->parameters, PARAM_P2_PUBLIC_TERM, signed_on)),
			DUE_STATUTORY_30);
	else
		set_nominal(answer, day_plus(answer->start, large), DUE_STATUTORY_60);
}

static void due_by_term(
	const struct law *law, const struct due_question *q, struct due_answer *answer)
{
	if (q->contract->agreed_term != NUMBER_NONE && q->contract->agreed_term >= 0)
		due_by_agreed_term(law, q, answer);
	else
		due_by_statute(law, q, answer);
}

static void find_nominal(
	const struct law *law, const struct due_question *q, struct due_answer *answer)
{
	const struct obligation_fact *obligation = q->obligation;

	if (q->contract->signed_on == DAY_NONE) {
		answer->source = DUE_DATA_MISSING; /* G-33 */
		return;
	}
	if (obligation->kind != KIND_DELIVERY && obligation->kind != KIND_PROGRESS) {
		/* G-35: prepayment, retention, deposit go by the contract's date alone. */
		if (obligation->contract_due_on == DAY_NONE)
			answer->source = DUE_DATA_MISSING;
		else
			set_nominal(answer, obligation->contract_due_on, DUE_CONTRACT_DATE);
		return;
	}
	answer->start = clock_start(q);
	if (obligation->contract_due_on != DAY_NONE)
		due_by_instalment_date(law, q, answer);
	else if (answer->start == DAY_NONE)
		answer->source = DUE_NOT_STARTED;
	else
		due_by_term(law, q, answer);
}

int due_roll(const struct law *law, day_t nominal, day_t *ret)
{
	int missing;

	*ret = nominal;
	if (parameter_near(law->parameters, PARAM_DT5_ROLL, nominal) == 0)
		return 0;
	missing = day_roll(law->calendar, nominal, ret);
	if (missing != DAY_OK)
		*ret = DAY_NONE;
	return missing;
}

struct due_answer due_judge(const struct law *law, const struct due_question *question)
{
	struct due_answer answer = { DAY_NONE, DAY_NONE, DAY_NONE, DUE_DATA_MISSING, 0 };

	find_nominal(law, question, &answer);
	if (answer.nominal != DAY_NONE)
		answer.missing_year = due_roll(law, answer.nominal, &answer.rolled);
	return answer;
}

struct due_answer due_if_started(
	const struct law *law, const struct due_question *question, day_t start)
{
	const struct obligation_fact *obligation = question->obligation;
	struct due_answer answer = { start, DAY_NONE, DAY_NONE, DUE_CONTRACT_DATE, 0 };

	if ((obligation->kind != KIND_DELIVERY && obligation->kind != KIND_PROGRESS) ||
		obligation->contract_due_on != DAY_NONE)
		answer.nominal = start;
	else
		due_by_term(law, question, &answer);
	if (answer.nominal != DAY_NONE)
		answer.missing_year = due_roll(law, answer.nominal, &answer.rolled);
	return answer;
}
