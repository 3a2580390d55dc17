/* The outlook in numbers and in words: the gap, what can still close it, until when, and why nobody is told. */
#include "checks/explain_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "checks/explain_reason.h"
#include "checks/lead_time.h"
#include "checks/quota_tell.h"

enum { MILLION = 1000000, PPM_PER_PERCENT = 10000, TEXT_MAX = 1024, PIECE_MAX = 320 };

/* One of the two targets, with what all its texts need. */
struct telling {
	const struct explaining *e;
	const struct year_outlook *year;
	const struct scope_outlook *scope;
	const struct outlook_target *target;
	struct quota_tell_limits limits;
	bool small_micro;
	fen_t covered; /* what would do comfortably: the gap times cover_ppm */
};

static const char *quiet_words(int bit)
{
	static const char *const words[QUIET_COUNT] = {
		"预算未齐，暂不提示",
		"按百分比保留两位小数已达到比例，不提示",
		"查明有关记录后可能已达到比例（区间上限已达到），不提示",
		"预算总额低于设定的最小值，不提示",
		"数据不足，不提示",
		"扣除不适宜预留的预算后已达到比例，不提示",
	};

	return words[bit];
}

static void write_quiet(struct json_out *out, unsigned quiet)
{
	json_array_begin(out, "quiet");
	for (int bit = 0; bit < QUIET_COUNT; bit++) {
		if (!(quiet & 1u << bit))
			continue;
		json_object_begin(out, NULL);
		json_text(out, "why", outlook_quiet_name(bit));
		json_text(out, "text", quiet_words(bit));
		json_object_end(out);
	}
	json_array_end(out);
}

/* What is left against what is needed. */
static void capacity_words(const struct telling *t, char room[PIECE_MAX])
{
	char reservable[MONEY_TEXT_MAX], nameable[MONEY_TEXT_MAX], capacity[MONEY_TEXT_MAX],
		covered[MONEY_TEXT_MAX];

	money_text_grouped(t->scope->reservable, reservable);
	money_text_grouped(t->scope->nameable, nameable);
	money_text_grouped(t->target->capacity, capacity);
	money_text_grouped(t->covered, covered);
	if (t->small_micro)
		snprintf(room, PIECE_MAX,
			"已预留份额中可明确面向小微企业的%s元，可预留余额%s元，合计可使差额减少%s"
			"元；",
			nameable, reservable, capacity);
	else
		snprintf(room, PIECE_MAX, "可预留余额%s元；", reservable);
	snprintf(room + strlen(room), PIECE_MAX - strlen(room), "差额的%" PRId64 "%%为%s元；",
		t->limits.cover_ppm / PPM_PER_PERCENT, covered);
}

/* Until when. */
static void day_words(const struct telling *t, char room[PIECE_MAX])
{
	const struct outlook_target *target = t->target;
	bool planned = target->last_day_at_most < t->year->last_day_at_most;
	char day[DAY_TEXT_MAX];

	if (target->last_day_at_most == DAY_NONE) {
		day_text(t->year->last_day_at_most, day);
		snprintf(room, PIECE_MAX, "统计日之后已不能补足（按采购用时最后可行日%s%s）；",
			t->year->missing_year ? "不晚于" : "为", day);
		return;
	}
	day_text(target->last_day_at_most, day);
	snprintf(room, PIECE_MAX, "最后可行日%s%s%s，%s%d个工作日（不超过%" PRId64 "个为紧急）；",
		target->last_day == DAY_NONE ? "不晚于" : "为", day,
		planned ? "（其后按计划公告的项目不足以补足）" : "",
		target->workdays_left < 0 ? "年度工作日历缺失，至多尚余" : "尚余",
		target->workdays_at_most, t->limits.urgent_workdays);
}

