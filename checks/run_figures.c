/* The quota figures of the year, when anything they rest on may have changed. */
#include "checks/run_own.h"

#include <stdlib.h>

#include "checks/quota_rows.h"

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

static void on_judged(struct check_run *run)
{
	run->year = run->judging;
	run->judging = NULL;
	if (quota_rows_write(run->ledger, run->year, &run->figures, &run->err) < 0) {
		run_roll_back(run, &run->err);
		return;
	}
	check_store_figures(run->store,
		&(struct figure_set){
			.run_id = run->opened.run_id,
			.as_of = run->report.as_of,
			.fiscal_year = day_year(run->report.as_of),
			.figures = run->figures.data,
		},
		on_written, run);
}

static void on_loaded(void *arg, const struct err *err, struct ledger *ledger)
{
	struct check_run *run = arg;
	run->load = NULL;
	if (err)
		run_roll_back(run, err);
	else
		run_judge(run,
			judgement_new(ledger, run->report.as_of, day_year(run->report.as_of)),
			on_judged);
}

static void load_year(struct check_run *run)
{
	run->load =
		load_year_start(run->tx, run->ledger, day_year(run->report.as_of), on_loaded, run);
}

static void on_touched(void *arg, const struct err *err, int64_t touched, int64_t removed)
{
	struct check_run *run = arg;
	(void)removed;
	if (err)
		run_roll_back(run, err);
	else if (touched)
		load_year(run);
	else
		run_tell_start(run);
}

void run_figures_start(struct check_run *run)
{
	if (run->choice.all || run->paid_touched)
		load_year(run);
	else
		check_store_quota_touched(run->store, &run->choice, on_touched, run);
}
