#include "collectors/reader_csv.h"

#include <string.h>
#include <strings.h>

#include "collectors/charset.h"
#include "collectors/frame_csv.h"
#include "collectors/occurrence.h"
#include "collectors/reader_table.h"
#include "collectors/source_config.h"
#include "core/mem.h"

struct reader {
	const struct source_config *config;
	struct reader_sink sink;
	bool canonical;
	struct reader_table table; /* of the file that is read */
	struct charset *charset;
	struct frame_csv *csv;
	struct occurrence *repeats;
};

static int on_utf8(void *arg, const char *utf8, size_t count, struct err *err)
{
	struct reader *reader = arg;

	return frame_csv_feed(reader->csv, utf8, count, err);
}

static void drop_file(struct reader *reader)
{
	charset_free(reader->charset);
	frame_csv_free(reader->csv);
	reader_table_drop(&reader->table);
	reader->charset = NULL;
	reader->csv = NULL;
}

static struct reader *open_reader(
	const struct source_config *config, const struct reader_sink *sink, bool canonical)
{
	struct reader *reader = mem_zero(1, sizeof(*reader));

	reader->config = config;
	reader->sink = *sink;
	reader->canonical = canonical;
	reader->repeats = occurrence_new(READER_TABLE_REPEATS);
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
	occurrence_free(reader->repeats);
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
	const struct source_config *config = reader->config;
	struct frame_csv_options options = { .keep_totals = true };
	bool split = config->split_header != NULL && config->split_header[0] != 0;

	if (!reader->canonical)
		options = (struct frame_csv_options){
			.delimiter = config->delimiter,
			.quote = config->quote,
			.header_row = config->header_row,
			.header_contains =
				config->header_contains[0] != 0 ? config->header_contains : NULL,
			.header_lines = config->header_lines,
			.split_header = split ? config->split_header : NULL,
			.split_pattern = config->split_pattern,
			.ragged = config->ragged_pad ? FRAME_RAGGED_PAD : FRAME_RAGGED_REFUSE,
		};
	return frame_csv_new(&options, &reader_table_handler, &reader->table);
}

static int begin(struct reader *reader, int file_no, const char *name, struct err *err)
{
	const struct kind *kind =
		reader->canonical ? reader_canonical_kind(name) : kind_find(reader->config->record);

	if (kind == NULL)
		return err_set(err, ERR_DATA, "%s is no file of the exchange profile", name);
	if (reader_table_begin(&reader->table, reader->config, &reader->sink, file_no, kind,
		    reader->canonical, reader->repeats, err) < 0)
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

/* Of these a line end is one byte that is part of no other character, and no line changes how the next one is read. */
static bool reads_by_line(const char *encoding)
{
	static const char *const names[] = { "UTF-8", "GB18030", "ISO-8859-1", "WINDOWS-1252",
		"MACINTOSH" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcasecmp(encoding, names[i]) == 0)
			return true;
	}
	return false;
}

static enum reader_lines lines(const struct reader *reader)
{
	const char *encoding = charset_name(reader->charset);

	if (strcmp(encoding, "ASCII") == 0 || !frame_csv_headed(reader->csv))
		return READER_LINES_HEAD;
	/* Lines are told apart by double quotes (collectors/line_diff.c). */
	bool usual = reader->config->quote == 0 || reader->config->quote == '"';
	return usual && reads_by_line(encoding) && reader_table_row_alone(&reader->table)
		       ? READER_LINES_ROWS
		       : READER_LINES_NONE;
}

static bool pass(struct reader *reader, int64_t records, size_t bytes)
{
	return frame_csv_pass(reader->csv, records, bytes);
}

static void text(const struct reader *reader, struct buf *out)
{
	reader_table_text(&reader->table,
		reader->config->delimiter != 0 ? reader->config->delimiter : ',', out);
}

static void cells(const struct reader *reader, mapping_cell_fn each, void *arg)
{
	reader_table_cells(&reader->table, each, arg);
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
	.begin = begin, .feed = feed, .end = end, .text = text, .cells = cells,                    \
	.close = close_reader, .find = find, .lines = lines, .pass = pass

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
