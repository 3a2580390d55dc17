#include "daemon/correcting.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collectors/correction.h"
#include "collectors/source.h"
#include "core/mem.h"
#include "daemon/command.h"
#include "daemon/config.h"
#include "sql/embed.h"
#include "sql/job.h"
#include "sql/store_quarantine.h"

enum { CHANGES_MAX = 40, ROW_MAX = 2 << 20 };

struct work {
	struct session *session;
	const struct correcting *wanted;
	struct source_env env;

	char *source, *kind, *header, *row_text; /* of the entry */
	bool open;
	struct correction_change change[CHANGES_MAX];
	char *field[CHANGES_MAX];
	char directory[64], *path;

	bool failed;
	struct source_report report;
	int64_t number; /* what the store answered last */
};

/* One step after the other -------------------------------------------------------------------- */

static void on_answer(void *arg, const struct err *err, int64_t number)
{
	struct work *work = arg;

	work->number = number;
	work->failed = err != NULL;
	session_finish(work->session, err);
}

static void on_pulled(void *arg, const struct source_report *report, const struct err *err)
{
	struct work *work = arg;

	work->report = *report;
	work->failed = err != NULL;
	session_finish(work->session, err);
}

/* Turns the loop until the step that was started is done; started < 0: it could not be. */
static int await(struct work *work, int started, const struct err *err)
{
	work->session->finished = false;
	if (started < 0) {
		work->failed = true;
		work->session->status = command_failed(err);
	} else {
		session_run(work->session);
	}
	return work->failed ? -1 : 0;
}

/* The entry ----------------------------------------------------------------------------------- */

static void on_entry(void *arg, const struct sql_row *row)
{
	struct work *work = arg;

	work->source = mem_text(sql_row_text(row, 0));
	work->kind = mem_text(sql_row_text(row, 1));
	work->header = mem_text(sql_row_text(row, 2));
	work->row_text = mem_text(sql_row_text(row, 3));
	work->open = sql_row_bool(row, 4);
}

static void on_entry_read(void *arg, const struct sql_outcome *outcome)
{
	struct work *work = arg;
	struct err err = outcome->err;

	if (err.code == ERR_NONE && !work->open)
		err_set(&err, ERR_REFUSED, "there is no open row %" PRId64 " in quarantine",
			work->wanted->quarantine_id);
	on_answer(work, err.code ? &err : NULL, 0);
}

static int read_entry(struct work *work)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct err err = ERR_INIT;
	struct sql_call call = { .text = sql_text_quarantine_one,
		.params = &params,
		.row = on_entry,
		.done = on_entry_read,
		.arg = work };

	sql_param_int(&params, work->wanted->quarantine_id);
	return await(work, sql_submit(work->session->link, &call, &err) ? 0 : -1, &err);
}

/* The corrected row as a file ------------------------------------------------------------------ */

static int read_assignments(struct work *work, struct err *err)
{
	if (work->wanted->count > CHANGES_MAX)
		return err_set(err, ERR_USAGE, "more than %d changes", CHANGES_MAX);
	for (int i = 0; i < work->wanted->count; i++) {
		const char *text = work->wanted->assignments[i], *equals = strchr(text, '=');
		if (!equals || equals == text)
			return err_set(
				err, ERR_USAGE, "\"%s\" is not of the form FIELD=VALUE", text);
		work->field[i] = mem_text_n(text, (size_t)(equals - text));
		work->change[i].field = work->field[i];
		work->change[i].value = equals + 1;
	}
	return 0;
}

/* What is not in the configuration came by import, in the canonical profile. */
static bool is_canonical(const struct work *work)
{
	const struct source_config *config = config_source(work->session->config, work->source);

	return !config || strcmp(config->format, "canonical") == 0;
}

static int write_file(struct work *work, const struct buf *text, struct err *err)
{
	FILE *out;

	snprintf(work->directory, sizeof(work->directory), "/tmp/setaside-XXXXXX");
	if (!mkdtemp(work->directory))
		return err_set_errno(err, ERR_IO, "cannot make a scratch directory");
	work->path = is_canonical(work) ? mem_format("%s/%s.csv", work->directory, work->kind)
					: mem_format("%s/correction-%" PRId64 ".csv",
						  work->directory, work->wanted->quarantine_id);
	out = fopen(work->path, "we");
	if (!out)
		return err_set_errno(err, ERR_IO, "cannot write %s", work->path);
	size_t written = fwrite(text->data, 1, text->used, out);
	if (fclose(out) || written != text->used)
		return err_set_errno(err, ERR_IO, "cannot write %s", work->path);
	return 0;
}

