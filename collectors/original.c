#include "collectors/original.h"

#include <event2/event.h>
#include <inttypes.h>
#include <string.h>

#include "collectors/archive.h"
#include "collectors/charset.h"
#include "collectors/frame_xlsx.h"
#include "collectors/reader.h"
#include "collectors/source_config.h"
#include "core/buf.h"
#include "core/mem.h"
#include "core/text.h"
#include "sql/embed.h"
#include "sql/job.h"

enum { SLICE_BYTES = 64 * 1024, TEXT_MAX = 64 * 1024 };

struct original_read {
	struct archive *archive;
	struct sql_job *job;
	struct event *step;
	original_config_fn config;
	original_done_fn done;
	void *arg;
	int64_t batch, place;

	char *source, *file, *kind, *sha256; /* NULL until the batch was found */
	int64_t locator;
	const struct reader_type *type;
	struct archive_reader *bytes;
	struct charset *charset; /* of text */
	struct frame_xlsx *book; /* of a workbook */
	bool fed;
	struct buf text;
	bool found;
	_Alignas(max_align_t) char scan[READER_SCAN_BYTES];
};

static void read_free(struct original_read *read)
{
	if (read->job != NULL)
		sql_job_cancel(read->job);
	archive_close(read->bytes);
	charset_free(read->charset);
	frame_xlsx_free(read->book);
	buf_free(&read->text);
	event_free(read->step);
	free(read->source);
	free(read->file);
	free(read->kind);
	free(read->sha256);
	free(read);
}

void original_cancel(struct original_read *read)
{
	if (read != NULL)
		read_free(read);
}

static void finish(struct original_read *read, const struct err *err)
{
	struct original original = { .source = read->source,
		.file = read->file,
		.kind = read->kind,
		.sha256 = read->sha256,
		.locator = read->locator,
		.text = read->text.data };

	text_trim_partial(read->text.data);
	read->done(read->arg, err == NULL ? &original : NULL, err);
	read_free(read);
}

static void again(struct original_read *read)
{
	static const struct timeval now = { 0, 0 };

	event_add(read->step, &now);
}

static int on_utf8(void *arg, const char *utf8, size_t count, struct err *err)
{
	struct original_read *read = arg;

	(void)err;
	if (!read->found)
		read->found = read->type->find(read->scan, utf8, count, read->locator, &read->text);
	return 0;
}

/* Cells one behind the other, as the quarantine has them. */
static int on_book_row(void *arg, const struct frame_row *row, struct err *err)
{
	struct original_read *read = arg;

	(void)err;
	for (size_t i = 0; !read->found && row->number == read->locator && i < row->count; i++) {
		if (i > 0)
			buf_add_char(&read->text, ',');
		buf_add(&read->text, row->cell[i].text, row->cell[i].length);
	}
	read->found |= row->number == read->locator;
	return 0;
}

static int on_book_refused(void *arg, const struct frame_row *row, const char *code,
	const char *reason, struct err *err)
{
	(void)code, (void)reason;
	return on_book_row(arg, row, err);
}

static int on_book_skipped(
	void *arg, const struct frame_row *row, enum frame_skip why, struct err *err)
{
	(void)why;
	return on_book_row(arg, row, err);
}

static int missing(const struct original_read *read, struct err *err)
{
	return err_set(err, ERR_DATA, "%s holds no record at %" PRId64, read->file, read->locator);
}

/* As read_slice. */
static int read_book(struct original_read *read, struct err *err)
{
	char slice[SLICE_BYTES];
	bool more = true;

	if (read->fed) {
		if (frame_xlsx_step(read->book, &more, err) < 0)
			return -1;
		return read->found ? 1 : more ? 0 : missing(read, err);
	}
	ssize_t count = archive_read(read->bytes, slice, sizeof(slice), err);
	if (count < 0)
		return -1;
	read->fed = count == 0;
	return read->fed ? frame_xlsx_open(read->book, err)
			 : frame_xlsx_feed(read->book, slice, (size_t)count, err);
}