static void target_words(const struct telling *t, char room[TEXT_MAX])
{
	const struct outlook_target *target = t->target;
	const char *words = quota_outlook_words(t->year->phase.phase, target->outlook);
	char reached[MONEY_TEXT_MAX], needed[MONEY_TEXT_MAX], gap[MONEY_TEXT_MAX];
	char capacity[PIECE_MAX] = "", day[PIECE_MAX] = "";

	money_text_grouped(target->reached, reached);
	money_text_grouped(target->needed, needed);
	money_text_grouped(target->gap, gap);
	if (target->outlook == OUTLOOK_NONE) {
		snprintf(
			room, TEXT_MAX, "%s，暂不判断", target->base > 0 ? "预算未齐" : "基数为零");
		return;
	}
	if (target->gap > 0) {
		capacity_words(t, capacity);
		day_words(t, day);
	}
	snprintf(room, TEXT_MAX, "已有%s元，应有%s元，差额%s元；%s%s%s", reached, needed, gap,
		capacity, day, words);
}

static void write_target(const struct telling *t)
{
	const struct outlook_target *target = t->target;
	struct json_out *out = t->e->out;
	char text[TEXT_MAX];

	target_words(t, text);
	json_line(out);
	json_object_begin(out, NULL);
	json_text(out, "target", t->small_micro ? "small_micro" : "sme");
	json_text(out, "rule", "O-2");
	json_text(out, "article", parameter_defs[PARAM_O2_COVER].citation);
	json_fen(out, "needed_fen", target->needed);
	json_fen(out, "reached_fen", target->reached);
	json_fen(out, "gap_fen", target->gap);
	json_fen(out, "capacity_fen", target->capacity);
	json_int(out, "cover_ppm", t->limits.cover_ppm);
	json_fen(out, "covered_fen", t->covered);
	json_day(out, "last_day", target->last_day);
	json_day(out, "last_day_at_most", target->last_day_at_most);
	if (target->workdays_at_most >= 0)
		json_int(out, "workdays_at_most", target->workdays_at_most);
	json_int(out, "urgent_workdays", t->limits.urgent_workdays);
	write_quiet(out, target->quiet);
	json_text(out, "result", quota_outlook_name(target->outlook));
	json_text(out, "text", text);
	json_object_end(out);
}

/* From 31 December back: what must have begun by when. */
static void write_lead_times(const struct explaining *e)
{
	struct lead_step steps[LEAD_STEPS];
	int missing = lead_steps(e->law, e->fiscal_year, steps);

	if (missing)
		json_int(e->out, "calendar_missing_year", missing);
	json_array_begin(e->out, "lead_times");
	for (int i = 0; i < LEAD_STEPS; i++) {
		const struct parameter_def *def = &parameter_defs[steps[i].parameter];

		json_object_begin(e->out, NULL);
		json_text(e->out, "rule", def->rule_id);
		json_text(e->out, "name", def->name);
		json_text(e->out, "article", def->citation);
		json_int(e->out, "days", steps[i].days);
		json_text(e->out, "unit", parameter_unit_name(def->unit));
		json_day(e->out, "from", steps[i].from);
		json_object_end(e->out);
	}
	json_array_end(e->out);
}

void explain_outlook(const struct explaining *e, const struct quota_view *view, const char *scope)
{
	const struct scope_outlook *outlook = outlook_of(view->outlook, scope);
	struct telling t = { .e = e,
		.year = view->outlook,
		.scope = outlook,
		.limits = quota_tell_limits_of(view->law, e->fiscal_year) };

	json_object_begin(e->out, "outlook");
	json_text(e->out, "phase", quota_phase_name(view->outlook->phase.phase));
	json_text(e->out, "result", quota_outlook_name(outlook->outlook));
	json_text(
		e->out, "words", quota_outlook_words(view->outlook->phase.phase, outlook->outlook));
	json_array_begin(e->out, "targets");
	for (int i = 0; i < 2; i++) {
		t.small_micro = i == 1;
		t.target = i ? &outlook->small_micro : &outlook->sme;
		if (!money_scale_up(t.target->gap, t.limits.cover_ppm, MILLION, &t.covered))
			t.covered = MONEY_FEN_MAX;
		write_target(&t);
	}
	json_array_end(e->out);
	json_line(e->out);
	write_lead_times(e);
	json_object_end(e->out);
	json_line(e->out);
}
