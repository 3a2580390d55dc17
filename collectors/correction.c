#include "collectors/correction.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "collectors/frame_csv.h"
#include "collectors/mapping.h"
#include "collectors/reader.h"
#include "core/mem.h"
#include "core/text.h"

enum { CELLS_MAX = 400 };

struct line {
	char *cell[CELLS_MAX];
	char *column[CELLS_MAX]; /* of the exchange profile that the cell fills, "" = none */
	int count;
};

static void line_free(struct line *line)
{
	for (int i = 0; i < line->count; i++) {
		free(line->cell[i]);
		free(line->column[i]);
	}
	line->count = 0;
}

static int line_add(struct line *line, const char *text, size_t length, struct err *err)
{
	if (line->count == CELLS_MAX)
		return err_set(err, ERR_LIMIT, "a row of more than %d cells", CELLS_MAX);
	line->cell[line->count] = mem_text_n(text, length);
	line->column[line->count++] = mem_text("");
	return 0;
}

/* Reading ---------------------------------------------------------------------------------------------------------- */

static int read_header(const char *json, struct line *header, struct err *err)
{
	json_t *array = json ? json_loads(json, 0, NULL) : NULL, *item;
	size_t i;
	int result = 0;

	json_array_foreach(array, i, item) if (result == 0)
	{
		const char *text = json_string_value(item);
		result = line_add(header, text ? text : "", text ? strlen(text) : 0, err);
	}
	json_decref(array);
	if (result == 0 && header->count == 0)
		return err_set(err, ERR_REFUSED,
			"the row did not come in a table: it can only be corrected at the source");
	return result;
}

static int on_row(void *arg, const struct frame_row *row, struct err *err)
{
	struct line *line = arg;

	for (size_t i = 0; i < row->count; i++) {
		const struct frame_cell *cell = &row->cell[i];
		if (line_add(line, cell->text ? cell->text : "", cell->text ? cell->length : 0,
			    err) < 0)
			return -1;
	}
	return 0;
}

/* A row is a record without a header line: it is read as one. */
static int read_row(const struct correction *correction, struct line *row, struct err *err)
{
	static const struct frame_handler handler = { .header = on_row };
	struct frame_csv_options options = { .delimiter = correction->config->delimiter,
		.keep_totals = true };
	struct frame_csv *csv = frame_csv_new(&options, &handler, row);
	int result = frame_csv_feed(csv, correction->row_text, strlen(correction->row_text), err);

	if (result == 0)
		result = frame_csv_feed(csv, "\n", 1, err);
	if (result == 0)
		result = frame_csv_finish(csv, err);
	frame_csv_free(csv);
	if (result == 0 && row->count == 0)
		return err_set(err, ERR_REFUSED, "the row was not kept as text");
	return result;
}

/* A JSON record as the table its reader makes of it: the mapping's rules name the same cells then. */
struct flat {
	const struct reader_type *type;
	struct reader *reader;
	struct line *header, *row;
	struct err err;
	int records;
};

static void on_flat_cell(
	void *arg, const char *name, const struct frame_cell *cell, const char *column)
{
	struct flat *flat = arg;
	const char *text = cell->text ? cell->text : "";

	(void)column;
	if (flat->err.code == ERR_NONE &&
		line_add(flat->header, name, strlen(name), &flat->err) == 0)
		line_add(flat->row, text, cell->text ? cell->length : 0, &flat->err);
}

static int take_flat(struct flat *flat, struct err *err)
{
	if (++flat->records > 1)
		return err_set(err, ERR_REFUSED, "the row holds more than one record");
	flat->type->cells(flat->reader, on_flat_cell, flat);
	if (flat->err.code == ERR_NONE)
		return 0;
	*err = flat->err;
	return -1;
}

static int on_flat_row(void *arg, int file_no, struct kind_row *row, struct err *err)
{
	(void)file_no, (void)row;
	return take_flat(arg, err);
}

static int on_flat_refused(
	void *arg, int file_no, const struct reader_refusal *refusal, struct err *err)
{
	(void)file_no, (void)refusal;
	return take_flat(arg, err);
}

static void on_flat_skipped(void *arg, int file_no, int64_t place)
{
	(void)arg, (void)file_no, (void)place;
}

static int flatten(
	const struct correction *correction, struct line *header, struct line *row, struct err *err)
{
	struct source_config config = *correction->config;
	struct flat flat = { .type = reader_find("json"), .header = header, .row = row };
	struct reader_sink sink = { .row = on_flat_row,
		.refused = on_flat_refused,
		.skipped = on_flat_skipped,
		.arg = &flat };
	bool more = false;
	int result;

	config.records = NULL;        /* the record itself was kept */
	config.encoding = (char *)""; /* as UTF-8 */
	flat.reader = flat.type->open(&config, &sink, err);
	if (!flat.reader)
		return -1;
	result = flat.type->begin(flat.reader, 1, "correction", err);
	if (result == 0)
		result = flat.type->feed(
			flat.reader, correction->row_text, strlen(correction->row_text), err);
	if (result == 0)
		result = flat.type->end(flat.reader, err);
	if (result == 0 && flat.type->finish)
		result = flat.type->finish(flat.reader, &more, err);
	flat.type->close(flat.reader);
	if (result == 0 && flat.records == 0)
		return err_set(err, ERR_REFUSED, "the row was not kept as text");
	return result;
}

