#include "checks/record_scope.h"

#include <stdlib.h>
#include <string.h>

#include "checks/findings_procurement.h"
#include "core/mem.h"
#include "core/text.h"
#include "sql/array.h"
#include "sql/embed.h"
#include "sql/job.h"

enum { READ_DEADLINE_MS = 600000, DAYS_BYTES_MAX = 65536 };

struct record_scoping {
	struct sql_tx *tx;
	char *jurisdiction;
	bool full;
	struct record_scope *scope;
	struct load *law;
	struct sql_array begun;
	size_t step;
	record_scope_fn done;
	void *arg;
};

void record_scope_free(struct record_scope *scope)
{
	if (!scope)
		return;
	ledger_free(scope->ledger);
	free(scope);
}

static void scoping_free(struct record_scoping *scoping)
{
	record_scope_free(scoping->scope);
	sql_array_free(&scoping->begun);
	free(scoping->jurisdiction);
	free(scoping);
}

void record_scope_cancel(struct record_scoping *scoping)
{
	if (!scoping)
		return;
	load_cancel(scoping->law);
	scoping_free(scoping);
}

static void finish(struct record_scoping *scoping, const struct err *err)
{
	record_scope_fn done = scoping->done;
	void *arg = scoping->arg;
	struct record_scope *scope = err ? NULL : scoping->scope;
	struct err copy = err ? *err : (struct err)ERR_INIT;

	if (scope)
		scoping->scope = NULL; /* the receiver's */
	scoping_free(scoping);
	done(arg, err ? &copy : NULL, scope);
}

static void call(struct record_scoping *scoping, const char *text, const struct sql_params *params,
	sql_row_fn row, sql_done_fn done)
{
	sql_tx_call(scoping->tx, &(struct sql_call){
					 .text = text,
					 .params = params,
					 .row = row,
					 .done = done,
					 .arg = scoping,
					 .deadline_ms = READ_DEADLINE_MS,
				 });
}

/* Work tables --------------------------------------------------------------------------------- */

static void params_of_year(struct record_scoping *scoping, struct sql_params *params)
{
	sql_param_int(params, scoping->scope->now.known_batch);
	sql_param_int(params, day_year(scoping->scope->now.as_of));
}

/* The days on which a term began that ended since the last look. */
static void note_days(struct record_scoping *scoping)
{
	const struct record_scope *scope = scoping->scope;
	char text[DAY_TEXT_MAX];
	day_t day;

	if (scope->whole || !day_from_civil(day_year(scope->now.as_of) - 1, 1, 1, &day))
		return;
	for (; day <= scope->now.as_of; day++)
		if (findings_term_ended(
			    &scope->ledger->law, day, scope->last.as_of, scope->now.as_of))
			sql_array_add_text(&scoping->begun, day_text(day, text));
}

static void params_of_touched(struct record_scoping *scoping, struct sql_params *params)
{
	const struct record_scope *scope = scoping->scope;

	sql_param_int(params, scope->last.known_batch);
	sql_param_day(params, scope->last.as_of);
	sql_param_day(params, scope->now.as_of);
	sql_param_int(params, day_year(scope->now.as_of));
	sql_param_text(params, sql_array_text(&scoping->begun));
}

struct scope_step {
	const char *text, *text_whole; /* the latter when all records are judged, unless NULL */
	void (*params)(struct record_scoping *scoping, struct sql_params *params);
	void (*params_whole)(struct record_scoping *scoping, struct sql_params *params);
};
static const struct scope_step steps[] = {
	{ sql_text_work_record_make, NULL, NULL, NULL },
	{ sql_text_work_record_contract_make, NULL, NULL, NULL },
	{ sql_text_judged_subject_make, NULL, NULL, NULL },
	{ sql_text_work_record_touched, sql_text_work_record_all, params_of_touched,
		params_of_year },
	{ sql_text_work_record_analyze, NULL, NULL, NULL },
	{ sql_text_work_record_contract_touched, sql_text_work_record_contract_all, params_of_year,
		params_of_year },
	{ sql_text_work_record_contract_analyze, NULL, NULL, NULL },
};
enum { STEPS = sizeof(steps) / sizeof(steps[0]), STEP_FILL = 3 };

static void next_step(struct record_scoping *scoping);

static void on_step(void *arg, const struct sql_outcome *outcome)
{
	struct record_scoping *scoping = arg;
	struct record_scope *scope = scoping->scope;

	if (outcome->err.code) {
		finish(scoping, &outcome->err);
		return;
	}
	if (scoping->step == STEP_FILL)
		scope->count = outcome->affected;
	if (++scoping->step == STEPS || (scoping->step > STEP_FILL && scope->count == 0))
		finish(scoping, NULL);
	else
		next_step(scoping);
}

static void next_step(struct record_scoping *scoping)
{
	const struct scope_step *step = &steps[scoping->step];
	bool whole = scoping->scope->whole;
	struct sql_params params = SQL_PARAMS_INIT;

	if (step->params)
		(whole ? step->params_whole : step->params)(scoping, &params);
	call(scoping, whole && step->text_whole ? step->text_whole : step->text, &params, NULL,
		on_step);
}

static void fill(struct record_scoping *scoping)
{
	note_days(scoping);
	next_step(scoping);
}

/* Whole or touched ---------------------------------------------------------------------------- */

