/* number or row -> file -> rehearsal -> batch. One step after the other; the first failure ends it. */
#include "daemon/registering.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collectors/source.h"
#include "core/buf.h"
#include "core/day.h"
#include "core/log.h"
#include "core/mem.h"
#include "sql/embed.h"
#include "sql/job.h"
#include "sql/kind.h"

enum { ROW_BYTES_MAX = 256 * 1024, DIRECTORY_MAX = 256 };

struct registering {
	struct source_env env;
	const struct kind *kind;
	char *cell[KIND_COLUMNS_MAX]; /* in the order of the kind's columns */
	char *withdraw, *withdraw_on, *withdrawn_by, *withdrawn_reason;
	char *guard_argument;
	char directory[DIRECTORY_MAX], *path;
	struct source_config config;
	struct sql_job *job;    /* under way, if any */
	struct source_run *run; /* likewise */
	struct err err;
	registering_done_fn done;
	void *arg;
};

static void registering_free(struct registering *work)
{
	for (int i = 0; i < work->kind->count; i++)
		free(work->cell[i]);
	if (work->path)
		unlink(work->path);
	if (work->directory[0] && rmdir(work->directory) < 0)
		log_warn("register", "cannot remove %s", work->directory);
	source_config_free(&work->config);
	free(work->path);
	free(work->withdraw);
	free(work->withdraw_on);
	free(work->withdrawn_by);
	free(work->withdrawn_reason);
	free(work->guard_argument);
	free(work);
}

void registering_cancel(struct registering *work)
{
	if (!work)
		return;
	if (work->job)
		sql_job_cancel(work->job);
	source_run_cancel(work->run);
	registering_free(work);
}

static void finish(struct registering *work, const struct err *err, int64_t batch)
{
	const struct registered registered = { work->cell[0], batch };

	work->done(work->arg, err, err ? NULL : &registered);
	registering_free(work);
}

/* The row -------------------------------------------------------------------------------------- */

static void set_cell(struct registering *work, const char *column, const char *text)
{
	int at = kind_column_find(work->kind, column);

	if (at < 0)
		BUG("register_entry has no column %s", column);
	free(work->cell[at]);
	work->cell[at] = mem_text(text ? text : "");
}

static void add_cell(struct buf *line, const char *text)
{
	buf_add_char(line, '"');
	for (; *text; text++) {
		if (*text == '"')
			buf_add_char(line, '"');
		buf_add_char(line, *text);
	}
	buf_add_char(line, '"');
}

static void write_table(const struct registering *work, struct buf *out)
{
	for (int i = 0; i < work->kind->count; i++) {
		buf_add_text(out, i ? "," : "");
		buf_add_text(out, work->kind->columns[i].csv);
	}
	buf_add_char(out, '\n');
	for (int i = 0; i < work->kind->count; i++) {
		buf_add_text(out, i ? "," : "");
		add_cell(out, work->cell[i]);
	}
	buf_add_char(out, '\n');
}

static int write_file(struct registering *work, struct err *err)
{
	_cleanup_(buf_free) struct buf text;
	const char *base = getenv("TMPDIR");
	FILE *file;

	buf_init(&text, ROW_BYTES_MAX);
	write_table(work, &text);
	if (text.failed)
		return err_set(err, ERR_LIMIT, "the entry is too long");
	snprintf(work->directory, sizeof(work->directory), "%s/setaside-XXXXXX",
		base && base[0] ? base : "/tmp");
	if (!mkdtemp(work->directory)) {
		err_set_errno(err, ERR_IO, "cannot make a scratch directory");
		work->directory[0] = '\0';
		return -1;
	}
	work->path = mem_format("%s/%s.csv", work->directory, work->kind->name);
	file = fopen(work->path, "we");
	if (!file)
		return err_set_errno(err, ERR_IO, "cannot write %s", work->path);
	size_t written = fwrite(text.data, 1, text.used, file);
	if (fclose(file) || written != text.used)
		return err_set_errno(err, ERR_IO, "cannot write %s", work->path);
	return 0;
}

static int write_argument(struct registering *work, struct err *err)
{
	json_t *row = json_object();

	for (int i = 0; i < work->kind->count; i++)
		json_object_set_new(row, work->kind->columns[i].csv, json_string(work->cell[i]));
	work->guard_argument = json_dumps(row, JSON_COMPACT);
	json_decref(row);
	return work->guard_argument ? 0 : err_set(err, ERR_USAGE, "a value is not UTF-8");
}

/* The batch ------------------------------------------------------------------------------------ */

static void on_sent(void *arg, const struct source_report *report, const struct err *err)
{
	struct registering *work = arg;

	work->run = NULL;
	if (!err && source_report_partial(report)) {
		err_set(&work->err, ERR_REFUSED, "%s", report->sample[0]);
		err = &work->err;
	}
	finish(work, err, report->batch);
}

