#include "collectors/reader_csv.h"

#include <string.h>

#include "collectors/charset.h"
#include "collectors/frame_csv.h"
#include "collectors/mapping.h"
#include "collectors/source_config.h"
#include "core/mem.h"

struct reader {
	const struct source_config *config;
	struct reader_sink sink;
	bool canonical;
	int file_no;
	struct charset *charset;
	struct frame_csv *csv;
	struct mapping *mapping;
	const struct kind *kind;
	struct mapping_result result;
	const struct frame_row *current; /* while the sink is called */
};

/* From the framing ------------------------------------------------------------------------------------------------ */

static void on_unknown(void *arg, const char *header)
{
	struct reader *reader = arg;

	if (reader->sink.unknown != NULL)
		reader->sink.unknown(reader->sink.arg, reader->file_no, header);
}

static int on_header(void *arg, const struct frame_row *row, struct err *err)
{
	struct reader *reader = arg;

	if (mapping_header(reader->mapping, row, err) < 0)
		return -1;
	mapping_unknown(reader->mapping, on_unknown, reader);
	return 0;
}

static int refuse(struct reader *reader, const struct frame_row *row, struct err *err)
{
	const struct mapping_refusal *cause = &reader->result.refusal;
	struct reader_refusal refusal = {
		.kind = reader->kind,
		.row = reader->result.key_readable ? &reader->result.row : NULL,
		.place = row->number,
		.field = cause->field,
		.value = cause->value,
		.code = cause->code,
		.reason = cause->reason,
	};

	return reader->sink.refused(reader->sink.arg, reader->file_no, &refusal, err);
}

static int on_row(void *arg, const struct frame_row *row, struct err *err)
{
	struct reader *reader = arg;
	int result = 0;

	reader->current = row;
	switch (mapping_row(reader->mapping, row, &reader->result)) {
	case MAPPING_ROW:
		result = reader->sink.row(
			reader->sink.arg, reader->file_no, &reader->result.row, err);
		break;
	case MAPPING_REFUSED:
		result = refuse(reader, row, err);
		break;
	case MAPPING_TOTAL:
		reader->sink.skipped(reader->sink.arg, reader->file_no, row->number);
		break;
	}
	reader->current = NULL;
	return result;
}

static int on_refused(void *arg, const struct frame_row *row, const char *code, const char *reason,
	struct err *err)
{
	struct reader *reader = arg;
	struct reader_refusal refusal = { .kind = reader->kind,
		.place = row->number,
		.field = "",
		.value = "",
		.code = code,
		.reason = reason };

	reader->current = row;
	int result = reader->sink.refused(reader->sink.arg, reader->file_no, &refusal, err);
	reader->current = NULL;
	return result;
}

static int on_skipped(void *arg, const struct frame_row *row, enum frame_skip why, struct err *err)
{
	struct reader *reader = arg;

	(void)why;
	(void)err;
	reader->sink.skipped(reader->sink.arg, reader->file_no, row->number);
	return 0;
}

static int on_utf8(void *arg, const char *utf8, size_t count, struct err *err)
{
	struct reader *reader = arg;

	return frame_csv_feed(reader->csv, utf8, count, err);
}

/* The reader ------------------------------------------------------------------------------------------------------ */

static void drop_file(struct reader *reader)
{
	charset_free(reader->charset);
	frame_csv_free(reader->csv);
	mapping_free(reader->mapping);
	reader->charset = NULL;
	reader->csv = NULL;
	reader->mapping = NULL;
}

static struct reader *open_reader(
	const struct source_config *config, const struct reader_sink *sink, bool canonical)
{
	struct reader *reader = mem_zero(1, sizeof(*reader));

	reader->config = config;
	reader->sink = *sink;
	reader->canonical = canonical;
	return reader;
}

static struct reader *open_canonical(
	const struct source_config *config, const struct reader_sink *sink, struct err *err)
{
	(void)err;
	return open_reader(config, sink, true);
}

static struct reader *open_csv(
	const struct source_config *config, const struct reader_sink *sink, struct err *err)
{
	(void)err;
	return open_reader(config, sink, false);
}

static void close_reader(struct reader *reader)
{
	if (reader == NULL)
		return;
	drop_file(reader);
	free(reader);
}

const struct kind *reader_canonical_kind(const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *base = slash != NULL ? slash + 1 : name;
	const char *dot = strrchr(base, '.');
	char stem[64];

	if (dot == NULL || strcmp(dot, ".csv") != 0 || (size_t)(dot - base) >= sizeof(stem))
		return NULL;
	memcpy(stem, base, (size_t)(dot - base));
	stem[dot - base] = 0;
	return kind_find(stem);
}

