/* import and collect: one run of one source, awaited, with its report. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "collectors/drop_memory.h"
#include "collectors/source.h"
#include "collectors/source_watch.h"
#include "daemon/command.h"
#include "daemon/config.h"
#include "daemon/session.h"
#include "sql/kind.h"

struct pull {
	struct session session;
	struct source_env env;
	const struct source_config *config;
	bool rehearsal;
	bool watch; /* a source of the configuration */
	bool show;  /* single records of a rehearsal */
};

static void print_report(const struct source_report *report, bool rehearsal)
{
	const struct store_batch_counts *counts = &report->counts;
	if (report->unchanged_at_source) {
		printf("%s: nothing new at the source\n", report->source);
		if (report->later_ms)
			printf("  a file may still be written, it is left alone for %" PRId64
			       " s more\n",
				(report->later_ms + 999) / 1000);
		return;
	}
	if (report->batch)
		printf("%s: batch %" PRId64, report->source, report->batch);
	else
		printf("%s: %s", report->source,
			rehearsal ? "rehearsal, nothing was kept" : "no batch");
	printf("\n  read %" PRId64 "  new %" PRId64 "  changed %" PRId64 "  unchanged %" PRId64
	       "  closed %" PRId64 "\n  quarantined %" PRId64 "  duplicate %" PRId64
	       "  skipped %" PRId64 "  remarks %" PRId64 "  bytes %" PRId64 "  seconds %.2f\n",
		counts->read, counts->new_rows, counts->changed, counts->unchanged, counts->closed,
		counts->refused, counts->duplicate, counts->skipped, report->remarks, counts->bytes,
		report->seconds);
}

static void print_refusals(const struct source_report *report)
{
	fprintf(stderr, "setaside: %" PRId64 " rows are in quarantine", report->counts.refused);
	fputs(report->samples ? ", the first of them:\n" : "\n", stderr);
	for (int i = 0; i < report->samples; i++)
		fprintf(stderr, "  %s\n", report->sample[i]);
}