static int make_file(struct work *work)
{
	_cleanup_(buf_free) struct buf text;
	struct source_config canonical = { .format = "canonical", .delimiter = ',' };
	const struct source_config *config = config_source(work->session->config, work->source);
	struct correction correction = { .config = config ? config : &canonical,
		.kind = work->kind,
		.header = work->header,
		.row_text = work->row_text };
	struct err err = ERR_INIT;

	buf_init(&text, ROW_MAX);
	if (read_assignments(work, &err) ||
		correction_write(&correction, work->change, work->wanted->count, &text, &err) ||
		write_file(work, &text, &err)) {
		work->session->status = command_failed(&err);
		return -1;
	}
	return 0;
}

/* The batch ------------------------------------------------------------------------------------ */

/* The source's mapping over the file that was made; what tells how to find the table in the source's own files is gone. */
static void configure(const struct work *work, struct source_config *ret)
{
	const struct source_config *config = config_source(work->session->config, work->source);

	source_config_import(ret, "corrections", work->directory, false);
	if (is_canonical(work))
		return;
	free(ret->path);
	ret->path = mem_text(work->path);
	ret->format = "csv";
	free(ret->record);
	ret->record = mem_text(work->kind);
	free(ret->map);
	int count = 0;
	while (config->map[count])
		count++;
	ret->map = mem_zero((size_t)count + 1, sizeof(*ret->map));
	for (int i = 0; i < count; i++)
		ret->map[i] = mem_text(config->map[i]);
}

static int send(struct work *work, bool rehearsal)
{
	struct source_config config;
	struct source_options options = { .rehearsal = rehearsal };
	struct err err = ERR_INIT;

	configure(work, &config);
	int result = await(work,
		source_run_start(&work->env, &config, &options, on_pulled, work, &err) ? 0 : -1,
		&err);
	source_config_free(&config);
	return result;
}

/* A row that would be refused again leaves no trace. */
static int rehearse(struct work *work)
{
	if (send(work, true))
		return -1;
	if (!source_report_partial(&work->report) && work->report.counts.read == 1)
		return 0;
	fprintf(stderr, "setaside: the corrected row would be refused again: %s\n",
		work->report.samples ? work->report.sample[0] : "no record came out of it");
	work->session->status = STATUS_REFUSED;
	return -1;
}

static char *changes_text(const struct work *work)
{
	json_t *list = json_array();

	for (int i = 0; i < work->wanted->count; i++)
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:s}", "field", work->change[i].field, "old",
				      work->change[i].old, "new", work->change[i].value));
	char *text = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	return text;
}

/* The act is on record before its row enters the ledger. */
static int carry_out(struct work *work)
{
	struct store_decision decision = { work->wanted->person, work->wanted->reason };
	_cleanup_free_ char *changes = changes_text(work);
	struct sql_link *link = work->session->link;
	struct err err = ERR_INIT;

	if (!changes) {
		err_set(&err, ERR_USAGE, "a value is not UTF-8");
		return await(work, -1, &err);
	}
	if (await(work,
		    store_quarantine_correct(link, work->wanted->quarantine_id, changes, &decision,
			    on_answer, work, &err),
		    &err))
		return -1;
	int64_t act = work->number;
	if (send(work, false))
		return -1;
	return await(work,
		store_quarantine_corrected(link, act, work->report.batch, on_answer, work, &err),
		&err);
}

static void work_free(struct work *work)
{
	for (int i = 0; i < CHANGES_MAX; i++) {
		free(work->field[i]);
		free(work->change[i].old);
	}
	if (work->path)
		unlink(work->path);
	if (work->directory[0])
		rmdir(work->directory);
	free(work->path);
	free(work->source);
	free(work->kind);
	free(work->header);
	free(work->row_text);
}

int correcting_run(struct session *session, const struct correcting *correcting)
{
	struct work work = { .session = session, .wanted = correcting };
	int status = session_open_sources(session, false, &work.env);

	if (status != STATUS_DONE)
		return status;
	if (read_entry(&work) == 0 && make_file(&work) == 0 && rehearse(&work) == 0 &&
		carry_out(&work) == 0)
		printf("row %" PRId64 " is corrected by %s: batch %" PRId64 "\n",
			correcting->quarantine_id, correcting->person, work.report.batch);
	work_free(&work);
	return session->status;
}