static const struct kind *kind_canonical(const struct source_config *config, const char *name)
{
	(void)config;
	return reader_canonical_kind(name);
}

static const struct kind *kind_csv(const struct source_config *config, const char *name)
{
	(void)name;
	return kind_find(config->record);
}

static struct frame_csv *new_frame(struct reader *reader)
{
	static const struct frame_handler handler = {
		.header = on_header, .row = on_row, .refused = on_refused, .skipped = on_skipped
	};
	const struct source_config *config = reader->config;
	struct frame_csv_options options = { .keep_totals = true };

	if (!reader->canonical)
		options = (struct frame_csv_options){
			.delimiter = config->delimiter,
			.header_row = config->header_row,
			.header_contains =
				config->header_contains[0] != 0 ? config->header_contains : NULL,
			.ragged = config->ragged_pad ? FRAME_RAGGED_PAD : FRAME_RAGGED_REFUSE,
		};
	return frame_csv_new(&options, &handler, reader);
}

static int begin(struct reader *reader, int file_no, const char *name, struct err *err)
{
	reader->file_no = file_no;
	reader->kind =
		reader->canonical ? reader_canonical_kind(name) : kind_find(reader->config->record);
	if (reader->kind == NULL)
		return err_set(err, ERR_DATA, "%s is no file of the exchange profile", name);
	struct mapping_options options = { .kind = reader->kind,
		.strict = reader->canonical,
		.rules = reader->canonical ? NULL : (const char *const *)reader->config->map };
	reader->mapping = mapping_new(&options, err);
	if (reader->mapping == NULL)
		return -1;
	reader->csv = new_frame(reader);
	reader->charset = charset_new(
		reader->canonical ? "UTF-8" : reader->config->encoding, on_utf8, reader, err);
	return reader->charset != NULL ? 0 : -1;
}

static int feed(struct reader *reader, const char *bytes, size_t count, struct err *err)
{
	return charset_feed(reader->charset, bytes, count, err);
}

static int end(struct reader *reader, struct err *err)
{
	if (charset_finish(reader->charset, err) < 0 || frame_csv_finish(reader->csv, err) < 0)
		return -1;
	drop_file(reader);
	return 0;
}

static void add_cell(struct buf *out, const struct frame_cell *cell, char delimiter)
{
	const char *special = "\"\r\n";
	bool quoted = false;

	for (size_t i = 0; i < cell->length && !quoted; i++)
		quoted = cell->text[i] == delimiter || strchr(special, cell->text[i]) != NULL;
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

static void text(const struct reader *reader, struct buf *out)
{
	char delimiter = reader->config->delimiter != 0 ? reader->config->delimiter : ',';

	for (size_t i = 0; reader->current != NULL && i < reader->current->count; i++) {
		if (i > 0)
			buf_add_char(out, delimiter);
		if (reader->current->cell[i].text != NULL)
			add_cell(out, &reader->current->cell[i], delimiter);
	}
}

/* Finding a record again: a quote toggles, a doubled one twice, so line ends outside quotes end records. */
struct scan {
	int64_t ended; /* records before the current one */
	bool quoted;
	bool cr; /* the last byte was the CR of a line end: an LF belongs to it */
};
_Static_assert(sizeof(struct scan) <= READER_SCAN_BYTES, "the scan must fit its room");

static bool find(void *room, const char *bytes, size_t count, int64_t place, struct buf *out)
{
	struct scan *scan = room;

	for (size_t i = 0; i < count; i++) {
		bool pair = scan->cr && bytes[i] == '\n';
		scan->cr = false;
		if (pair)
			continue;
		if (!scan->quoted && (bytes[i] == '\n' || bytes[i] == '\r')) {
			scan->cr = bytes[i] == '\r';
			if (++scan->ended == place)
				return true;
			continue;
		}
		if (bytes[i] == '"')
			scan->quoted = !scan->quoted;
		if (scan->ended == place - 1)
			buf_add_char(out, bytes[i]);
	}
	return count == 0 && scan->ended == place - 1 && out->used > 0;
}

#define DELIMITED_TEXT                                                                             \
	.begin = begin, .feed = feed, .end = end, .text = text, .close = close_reader, .find = find

const struct reader_type reader_canonical = {
	.format = "canonical",
	.open = open_canonical,
	.kind = kind_canonical,
	DELIMITED_TEXT,
};

const struct reader_type reader_csv = {
	.format = "csv",
	.open = open_csv,
	.kind = kind_csv,
	DELIMITED_TEXT,
};
