/* entry -> changed row as a file -> rehearsal -> act on record -> batch -> act closed. One step after the other; the first
 * failure ends it. */
#include "daemon/correcting.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collectors/correction.h"
#include "collectors/source.h"
#include "core/log.h"
#include "core/mem.h"
#include "daemon/config.h"
#include "sql/embed.h"
#include "sql/job.h"
#include "sql/store_quarantine.h"

enum { CHANGES_MAX = 40, ROW_MAX = 2 << 20, DIRECTORY_MAX = 256 };

struct correcting {
	struct source_env env;
	const struct source_config *config; /* of the row's source; NULL = it came by import */
	const struct config *all;
	int64_t quarantine_id;
	char *person, *reason;
	json_t *wanted;

	char *source, *kind, *header, *row_text; /* of the entry */
	bool open;
	struct correction_change change[CHANGES_MAX];
	int count;
	char directory[DIRECTORY_MAX], *path;
	struct source_config batch; /* what sends the file */

	struct sql_job *job;    /* under way, if any */
	struct source_run *run; /* likewise */
	bool storing;           /* an act is being written: its answer comes in any case */
	int64_t act, batch_id;
	struct err err;
	correcting_done_fn done; /* NULL: nobody waits any more */
	void *arg;
};

static void correcting_free(struct correcting *work)
{
	for (int i = 0; i < work->count; i++)
		free(work->change[i].old);
	if (work->path)
		unlink(work->path);
	if (work->directory[0] && rmdir(work->directory) < 0)
		log_warn("quarantine", "cannot remove %s", work->directory);
	source_config_free(&work->batch);
	json_decref(work->wanted);
	free(work->path);
	free(work->source);
	free(work->kind);
	free(work->header);
	free(work->row_text);
	free(work->person);
	free(work->reason);
	free(work);
}

static void finish(struct correcting *work, const struct err *err)
{
	if (work->done)
		work->done(work->arg, err, err ? 0 : work->batch_id);
	else if (err)
		log_warn("quarantine", "a correction whose answer came too late: %s", err->text);
	correcting_free(work);
}

void correcting_cancel(struct correcting *work)
{
	work->done = NULL;
	if (work->storing)
		return; /* finish() frees it */
	if (work->job)
		sql_job_cancel(work->job);
	source_run_cancel(work->run);
	correcting_free(work);
}

/* The corrected row as a file ------------------------------------------------------------------ */

static int read_changes(struct correcting *work, struct err *err)
{
	const char *field;
	json_t *value;

	if (json_object_size(work->wanted) == 0)
		return err_set(err, ERR_USAGE, "changes say which field gets which value");
	json_object_foreach(work->wanted, field, value)
	{
		if (work->count == CHANGES_MAX)
			return err_set(err, ERR_USAGE, "more than %d changes", CHANGES_MAX);
		if (!json_is_string(value) || !*field)
			return err_set(err, ERR_USAGE, "the new value of \"%s\" is no text", field);
		work->change[work->count++] = (struct correction_change){ .field = field,
			.value = json_string_value(value) };
	}
	return 0;
}

/* What is not in the configuration came by import, in the canonical profile. */
static bool is_canonical(const struct correcting *work)
{
	return !work->config || strcmp(work->config->format, "canonical") == 0;
}

static int write_file(struct correcting *work, const struct buf *text, struct err *err)
{
	const char *base = getenv("TMPDIR");
	FILE *out;

	snprintf(work->directory, sizeof(work->directory), "%s/setaside-XXXXXX",
		base && base[0] ? base : "/tmp");
	if (!mkdtemp(work->directory)) {
		err_set_errno(err, ERR_IO, "cannot make a scratch directory");
		work->directory[0] = '\0';
		return -1;
	}
	work->path = is_canonical(work) ? mem_format("%s/%s.csv", work->directory, work->kind)
					: mem_format("%s/correction-%" PRId64 ".csv",
						  work->directory, work->quarantine_id);
	out = fopen(work->path, "we");
	if (!out)
		return err_set_errno(err, ERR_IO, "cannot write %s", work->path);
	size_t written = fwrite(text->data, 1, text->used, out);
	if (fclose(out) || written != text->used)
		return err_set_errno(err, ERR_IO, "cannot write %s", work->path);
	return 0;
}

static int make_file(struct correcting *work, struct err *err)
{
	_cleanup_(buf_free) struct buf text;
	struct source_config canonical = { .format = "canonical", .delimiter = ',' };
	struct correction correction = { .config = work->config ? work->config : &canonical,
		.kind = work->kind,
		.header = work->header,
		.row_text = work->row_text };

	buf_init(&text, ROW_MAX);
	if (read_changes(work, err) ||
		correction_write(&correction, work->change, work->count, &text, err))
		return -1;
	return write_file(work, &text, err);
}

/* The source's mapping over the file that was made; what tells how to find the table in the source's own files is gone. */
static void configure(struct correcting *work)
{
	struct source_config *batch = &work->batch;
	int count = 0;

	source_config_import(batch, "corrections", work->directory, false);
	if (is_canonical(work))
		return;
	free(batch->path);
	batch->path = mem_text(work->path);
	batch->format = "csv";
	free(batch->record);
	batch->record = mem_text(work->kind);
	free(batch->map);
	while (work->config->map[count])
		count++;
	batch->map = mem_zero((size_t)count + 1, sizeof(*batch->map));
	for (int i = 0; i < count; i++)
		batch->map[i] = mem_text(work->config->map[i]);
}