static void on_reach_row(void *arg, const struct sql_row *row)
{
	struct record_scoping *scoping = arg;

	scoping->scope->whole = sql_row_bool(row, 0);
}

static void on_reach(void *arg, const struct sql_outcome *outcome)
{
	struct record_scoping *scoping = arg;

	if (outcome->err.code)
		finish(scoping, &outcome->err);
	else
		fill(scoping);
}

/* On another basis, in another year or on an earlier day everything may be different, and on the day after which the yearly
 * notices are late. */
static bool comparable(const struct record_scoping *scoping)
{
	const struct record_scope *scope = scoping->scope;
	const struct law *law = &scope->ledger->law;
	int year = day_year(scope->now.as_of);

	return !scoping->full && scope->last.as_of != DAY_NONE &&
	       strcmp(scope->last.basis, scope->now.basis) == 0 &&
	       scope->last.as_of <= scope->now.as_of && day_year(scope->last.as_of) == year &&
	       scope->last.known_batch <= scope->now.known_batch &&
	       findings_notices_late(law, year - 1, scope->last.as_of) ==
		       findings_notices_late(law, year - 1, scope->now.as_of);
}

static void on_law(void *arg, const struct err *err, struct ledger *ledger)
{
	struct record_scoping *scoping = arg;
	struct record_scope *scope = scoping->scope;
	struct sql_params params = SQL_PARAMS_INIT;
	int year = day_year(scope->now.as_of);

	scoping->law = NULL;
	scope->ledger = ledger;
	if (err) {
		finish(scoping, err);
	} else if (!comparable(scoping)) {
		scope->whole = true;
		fill(scoping);
	} else {
		sql_param_int(&params, scope->last.known_batch);
		sql_param_day(&params, scope->last.as_of);
		sql_param_day(&params, scope->now.as_of);
		sql_param_int(&params, year);
		sql_param_bool(
			&params, findings_notices_late(&ledger->law, year - 1, scope->now.as_of));
		call(scoping, sql_text_record_reach, &params, on_reach_row, on_reach);
	}
}

/* The mark ------------------------------------------------------------------------------------ */

static void on_mark_row(void *arg, const struct sql_row *row)
{
	struct record_scope *scope = ((struct record_scoping *)arg)->scope;

	scope->now.known_batch = sql_row_int(row, 0);
	text_copy(scope->now.basis, sizeof(scope->now.basis), sql_row_text(row, 1));
	scope->last.as_of = sql_row_day(row, 2);
	scope->last.known_batch = sql_row_int_or(row, 3, -1);
	text_copy(scope->last.basis, sizeof(scope->last.basis), sql_row_text(row, 4));
}

/* The law is read after its hash: one that changes in between is judged by, and judged by again. */
static void on_mark(void *arg, const struct sql_outcome *outcome)
{
	struct record_scoping *scoping = arg;
	struct record_scope *scope = scoping->scope;

	if (outcome->err.code) {
		finish(scoping, &outcome->err);
		return;
	}
	scope->same = scope->last.as_of == scope->now.as_of &&
		      scope->last.known_batch == scope->now.known_batch &&
		      strcmp(scope->last.basis, scope->now.basis) == 0;
	if (scope->same && !scoping->full)
		finish(scoping, NULL);
	else
		scoping->law = load_law_start(scoping->tx,
			&(struct load_request){ .known_batch = scope->now.known_batch,
				.jurisdiction = scoping->jurisdiction },
			on_law, scoping);
}

struct record_scoping *record_scope_start(struct sql_tx *tx, const char *jurisdiction, day_t as_of,
	bool full, record_scope_fn done, void *arg)
{
	struct record_scoping *scoping = mem_zero(1, sizeof(*scoping));
	struct sql_params params = SQL_PARAMS_INIT;

	scoping->tx = tx;
	scoping->jurisdiction = mem_text(jurisdiction);
	scoping->full = full;
	scoping->scope = mem_zero(1, sizeof(*scoping->scope));
	scoping->scope->now.as_of = as_of;
	sql_array_init(&scoping->begun, DAYS_BYTES_MAX);
	scoping->done = done;
	scoping->arg = arg;
	sql_param_text(&params, jurisdiction);
	sql_param_text(&params, SETASIDE_VERSION);
	sql_param_day(&params, as_of);
	call(scoping, sql_text_record_mark, &params, on_mark_row, on_mark);
	return scoping;
}

static void on_moved(void *arg, const struct sql_outcome *outcome)
{
	struct record_move *move = arg;

	move->done(move->arg, outcome->err.code ? &outcome->err : NULL, outcome->affected > 0);
}

void record_scope_move_mark(
	struct sql_tx *tx, const struct record_scope *scope, struct record_move *move)
{
	struct sql_params params = SQL_PARAMS_INIT;

	sql_param_day(&params, scope->now.as_of);
	sql_param_int(&params, scope->now.known_batch);
	sql_param_text(&params, scope->now.basis);
	if (scope->last.as_of == DAY_NONE) {
		for (int i = 0; i < 3; i++)
			sql_param_null(&params);
	} else {
		sql_param_day(&params, scope->last.as_of);
		sql_param_int(&params, scope->last.known_batch);
		sql_param_text(&params, scope->last.basis);
	}
	sql_tx_call(tx, &(struct sql_call){ .text = sql_text_record_mark_move,
				.params = &params,
				.done = on_moved,
				.arg = move,
				.deadline_ms = READ_DEADLINE_MS });
}
