#include "sql/store_case.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "sql/embed.h"
#include "sql/job.h"

enum { TIME_TEXT_MAX = 40 };

struct acting {
	char *subject, *event;
	int64_t found, open;
	char states[200];
	struct store_case_acted acted;
	store_case_fn done;
	void *arg;
};

static void acting_free(struct acting *acting)
{
	free(acting->subject);
	free(acting->event);
	free(acting);
}

static void on_row(void *arg, const struct sql_row *row)
{
	struct acting *acting = arg;

	acting->found = sql_row_int(row, 0);
	acting->open = sql_row_int(row, 1);
	acting->acted.findings = sql_row_int(row, 2);
	snprintf(acting->acted.cases, sizeof(acting->acted.cases), "%s", sql_row_text(row, 3));
	snprintf(acting->states, sizeof(acting->states), "%s", sql_row_text(row, 4));
}

static void on_done(void *arg, const struct sql_outcome *outcome)
{
	struct acting *acting = arg;
	struct err err = outcome->err;

	if (err.code == ERR_NONE && acting->found == 0)
		err_set(&err, ERR_DATA, "no case, message or finding is called %s",
			acting->subject);
	else if (err.code == ERR_NONE && acting->acted.findings == 0)
		err_set(&err, ERR_REFUSED, "%s is %s: it cannot be %s", acting->subject,
			acting->open == 0 ? "closed" : acting->states, acting->event);
	acting->done(acting->arg, err.code ? &err : NULL, err.code ? NULL : &acting->acted);
	acting_free(acting);
}

static int check(const struct store_case_act *act, struct err *err)
{
	if (!*act->person || strlen(act->person) > CASE_PERSON_MAX)
		return err_set(err, ERR_USAGE,
			"the person's name is missing or longer than %d bytes", CASE_PERSON_MAX);
	if (!*act->reason || strlen(act->reason) > CASE_REASON_MAX)
		return err_set(err, ERR_USAGE, "the reason is missing or longer than %d bytes",
			CASE_REASON_MAX);
	if ((strcmp(act->event, "assigned") == 0 || strcmp(act->event, "escalated") == 0) !=
		(*act->to != 0))
		return err_set(err, ERR_USAGE,
			"whom it is given to is said when a case is assigned or escalated, and "
			"only "
			"then");
	if (strlen(act->to) > CASE_PERSON_MAX)
		return err_set(err, ERR_USAGE, "the name is longer than %d bytes", CASE_PERSON_MAX);
	if ((strcmp(act->event, "silenced") == 0) != (act->until != DAY_NONE))
		return err_set(err, ERR_USAGE,
			"the last day is said when a case is silenced, and only then");
	if (act->until != DAY_NONE &&
		(act->until < day_today() || act->until > day_today() + CASE_SILENCE_MAX_DAYS))
		return err_set(err, ERR_USAGE, "a silence ends today or within the next %d days",
			CASE_SILENCE_MAX_DAYS);
	return 0;
}

/* The end is the midnight in Beijing after the last day. */
static void fill(
	struct sql_params *params, const struct store_case_act *act, char room[TIME_TEXT_MAX])
{
	char day[DAY_TEXT_MAX];

	sql_param_text(params, act->subject);
	sql_param_text(params, act->event);
	sql_param_text(params, act->person);
	sql_param_text(params, act->reason);
	sql_param_text(params, act->to);
	if (act->until == DAY_NONE) {
		sql_param_null(params);
	} else {
		snprintf(room, TIME_TEXT_MAX, "%s 00:00:00+08", day_text(act->until + 1, day));
		sql_param_text(params, room);
	}
	sql_param_text(params, act->from);
	sql_param_text(params, act->next);
}

int store_case_act(struct sql_link *link, const struct store_case_act *act, store_case_fn done,
	void *arg, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;
	char room[TIME_TEXT_MAX];
	struct acting *acting;

	if (check(act, err))
		return -1;
	acting = mem_zero(1, sizeof(*acting));
	acting->subject = mem_text(act->subject);
	acting->event = mem_text(act->event);
	acting->done = done;
	acting->arg = arg;
	fill(&params, act, room);
	if (sql_submit(link,
		    &(struct sql_call){
			    .text = sql_text_case_act,
			    .params = &params,
			    .row = on_row,
			    .done = on_done,
			    .arg = acting,
		    },
		    err))
		return 0;
	acting_free(acting);
	return -1;
}