/* 1 = found, 0 = go on, -1 = it is not there. */
static int read_slice(struct original_read *read, struct err *err)
{
	char slice[SLICE_BYTES];
	ssize_t count = archive_read(read->bytes, slice, sizeof(slice), err);

	if (count < 0)
		return -1;
	if (count > 0 && charset_feed(read->charset, slice, (size_t)count, err) < 0)
		return -1;
	if (count == 0) {
		if (charset_finish(read->charset, err) < 0)
			return -1;
		on_utf8(read, "", 0, err);
		if (!read->found)
			return missing(read, err);
	}
	return read->found;
}

static void on_step(evutil_socket_t fd, short what, void *arg)
{
	struct original_read *read = arg;
	struct err err = ERR_INIT;

	(void)fd;
	(void)what;
	int result = read->book ? read_book(read, &err) : read_slice(read, &err);
	if (result == 0)
		again(read);
	else
		finish(read, result < 0 ? &err : NULL);
}

static void row_file(void *arg, const struct sql_row *row)
{
	struct original_read *read = arg;

	read->file = mem_text(sql_row_text(row, 0));
	read->kind = mem_text(sql_row_text(row, 1));
	read->sha256 = mem_text(sql_row_text(row, 2));
	read->locator = sql_row_int(row, 3);
	read->source = mem_text(sql_row_text(row, 4));
	read->type = reader_find(sql_row_text(row, 5));
}

static void open_book(struct original_read *read, const struct source_config *config)
{
	static const struct frame_handler handler = { .header = on_book_row,
		.row = on_book_row,
		.refused = on_book_refused,
		.skipped = on_book_skipped };
	struct frame_xlsx_options options = { .sheet = config ? config->sheet : NULL };

	read->book = frame_xlsx_new(&options, &handler, read);
}

static int open_file(struct original_read *read, struct err *err)
{
	if (read->file == NULL)
		return err_set(err, ERR_DATA, "batch %" PRId64 " has no file for place %" PRId64,
			read->batch, read->place);
	const struct source_config *config =
		read->config ? read->config(read->arg, read->source) : NULL;
	if (read->type && strcmp(read->type->format, "xlsx") == 0)
		open_book(read, config);
	else if (read->type == NULL || read->type->find == NULL)
		return err_set(err, ERR_DATA, "records of %s cannot be shown as text", read->file);
	else
		read->charset = charset_new(config && config->encoding[0] ? config->encoding : NULL,
			on_utf8, read, err);
	read->bytes = archive_open(read->archive, read->sha256, err);
	return read->bytes != NULL && (read->charset != NULL || read->book != NULL) ? 0 : -1;
}

static void on_file(void *arg, const struct sql_outcome *outcome)
{
	struct original_read *read = arg;
	struct err err = outcome->err;

	read->job = NULL;
	if (err.code != ERR_NONE || open_file(read, &err) < 0)
		finish(read, &err);
	else
		again(read);
}

struct original_read *original_start(struct event_base *base, struct sql_link *link,
	struct archive *archive, int64_t batch, int64_t place, original_config_fn config,
	original_done_fn done, void *arg, struct err *err)
{
	struct original_read *read = mem_zero(1, sizeof(*read));
	struct sql_params params = SQL_PARAMS_INIT;
	struct sql_call call = { .text = sql_text_original_file,
		.params = &params,
		.row = row_file,
		.done = on_file,
		.arg = read };

	read->archive = archive;
	read->batch = batch;
	read->place = place;
	read->config = config;
	read->done = done;
	read->arg = arg;
	read->step = event_new(base, -1, 0, on_step, read);
	buf_init(&read->text, TEXT_MAX);
	sql_param_int(&params, batch);
	sql_param_int(&params, place);
	read->job = sql_submit(link, &call, err);
	if (read->job == NULL) {
		read_free(read);
		return NULL;
	}
	return read;
}