/* The steps, last one first -------------------------------------------------------------------- */

static void on_closed(void *arg, const struct err *err, int64_t number)
{
	struct correcting *work = arg;

	(void)number;
	work->storing = false;
	finish(work, err);
}

static void on_sent(void *arg, const struct source_report *report, const struct err *err)
{
	struct correcting *work = arg;

	work->run = NULL;
	work->batch_id = report->batch;
	if (!err && source_report_partial(report)) {
		err_set(&work->err, ERR_REFUSED, "%s", report->sample[0]);
		err = &work->err;
	}
	if (!err) {
		work->storing = store_quarantine_corrected(work->env.store, work->act,
					work->batch_id, on_closed, work, &work->err) == 0;
		err = work->storing ? NULL : &work->err;
	}
	if (err)
		finish(work, err);
}

static void on_recorded(void *arg, const struct err *err, int64_t number)
{
	struct correcting *work = arg;
	const struct source_options options = { .rehearsal = false };

	work->storing = false;
	work->act = number;
	if (!err && !work->done)
		err_set(&work->err, ERR_CANCELLED, "it was not carried out");
	else if (!err)
		work->run = source_run_start(
			&work->env, &work->batch, &options, on_sent, work, &work->err);
	if (err || work->err.code != ERR_NONE)
		finish(work, err ? err : &work->err);
}

static char *changes_text(const struct correcting *work)
{
	json_t *list = json_array();

	for (int i = 0; i < work->count; i++)
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:s}", "field", work->change[i].field, "old",
				      work->change[i].old, "new", work->change[i].value));
	char *text = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	return text;
}

/* The act is on record before its row enters the ledger. */
static int record(struct correcting *work)
{
	const struct store_decision decision = { work->person, work->reason };
	_cleanup_free_ char *changes = changes_text(work);

	if (!changes)
		return err_set(&work->err, ERR_USAGE, "a value is not UTF-8");
	work->storing = store_quarantine_correct(work->env.store, work->quarantine_id, changes,
				&decision, on_recorded, work, &work->err) == 0;
	return work->storing ? 0 : -1;
}

/* A row that would be refused again leaves no trace. */
static void on_rehearsed(void *arg, const struct source_report *report, const struct err *err)
{
	struct correcting *work = arg;

	work->run = NULL;
	if (!err && (source_report_partial(report) || report->counts.read != 1)) {
		err_set(&work->err, ERR_REFUSED, "the corrected row would be refused again: %s",
			report->samples ? report->sample[0] : "no record came out of it");
		err = &work->err;
	}
	if (!err && record(work) < 0)
		err = &work->err;
	if (err)
		finish(work, err);
}

static void on_entry(void *arg, const struct sql_row *row)
{
	struct correcting *work = arg;

	work->source = mem_text(sql_row_text(row, 0));
	work->kind = mem_text(sql_row_text(row, 1));
	work->header = mem_text(sql_row_text(row, 2));
	work->row_text = mem_text(sql_row_text(row, 3));
	work->open = sql_row_bool(row, 4);
}

static void on_entry_read(void *arg, const struct sql_outcome *outcome)
{
	struct correcting *work = arg;
	const struct source_options options = { .rehearsal = true };
	struct err *err = &work->err;

	work->job = NULL;
	*err = outcome->err;
	if (err->code == ERR_NONE && !work->open)
		err_set(err, ERR_REFUSED, "there is no open row %" PRId64 " in quarantine",
			work->quarantine_id);
	if (err->code == ERR_NONE) {
		work->config = config_source(work->all, work->source);
		if (make_file(work, err) == 0) {
			configure(work);
			work->run = source_run_start(
				&work->env, &work->batch, &options, on_rehearsed, work, err);
		}
	}
	if (err->code != ERR_NONE)
		finish(work, err);
}

/* Beginning ------------------------------------------------------------------------------------ */

struct correcting *correcting_start(const struct source_env *env, const struct config *config,
	const struct correction_wish *wish, correcting_done_fn done, void *arg, struct err *err)
{
	struct correcting *work = mem_zero(1, sizeof(*work));
	struct sql_params params = SQL_PARAMS_INIT;
	struct sql_call call = { .text = sql_text_quarantine_one,
		.params = &params,
		.row = on_entry,
		.done = on_entry_read,
		.arg = work };

	work->env = *env;
	work->all = config;
	work->quarantine_id = wish->quarantine_id;
	work->person = mem_text(wish->person ? wish->person : "");
	work->reason = mem_text(wish->reason ? wish->reason : "");
	work->wanted = json_loads(wish->changes, JSON_REJECT_DUPLICATES, NULL);
	work->done = done;
	work->arg = arg;
	sql_param_int(&params, work->quarantine_id);
	if (!json_is_object(work->wanted))
		err_set(err, ERR_USAGE, "changes are an object: field and new text");
	else
		work->job = sql_submit(work->env.store, &call, err);
	if (work->job)
		return work;
	correcting_free(work);
	return NULL;
}
