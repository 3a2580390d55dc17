#include "checks/record_run.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "checks/record_load.h"
#include "checks/record_scope.h"
#include "checks/record_set.h"
#include "core/mem.h"
#include "sql/embed.h"
#include "sql/job.h"
#include "sql/store_check.h"
#include "sql/store_finding.h"

enum { PIECE = 4096, SLICE_CONTRACTS = 2000, DEADLINE_MS = 900000, STEP_DEADLINE_MS = 300000 };

/* What of a piece is looked at next. */
enum look { LOOK_PLAN, LOOK_CONTRACTS, LOOK_PROCUREMENT, LOOK_DONE };

struct record_run {
	struct event_base *base;
	struct sql_link *link;
	char *jurisdiction;
	day_t as_of;
	bool full;
	struct record_report report;
	record_done_fn done;
	void *arg;

	struct sql_tx *tx;
	bool beginning, committing, cancelled;
	struct record_scoping *scoping;
	struct record_scope *scope;
	struct unit_tree *units;
	struct record_set *set;

	/* The piece. */
	struct record_load *load;
	int64_t next; /* number of the procurement after it */
	struct facts *facts;
	struct facts_index *index;
	struct event *turn;
	enum look look;
	int years_left; /* of the look: 1 = the year before too */
	size_t contract;

	struct check_store *checks;
	struct finding_store *findings;
	struct record_move move;
	int64_t run_id;
};

static void piece_free(struct record_run *run)
{
	facts_index_free(run->index);
	facts_free(run->facts);
	run->index = NULL;
	run->facts = NULL;
}

static void run_free(struct record_run *run)
{
	finding_store_free(run->findings);
	check_store_free(run->checks);
	piece_free(run);
	record_set_free(run->set);
	unit_tree_free(run->units);
	record_scope_free(run->scope);
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

static void overtaken(struct record_run *run)
{
	run->report = (struct record_report){
		.known_batch = run->report.known_batch, .looked = true, .overtaken = true
	};
	finish(run, NULL);
}

static void call(
	struct record_run *run, const char *text, const struct sql_params *params, sql_done_fn done)
{
	sql_tx_call(run->tx, &(struct sql_call){
				     .text = text,
				     .params = params,
				     .done = done,
				     .arg = run,
				     .deadline_ms = STEP_DEADLINE_MS,
			     });
}

/* Ending -------------------------------------------------------------------------------------- */

static void on_committed(void *arg, const struct sql_outcome *outcome)
{
	struct record_run *run = arg;

	if (run->cancelled)
		run_free(run);
	else
		finish(run, outcome->err.code ? &outcome->err : NULL);
}

static void on_moved(void *arg, const struct err *err, bool moved)
{
	struct record_run *run = arg;
	struct sql_tx *tx = run->tx;

	if (err) {
		finish(run, err);
	} else if (!moved) {
		overtaken(run);
	} else {
		run->tx = NULL;
		run->committing = true;
		sql_tx_commit(tx, on_committed, run);
	}
}

static void move_mark(struct record_run *run)
{
	run->move = (struct record_move){ on_moved, run };
	record_scope_move_mark(run->tx, run->scope, &run->move);
}

static void on_undone(void *arg, const struct sql_outcome *outcome)
{
	struct record_run *run = arg;

	if (outcome->err.code)
		finish(run, &outcome->err);
	else
		move_mark(run);
}

static void on_closed(void *arg, const struct err *err, int64_t written, int64_t removed)
{
	struct record_run *run = arg;

	(void)written;
	(void)removed;
	if (err)
		finish(run, err);
	else
		move_mark(run);
}

/* Storing ------------------------------------------------------------------------------------- */

static void on_change(void *arg, const struct finding_change *change)
{
	struct record_report *report = &((struct record_run *)arg)->report;

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

	if (err)
		finish(run, err);
	else if (report->opened + report->updated + report->closed > 0)
		check_store_close(run->checks, run->run_id,
			&(struct check_counts){
				.findings_opened = report->opened,
				.findings_updated = report->updated,
				.findings_closed = report->closed,
			},
			on_closed, run);
	else if (run->scope->same)
		finish(run, NULL);
	else
		call(run, sql_text_record_save_undo, NULL, on_undone);
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
				.judged = record_set_judged(run->set, run->scope->whole),
				.own_only = true,
			},
			on_change, on_applied, run);
}