static void clear_progress(void)
{
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

static void on_progress(void *arg, const struct source_progress *progress)
{
	(void)arg;
	fprintf(stderr, "\r\033[K%s  %" PRId64 " rows", source_state_name(progress->state),
		progress->rows);
	int percent = source_progress_percent(progress);
	int64_t left = source_progress_left_ms(progress);
	if (percent >= 0)
		fprintf(stderr, "  %d %%", percent);
	if (left >= 0)
		fprintf(stderr, "  %" PRId64 " s left", (left + 999) / 1000);
}

static int start(struct pull *pull, struct err *err);

/* A drop folder gives one file after the other: goes on until there are no more; the worst end is the exit status. */
static void end_or_go_on(struct pull *pull, const struct source_report *report, int status)
{
	struct err err = ERR_INIT;
	if (pull->session.status == STATUS_DONE || status == STATUS_FAILED)
		pull->session.status = status;
	if (!report->more) {
		pull->session.finished = true;
		return;
	}
	if (start(pull, &err) < 0)
		session_finish(&pull->session, &err);
}

static void on_pulled(void *arg, const struct source_report *report, const struct err *err)
{
	struct pull *pull = arg;
	clear_progress();
	if (err && err->code != ERR_NONE) {
		end_or_go_on(pull, report, command_failed(err));
		return;
	}
	print_report(report, pull->rehearsal);
	if (source_report_partial(report))
		print_refusals(report);
	end_or_go_on(pull, report, source_report_partial(report) ? STATUS_PARTIAL : STATUS_DONE);
}

static void show_cells(const struct source_shown *shown)
{
	for (int i = 0; i < shown->cells; i++) {
		const struct source_shown_cell *cell = &shown->cell[i];
		printf("  %s \"%s\" -> %s\n", cell->header, cell->text,
			cell->column[0] ? cell->column : "(extra)");
	}
}

/* One record of a rehearsal: what the source said, what the ledger would hold, or why it would not. */
static void on_shown(void *arg, const struct source_shown *shown)
{
	(void)arg;
	clear_progress();
	printf("%s row %" PRId64, shown->file, shown->place);
	if (shown->code) {
		printf(": %s", shown->remark ? "remark" : "refused");
		if (shown->field[0])
			printf(", %s \"%s\"", shown->field, shown->text);
		printf(": %s, %s\n", shown->code, shown->reason);
		return;
	}
	printf(": %s\n", shown->kind->name);
	show_cells(shown);
	for (int i = 0; i < shown->values; i++)
		printf("%s%s = %s", i ? ", " : "  => ", shown->value[i].column,
			shown->value[i].text);
	putchar('\n');
}

static int start(struct pull *pull, struct err *err)
{
	struct source_options options = { .rehearsal = pull->rehearsal,
		.show = pull->show ? on_shown : NULL,
		.progress = isatty(STDERR_FILENO) ? on_progress : NULL };
	return source_run_start(&pull->env, pull->config, &options, on_pulled, pull, err) ? 0 : -1;
}

static int pull_now(struct pull *pull, const struct source_config *config)
{
	struct err err = ERR_INIT;
	int status = session_open_sources(&pull->session, pull->rehearsal, &pull->env);
	if (status != STATUS_DONE)
		return status;
	pull->config = config;
	pull->env.collector.drops = drop_memory_new();
	if (pull->watch && !pull->rehearsal)
		source_watch(pull->env.store, config, 1, false);
	status = start(pull, &err) < 0 ? command_failed(&err) : session_run(&pull->session);
	drop_memory_free(pull->env.collector.drops);
	return status;
}

enum { COLLECT_DRY_RUN };
static const struct command_option collect_options[] = {
	[COLLECT_DRY_RUN] = { "dry-run", OPTION_FLAG, NULL,
		"shows what the first rows would become and every refused value; keeps nothing",
		NULL },
	{ .name = NULL },
};

static int run_collect(struct command_call *call)
{
	bool rehearsal = call->value[COLLECT_DRY_RUN].given;
	struct pull pull = { .rehearsal = rehearsal, .show = rehearsal, .watch = true };
	int status = session_open(&pull.session, call, SESSION_CURRENT_SCHEMA);
	if (status == STATUS_DONE) {
		const struct source_config *config =
			config_source(pull.session.config, call->argument[0]);
		struct err err = ERR_INIT;
		if (config) {
			status = pull_now(&pull, config);
		} else {
			err_set(&err, ERR_USAGE, "%s has no source \"%s\"",
				conf_path(pull.session.config->conf), call->argument[0]);
			status = command_failed(&err);
		}
	}
	session_close(&pull.session);
	return status;
}

const struct command command_collect = {
	.name = "collect",
	.usage = "SOURCE",
	.least = 1,
	.most = 1,
	.help = "Pulls one configured source now, waits, prints the report of the batch.",
	.options = collect_options,
	.run = run_collect,
};

enum { IMPORT_COMPLETE, IMPORT_SOURCE, IMPORT_DRY_RUN };
static const struct command_option import_options[] = {
	[IMPORT_COMPLETE] = { "complete", OPTION_FLAG, NULL,
		"the directory holds everything: rows of this source that are not in it are closed",
		NULL },
	[IMPORT_SOURCE] = { "source", OPTION_TEXT, "NAME",
		"remember the rows under this name (import)", NULL },
	[IMPORT_DRY_RUN] = { "dry-run", OPTION_FLAG, NULL, "does everything, then rolls back",
		NULL },
	{ .name = NULL },
};

static int run_import(struct command_call *call)
{
	struct pull pull = { .rehearsal = call->value[IMPORT_DRY_RUN].given };
	struct err err = ERR_INIT;
	char directory[PATH_MAX];
	if (!realpath(call->argument[0], directory)) {
		err_set_errno(&err, ERR_USAGE, "cannot import from %s", call->argument[0]);
		return command_failed(&err);
	}
	int status = session_open(&pull.session, call, SESSION_CURRENT_SCHEMA);
	if (status == STATUS_DONE) {
		struct source_config config;
		const char *name = call->value[IMPORT_SOURCE].text;
		source_config_import(&config, name ? name : "import", directory,
			call->value[IMPORT_COMPLETE].given);
		status = pull_now(&pull, &config);
		source_config_free(&config);
	}
	session_close(&pull.session);
	return status;
}

const struct command command_import = {
	.name = "import",
	.usage = "DIR",
	.least = 1,
	.most = 1,
	.help = "Takes in one directory of canonical CSV files as one batch.",
	.options = import_options,
	.run = run_import,
};
