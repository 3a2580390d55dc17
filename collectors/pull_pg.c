#include "collectors/pull_pg.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "collectors/source_config.h"
#include "collectors/watermark.h"
#include "core/buf.h"
#include "core/mem.h"
#include "sql/cursor.h"
#include "sql/link.h"

enum {
	QUERY_MAX = 1 << 20,
	ROW_MAX = 8 << 20,
	PIECE = 64 * 1024,
	ALL_MS = 6 * 60 * 60 * 1000,
	FILE_NAME_MAX = 200
};

struct collector_pull {
	const struct source_config *config;
	struct collector_sink sink;
	collector_done_fn done;
	void *arg;
	struct sql_link *link;
	struct sql_cursor *cursor;
	struct event *end; /* the link must not be freed inside its own callbacks */
	struct buf text;   /* lines not yet handed to the sink */
	int watermark;     /* column, -1 = none */
	int64_t rows, bytes;
	bool header_done, file_open, waiting;
	bool whole; /* from the beginning: what does not come is gone */
	struct store_cursor next;
	struct err err;
};

static void pull_free(struct collector_pull *pull)
{
	sql_cursor_cancel(pull->cursor);
	sql_link_free(pull->link);
	if (pull->end)
		event_free(pull->end);
	buf_free(&pull->text);
	free(pull);
}

/* Watermarks ------------------------------------------------------------------------------------------------------- */

static int keep_watermark(struct collector_pull *pull, const char *value)
{
	bool comparable = false;
	bool later = watermark_later(value, pull->next.watermark, &comparable);

	if (!comparable || strlen(value) >= STORE_CURSOR_MAX)
		return err_set(&pull->err, ERR_DATA,
			"watermark %.60s after %.60s: the column %s must be an integer from 0 on, "
			"a date or a timestamp",
			value, pull->next.watermark, pull->config->watermark);
	/* A row stamped wrongly must not hide the rows that are changed until then. */
	if (watermark_ahead(value, time(NULL), pull->config->overlap_ms)) {
		if (watermark_later(value, pull->next.ahead, &comparable))
			snprintf(pull->next.ahead, sizeof(pull->next.ahead), "%s", value);
		return 0;
	}
	if (later)
		snprintf(pull->next.watermark, sizeof(pull->next.watermark), "%s", value);
	return 0;
}

/* Rows to CSV ------------------------------------------------------------------------------------------------------ */

static char delimiter(const struct collector_pull *pull)
{
	return pull->config->delimiter ? pull->config->delimiter : ',';
}

static void add_cell(struct collector_pull *pull, int column, const char *text, size_t length)
{
	bool quoted = length == 0 || memchr(text, delimiter(pull), length) != NULL;

	if (column > 0)
		buf_add_char(&pull->text, delimiter(pull));
	for (size_t i = 0; i < length && !quoted; i++)
		quoted = strchr("\"\r\n", text[i]) != NULL;
	if (!quoted) {
		buf_add(&pull->text, text, length);
		return;
	}
	buf_add_char(&pull->text, '"');
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '"')
			buf_add_char(&pull->text, '"');
		buf_add_char(&pull->text, text[i]);
	}
	buf_add_char(&pull->text, '"');
}

static int flush(struct collector_pull *pull)
{
	if (pull->text.failed)
		return err_set(&pull->err, ERR_LIMIT, "a row of more than %d bytes", ROW_MAX);
	pull->bytes += (int64_t)pull->text.used;
	if (pull->bytes > pull->config->bytes_max)
		return err_set(&pull->err, ERR_LIMIT, "the query gives more than %lld bytes",
			(long long)pull->config->bytes_max);
	if (pull->text.used &&
		pull->sink.file_bytes(pull->sink.arg, pull->text.data, pull->text.used, &pull->err))
		return -1;
	buf_reset(&pull->text);
	return 0;
}

static int add_header(struct collector_pull *pull, const struct sql_row *row)
{
	const char *slash = strrchr(pull->config->query_path, '/');
	char name[FILE_NAME_MAX];

	pull->watermark = -1;
	for (int i = 0; i < sql_row_columns(row); i++) {
		const char *column = sql_row_name(row, i);
		add_cell(pull, i, column, strlen(column));
		if (pull->config->watermark[0] && strcmp(column, pull->config->watermark) == 0)
			pull->watermark = i;
	}
	buf_add_char(&pull->text, '\n');
	pull->header_done = true;
	if (pull->config->watermark[0] && pull->watermark < 0)
		return err_set(&pull->err, ERR_USAGE,
			"the query gives no column \"%s\" for the watermark",
			pull->config->watermark);
	snprintf(name, sizeof(name), "%s", slash ? slash + 1 : pull->config->query_path);
	if (pull->sink.file_begin(pull->sink.arg, name, &pull->err))
		return -1;
	pull->file_open = true;
	return 0;
}

static void on_row(void *arg, const struct sql_row *row)
{
	struct collector_pull *pull = arg;

	if (pull->err.code != ERR_NONE || (!pull->header_done && add_header(pull, row)))
		return;
	for (int i = 0; i < sql_row_columns(row); i++) {
		if (!sql_row_null(row, i))
			add_cell(pull, i, sql_row_text(row, i), sql_row_length(row, i));
		else if (i > 0)
			buf_add_char(&pull->text, delimiter(pull));
	}
	buf_add_char(&pull->text, '\n');
	pull->rows++;
	if (pull->watermark >= 0 && !sql_row_null(row, pull->watermark) &&
		keep_watermark(pull, sql_row_text(row, pull->watermark)))
		return;
	if (pull->text.used >= PIECE || pull->text.failed)
		flush(pull);
}

/* The run ---------------------------------------------------------------------------------------------------------- */

