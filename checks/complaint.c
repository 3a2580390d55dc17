#include "checks/complaint.h"

#include <string.h>

const char *hand_over_status_name(enum hand_over_status status)
{
	static const char *const names[] = { "not-started", "pending", "on-time", "late", "breach",
		"no-clock", "data-missing", "calendar-missing" };

	return names[status];
}

const char *answer_status_name(enum answer_status status)
{
	static const char *const names[] = { "not-started", "open", "warn", "breach", "answered",
		"answered-late", "no-clock", "calendar-missing" };

	return names[status];
}

const char *complaint_result_words(const char *result)
{
	static const char *const words[][2] = {
		{ "paid", "已支付" },
		{ "plan", "已订还款计划" },
		{ "rejected", "不予支持" },
		{ "transferred", "已移送" },
		{ "not_admitted", "不予受理" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i][0], result) == 0)
			return words[i][1];
	return result;
}

/* The day in question (handed over, or today) lies before the year that cannot be counted. */
static bool before_year(day_t day, int year)
{
	day_t first;

	return day_from_civil(year, 1, 1, &first) && day < first;
}

static void judge_hand_over(const struct law *law, day_t accepted, day_t handed, day_t as_of,
	struct complaint_verdict *verdict)
{
	int64_t days = parameter_at(law->parameters, PARAM_K2_HAND_OVER, accepted);
	int missing = day_add_working(
		law->calendar, accepted, (int)days, DAY_NONE, &verdict->hand_over_due);

	if (missing != DAY_OK) {
		day_t asked = handed != DAY_NONE ? handed : as_of;

		verdict->hand_over_due = DAY_NONE;
		if (!before_year(asked, missing))
			verdict->hand_over = HAND_OVER_CALENDAR_MISSING;
		else
			verdict->hand_over =
				handed != DAY_NONE ? HAND_OVER_ON_TIME : HAND_OVER_PENDING;
	} else if (handed != DAY_NONE) {
		verdict->hand_over =
			handed <= verdict->hand_over_due ? HAND_OVER_ON_TIME : HAND_OVER_LATE;
	} else {
		verdict->hand_over =
			as_of <= verdict->hand_over_due ? HAND_OVER_PENDING : HAND_OVER_BREACH;
	}
}

static enum answer_status judge_open_answer(const struct complaint_verdict *verdict, day_t as_of)
{
	if (as_of < verdict->answer_nominal)
		return ANSWER_OPEN;
	if (verdict->answer_due == DAY_NONE)
		return as_of == verdict->answer_nominal ? ANSWER_WARN : ANSWER_CALENDAR_MISSING;
	return as_of <= verdict->answer_due ? ANSWER_WARN : ANSWER_BREACH;
}

static enum answer_status judge_given_answer(
	const struct complaint_verdict *verdict, day_t answered)
{
	if (answered <= verdict->answer_nominal)
		return ANSWER_ANSWERED;
	if (verdict->answer_due == DAY_NONE)
		return ANSWER_CALENDAR_MISSING;
	return answered <= verdict->answer_due ? ANSWER_ANSWERED : ANSWER_ANSWERED_LATE;
}

/* K-3: 30 calendar days from receiving the material, 90 in all when extended. */
static void judge_answer(const struct law *law, const struct complaint_fact *complaint,
	day_t handed, day_t as_of, struct complaint_verdict *verdict)
{
	enum parameter which = complaint->extended ? PARAM_K3_ANSWER_EXTENDED : PARAM_K3_ANSWER;
	day_t answered = day_known(complaint->answered_on, as_of);

	verdict->answer_nominal = handed + (day_t)parameter_near(law->parameters, which, handed);
	if (day_roll(law->calendar, verdict->answer_nominal, &verdict->answer_due) != DAY_OK)
		verdict->answer_due = DAY_NONE;
	verdict->answer = answered == DAY_NONE ? judge_open_answer(verdict, as_of)
					       : judge_given_answer(verdict, answered);
}

static bool is_refused(const struct complaint_fact *complaint, day_t as_of)
{
	return strcmp(complaint->result, "not_admitted") == 0 &&
	       (complaint->answered_on == DAY_NONE || complaint->answered_on <= as_of);
}

struct complaint_verdict complaint_judge(
	const struct law *law, const struct complaint_fact *complaint, day_t as_of)
{
	struct complaint_verdict verdict = { DAY_NONE, HAND_OVER_NOT_STARTED, DAY_NONE, DAY_NONE,
		ANSWER_NOT_STARTED };
	day_t accepted = complaint->accepted_on;
	day_t handed = day_known(complaint->handed_over_on, as_of);

	if (is_refused(complaint, as_of)) {
		verdict.hand_over = HAND_OVER_NO_CLOCK; /* K-5 */
		verdict.answer = ANSWER_NO_CLOCK;
		return verdict;
	}
	if (accepted == DAY_NONE) {
		verdict.hand_over = HAND_OVER_DATA_MISSING;
	} else if (accepted > as_of) {
		return verdict;
	} else if (parameter_at(law->parameters, PARAM_K2_HAND_OVER, accepted) == PARAMETER_NONE) {
		verdict.hand_over = HAND_OVER_NO_CLOCK; /* K-7 */
		verdict.answer = ANSWER_NO_CLOCK;
		return verdict;
	} else {
		judge_hand_over(law, accepted, handed, as_of, &verdict);
	}
	if (handed != DAY_NONE)
		judge_answer(law, complaint, handed, as_of, &verdict);
	return verdict;
}
