#include "collectors/reader_table.h"

#include <string.h>

#include <xxhash.h>

#include "collectors/occurrence.h"
#include "collectors/source_config.h"

static void on_unknown(void *arg, const char *header)
{
	struct reader_table *table = arg;

	if (table->sink->unknown != NULL)
		table->sink->unknown(table->sink->arg, table->file_no, header);
}

static int on_header(void *arg, const struct frame_row *row, struct err *err)
{
	struct reader_table *table = arg;

	if (mapping_header(table->mapping, row, err) < 0)
		return -1;
	mapping_unknown(table->mapping, on_unknown, table);
	if (table->sink->header != NULL)
		table->sink->header(table->sink->arg, table->file_no, table->kind, row);
	return 0;
}

static int refuse(struct reader_table *table, const struct frame_row *row, struct err *err)
{
	const struct mapping_refusal *cause = &table->result.refusal;
	struct reader_refusal refusal = {
		.kind = table->kind,
		.row = table->result.key_readable ? &table->result.row : NULL,
		.place = row->number,
		.field = cause->field,
		.value = cause->value,
		.code = cause->code,
		.reason = cause->reason,
	};

	return table->sink->refused(table->sink->arg, table->file_no, &refusal, err);
}

enum { ROW_NAME_MAX = 64 };

static void digest_cells(XXH3_state_t *state, const struct frame_row *row)
{
	for (size_t i = 0; i < row->count; i++) {
		uint64_t length = row->cell[i].text ? row->cell[i].length : UINT64_MAX;
		XXH3_128bits_update(state, &length, sizeof(length));
		if (row->cell[i].text)
			XXH3_128bits_update(state, row->cell[i].text, row->cell[i].length);
	}
}

/* "9f86d081884c7d659a2feaa0c55ad015-1": what stands in the cells, and the how manieth row that says so. */
static int name_row(struct reader_table *table, const struct frame_row *row,
	char name[ROW_NAME_MAX], struct err *err)
{
	XXH3_state_t *state = XXH3_createState();
	XXH128_canonical_t digest;
	struct kind_hash key;
	int64_t number = 0;

	XXH3_128bits_reset(state);
	if (table->identity)
		XXH3_128bits_update(state, table->identity, table->identity_length);
	else
		digest_cells(state, row);
	XXH128_canonicalFromHash(&digest, XXH3_128bits_digest(state));
	XXH3_freeState(state);
	memcpy(key.byte, digest.digest, sizeof(key.byte));
	if (occurrence_next(table->repeats, &key, &number, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(key.byte); i++)
		snprintf(name + 2 * i, 3, "%02x", key.byte[i]);
	snprintf(name + 2 * sizeof(key.byte), ROW_NAME_MAX - 2 * sizeof(key.byte), "-%lld",
		(long long)number);
	return 0;
}

static void on_total(void *arg, int column, fen_t fen)
{
	const struct reader_table *table = arg;

	table->sink->total(
		table->sink->arg, table->file_no, table->kind, table->total_row, column, fen);
}

static void skip_total(struct reader_table *table, const struct frame_row *row)
{
	table->total_row = row->number;
	if (table->sink->total != NULL)
		mapping_total(table->mapping, row, on_total, table);
	table->sink->skipped(table->sink->arg, table->file_no, row->number);
}

static void tell_remarks(const struct reader_table *table, int64_t place)
{
	for (int i = 0; table->sink->remarked && i < table->result.notes; i++)
		table->sink->remarked(table->sink->arg, table->file_no, table->kind, place,
			&table->result.note[i]);
}

static int on_row(void *arg, const struct frame_row *row, struct err *err)
{
	struct reader_table *table = arg;
	char name[ROW_NAME_MAX];
	int result = 0;

	if (mapping_wants_name(table->mapping)) {
		if (name_row(table, row, name, err) < 0)
			return -1;
		mapping_name(table->mapping, name);
	}
	table->current = row;
	switch (mapping_row(table->mapping, row, &table->result)) {
	case MAPPING_ROW:
		tell_remarks(table, row->number);
		result =
			table->sink->row(table->sink->arg, table->file_no, &table->result.row, err);
		break;
	case MAPPING_REFUSED:
		result = refuse(table, row, err);
		break;
	case MAPPING_TOTAL:
		skip_total(table, row);
		break;
	}
	table->current = NULL;
	return result;
}

static int on_refused(void *arg, const struct frame_row *row, const char *code, const char *reason,
	struct err *err)
{
	struct reader_table *table = arg;
	struct reader_refusal refusal = { .kind = table->kind,
		.place = row->number,
		.field = "",
		.value = "",
		.code = code,
		.reason = reason };

	table->current = row;
	int result = table->sink->refused(table->sink->arg, table->file_no, &refusal, err);
	table->current = NULL;
	return result;
}

static int on_skipped(void *arg, const struct frame_row *row, enum frame_skip why, struct err *err)
{
	struct reader_table *table = arg;

	(void)err;
	if (why == FRAME_SKIP_TOTAL)
		skip_total(table, row);
	else
		table->sink->skipped(table->sink->arg, table->file_no, row->number);
	return 0;
}

const struct frame_handler reader_table_handler = {
	.header = on_header,
	.row = on_row,
	.refused = on_refused,
	.skipped = on_skipped,
};

int reader_table_begin(struct reader_table *table, const struct source_config *config,
	const struct reader_sink *sink, int file_no, const struct kind *kind, bool canonical,
	struct occurrence *repeats, struct err *err)
{
	struct mapping_options options = { .kind = kind,
		.strict = canonical,
		.rules = canonical ? NULL : (const char *const *)config->map };

	table->sink = sink;
	table->file_no = file_no;
	table->kind = kind;
	table->current = NULL;
	table->repeats = repeats;
	table->mapping = mapping_new(&options, err);
	return table->mapping != NULL ? 0 : -1;
}

void reader_table_drop(struct reader_table *table)
{
	mapping_free(table->mapping);
	table->mapping = NULL;
}

bool reader_table_row_alone(const struct reader_table *table)
{
	for (int i = 0; i < table->kind->count; i++) {
		if (table->kind->columns[i].flags & KIND_OCCURRENCE)
			return false;
	}
	return !mapping_wants_name(table->mapping);
}

static void add_cell(struct buf *out, const struct frame_cell *cell, char delimiter)
{
	bool quoted = false;

	for (size_t i = 0; i < cell->length && !quoted; i++)
		quoted = cell->text[i] == delimiter || strchr("\"\r\n", cell->text[i]) != NULL;
	if (!quoted) {
		buf_add(out, cell->text, cell->length);
		return;
	}
	buf_add_char(out, '"');
	for (size_t i = 0; i < cell->length; i++) {
		if (cell->text[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(out, cell->text[i]);
	}
	buf_add_char(out, '"');
}

void reader_table_cells(const struct reader_table *table, mapping_cell_fn each, void *arg)
{
	if (table->current)
		mapping_cells(table->mapping, table->current, each, arg);
}

void reader_table_text(const struct reader_table *table, char delimiter, struct buf *out)
{
	for (size_t i = 0; table->current != NULL && i < table->current->count; i++) {
		if (i > 0)
			buf_add_char(out, delimiter);
		if (table->current->cell[i].text != NULL)
			add_cell(out, &table->current->cell[i], delimiter);
	}
}
