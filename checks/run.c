/* One write transaction: lock, reviews, law, open, groups, figures, findings, messages, proposals, close. */
#include "checks/run.h"

#include <stdlib.h>
#include <string.h>

#include "checks/run_own.h"
#include "core/log.h"
#include "core/mem.h"
#include "sql/embed.h"

enum { SLICE_US = 8000, STORE_DEADLINE_MS = 900000 };

static void run_free(struct check_run *run)
{
	tell_steps_free(run->steps);
	proposal_store_free(run->proposals);
	tell_free(run->tell);
	told_free(run->told);
	quota_told_store_free(run->quota_told);
	finding_store_free(run->findings);
	check_store_free(run->store);
	check_store_free(run->reading_store);
	observations_free(run->observations);
	observations_free(run->observing);
	judgement_free(run->judging);
	quota_run_free(run->quota);
	quota_run_free(run->past);
	quota_part_store_free(run->quota_parts);
	group_piece_free(run->piece);
	groups_free(run->groups);
	unit_tree_free(run->units);
	ledger_free(run->ledger);
	free(run->written);
	free(run->gone);
	free(run->groups_written);
	free(run->groups_gone);
	if (run->turn)
		event_free(run->turn);
	quota_rows_free(run->figures);
	free(run->jurisdiction);
	free(run);
}

static void finish(struct check_run *run)
{
	check_done_fn done = run->done;
	void *arg = run->arg;
	struct err err = run->err;
	struct check_report report = run->report;
	run_free(run);
	done(arg, err.code ? &err : NULL, &report);
}

/* The end ------------------------------------------------------------------------------------- */

void run_roll_back(struct check_run *run, const struct err *err)
{
	/* The first cause is err, or there was nothing to keep: nobody needs to wait for the answer, nor for the
	 * facts that may be on their way. */
	if (err && err != &run->err)
		run->err = *err;
	run->report.run_id = 0;
	run_states_stop(run);
	sql_tx_abandon(run->tx);
	run->tx = NULL;
	finish(run);
}

static void on_committed(void *arg, const struct sql_outcome *outcome)
{
	struct check_run *run = arg;

	run->err = outcome->err;
	if (run->cancelled)
		run_free(run);
	else
		finish(run);
}

static void on_closed(void *arg, const struct err *err, int64_t written, int64_t removed)
{
	struct check_run *run = arg;
	struct sql_tx *tx = run->tx;
	(void)written;
	(void)removed;
	if (err) {
		run_roll_back(run, err);
		return;
	}
	run->tx = NULL;
	run->committing = true;
	sql_tx_commit(tx, on_committed, run);
}

static void close_now(struct check_run *run)
{
	struct check_report *report = &run->report;
	const struct tell_counts counts = tell_counts(run->tell);
	check_store_close(run->store, report->run_id,
		&(struct check_counts){
			.obligations = report->obligations,
			.states_written = report->states_written,
			.findings_opened = counts.opened,
			.findings_updated = counts.updated,
			.findings_closed = counts.closed,
			.messages_queued = report->messages_queued,
		},
		on_closed, run);
}

static void on_settled(void *arg, const struct err *err, int64_t written, int64_t removed)
{
	struct check_run *run = arg;
	(void)written;
	(void)removed;
	if (err)
		run_roll_back(run, err);
	else
		close_now(run);
}

void run_close(struct check_run *run)
{
	struct check_report *report = &run->report;
	const struct tell_counts counts = tell_counts(run->tell);
	report->findings_opened = counts.opened;
	report->findings_updated = counts.updated;
	report->findings_closed = counts.closed;
	if (!run->opened.differs && report->states_written + report->states_removed == 0 &&
		report->figures_written == 0 &&
		counts.opened + counts.updated + counts.closed + report->messages_queued +
				report->proposals_changed ==
			0) {
		run_roll_back(run, NULL);
		return;
	}
	report->run_id = run->opened.run_id;
	if (run->choice.all)
		check_store_settle(run->store, !run->opened.any_state, on_settled, run);
	else
		close_now(run);
}

/* Judging ------------------------------------------------------------------------------------- */

static void judge_on(struct check_run *run)
{
	/* A timer, not event_active(): that would run again before the loop looks at sockets. */
	event_add(run->turn, &(struct timeval){ 0, 0 });
}

static void on_turn(evutil_socket_t fd, short what, void *arg)
{
	struct check_run *run = arg;
	(void)fd;
	(void)what;
	if (judgement_step(run->judging, SLICE_US))
		judge_on(run);
	else
		run->judged(run);
}

void run_judge(
	struct check_run *run, struct judgement *judgement, void (*judged)(struct check_run *run))
{
	run->judging = judgement;
	run->judged = judged;
	judge_on(run);
}

/* The beginning ------------------------------------------------------------------------------- */

/* Findings would be closed and people told as if the days since had not been. */
static void refuse_past(struct check_run *run)
{
	char day[DAY_TEXT_MAX], last[DAY_TEXT_MAX];

	err_set(&run->err, ERR_REFUSED,
		"findings stand as of %s: %s is a past day, and a run would tell people of it; "
		"`setaside snapshot --as-of %s` computes it and tells nobody",
		day_text(run->opened.last_as_of, last), day_text(run->report.as_of, day), day);
	run_roll_back(run, &run->err);
}