/* A row that would be refused leaves no trace. */
static void on_rehearsed(void *arg, const struct source_report *report, const struct err *err)
{
	struct registering *work = arg;
	const struct source_options options = { .guard = sql_text_register_guard,
		.guard_argument = work->guard_argument };

	work->run = NULL;
	if (!err && source_report_partial(report))
		err_set(&work->err, ERR_REFUSED, "%s",
			report->samples ? report->sample[0] : "no record came out of it");
	else if (!err)
		work->run = source_run_start(
			&work->env, &work->config, &options, on_sent, work, &work->err);
	if (err || work->err.code != ERR_NONE)
		finish(work, err ? err : &work->err, 0);
}

static void rehearse(struct registering *work)
{
	const struct source_options options = { .rehearsal = true };

	if (write_file(work, &work->err) == 0 && write_argument(work, &work->err) == 0) {
		source_config_import(&work->config, "registers", work->directory, false);
		work->run = source_run_start(
			&work->env, &work->config, &options, on_rehearsed, work, &work->err);
	}
	if (work->err.code != ERR_NONE)
		finish(work, &work->err, 0);
}

/* What is on record ---------------------------------------------------------------------------- */

static void on_number(void *arg, const struct sql_row *row)
{
	set_cell(arg, "entry_no", sql_row_text(row, 0));
}

/* Columns as register_one.sql selects them: those of the exchange profile. */
static void on_entry(void *arg, const struct sql_row *row)
{
	struct registering *work = arg;

	for (int i = 0; i < work->kind->count; i++) {
		free(work->cell[i]);
		work->cell[i] = mem_text(sql_row_text(row, i));
	}
}

static void on_read(void *arg, const struct sql_outcome *outcome)
{
	struct registering *work = arg;

	work->job = NULL;
	if (outcome->err.code != ERR_NONE) {
		finish(work, &outcome->err, 0);
		return;
	}
	if (!*work->cell[0]) {
		err_set(&work->err, ERR_REFUSED, "there is no entry %s", work->withdraw);
		finish(work, &work->err, 0);
		return;
	}
	if (work->withdraw) {
		set_cell(work, "withdrawn_on", work->withdraw_on);
		set_cell(work, "withdrawn_by", work->withdrawn_by);
		set_cell(work, "withdrawn_reason", work->withdrawn_reason);
	}
	rehearse(work);
}

static struct sql_job *read_record(struct registering *work, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct sql_call call = { .text = work->withdraw ? sql_text_register_one
							: sql_text_register_next,
		.params = &params,
		.row = work->withdraw ? on_entry : on_number,
		.done = on_read,
		.arg = work };

	if (work->withdraw)
		sql_param_text(&params, work->withdraw);
	else
		sql_param_int(&params, day_year(day_today()));
	return sql_submit(work->env.store, &call, err);
}

/* Beginning ------------------------------------------------------------------------------------ */

static void take_new(struct registering *work, const struct register_wish *wish)
{
	set_cell(work, "register", wish->name);
	set_cell(work, "fiscal_year", wish->fiscal_year);
	set_cell(work, "unit_code", wish->unit_code);
	set_cell(work, "project_code", wish->project_code);
	set_cell(work, "package_no", wish->package_no);
	set_cell(work, "supplier_uscc", wish->supplier_uscc);
	set_cell(work, "contract_no", wish->contract_no);
	set_cell(work, "field", wish->field);
	set_cell(work, "value", wish->value);
	set_cell(work, "reason", wish->reason);
	set_cell(work, "evidence", wish->evidence);
	set_cell(work, "approver", wish->approver);
	set_cell(work, "valid_from", wish->valid_from);
	set_cell(work, "valid_to", wish->valid_to);
	set_cell(work, "recorded_by", wish->person);
}

static void take_withdrawal(struct registering *work, const struct register_wish *wish)
{
	char today[DAY_TEXT_MAX];
	const char *on = wish->valid_from && *wish->valid_from ? wish->valid_from
							       : day_text(day_today(), today);

	work->withdraw = mem_text(wish->withdraw);
	work->withdraw_on = mem_text(on);
	work->withdrawn_by = mem_text(wish->approver ? wish->approver : "");
	work->withdrawn_reason = mem_text(wish->reason ? wish->reason : "");
}

struct registering *registering_start(const struct source_env *env,
	const struct register_wish *wish, registering_done_fn done, void *arg, struct err *err)
{
	struct registering *work = mem_zero(1, sizeof(*work));

	work->env = *env;
	work->kind = kind_find("register_entry");
	work->done = done;
	work->arg = arg;
	for (int i = 0; i < work->kind->count; i++)
		work->cell[i] = mem_text("");
	if (wish->withdraw)
		take_withdrawal(work, wish);
	else
		take_new(work, wish);
	work->job = read_record(work, err);
	if (work->job)
		return work;
	registering_free(work);
	return NULL;
}
