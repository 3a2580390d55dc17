#include "checks/record_run.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "checks/record_load.h"
#include "checks/record_set.h"
#include "core/mem.h"
#include "sql/job.h"
#include "sql/store_check.h"
#include "sql/store_finding.h"

enum { SLICE_CONTRACTS = 2000, STORE_DEADLINE_MS = 300000 };

/* What is looked at next. */
enum look { LOOK_PLAN, LOOK_CONTRACTS, LOOK_PROCUREMENT, LOOK_DONE };

struct record_run {
	struct event_base *base;
	struct sql_link *link;
	char *jurisdiction;
	day_t as_of;
	int64_t seen_batch;
	struct record_report report;
	record_done_fn done;
	void *arg;

	struct record_load *load;
	struct ledger *ledger;
	struct facts_index *index;
	struct unit_tree *units;
	struct record_set *set;
	struct event *turn;
	enum look look;
	int years_left; /* of the look: 1 = the year before too */
	size_t contract;

	struct sql_tx *tx;
	bool beginning, committing, cancelled;
	struct check_store *checks;
	struct finding_store *findings;
	int64_t run_id;
};

static void run_free(struct record_run *run)
{
	finding_store_free(run->findings);
	check_store_free(run->checks);
	record_set_free(run->set);
	unit_tree_free(run->units);
	facts_index_free(run->index);
	ledger_free(run->ledger);
	if (run->turn)
		event_free(run->turn);
	free(run->jurisdiction);
	free(run);
}

static void finish(struct record_run *run, const struct err *err)
{
	record_done_fn done = run->done;
	void *arg = run->arg;
	struct record_report report = run->report;
	struct err copy = err ? *err : (struct err)ERR_INIT;

	if (run->tx)
		sql_tx_rollback(run->tx, NULL, NULL);
	run_free(run);
	done(arg, copy.code ? &copy : NULL, &report);
}

/* Storing ------------------------------------------------------------------------------------- */

static void on_committed(void *arg, const struct sql_outcome *outcome)
{
	struct record_run *run = arg;

	if (run->cancelled)
		run_free(run);
	else
		finish(run, outcome->err.code ? &outcome->err : NULL);
}

static void on_closed(void *arg, const struct err *err, int64_t written, int64_t removed)
{
	struct record_run *run = arg;
	struct sql_tx *tx = run->tx;

	(void)written;
	(void)removed;
	if (err) {
		finish(run, err);
		return;
	}
	run->tx = NULL;
	run->committing = true;
	sql_tx_commit(tx, on_committed, run);
}

static void on_change(void *arg, const struct finding_change *change)
{
	struct record_report *report = &((struct record_run *)arg)->report;

	if (change->held) /* of an evaluation, and still to be told */
		return;
	if (strcmp(change->event, "updated") == 0)
		report->updated++;
	else if (strcmp(change->event, "closed") == 0)
		report->closed++;
	else
		report->opened++;
}

static void on_applied(void *arg, const struct err *err)
{
	struct record_run *run = arg;
	const struct record_report *report = &run->report;

	if (err || report->opened + report->updated + report->closed == 0) {
		finish(run, err);
		return;
	}
	check_store_close(run->checks, run->run_id,
		&(struct check_counts){
			.findings_opened = report->opened,
			.findings_updated = report->updated,
			.findings_closed = report->closed,
		},
		on_closed, run);
}

static void on_states(void *arg, const struct err *err, int64_t written, int64_t removed)
{
	struct record_run *run = arg;

	(void)written;
	(void)removed;
	if (err)
		finish(run, err);
	else
		finding_store_apply(run->findings,
			&(struct finding_set){
				.run_id = run->run_id,
				.as_of = run->as_of,
				.judged = record_set_judged(run->set),
			},
			on_change, on_applied, run);
}

static void on_opened(void *arg, const struct err *err, const struct check_opened *opened)
{
	struct record_run *run = arg;

	if (err || opened->overtaken) {
		run->report.overtaken = !err;
		finish(run, err);
		return;
	}
	run->run_id = opened->run_id;
	/* No state changes here, but findings are compared by a statement that looks for them. */
	check_store_states_begin(run->checks, false, run->as_of, run->run_id, on_states, run);
}

/* The lock is taken here: what the records gave has been sent already. */
static void on_put(void *arg, const struct err *err)
{
	struct record_run *run = arg;

	if (err)
		finish(run, err);
	else
		check_store_open(run->checks,
			&(struct check_run_row){
				.as_of = run->as_of,
				.known_batch = run->report.known_batch,
				.jurisdiction = run->jurisdiction,
				.program = SETASIDE_VERSION,
				.part = CHECK_RECORDS,
			},
			on_opened, run);
}