static void on_opened(void *arg, const struct err *err, const struct check_opened *opened)
{
	struct record_run *run = arg;

	if (err) {
		finish(run, err);
	} else if (opened->overtaken) {
		overtaken(run);
	} else {
		run->run_id = opened->run_id;
		/* No state changes here, but findings are compared by a statement that looks for them. */
		check_store_states_begin(
			run->checks, false, run->as_of, run->run_id, on_states, run);
	}
}

/* The lock is taken here: what the records gave has been sent already. */
static void on_saved(void *arg, const struct sql_outcome *outcome)
{
	struct record_run *run = arg;

	if (outcome->err.code)
		finish(run, &outcome->err);
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

static void save(struct record_run *run)
{
	call(run, sql_text_record_save, NULL, on_saved);
}

static void on_analyzed(void *arg, const struct sql_outcome *outcome)
{
	struct record_run *run = arg;

	if (outcome->err.code)
		finish(run, &outcome->err);
	else
		save(run);
}

static void on_named(void *arg, const struct sql_outcome *outcome)
{
	struct record_run *run = arg;

	if (outcome->err.code)
		finish(run, &outcome->err);
	else
		call(run, sql_text_judged_subject_analyze, NULL, on_analyzed);
}

static void store(struct record_run *run)
{
	struct sql_params params = SQL_PARAMS_INIT;

	if (run->scope->whole) {
		save(run);
		return;
	}
	sql_param_int(&params, run->report.known_batch);
	sql_param_int(&params, day_year(run->as_of));
	call(run, sql_text_judged_subject_fill, &params, on_named);
}

/* Looking ------------------------------------------------------------------------------------- */

static void next_piece(struct record_run *run);

static void on_put(void *arg, const struct err *err)
{
	struct record_run *run = arg;

	if (err) {
		finish(run, err);
		return;
	}
	record_set_clear(run->set);
	next_piece(run);
}

/* Signed before the year before: looked at for its clauses alone, from the horizon of P-2 on. */
static bool only_clauses(const struct record_run *run, const struct contract_fact *contract)
{
	day_t first;

	return contract->signed_on != DAY_NONE &&
	       day_from_civil(day_year(run->as_of) - 1, 1, 1, &first) &&
	       contract->signed_on < first;
}

static void on_finding(void *arg, const struct data_finding *finding)
{
	static const char clause[] = "clause-";
	struct record_run *run = arg;
	const struct law *law = &run->scope->ledger->law;
	bool of_contract = strcmp(finding->subject_kind, "contract") == 0 ||
			   strcmp(finding->subject_kind, "amendment") == 0;
	uint32_t row = of_contract ? map_get(&run->index->contracts, finding->subject) : MAP_NONE;
	const struct contract_fact *contract =
		row == MAP_NONE ? NULL : &run->facts->contracts.items[row];

	if (contract && only_clauses(run, contract) &&
		(strncmp(finding->code, clause, sizeof(clause) - 1) != 0 ||
			contract->signed_on <
				parameter_near(law->parameters, PARAM_P2_CLAUSE_FROM, run->as_of)))
		return;
	record_set_add(run->set, finding);
}

static void look_at_contracts(struct record_run *run)
{
	size_t count = run->facts->contracts.count;
	size_t last = run->contract + SLICE_CONTRACTS;

	if (last >= count) {
		last = count;
		run->look = LOOK_PROCUREMENT;
		run->years_left = 1;
	}
	findings_of_contracts(&run->scope->ledger->law, run->index, run->units, run->contract, last,
		run->as_of, on_finding, run);
	run->contract = last;
}

/* One slice; false: everything was looked at. */
static bool look_on(struct record_run *run)
{
	int year = day_year(run->as_of) - run->years_left;

	switch (run->look) {
	case LOOK_PLAN:
		findings_of_plan(
			&run->scope->ledger->law, run->index, year, run->as_of, on_finding, run);
		break;
	case LOOK_CONTRACTS:
		look_at_contracts(run);
		return true;
	case LOOK_PROCUREMENT:
		findings_of_procurement(&run->scope->ledger->law, run->index, run->units, year,
			run->as_of, on_finding, run);
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
	size_t count;

	(void)fd;
	(void)what;
	if (look_on(run)) {
		event_add(run->turn, &(struct timeval){ 0, 0 });
		return;
	}
	count = record_set_count(run->set);
	run->report.findings += (int64_t)count;
	piece_free(run);
	if (count == 0)
		next_piece(run);
	else
		finding_store_put(run->findings,
			&(struct finding_set){
				.count = count, .fill = record_set_fill, .fill_arg = run->set },
			on_put, run);
}

static void on_loaded(void *arg, const struct err *err, struct facts *facts)
{
	struct record_run *run = arg;

	run->load = NULL;
	if (err) {
		finish(run, err);
		return;
	}
	run->facts = facts;
	run->index = facts_index_new(facts);
	run->look = LOOK_PLAN;
	run->years_left = 1;
	run->contract = 0;
	event_add(run->turn, &(struct timeval){ 0, 0 });
}

static void next_piece(struct record_run *run)
{
	struct record_piece piece = { .registers = run->scope->ledger->law.registers,
		.known_batch = run->report.known_batch,
		.fiscal_year = day_year(run->as_of),
		.first = run->next,
		.end = run->next + PIECE };

	if (run->next >= run->scope->count) {
		store(run);
		return;
	}
	run->next = piece.end;
	run->load = record_load_start(run->tx, &piece, on_loaded, run);
}

static void on_scoped(void *arg, const struct err *err, struct record_scope *scope)
{
	struct record_run *run = arg;

	run->scoping = NULL;
	run->scope = scope;
	if (err) {
		finish(run, err);
		return;
	}
	run->report.known_batch = scope->now.known_batch;
	if (scope->same && !run->full) {
		finish(run, NULL);
		return;
	}
	run->report.looked = true;
	run->report.procurements = scope->count;
	if (scope->count == 0 && !scope->whole) {
		move_mark(run);
		return;
	}
	run->units = unit_tree_new(scope->ledger->facts);
	run->set = record_set_new(run->units, run->as_of, scope->now.known_batch);
	run->checks = check_store_new(run->base, run->tx);
	run->findings = finding_store_new(run->base, run->tx);
	next_piece(run);
}

static void on_begun(void *arg, struct sql_tx *tx, const struct sql_outcome *outcome)
{
	struct record_run *run = arg;

	run->beginning = false;
	run->tx = tx;
	if (outcome->err.code)
		finish(run, &outcome->err);
	else
		run->scoping = record_scope_start(
			tx, run->jurisdiction, run->as_of, run->full, on_scoped, run);
}

struct record_run *record_run_start(struct event_base *base, struct sql_link *link,
	const struct record_options *options, record_done_fn done, void *arg, struct err *err)
{
	struct record_run *run = mem_zero(1, sizeof(*run));

	run->base = base;
	run->link = link;
	run->jurisdiction = mem_text(options->jurisdiction);
	run->as_of = options->as_of;
	run->full = options->full;
	run->done = done;
	run->arg = arg;
	run->turn = event_new(base, -1, 0, on_turn, run);
	if (!run->turn)
		BUG("no memory for an event");
	run->beginning = true;
	if (sql_tx_begin(link, SQL_TX_WRITE, DEADLINE_MS, on_begun, run, err) == 0)
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
	if (run->tx)
		sql_tx_abandon(run->tx);
	else if (run->beginning)
		sql_tx_begin_cancel(run->link, run);
	record_scope_cancel(run->scoping);
	record_load_cancel(run->load);
	run_free(run);
}