static void end_soon(struct collector_pull *pull)
{
	event_active(pull->end, EV_TIMEOUT, 0);
}

static void on_page(void *arg)
{
	struct collector_pull *pull = arg;

	if (pull->err.code != ERR_NONE) {
		end_soon(pull);
		return;
	}
	pull->waiting = pull->sink.full(pull->sink.arg);
	if (!pull->waiting)
		sql_cursor_more(pull->cursor);
}

static void on_read(void *arg, const struct sql_outcome *outcome)
{
	struct collector_pull *pull = arg;

	pull->cursor = NULL;
	if (pull->err.code == ERR_NONE)
		pull->err = outcome->err;
	end_soon(pull);
}

/* Everything was read: closes the file and says how it ended. */
static enum collector_end conclude(struct collector_pull *pull)
{
	if (pull->err.code != ERR_NONE)
		return COLLECTOR_DONE;
	if (pull->rows == 0 && (pull->config->complete || pull->whole))
		err_set(&pull->err, ERR_DATA,
			"the query gives no rows, and a source that sends everything cannot be "
			"empty");
	if (pull->rows == 0)
		return COLLECTOR_UNCHANGED;
	if (flush(pull) == 0)
		pull->sink.file_end(pull->sink.arg, &pull->err);
	return pull->whole ? COLLECTOR_WHOLE : COLLECTOR_DONE;
}

static void on_end(evutil_socket_t fd, short what, void *arg)
{
	struct collector_pull *pull = arg;
	collector_done_fn done = pull->done;
	void *done_arg = pull->arg;

	(void)fd;
	(void)what;
	enum collector_end end = conclude(pull);
	struct store_cursor next = pull->next;
	struct err err = pull->err;
	pull_free(pull);
	if (err.code != ERR_NONE)
		done(done_arg, COLLECTOR_DONE, NULL, &err);
	else
		done(done_arg, end, end == COLLECTOR_UNCHANGED ? NULL : &next, NULL);
}

/* A query from the watermark on cannot say what was deleted; from time to time it is asked for everything. */
static bool wants_whole(const struct source_config *config, const struct store_cursor *cursor)
{
	return config->watermark[0] && config->compare_ms > 0 &&
	       (cursor->whole_age_s < 0 || cursor->whole_age_s >= config->compare_ms / 1000);
}

/* The whole query file; NULL + err when it cannot be read or is empty. */
static char *read_query(const char *path, struct err *err)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t used = 0;

	if (!file) {
		err_set_errno(err, ERR_USAGE, "cannot open the query file %s", path);
		return NULL;
	}
	text = mem_alloc(QUERY_MAX + 1);
	used = fread(text, 1, QUERY_MAX + 1, file);
	if (ferror(file))
		err_set_errno(err, ERR_IO, "cannot read the query file %s", path);
	else if (used == 0 || used > QUERY_MAX || memchr(text, '\0', used))
		err_set(err, ERR_USAGE,
			"the query file %s is empty, larger than %d bytes or no text", path,
			QUERY_MAX);
	fclose(file);
	if (err->code != ERR_NONE) {
		free(text);
		return NULL;
	}
	text[used] = '\0';
	return text;
}

static int open_cursor(
	struct collector_pull *pull, const struct store_cursor *cursor, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct sql_cursor_call call = { .params = &params,
		.row = on_row,
		.page = on_page,
		.done = on_read,
		.arg = pull,
		.page_ms = (int)pull->config->timeout_ms,
		.all_ms = ALL_MS };
	_cleanup_free_ char *query = read_query(pull->config->query_path, err);

	if (!query)
		return -1;
	call.query = query;
	char from[STORE_CURSOR_MAX];
	watermark_back(cursor->watermark, pull->config->overlap_count, pull->config->overlap_ms,
		from, sizeof(from));
	if (pull->config->watermark[0])
		sql_param_text(&params, pull->whole || !from[0] ? NULL : from);
	pull->cursor = sql_cursor_open(pull->link, &call, err);
	return pull->cursor ? 0 : -1;
}

static struct collector_pull *start(const struct collector_env *env,
	const struct source_config *config, const struct store_cursor *cursor,
	const struct collector_sink *sink, collector_done_fn done, void *arg, struct err *err)
{
	struct collector_pull *pull = mem_zero(1, sizeof(*pull));
	_cleanup_free_ char *name = mem_format("source %s", config->name);
	struct sql_link_options options = { .dsn = config->dsn,
		.password_file = config->password_path,
		.name = name,
		.foreign = true,
		.once = true };
	struct err local = ERR_INIT;

	pull->config = config;
	pull->sink = *sink;
	pull->done = done;
	pull->arg = arg;
	pull->watermark = -1;
	pull->whole = wants_whole(config, cursor);
	pull->next = (struct store_cursor){ .watermark = "" };
	snprintf(pull->next.watermark, sizeof(pull->next.watermark), "%s", cursor->watermark);
	buf_init(&pull->text, ROW_MAX + PIECE);
	pull->end = evtimer_new(env->base, on_end, pull);
	pull->link = sql_link_new(env->base, &options, &local);
	if (!pull->end || !pull->link || open_cursor(pull, cursor, &local)) {
		err_set(err, local.code, "%s", local.text);
		pull_free(pull);
		return NULL;
	}
	return pull;
}

static void resume(struct collector_pull *pull)
{
	if (!pull->waiting)
		return;
	pull->waiting = false;
	sql_cursor_more(pull->cursor);
}

static void cancel(struct collector_pull *pull)
{
	pull_free(pull);
}

const struct collector pull_pg = {
	.kind = "postgres", .start = start, .resume = resume, .cancel = cancel
};