static void on_opened(void *arg, const struct err *err, const struct check_opened *opened)
{
	struct check_run *run = arg;
	if (err || opened->overtaken) {
		run->report.overtaken = !err;
		run_roll_back(run, err);
		return;
	}
	run->opened = *opened;
	if (run->day_named && opened->last_as_of != DAY_NONE &&
		run->report.as_of < opened->last_as_of) {
		refuse_past(run);
		return;
	}
	/* The same ledger on the same day by the same law: nothing can differ. */
	if (!opened->differs && !run->full_wanted)
		run_roll_back(run, NULL);
	else
		run_states_start(run);
}

static void on_law(void *arg, const struct err *err, struct ledger *ledger)
{
	struct check_run *run = arg;
	run->load = NULL;
	if (err) {
		run_roll_back(run, err);
		return;
	}
	run->ledger = ledger;
	run->units = unit_tree_new(ledger->facts);
	run->report.known_batch = ledger->known_batch;
	run->store = check_store_new(run->base, run->tx);
	run->findings = finding_store_new(run->base, run->tx);
	check_store_open(run->store,
		&(struct check_run_row){
			.as_of = run->report.as_of,
			.known_batch = run->report.known_batch,
			.jurisdiction = run->jurisdiction,
			.program = SETASIDE_VERSION,
			.quiet_start = run->quiet_start,
		},
		on_opened, run);
}

static void on_taken(void *arg, const struct sql_outcome *outcome)
{
	struct check_run *run = arg;
	if (outcome->err.code) {
		run_roll_back(run, &outcome->err);
		return;
	}
	run->load = load_law_start(run->tx,
		&(struct load_request){
			.known_batch = -1, /* all of it: the lock is ours, so this stays so */
			.jurisdiction = run->jurisdiction,
		},
		on_law, run);
}

static void call(struct check_run *run, const char *text, sql_done_fn done)
{
	sql_tx_call(run->tx, &(struct sql_call){
				     .text = text,
				     .done = done,
				     .arg = run,
				     .deadline_ms = STORE_DEADLINE_MS,
			     });
}

/* People may add reviews while it runs: what this takes is read after it, what comes later is the next run's. */
static void on_locked(void *arg, const struct sql_outcome *outcome)
{
	struct check_run *run = arg;
	if (outcome->err.code)
		run_roll_back(run, &outcome->err);
	else
		call(run, sql_text_review_take, on_taken);
}

/* The writer's lock comes first: what is read after it stays as it is until the end. */
static void on_begun(void *arg, struct sql_tx *tx, const struct sql_outcome *outcome)
{
	struct check_run *run = arg;
	run->beginning = false;
	if (outcome->err.code) {
		run->err = outcome->err;
		finish(run);
		return;
	}
	run->tx = tx;
	call(run, sql_text_writer_lock_take, on_locked);
}

static int begin(struct check_run *run, struct err *err)
{
	if (sql_tx_begin(run->link, SQL_TX_WRITE, STORE_DEADLINE_MS, on_begun, run, err) < 0)
		return -1;
	run->beginning = true;
	return 0;
}

static void on_day(void *arg, const struct sql_row *row)
{
	struct check_run *run = arg;
	char day[DAY_TEXT_MAX], today[DAY_TEXT_MAX];

	if (sql_row_day(row, 0) > run->report.as_of)
		log_warn("evaluate", "the clock was set back to %s: %s stays the day of evaluation",
			day_text(run->report.as_of, today), day_text(sql_row_day(row, 0), day));
	run->report.as_of = sql_row_day(row, 0);
}

static void on_day_known(void *arg, const struct sql_outcome *outcome)
{
	struct check_run *run = arg;
	run->asking = NULL;
	run->err = outcome->err;
	if (run->err.code || begin(run, &run->err) < 0)
		finish(run);
}

/* Nobody named a day: today, but never a day or two back (clock_day_take). */
static int ask_day(struct check_run *run, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;
	run->report.as_of = day_today();
	sql_param_day(&params, run->report.as_of);
	run->asking = sql_submit(run->link,
		&(struct sql_call){
			.text = sql_text_clock_day,
			.params = &params,
			.row = on_day,
			.done = on_day_known,
			.arg = run,
		},
		err);
	return run->asking ? 0 : -1;
}

struct check_run *check_run_start(struct event_base *base, struct sql_link *link,
	const struct check_options *options, check_done_fn done, void *arg, struct err *err)
{
	struct check_run *run = mem_zero(1, sizeof(*run));
	run->base = base;
	run->link = link;
	run->jurisdiction = mem_text(options->jurisdiction);
	run->report.as_of = options->as_of;
	run->day_named = options->as_of != DAY_NONE;
	run->reader = options->reader;
	run->reader_back = options->reader_back;
	run->full_wanted = options->full;
	run->quiet_start = options->quiet_start;
	run->done = done;
	run->arg = arg;
	run->turn = event_new(base, -1, 0, on_turn, run);
	if (!run->turn)
		BUG("no memory for an event");
	if ((run->report.as_of == DAY_NONE ? ask_day(run, err) : begin(run, err)) < 0) {
		run_free(run);
		return NULL;
	}
	return run;
}

void check_run_cancel(struct check_run *run)
{
	if (!run)
		return;
	if (run->committing) {
		run->cancelled = true;
		return;
	}
	if (run->asking)
		sql_job_cancel(run->asking);
	load_cancel(run->load);
	run_states_stop(run);
	if (run->tx)
		sql_tx_abandon(run->tx);
	else if (run->beginning)
		sql_tx_begin_cancel(run->link, run);
	run_free(run);
}
