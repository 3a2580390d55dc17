#include "checks/told.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "sql/embed.h"
#include "sql/job.h"

enum { READ_DEADLINE_MS = 300000, MILLION = 1000000 };

struct told {
	struct told_unit *units; /* in byte order of the code */
	size_t count, capacity;
	struct told_coverage coverage;
	bool routed, covered;

	bool anew; /* coverage is counted, not brought up */
	struct sql_tx *tx;
	int64_t run_id, known_batch;
	day_t as_of;
	told_done_fn done;
	void *arg;
};

struct told *told_new(void)
{
	return mem_zero(1, sizeof(struct told));
}

static void row_free(struct told_row *row)
{
	free(row->obligation_no);
	free(row->contract_no);
	free(row->supplier_name);
	free(row->supplier_uscc);
	free(row->due_source);
	free(row->citation);
}

static void due_free(struct told_due *row)
{
	free(row->obligation_no);
	free(row->contract_no);
	free(row->supplier_name);
	free(row->citation);
}

void told_free(struct told *told)
{
	if (!told)
		return;
	for (size_t i = 0; i < told->count; i++) {
		for (size_t row = 0; row < told->units[i].count; row++)
			row_free(&told->units[i].rows[row]);
		free(told->units[i].rows);
		for (size_t row = 0; row < told->units[i].due_count; row++)
			due_free(&told->units[i].due_rows[row]);
		free(told->units[i].due_rows);
		free(told->units[i].unit_code);
	}
	free(told->units);
	free(told);
}

static void finish(struct told *told, const struct sql_outcome *outcome)
{
	told_done_fn done = told->done;
	told->done = NULL;
	done(told->arg, outcome->err.code ? &outcome->err : NULL);
}

static void call(struct told *told, const char *text, const struct sql_params *params,
	sql_row_fn row, sql_done_fn done)
{
	sql_tx_call(told->tx, &(struct sql_call){
				      .text = text,
				      .params = params,
				      .row = row,
				      .done = done,
				      .arg = told,
				      .deadline_ms = READ_DEADLINE_MS,
				      .stream = true,
			      });
}

/* Rows ---------------------------------------------------------------------------------------- */

static int64_t share_of(int64_t part, int64_t whole)
{
	return whole == 0 ? MILLION : part * MILLION / whole;
}

static void on_coverage_row(void *arg, const struct sql_row *row)
{
	struct told *told = arg;
	int64_t payments = sql_row_int(row, 2);
	told->covered = true;
	told->coverage.contracts_ppm = share_of(sql_row_int(row, 1), sql_row_int(row, 0));
	told->coverage.payments_ppm = share_of(payments - sql_row_int(row, 3), payments);
}

static void on_covered(void *arg, const struct sql_outcome *outcome)
{
	finish(arg, outcome);
}

static void on_kept_coverage(void *arg, const struct sql_outcome *outcome)
{
	struct told *told = arg;
	struct sql_params params = SQL_PARAMS_INIT;
	if (outcome->err.code || told->covered) {
		finish(told, outcome);
		return;
	}
	sql_param_int(&params, told->known_batch);
	call(told, sql_text_told_coverage, &params, on_coverage_row, on_covered);
}

/* Rows come by unit; those that are due soon before those that are overdue. */
static struct told_unit *unit_of(struct told *told, const char *code)
{
	if (told->count > 0 && strcmp(told->units[told->count - 1].unit_code, code) == 0)
		return &told->units[told->count - 1];
	MEM_GROW(told->units, told->count, told->capacity);
	told->units[told->count] = (struct told_unit){ .unit_code = mem_text(code) };
	return &told->units[told->count++];
}

