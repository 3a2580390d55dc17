#include "checks/ladder.h"

#include <string.h>

#include "core/buf.h"

static const struct {
	const char *name, *words, *addressee;
	enum parameter days;
} steps[LADDER_STEPS] = {
	[LADDER_NONE] = { "", "", "", PARAM_COUNT },
	[LADDER_INTERVIEW] = { "interview", "约谈", "债务单位负责人", PARAM_E6_INTERVIEW },
	[LADDER_SUPERVISE] = { "supervise", "督办", "债务单位，抄送其主管部门",
		PARAM_E6_SUPERVISE },
	[LADDER_REPORT] = { "report", "通报", "债务单位的主管部门和区政府", PARAM_E6_REPORT },
};

const char *ladder_step_name(enum ladder_step step)
{
	return steps[step].name;
}

const char *ladder_step_words(enum ladder_step step)
{
	return steps[step].words;
}

const char *ladder_step_addressee(enum ladder_step step)
{
	return steps[step].addressee;
}

enum ladder_step ladder_step_parse(const char *name)
{
	for (int step = LADDER_INTERVIEW; step < LADDER_STEPS; step++)
		if (strcmp(steps[step].name, name) == 0)
			return (enum ladder_step)step;
	return LADDER_NONE;
}

enum ladder_step ladder_step_of(const struct law *law, int64_t overdue_days, day_t as_of)
{
	for (int step = LADDER_STEPS - 1; step > LADDER_NONE; step--)
		if (overdue_days >= parameter_near(law->parameters, steps[step].days, as_of))
			return (enum ladder_step)step;
	return LADDER_NONE;
}

const struct ladder_move ladder_moves[] = {
	{ "", "proposed", "proposed", "run", "verified rows of the unit reach the days of a step" },
	{ "proposed", "proposed", "changed", "run", "rows come, are paid or reach the next step" },
	{ "proposed", "confirmed", "confirmed", "person", "with name and reason" },
	{ "proposed", "declined", "declined", "person", "not proposed again for these rows" },
	{ "proposed", "lapsed", "lapsed", "run", "no row of it is left" },
	{ "confirmed", "", "told", "run", "becomes a message, once" },
	{ NULL, NULL, NULL, NULL, NULL },
};

const char *ladder_decide(const char *from, const char *decision)
{
	for (const struct ladder_move *move = ladder_moves; move->event; move++)
		if (strcmp(move->who, "person") == 0 && strcmp(move->from, from) == 0 &&
			strcmp(move->event, decision) == 0)
			return move->to;
	return NULL;
}

static const char *node(const char *state)
{
	return *state ? state : "[*]";
}

void ladder_draw(struct buf *out)
{
	buf_format(out, "```mermaid\nstateDiagram-v2\n");
	for (const struct ladder_move *move = ladder_moves; move->event; move++)
		buf_format(out, "    %s --> %s: %s (%s) - %s\n", node(move->from), node(move->to),
			move->event, move->who, move->why);
	buf_format(out, "```\n");
}
