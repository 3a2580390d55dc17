/* The quota figures of the year, of what the ledger changed since the last run. */
#include "checks/run_own.h"

static void on_written(void *arg, const struct err *err, int64_t written, int64_t removed)
{
	struct check_run *run = arg;
	if (err) {
		run_roll_back(run, err);
		return;
	}
	run->report.figures_written = written + removed;
	run_tell_start(run);
}

static void on_prints(void *arg, const struct err *err, int64_t written, int64_t removed)
{
	struct check_run *run = arg;
	(void)written;
	(void)removed;
	if (err ||
		quota_rows_write(run->figures, run->ledger, run->units, run->year, &run->err) < 0) {
		run_roll_back(run, err ? err : &run->err);
		return;
	}
	check_store_figures(run->store,
		&(struct figure_set){
			.run_id = run->opened.run_id,
			.as_of = run->report.as_of,
			.fiscal_year = day_year(run->report.as_of),
			.figures = quota_rows_figures(run->figures),
			.scopes = quota_rows_scopes(run->figures),
		},
		on_written, run);
}

static void on_print(void *arg, const char *scope, const char *print)
{
	struct check_run *run = arg;
	quota_rows_known(run->figures, scope, print);
}

static void on_year(void *arg, const struct err *err, const struct quota_year *year)
{
	struct check_run *run = arg;
	if (err) {
		run_roll_back(run, err);
		return;
	}
	run->year = year;
	run->figures = quota_rows_new();
	check_store_figure_prints(
		run->store, day_year(run->report.as_of), on_print, on_prints, run);
}

/* touched NULL: everything. */
static void judge_year(struct check_run *run, const char *touched)
{
	run->quota = quota_run_start(
		&(struct quota_run_question){
			.base = run->base,
			.tx = run->tx,
			.ledger = run->ledger,
			.fiscal_year = day_year(run->report.as_of),
			.as_of = run->report.as_of,
			.touched = touched,
			.keep = true,
		},
		on_year, run);
}

static void on_touched(void *arg, const struct err *err, bool any, const char *units)
{
	struct check_run *run = arg;
	if (err)
		run_roll_back(run, err);
	else if (any)
		judge_year(run, units);
	else
		run_tell_start(run);
}

void run_figures_start(struct check_run *run)
{
	run->quota_parts = quota_part_store_new(run->tx);
	/* With the day, what is known of every row may change (G-01); who is new has to hear of every gap. */
	if (run->choice.all || run->opened.registered || run->report.as_of != run->choice.last_day)
		judge_year(run, NULL);
	else
		quota_part_store_touched(run->quota_parts, run->choice.after,
			day_year(run->report.as_of), run->paid_touched, on_touched, run);
}