static void add_due(struct told_unit *unit, const struct sql_row *row)
{
	unit->due_total = sql_row_int(row, 1);
	unit->due = sql_row_int(row, 2);
	MEM_GROW(unit->due_rows, unit->due_count, unit->due_capacity);
	unit->due_rows[unit->due_count++] = (struct told_due){
		.obligation_no = mem_text(sql_row_text(row, 4)),
		.contract_no = mem_text(sql_row_text(row, 5)),
		.supplier_name = mem_text(sql_row_text(row, 6)),
		.citation = mem_text(sql_row_text(row, 18)),
		.due_on = sql_row_day(row, 8),
		.amount = sql_row_int(row, 10),
	};
}

static void on_row(void *arg, const struct sql_row *row)
{
	struct told_unit *unit = unit_of(arg, sql_row_text(row, 0));
	if (sql_row_bool(row, 16)) {
		add_due(unit, row);
		return;
	}
	unit->rows_total = sql_row_int(row, 1);
	unit->overdue = sql_row_int(row, 2);
	unit->rows_new = sql_row_int(row, 3);
	MEM_GROW(unit->rows, unit->count, unit->capacity);
	unit->rows[unit->count++] = (struct told_row){
		.obligation_no = mem_text(sql_row_text(row, 4)),
		.contract_no = mem_text(sql_row_text(row, 5)),
		.supplier_name = mem_text(sql_row_text(row, 6)),
		.supplier_uscc = mem_text(sql_row_text(row, 7)),
		.overdue_since = sql_row_day(row, 8),
		.overdue_days = sql_row_int(row, 9),
		.overdue = sql_row_int(row, 10),
		.disputed = sql_row_int(row, 11),
		.due_source = mem_text(sql_row_text(row, 12)),
		.citation = mem_text(sql_row_text(row, 18)),
		.interest = sql_row_null(row, 17) ? TOLD_NO_INTEREST : sql_row_int(row, 17),
		.fresh = sql_row_bool(row, 13),
		.changed = sql_row_bool(row, 14),
		.verified = sql_row_bool(row, 15),
	};
}

static void on_rows(void *arg, const struct sql_outcome *outcome)
{
	struct told *told = arg;
	struct sql_params params = SQL_PARAMS_INIT;
	if (outcome->err.code) {
		finish(told, outcome);
		return;
	}
	if (told->anew) {
		on_kept_coverage(told, outcome);
		return;
	}
	sql_param_int(&params, told->known_batch);
	call(told, sql_text_told_coverage_kept, &params, on_coverage_row, on_kept_coverage);
}

static void on_route_row(void *arg, const struct sql_row *row)
{
	struct told *told = arg;
	told->routed = sql_row_bool(row, 0);
}

static void on_route(void *arg, const struct sql_outcome *outcome)
{
	struct told *told = arg;
	struct sql_params params = SQL_PARAMS_INIT;
	if (outcome->err.code || !told->routed) {
		finish(told, outcome);
		return;
	}
	sql_param_int(&params, told->run_id);
	sql_param_day(&params, told->as_of);
	call(told, sql_text_told_arrears, &params, on_row, on_rows);
}

void told_read(struct told *told, struct sql_tx *tx, int64_t run_id, int64_t known_batch,
	day_t as_of, bool anew, told_done_fn done, void *arg)
{
	told->anew = anew;
	told->tx = tx;
	told->run_id = run_id;
	told->known_batch = known_batch;
	told->as_of = as_of;
	told->done = done;
	told->arg = arg;
	call(told, sql_text_told_route, NULL, on_route_row, on_route);
}

/* Reading ------------------------------------------------------------------------------------- */

bool told_routed(const struct told *told)
{
	return told->routed;
}

struct told_coverage told_coverage(const struct told *told)
{
	return told->coverage;
}

static int compare(const void *key, const void *item)
{
	return strcmp(key, ((const struct told_unit *)item)->unit_code);
}

const struct told_unit *told_unit(const struct told *told, const char *unit_code)
{
	if (told->count == 0)
		return NULL;
	return bsearch(unit_code, told->units, told->count, sizeof(*told->units), compare);
}