static void on_begun(void *arg, struct sql_tx *tx, const struct sql_outcome *outcome)
{
	struct record_run *run = arg;

	run->beginning = false;
	run->tx = tx;
	if (outcome->err.code) {
		finish(run, &outcome->err);
		return;
	}
	run->checks = check_store_new(run->base, tx);
	run->findings = finding_store_new(run->base, tx);
	if (record_set_count(run->set) == 0)
		on_put(run, NULL);
	else
		finding_store_put(run->findings,
			&(struct finding_set){
				.count = record_set_count(run->set),
				.fill = record_set_fill,
				.fill_arg = run->set,
			},
			on_put, run);
}

static void store(struct record_run *run)
{
	struct err err = ERR_INIT;

	run->report.findings = (int64_t)record_set_count(run->set);
	if (sql_tx_begin(run->link, SQL_TX_WRITE, STORE_DEADLINE_MS, on_begun, run, &err) < 0)
		finish(run, &err);
	else
		run->beginning = true;
}

/* Looking ------------------------------------------------------------------------------------- */

static void look_at_contracts(struct record_run *run)
{
	size_t count = run->ledger->facts->contracts.count;
	size_t last = run->contract + SLICE_CONTRACTS;

	if (last >= count) {
		last = count;
		run->look = LOOK_PROCUREMENT;
		run->years_left = 1;
	}
	findings_of_contracts(&run->ledger->law, run->index, run->units, run->contract, last,
		run->as_of, record_set_add, run->set);
	run->contract = last;
}

/* One slice; false: everything was looked at. */
static bool look_on(struct record_run *run)
{
	int year = day_year(run->as_of) - run->years_left;

	switch (run->look) {
	case LOOK_PLAN:
		findings_of_plan(&run->ledger->law, run->index, year, run->as_of, record_set_add,
			run->set);
		break;
	case LOOK_CONTRACTS:
		look_at_contracts(run);
		return true;
	case LOOK_PROCUREMENT:
		findings_of_procurement(&run->ledger->law, run->index, run->units, year, run->as_of,
			record_set_add, run->set);
		break;
	case LOOK_DONE:
		return false;
	}
	if (run->years_left-- == 0)
		run->look++;
	return true;
}

static void on_turn(evutil_socket_t fd, short what, void *arg)
{
	struct record_run *run = arg;

	(void)fd;
	(void)what;
	if (look_on(run))
		event_add(run->turn, &(struct timeval){ 0, 0 });
	else
		store(run);
}

static void on_loaded(void *arg, const struct err *err, struct ledger *ledger)
{
	struct record_run *run = arg;

	run->load = NULL;
	if (err) {
		finish(run, err);
		return;
	}
	run->ledger = ledger;
	run->report.known_batch = ledger->known_batch;
	if (run->seen_batch >= 0 && run->seen_batch == ledger->known_batch) {
		finish(run, NULL);
		return;
	}
	run->report.looked = true;
	run->index = facts_index_new(ledger->facts);
	run->units = unit_tree_new(ledger->facts);
	run->set = record_set_new(run->units, run->as_of, ledger->known_batch);
	run->look = LOOK_PLAN;
	run->years_left = 1;
	event_add(run->turn, &(struct timeval){ 0, 0 });
}

struct record_run *record_run_start(struct event_base *base, struct sql_link *link,
	const struct record_options *options, record_done_fn done, void *arg, struct err *err)
{
	struct record_run *run = mem_zero(1, sizeof(*run));

	run->base = base;
	run->link = link;
	run->jurisdiction = mem_text(options->jurisdiction);
	run->as_of = options->as_of;
	run->seen_batch = options->seen_batch;
	run->done = done;
	run->arg = arg;
	run->turn = event_new(base, -1, 0, on_turn, run);
	if (!run->turn)
		BUG("no memory for an event");
	run->load = record_load_start(
		link, run->jurisdiction, day_year(run->as_of), on_loaded, run, err);
	if (run->load)
		return run;
	run_free(run);
	return NULL;
}

void record_run_cancel(struct record_run *run)
{
	if (!run)
		return;
	if (run->committing) {
		run->cancelled = true;
		return;
	}
	record_load_cancel(run->load);
	if (run->tx)
		sql_tx_abandon(run->tx);
	else if (run->beginning)
		sql_tx_begin_cancel(run->link, run);
	run_free(run);
}