/* Which cell is which column ---------------------------------------------------------------------------------------- */

struct naming {
	struct line *header;
	int at;
};

static void on_cell(void *arg, const char *name, const struct frame_cell *cell, const char *column)
{
	struct naming *naming = arg;

	(void)name, (void)cell;
	free(naming->header->column[naming->at]);
	naming->header->column[naming->at++] = mem_text(column);
}

static int name_columns(const struct correction *correction, const struct kind *kind,
	struct line *header, struct err *err)
{
	bool canonical = strcmp(correction->config->format, "canonical") == 0;
	struct mapping_options options = { .kind = kind,
		.strict = canonical,
		.rules = canonical ? NULL : (const char *const *)correction->config->map };
	struct frame_cell cells[CELLS_MAX];
	struct frame_row row = { .number = 1, .cell = cells, .count = (size_t)header->count };
	struct naming naming = { .header = header };
	struct mapping *mapping = mapping_new(&options, err);
	int result = -1;

	for (int i = 0; i < header->count; i++)
		cells[i] = (struct frame_cell){ .text = header->cell[i],
			.length = strlen(header->cell[i]) };
	if (mapping)
		result = mapping_header(mapping, &row, err);
	/* Such a name is made of the row as it stands: put right at the source later, the row would come a second time. */
	if (result == 0 && mapping_wants_name(mapping))
		result = err_set(err, ERR_REFUSED,
			"rows of this source have no number of their own: this one can only be "
			"corrected there");
	if (result == 0)
		mapping_cells(mapping, &row, on_cell, &naming);
	mapping_free(mapping);
	return result;
}

/* Changing --------------------------------------------------------------------------------------------------------- */

static int find_cell(const struct line *header, const char *field)
{
	for (int i = 0; i < header->count; i++)
		if (strcmp(header->cell[i], field) == 0)
			return i;
	for (int i = 0; i < header->count; i++)
		if (strcmp(header->column[i], field) == 0)
			return i;
	return -1;
}

static bool is_column(const struct kind *kind, const char *field)
{
	for (int i = 0; i < kind->count; i++)
		if (kind->columns[i].csv && strcmp(kind->columns[i].csv, field) == 0)
			return true;
	return false;
}

static int change(const struct kind *kind, struct correction_change *wanted, struct line *header,
	struct line *row, struct err *err)
{
	int at = find_cell(header, wanted->field);

	if (at < 0 && !is_column(kind, wanted->field))
		return err_set(err, ERR_USAGE,
			"\"%s\" is neither a header of the table nor a column of %s", wanted->field,
			kind->name);
	if (at < 0) {
		at = header->count;
		if (line_add(header, wanted->field, strlen(wanted->field), err) < 0)
			return -1;
	}
	while (row->count <= at)
		if (line_add(row, "", 0, err) < 0)
			return -1;
	wanted->old = row->cell[at];
	row->cell[at] = mem_text(wanted->value);
	return 0;
}

static void write_line(const struct line *line, struct buf *out)
{
	for (int i = 0; i < line->count; i++) {
		buf_add_text(out, i ? ",\"" : "\"");
		for (const char *c = line->cell[i]; *c; c++) {
			if (*c == '"')
				buf_add_char(out, '"');
			buf_add_char(out, *c);
		}
		buf_add_char(out, '"');
	}
	buf_add_text(out, "\r\n");
}

static int check_kind(const struct kind *kind, const char *name, struct err *err)
{
	if (!kind)
		return err_set(err, ERR_REFUSED,
			"no record came out of the row: it can only be corrected at the source");
	for (int i = 0; i < kind->count; i++)
		if (kind->columns[i].flags & KIND_OCCURRENCE)
			return err_set(err, ERR_REFUSED,
				"%s rows are told apart by their order in the source: this one can "
				"only be corrected there",
				name);
	return 0;
}

int correction_write(const struct correction *correction, struct correction_change *changes,
	int count, struct buf *out, struct err *err)
{
	const struct kind *kind = kind_find(correction->kind);
	struct line header = { .count = 0 }, row = { .count = 0 };
	int result = check_kind(kind, correction->kind, err);

	if (result == 0 && strcmp(correction->config->format, "json") == 0)
		result = flatten(correction, &header, &row, err);
	else if (result == 0 && (result = read_header(correction->header, &header, err)) == 0)
		result = read_row(correction, &row, err);
	if (result == 0)
		result = name_columns(correction, kind, &header, err);
	for (int i = 0; i < count && result == 0; i++)
		result = change(kind, &changes[i], &header, &row, err);
	if (result == 0) {
		write_line(&header, out);
		write_line(&row, out);
		if (out->failed)
			result = err_set(err, ERR_LIMIT, "the row is too large");
	}
	line_free(&header);
	line_free(&row);
	return result;
}
