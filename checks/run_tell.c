/* Findings from what was observed, then one message after the other. */
#include "checks/run_own.h"

#include <stdlib.h>

static void tell_some(struct check_run *run);

static void on_told(void *arg, const struct err *err, int64_t messages)
{
	struct check_run *run = arg;
	if (err) {
		run_roll_back(run, err);
		return;
	}
	run->report.messages_queued += messages;
	tell_some(run);
}

static void tell_some(struct check_run *run)
{
	struct message_draft draft;
	if (told_routed(run->told) && tell_next(run->tell, &draft))
		finding_store_message(run->findings, &draft, on_told, run);
	else
		run_close(run);
}

static void on_read(void *arg, const struct err *err)
{
	struct check_run *run = arg;
	if (err)
		run_roll_back(run, err);
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
	struct tell_counts counts;
	if (err) {
		run_roll_back(run, err);
		return;
	}
	counts = tell_counts(run->tell);
	if (counts.opened + counts.updated + counts.closed == 0)
		run_close(run);
	else
		told_read(run->told, run->tx, run->opened.run_id, run->report.known_batch,
			run->report.as_of, on_read, run);
}

static void apply(struct check_run *run)
{
	run->told = told_new();
	run->tell = tell_new(&(struct tell_context){
		.ledger = run->ledger,
		.units = run->units,
		.judgement = run->year,
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
			.judged = observations_judged(run->observations, run->choice.all),
		},
		on_change, on_findings, run);
}

static void on_years(void *arg, const struct err *err, int64_t written, int64_t removed)
{
	struct check_run *run = arg;
	(void)written;
	(void)removed;
	if (err)
		run_roll_back(run, err);
	else
		apply(run);
}

static void on_year(void *arg, int year, int64_t obligations)
{
	struct check_run *run = arg;
	observations_add_year(run->observations, year, obligations);
}

void run_tell_start(struct check_run *run)
{
	run->observations = observations_new(
		run->ledger, run->year, run->report.as_of, day_year(run->report.as_of));
	if (run->year)
		observations_add_quota(run->observations);
	check_store_missing_years(run->store, on_year, on_years, run);
}
