#include "checks/explain_calendar.h"

struct waiting {
	const struct arrears_question *question;
	int year;
	int64_t count;
	struct json_out *out;
};

static bool needs(const struct obligation_state *state, int year)
{
	if (state->outstanding == 0)
		return false;
	if (state->due.missing_year == year)
		return true;
	for (size_t i = 0; i < state->part_count; i++)
		if (state_part(state, i)->missing_year == year)
			return true;
	return false;
}

static void on_group(void *arg, uint32_t group, const struct obligation_state *states, size_t count)
{
	struct waiting *waiting = arg;
	const struct facts *facts = waiting->question->index->facts;

	(void)group;
	for (size_t i = 0; i < count; i++) {
		if (!needs(&states[i], waiting->year))
			continue;
		if (waiting->count++ < EXPLAIN_CALENDAR_MAX)
			json_text(waiting->out, NULL,
				facts->obligations.items[states[i].obligation].obligation_no);
	}
}

static bool is_known(const struct law *law, int year)
{
	day_t first;
	bool working;

	return day_from_civil(year, 1, 1, &first) &&
	       day_is_working(law->calendar, first, &working) == DAY_OK;
}

void explain_calendar(const struct arrears_question *question, int year, struct json_out *out)
{
	struct waiting waiting = { .question = question, .year = year, .out = out };
	struct arrears_visitor visitor = { .group = on_group, .arg = &waiting };
	bool known = is_known(question->law, year);

	json_object_begin(out, NULL);
	json_int(out, "year", year);
	json_day(out, "as_of", question->as_of);
	json_bool(out, "known", known);
	json_text(out, "rule", "DT-6");
	json_text(out, "reading", "G-38");
	json_text(out, "article", parameter_defs[PARAM_DT5_ROLL].citation);
	json_text(out, "text",
		known ? "该年度工作日历已导入"
		      : "缺少该年度工作日历：落在该年度的应付日不能顺延，以工作日计的期限不能计算，"
			"导入后自动重算");
	json_array_begin(out, "waiting");
	arrears_judge_all(question, &visitor);
	json_array_end(out);
	json_int(out, "count", waiting.count);
	json_object_end(out);
}
