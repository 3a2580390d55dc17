#include "checks/run.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "checks/judgement.h"
#include "checks/load.h"
#include "checks/observe.h"
#include "checks/quota_rows.h"
#include "checks/tell.h"
#include "core/log.h"
#include "core/mem.h"
#include "sql/embed.h"
#include "sql/job.h"
#include "sql/store_check.h"
#include "sql/store_finding.h"

enum { SLICE_US = 8000, STORE_DEADLINE_MS = 900000 };

/* load -> judge -> store, each started by the end of the one before. */
struct check_run {
	struct event_base *base;
	struct sql_link *link;
	char *jurisdiction;
	struct check_report report;
	check_done_fn done;
	void *arg;

	struct sql_job *asking; /* which day it is */
	int64_t known_batch_wanted;
	struct load *load;
	struct ledger *ledger;
	struct judgement *judgement;
	struct observations *observations;
	struct event *turn;

	struct sql_tx *tx;
	bool beginning;  /* sql_tx_begin() has not answered yet */
	bool committing; /* cannot be called back any more */
	bool cancelled;  /* while committing: freed by the answer */
	struct check_store *store;
	struct finding_store *findings;
	struct tell *tell;
	struct check_opened opened;
	struct buf figures;
	struct err err;
};

enum { FIGURES_BYTES_MAX = 16 << 20 };

static void run_free(struct check_run *run)
{
	tell_free(run->tell);
	finding_store_free(run->findings);
	check_store_free(run->store);
	observations_free(run->observations);
	judgement_free(run->judgement);
	ledger_free(run->ledger);
	if (run->turn)
		event_free(run->turn);
	buf_free(&run->figures);
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

/* Store --------------------------------------------------------------------------------------- */

/* The first cause is err, or there was nothing to keep: nobody needs to wait for the answer. */
static void roll_back(struct check_run *run, const struct err *err)
{
	if (err)
		run->err = *err;
	run->report.run_id = 0;
	sql_tx_rollback(run->tx, NULL, NULL);
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
		roll_back(run, err);
		return;
	}
	run->tx = NULL;
	run->committing = true;
	sql_tx_commit(tx, on_committed, run);
}

static void close_run(struct check_run *run)
{
	struct check_report *report = &run->report;
	const struct tell_counts counts = tell_counts(run->tell);
	report->findings_opened = counts.opened;
	report->findings_updated = counts.updated;
	report->findings_closed = counts.closed;
	if (!run->opened.differs && report->states_written + report->states_removed == 0 &&
		report->figures_written == 0 &&
		counts.opened + counts.updated + counts.closed == 0) {
		roll_back(run, NULL);
		return;
	}
	report->run_id = run->opened.run_id;
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

static void tell_some(struct check_run *run);

static void on_told(void *arg, const struct err *err, int64_t messages)
{
	struct check_run *run = arg;
	if (err) {
		roll_back(run, err);
		return;
	}
	run->report.messages_queued += messages;
	tell_some(run);
}

static void tell_some(struct check_run *run)
{
	struct message_draft draft;
	if (tell_next(run->tell, &draft))
		finding_store_message(run->findings, &draft, on_told, run);
	else
		close_run(run);
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
		roll_back(run, err);
	else
		tell_some(run);
}

static void store_findings(struct check_run *run)
{
	run->tell = tell_new(&(struct tell_context){
		.ledger = run->ledger,
		.judgement = run->judgement,
		.observations = run->observations,
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
			.judged = observations_judged(run->observations),
		},
		on_change, on_findings, run);
}

static void on_figures(void *arg, const struct err *err, int64_t written, int64_t removed)
{
	struct check_run *run = arg;
	if (err) {
		roll_back(run, err);
		return;
	}
	run->report.figures_written = written + removed;
	store_findings(run);
}

static void on_states(void *arg, const struct err *err, int64_t written, int64_t removed)
{
	struct check_run *run = arg;
	if (err) {
		roll_back(run, err);
		return;
	}
	run->report.states_written = written;
	run->report.states_removed = removed;
	check_store_figures(run->store,
		&(struct figure_set){
			.run_id = run->opened.run_id,
			.as_of = run->report.as_of,
			.fiscal_year = day_year(run->report.as_of),
			.figures = run->figures.data,
		},
		on_figures, run);
}

static void on_opened(void *arg, const struct err *err, const struct check_opened *opened)
{
	struct check_run *run = arg;
	if (err || opened->overtaken) {
		run->report.overtaken = !err;
		roll_back(run, err);
		return;
	}
	run->opened = *opened;
	check_store_states(run->store,
		&(struct state_set){
			.keys = judgement_keys(run->judgement),
			.count = judgement_count(run->judgement),
			.fill = judgement_fill,
			.fill_arg = run->judgement,
			.as_of = run->report.as_of,
			.run_id = opened->run_id,
		},
		on_states, run);
}

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
	run->store = check_store_new(run->base, tx);
	run->findings = finding_store_new(run->base, tx);
	check_store_open(run->store,
		&(struct check_run_row){
			.as_of = run->report.as_of,
			.known_batch = run->report.known_batch,
			.jurisdiction = run->jurisdiction,
			.program = SETASIDE_VERSION,
		},
		on_opened, run);
}

static void store(struct check_run *run)
{
	if (sql_tx_begin(run->link, SQL_TX_WRITE, STORE_DEADLINE_MS, on_begun, run, &run->err) < 0)
		finish(run);
	else
		run->beginning = true;
}

/* Load and judge ------------------------------------------------------------------------------ */

static void judge_on(struct check_run *run)
{
	/* A timer, not event_active(): that would run again before the loop looks at sockets. */
	event_add(run->turn, &(struct timeval){ 0, 0 });
}

static void on_turn(evutil_socket_t fd, short what, void *arg)
{
	struct check_run *run = arg;
	day_t as_of = run->report.as_of;
	(void)fd;
	(void)what;
	if (judgement_step(run->judgement, SLICE_US)) {
		judge_on(run);
		return;
	}
	run->report.obligations = (int64_t)judgement_count(run->judgement);
	run->observations = observations_new(run->ledger, run->judgement, as_of, day_year(as_of));
	if (quota_rows_write(run->ledger, run->judgement, &run->figures, &run->err) < 0)
		finish(run);
	else
		store(run);
}

static void on_loaded(void *arg, const struct err *err, struct ledger *ledger)
{
	struct check_run *run = arg;
	run->load = NULL;
	if (err) {
		run->err = *err;
		finish(run);
		return;
	}
	run->ledger = ledger;
	run->report.known_batch = ledger->known_batch;
	run->judgement = judgement_new(ledger, run->report.as_of, day_year(run->report.as_of));
	judge_on(run);
}

static int start_load(struct check_run *run, struct err *err)
{
	run->load = load_start(run->link,
		&(struct load_request){
			.known_batch = run->known_batch_wanted,
			.jurisdiction = run->jurisdiction,
		},
		on_loaded, run, err);
	return run->load ? 0 : -1;
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
	if (run->err.code || start_load(run, &run->err) < 0)
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
	run->known_batch_wanted = options->known_batch;
	run->done = done;
	run->arg = arg;
	buf_init(&run->figures, FIGURES_BYTES_MAX);
	run->turn = event_new(base, -1, 0, on_turn, run);
	if (!run->turn)
		BUG("no memory for an event");
	if ((run->report.as_of == DAY_NONE ? ask_day(run, err) : start_load(run, err)) < 0) {
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
	if (run->tx)
		sql_tx_abandon(run->tx);
	else if (run->beginning)
		sql_tx_begin_cancel(run->link, run);
	run_free(run);
}
