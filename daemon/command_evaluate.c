/* evaluate: one run of the rules, awaited. The channels and routes of the configuration are registered first, so that
 * what the run finds is queued for them also where no monitor has run yet. */
#include <inttypes.h>
#include <stdio.h>

#include "alerts/register.h"
#include "checks/record_run.h"
#include "checks/run.h"
#include "daemon/command.h"
#include "daemon/config.h"
#include "daemon/session.h"
#include "sql/link.h"

enum { AS_OF, FULL };
static const struct command_option options[] = {
	[AS_OF] = { "as-of", OPTION_DAY, "DATE",
		"the legal date to evaluate (today); not before that of the last evaluation; a "
		"first one of a past day tells nobody",
		NULL },
	[FULL] = { "full", OPTION_FLAG, NULL, "judge everything, not only what changed", NULL },
	{ .name = NULL },
};

struct evaluation_call {
	struct session session;
	struct sql_link *reader; /* of a full run, then of the look */
	struct check_options wanted;
	struct register_set *routes;
	struct record_run *look; /* at the records, under way */
	bool looked;             /* it ended; how: */
	struct err look_err;
	struct record_report records;
	bool evaluated; /* the law's run ended well, and its report was printed */
};

static void tell_records(struct evaluation_call *call)
{
	const struct record_report *report = &call->records;
	if (!call->look_err.code)
		printf("  records: procurements %" PRId64 "  findings %" PRId64 "  opened %" PRId64
		       "  updated %" PRId64 "  closed %" PRId64 "\n",
			report->procurements, report->findings, report->opened, report->updated,
			report->closed);
	if (!call->look_err.code && report->overtaken)
		fputs("setaside: another look at the records was quicker, this one changed "
		      "nothing\n",
			stderr);
	session_finish(&call->session, call->look_err.code ? &call->look_err : NULL);
}

static void on_looked(void *arg, const struct err *err, const struct record_report *report)
{
	struct evaluation_call *call = arg;
	call->look = NULL;
	call->looked = true;
	call->records = *report;
	if (err)
		call->look_err = *err;
	if (call->evaluated)
		tell_records(call);
}

/* What the records themselves are asked. */
static void look_at_records(struct evaluation_call *call, struct sql_link *link, day_t as_of)
{
	struct record_options wanted = { .as_of = as_of,
		.jurisdiction = call->session.config->jurisdiction,
		.full = call->wanted.full };
	call->look = record_run_start(
		call->session.base, link, &wanted, on_looked, call, &call->look_err);
	call->looked = call->look == NULL;
}

/* While the run writes on; what the look comes to is stored after it, by the writer's lock. */
static void on_reader_back(void *arg, day_t as_of)
{
	struct evaluation_call *call = arg;
	look_at_records(call, call->reader, as_of);
}

static void on_run(void *arg, const struct err *err, const struct check_report *report)
{
	struct evaluation_call *call = arg;
	char day[DAY_TEXT_MAX];
	if (err && err->code != ERR_NONE) {
		record_run_cancel(call->look);
		session_finish(&call->session, err);
		return;
	}
	printf("as of %s, known to batch %" PRId64 "\n  obligations %" PRId64
	       "  states written %" PRId64 "  removed %" PRId64 "  figures written %" PRId64
	       "\n  findings opened %" PRId64 "  updated %" PRId64 "  closed %" PRId64
	       "  messages queued %" PRId64 "\n",
		day_text(report->as_of, day), report->known_batch, report->obligations,
		report->states_written, report->states_removed, report->figures_written,
		report->findings_opened, report->findings_updated, report->findings_closed,
		report->messages_queued);
	if (report->overtaken)
		fputs("setaside: a run of a later batch was stored meanwhile, this one changed "
		      "nothing\n",
			stderr);
	call->evaluated = true;
	if (!call->look && !call->looked)
		look_at_records(call, call->session.link, report->as_of);
	if (call->looked)
		tell_records(call);
}

static void on_registered(void *arg, const struct sql_outcome *outcome)
{
	struct evaluation_call *run = arg;
	struct err err = outcome->err;
	if (err.code != ERR_NONE || !check_run_start(run->session.base, run->session.link,
					    &run->wanted, on_run, run, &err))
		session_finish(&run->session, &err);
}

static struct sql_link *reader_of(const struct session *session)
{
	struct sql_link_options link_options = { .dsn = session->config->dsn,
		.password_file = session->config->password_path,
		.name = "evaluate-read",
		.once = true };
	return sql_link_new(session->base, &link_options, NULL); /* NULL: one link does both */
}

static int run_evaluate(struct command_call *call)
{
	struct evaluation_call run = { 0 };
	struct err err = ERR_INIT;
	int status = session_open(&run.session, call, SESSION_CURRENT_SCHEMA);
	if (status == STATUS_DONE) {
		run.wanted = (struct check_options){ .as_of = call->value[AS_OF].day,
			.quiet_start =
				call->value[AS_OF].given && call->value[AS_OF].day < day_today(),
			.full = call->value[FULL].given,
			.jurisdiction = run.session.config->jurisdiction };
		if (run.wanted.full)
			run.wanted.reader = run.reader = reader_of(&run.session);
		run.wanted.reader_back = on_reader_back;
		run.routes = register_new(run.session.config->conf, &err);
		if (run.routes && register_write(run.routes, run.session.link, on_registered, &run,
					  &err) == 0)
			status = session_run(&run.session);
		else
			status = command_failed(&err);
	}
	register_free(run.routes);
	sql_link_free(run.reader);
	session_close(&run.session);
	return status;
}

const struct command command_evaluate = {
	.name = "evaluate",
	.usage = "",
	.help = "Runs the rules over the ledger, writes verdicts and findings, prints counts.",
	.options = options,
	.run = run_evaluate,
};
