#include "daemon/listing.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/tabulate_xlsx.h"
#include "sql/job.h"

enum listing_format { LISTING_JSON, LISTING_CSV, LISTING_TABLE, LISTING_XLSX };
const char *const listing_format_words[] = { "json", "csv", "table", "xlsx", NULL };

struct reading {
	struct session *session;
	const struct listing *listing;
	json_t *rows;
};

static int find_column(const struct sql_row *row, const char *name)
{
	for (int i = 0; i < sql_row_columns(row); i++)
		if (strcmp(sql_row_name(row, i), name) == 0)
			return i;
	BUG("the statement gives no column %s", name);
}

static json_t *cell_of(const struct tab_column *column, const struct sql_row *row, int at)
{
	if (sql_row_null(row, at))
		return json_null();
	if (column->type == TAB_INT || column->type == TAB_FEN)
		return json_integer(sql_row_int(row, at));
	return json_string(sql_row_text(row, at));
}

static void on_row(void *arg, const struct sql_row *row)
{
	struct reading *reading = arg;
	json_t *object = json_object();

	for (int c = 0; c < reading->listing->count; c++) {
		const struct tab_column *column = &reading->listing->columns[c];
		json_object_set_new(object, column->member,
			cell_of(column, row, find_column(row, column->member)));
	}
	json_array_append_new(reading->rows, object);
}

static void on_rows(void *arg, const struct sql_outcome *outcome)
{
	struct reading *reading = arg;

	session_finish(reading->session, &outcome->err);
}

json_t *listing_rows(struct session *session, const struct listing *listing)
{
	struct reading reading = { session, listing, json_array() };
	struct err err = ERR_INIT;
	struct sql_call call = { .text = listing->sql,
		.params = listing->params,
		.row = on_row,
		.done = on_rows,
		.arg = &reading,
		.stream = true };

	session->finished = false;
	if (!sql_submit(session->link, &call, &err))
		session->status = command_failed(&err);
	else if (session_run(session) == STATUS_DONE)
		return reading.rows;
	json_decref(reading.rows);
	return NULL;
}

static int write_to(
	FILE *out, const struct listing *listing, enum listing_format format, const json_t *rows)
{
	if (format == LISTING_JSON) {
		json_dumpf(rows, out, JSON_INDENT(1));
		fputc('\n', out);
	} else {
		tab_write(out, format == LISTING_CSV ? TAB_CSV : TAB_TABLE, listing->columns,
			listing->count, rows);
	}
	return ferror(out) ? -1 : 0;
}

static int write_file(const struct listing *listing, enum listing_format format, const char *path,
	const json_t *rows, struct err *err)
{
	if (format == LISTING_XLSX)
		return tab_write_xlsx(path, listing->columns, listing->count, rows, err);
	FILE *out = fopen(path, "we");
	if (!out)
		return err_set_errno(err, ERR_IO, "cannot write %s", path);
	int result = write_to(out, listing, format, rows);
	if (fclose(out) || result)
		return err_set_errno(err, ERR_IO, "cannot write %s", path);
	return 0;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* What was asked for; without that, what the name of the file says. */
static enum listing_format format_of(const struct listing *listing)
{
	const char *path = listing->out && listing->out->given ? listing->out->text : "";

	if (listing->format && listing->format->given)
		return (enum listing_format)listing->format->number;
	if (ends_with(path, ".xlsx"))
		return LISTING_XLSX;
	if (ends_with(path, ".csv"))
		return LISTING_CSV;
	return ends_with(path, ".json") ? LISTING_JSON : LISTING_TABLE;
}

int listing_run(struct session *session, const struct listing *listing)
{
	enum listing_format format = format_of(listing);
	const char *path = listing->out && listing->out->given ? listing->out->text : NULL;
	struct err err = ERR_INIT;
	int result;

	if (format == LISTING_XLSX && !path) {
		err_set(&err, ERR_USAGE, "a workbook needs --out FILE.xlsx");
		return command_failed(&err);
	}
	json_t *rows = listing_rows(session, listing);
	if (!rows)
		return session->status;
	if (json_array_size(rows) >= LISTING_ROWS_MAX)
		fprintf(stderr, "setaside: only the first %d rows are shown\n", LISTING_ROWS_MAX);
	result = path ? write_file(listing, format, path, rows, &err)
		      : write_to(stdout, listing, format, rows);
	json_decref(rows);
	return result && path ? command_failed(&err) : STATUS_DONE;
}
