/* What a named person does to a channel: has it work again after its endpoint had ended it. */
#include <stdio.h>

#include "daemon/command_alerts_own.h"
#include "sql/embed.h"
#include "sql/job.h"

static void on_row(void *arg, const struct sql_row *row)
{
	struct alerts *alerts = arg;
	const char *name = alerts->call->argument[1];

	alerts->seen++;
	if (sql_row_bool(row, 2)) {
		printf("%s is enabled by %s; it was disabled: %s\n", name,
			alerts_text(alerts, ALERTS_BY), sql_row_text(row, 1));
		if (sql_row_int(row, 3) > 0)
			printf("%lld of its messages were refused; setaside alerts retry "
			       "--channel %s --state rejected sends them again\n",
				(long long)sql_row_int(row, 3), name);
		return;
	}
	alerts->refused++;
	fprintf(stderr, "setaside: channel %s %s%s\n", name,
		sql_row_bool(row, 0) ? "is not disabled" : "cannot be enabled: it is ",
		sql_row_text(row, 1));
}

static void on_done(void *arg, const struct sql_outcome *outcome)
{
	struct alerts *alerts = arg;
	struct err err = outcome->err;

	if (err.code == ERR_NONE && alerts->seen == 0)
		err_set(&err, ERR_DATA, "there is no channel %s in the database",
			alerts->call->argument[1]);
	session_finish(&alerts->session, &err);
	if (alerts->refused > 0)
		alerts->session.status = STATUS_REFUSED;
}

int alerts_enable(struct alerts *alerts)
{
	const char *person = alerts_text(alerts, ALERTS_BY);
	const char *reason = alerts_text(alerts, ALERTS_REASON);
	struct sql_params params = SQL_PARAMS_INIT;
	struct sql_call call = { .text = sql_text_channel_enable,
		.params = &params,
		.row = on_row,
		.done = on_done,
		.arg = alerts };
	struct err err = ERR_INIT;

	if (!person || !*person) {
		err_set(&err, ERR_USAGE, "the person's name is missing: --by NAME");
		return command_failed(&err);
	}
	sql_param_text(&params, alerts->call->argument[1]);
	sql_param_text(&params, person);
	sql_param_text(&params, reason ? reason : "");
	if (!sql_submit(alerts->session.link, &call, &err))
		return command_failed(&err);
	return session_run(&alerts->session);
}
