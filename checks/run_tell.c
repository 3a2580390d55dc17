/* Findings from what was observed, then one message after the other. */
#include "checks/run_own.h"

#include <stdlib.h>

#include "sql/embed.h"

enum { SOURCES_DEADLINE_MS = 60000 };

static void tell_some(struct check_run *run);

static void on_kept(void *arg, const struct err *err)
{
	struct check_run *run = arg;
	if (err)
		run_roll_back(run, err);
	else
		tell_some(run);
}

/* What nobody was sent was not told: the next run looks at it anew. */
static void on_told(void *arg, const struct err *err, int64_t messages)
{
	struct check_run *run = arg;
	const struct quota_told_row *kept = tell_kept(run->tell);
	if (err) {
		run_roll_back(run, err);
		return;
	}
	run->report.messages_queued += messages;
	if (kept && messages > 0)
		quota_told_store_keep(run->quota_told, run->opened.run_id, kept, on_kept, run);
	else
		tell_some(run);
}

static void tell_some(struct check_run *run)
{
	struct message_draft draft;
	if (!run->opened.silent && told_routed(run->told) && tell_next(run->tell, &draft))
		finding_store_message(run->findings, &draft, on_told, run);
	else
		run_proposals_start(run);
}

/* The year before ------------------------------------------------------------------------------ */

static void on_past(void *arg, const struct err *err, const struct quota_year *year)
{
	struct check_run *run = arg;
	if (err) {
		run_roll_back(run, err);
		return;
	}
	tell_past(run->tell, year);
	tell_some(run);
}

static void load_past(struct check_run *run)
{
	run->past = quota_run_start(
		&(struct quota_run_question){
			.base = run->base,
			.tx = run->tx,
			.ledger = run->ledger,
			.fiscal_year = day_year(run->report.as_of) - 1,
			.as_of = run->report.as_of,
		},
		on_past, run);
}

/* What is on record ---------------------------------------------------------------------------- */

static void on_quota_told(void *arg, const struct quota_told_row *row)
{
	struct check_run *run = arg;
	tell_quota_told(run->tell, row);
}

static void on_quota_read(void *arg, const struct err *err, bool past)
{
	struct check_run *run = arg;
	if (err)
		run_roll_back(run, err);
	else if (past)
		load_past(run);
	else
		tell_some(run);
}

/* The batch up to which the year before was looked at on this day; -1: it was not. */
static int64_t looked_at(const struct check_run *run)
{
	bool anew = run->choice.all || run->opened.registered ||
		    run->report.as_of != run->choice.last_day;

	return anew ? -1 : run->choice.after;
}

static void on_read(void *arg, const struct err *err)
{
	struct check_run *run = arg;
	if (err)
		run_roll_back(run, err);
	else if (run->year && told_routed(run->told))
		quota_told_store_read(run->quota_told, day_year(run->report.as_of),
			run->report.known_batch, looked_at(run), on_quota_told, on_quota_read, run);
	else
		tell_some(run);
}

static void on_change(void *arg, const struct finding_change *change)
{
	struct check_run *run = arg;
	tell_change(run->tell, change);
}

static void on_findings(void *arg, const struct err *err)
{
	struct check_run *run = arg;
	if (err)
		run_roll_back(run, err);
	else
		run_steps_start(run);
}

void run_cases_start(struct check_run *run)
{
	struct tell_counts counts = tell_counts(run->tell);
	/* A gap may have to be told of again although nothing changed: the day did. */
	if (counts.opened + counts.updated + counts.closed == 0 && !tell_waits(run->tell) &&
		!run->year)
		run_proposals_start(run);
	else
		told_read(run->told, run->tx, run->opened.run_id, run->report.known_batch,
			run->report.as_of, run->choice.all, on_read, run);
}

static void apply(struct check_run *run)
{
	run->told = told_new();
	run->quota_told = quota_told_store_new(run->tx);
	run->tell = tell_new(&(struct tell_context){
		.ledger = run->ledger,
		.units = run->units,
		.year = run->year,
		.observations = run->observations,
		.told = run->told,
		.as_of = run->report.as_of,
		.fiscal_year = day_year(run->report.as_of),
		.run_id = run->opened.run_id,
		.started_at = run->opened.started_at,
		.program = SETASIDE_VERSION,
	});
	finding_store_apply(run->findings,
		&(struct finding_set){
			.run_id = run->opened.run_id,
			.as_of = run->report.as_of,
			.count = observations_count(run->observations),
			.fill = observations_fill,
			.fill_arg = run->observations,
			.judged = observations_judged(run->observations, run->observe_all),
		},
		on_change, on_findings, run);
}

/* Sources that left the checks blind ------------------------------------------------------------ */

static void on_source_row(void *arg, const struct sql_row *row)
{
	struct check_run *run = arg;
	observations_add_source(run->observations, sql_row_text(row, 0), sql_row_text(row, 1),
		sql_row_text(row, 2));
}

static void on_sources(void *arg, const struct sql_outcome *outcome)
{
	struct check_run *run = arg;
	if (outcome->err.code)
		run_roll_back(run, &outcome->err);
	else
		apply(run);
}

static void look_at_sources(struct check_run *run)
{
	sql_tx_call(run->tx, &(struct sql_call){
				     .text = sql_text_source_faulty,
				     .row = on_source_row,
				     .done = on_sources,
				     .arg = run,
				     .deadline_ms = SOURCES_DEADLINE_MS,
			     });
}

static void on_years(void *arg, const struct err *err, int64_t written, int64_t removed)
{
	struct check_run *run = arg;
	(void)written;
	(void)removed;
	if (err)
		run_roll_back(run, err);
	else
		look_at_sources(run);
}

static void on_year(void *arg, int year, int64_t obligations)
{
	struct check_run *run = arg;
	observations_add_year(run->observations, year, obligations);
}

void run_tell_start(struct check_run *run)
{
	run->observations =
		observations_new(run->ledger, NULL, run->report.as_of, day_year(run->report.as_of));
	if (run->year)
		observations_add_quota(run->observations, &run->year->figures);
	check_store_missing_years(run->store, on_year, on_years, run);
}
