#include "collectors/frame_csv.h"

#include <string.h>

#include <csv.h>

#include "collectors/frame_head.h"
#include "core/buf.h"
#include "core/mem.h"

enum { CELL_MAX = 1 << 20, ROW_MAX = 4 << 20, COLUMNS_MAX = 512, SLICE = 65536 };

struct frame_csv {
	struct csv_parser parser;
	struct frame_head *head;
	struct err *err; /* of the call that runs */
	bool failed; /* a callback refused: what libcsv still delivers of this slice is dropped */
	size_t cell_max, row_max, columns_max;

	struct buf text; /* the cells of the record so far, each followed by a NUL */
	size_t *start;   /* where each begins */
	struct frame_cell *cell;
	size_t count, capacity, cell_capacity;

	int64_t offset; /* of the next byte of the stream */
	int64_t row_offset;
	int64_t records;
	bool inside;   /* the record that starts at row_offset is not finished */
	bool row_done; /* set by on_row within one slice */
	bool after_cr; /* the last byte was CR: an LF that follows belongs to it */
	bool probed;   /* the first non-blank byte was seen */
};

/* libcsv trims these by default; here every byte of a cell counts. */
static int no_space(unsigned char c)
{
	(void)c;
	return 0;
}

struct frame_csv *frame_csv_new(
	const struct frame_csv_options *options, const struct frame_handler *handler, void *arg)
{
	struct frame_csv *csv = mem_zero(1, sizeof(*csv));

	if (csv_init(&csv->parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		BUG("libcsv does not know its own options");
	csv_set_space_func(&csv->parser, no_space);
	csv_set_delim(&csv->parser, (unsigned char)(options->delimiter ? options->delimiter : ','));
	csv_set_quote(&csv->parser, (unsigned char)(options->quote ? options->quote : '"'));
	csv->cell_max = options->cell_max ? options->cell_max : CELL_MAX;
	csv->row_max = options->row_max ? options->row_max : ROW_MAX;
	csv->columns_max = options->columns_max ? options->columns_max : COLUMNS_MAX;
	buf_init(&csv->text, csv->row_max + csv->columns_max + SLICE);
	csv->head = frame_head_new(options, handler, arg);
	return csv;
}

void frame_csv_free(struct frame_csv *csv)
{
	if (!csv)
		return;
	csv_free(&csv->parser);
	frame_head_free(csv->head);
	buf_free(&csv->text);
	free(csv->start);
	free(csv->cell);
	free(csv);
}

static void fail(struct frame_csv *csv, const char *what, size_t limit)
{
	csv->failed = true;
	err_set(csv->err, ERR_LIMIT, "%s: record %lld goes over the limit of %zu", what,
		(long long)csv->records + 1, limit);
}

static void on_cell(void *bytes, size_t length, void *arg)
{
	struct frame_csv *csv = arg;

	if (csv->failed)
		return;
	if (csv->count == csv->columns_max) {
		fail(csv, "too-wide", csv->columns_max);
		return;
	}
	if (length > csv->cell_max) {
		fail(csv, "too-long", csv->cell_max);
		return;
	}
	MEM_GROW(csv->start, csv->count, csv->capacity);
	csv->start[csv->count++] = csv->text.used;
	if (length > 0)
		buf_add(&csv->text, bytes, length);
	buf_add_char(&csv->text, '\0');
	if (csv->text.failed)
		fail(csv, "too-long", csv->row_max);
}

static void on_row(int end, void *arg)
{
	struct frame_csv *csv = arg;

	if (csv->failed)
		return;
	csv->row_done = true;
	csv->records++;
	if (csv->cell_capacity < csv->capacity) {
		csv->cell_capacity = csv->capacity;
		csv->cell = mem_resize(csv->cell, csv->capacity, sizeof(*csv->cell));
	}
	for (size_t i = 0; i < csv->count; i++) {
		size_t next = i + 1 < csv->count ? csv->start[i + 1] : csv->text.used;
		csv->cell[i] = (struct frame_cell){ .text = csv->text.data + csv->start[i],
			.length = next - csv->start[i] - 1 };
	}
	struct frame_row row = { .number = csv->records,
		.offset = csv->row_offset,
		.cell = csv->cell,
		.count = csv->count };
	if (frame_head_record(csv->head, &row, end == -1, csv->err) < 0)
		csv->failed = true;
	csv->count = 0;
	buf_reset(&csv->text);
}

/* Looks at the first non-blank byte: a table does not begin with a tag, nor with the mark of a container. */
static int probe(struct frame_csv *csv, const char *bytes, size_t count, struct err *err)
{
	size_t at = 0;

	while (at < count && strchr(" \t\r\n", bytes[at]) && bytes[at] != '\0')
		at++;
	if (at == count)
		return 0;
	csv->probed = true;
	if (bytes[at] == '<')
		return err_set(err, ERR_DATA,
			"not-a-table: the first non-blank byte is '<' (a web page or XML), at "
			"offset %lld",
			(long long)csv->offset + (long long)at);
	if (count - at >= 4 && memcmp(bytes + at, "PK\3\4", 4) == 0)
		return err_set(err, ERR_DATA,
			"not-a-table: this is a zip container (perhaps an XLSX workbook)");
	if (count - at >= 4 && memcmp(bytes + at, "\xD0\xCF\x11\xE0", 4) == 0)
		return err_set(err, ERR_DATA, "not-a-table: this is an old workbook (.xls)");
	return 0;
}

/* End of the piece that holds at most one line end, so that a record's first byte is known. */
static size_t piece_length(const char *bytes, size_t count)
{
	size_t limit = count < SLICE ? count : SLICE;
	const char *lf = memchr(bytes, '\n', limit);
	size_t length = lf ? (size_t)(lf - bytes) + 1 : limit;
	const char *cr = memchr(bytes, '\r', length);

	if (!cr || (lf && cr + 1 == lf))
		return length;
	return (size_t)(cr - bytes) + 1;
}

static bool only_line_end(const char *bytes, size_t count)
{
	return bytes[0] == '\n' || (bytes[0] == '\r' && (count == 1 || bytes[1] == '\n'));
}

static int feed_piece(struct frame_csv *csv, const char *bytes, size_t count, struct err *err)
{
	bool tail_of_crlf = csv->after_cr && count == 1 && bytes[0] == '\n';

	if (!csv->inside)
		csv->row_offset = csv->offset;
	csv->row_done = false;
	size_t taken = csv_parse(&csv->parser, bytes, count, on_cell, on_row, csv);
	if (csv->failed)
		return -1;
	if (taken != count)
		return err_set(err, ERR_DATA, "bad-quoting: record %lld, byte %lld: %s",
			(long long)csv->records + 1, (long long)csv->offset + (long long)taken,
			csv_strerror(csv_error(&csv->parser)));
	csv->offset += (int64_t)count;
	csv->after_cr = bytes[count - 1] == '\r';
	if (!csv->inside && !csv->row_done && only_line_end(bytes, count)) {
		csv->records += !tail_of_crlf; /* a blank line, which libcsv does not report */
		return 0;
	}
	csv->inside = !csv->row_done;
	if (csv->inside && csv->offset - csv->row_offset > (int64_t)csv->row_max) {
		csv->err = err;
		fail(csv, "too-long", csv->row_max);
		return -1;
	}
	return 0;
}

int frame_csv_feed(struct frame_csv *csv, const char *bytes, size_t count, struct err *err)
{
	csv->err = err;
	if (csv->failed)
		return err_set(err, ERR_DATA, "the parse has ended already");
	if (!csv->probed && probe(csv, bytes, count, err) < 0)
		goto failed;
	if (count > 0 && memchr(bytes, 0, count)) {
		err_set(err, ERR_DATA, "not-a-table: NUL byte near offset %lld",
			(long long)csv->offset);
		goto failed;
	}
	while (count > 0) {
		size_t piece = piece_length(bytes, count);
		if (feed_piece(csv, bytes, piece, err) < 0)
			goto failed;
		bytes += piece;
		count -= piece;
	}
	csv->err = NULL;
	return 0;
failed:
	csv->failed = true;
	csv->err = NULL;
	return -1;
}

bool frame_csv_headed(const struct frame_csv *csv)
{
	return frame_head_found(csv->head);
}

bool frame_csv_pass(struct frame_csv *csv, int64_t records, size_t bytes)
{
	if (csv->inside || csv->failed)
		return false;
	csv->records += records;
	csv->offset += (int64_t)bytes;
	csv->after_cr = false;
	return true;
}

int frame_csv_finish(struct frame_csv *csv, struct err *err)
{
	if (csv->failed)
		return err_set(err, ERR_DATA, "the parse has ended already");
	csv->err = err;
	int answer = csv_fini(&csv->parser, on_cell, on_row, csv);
	csv->err = NULL;
	if (csv->failed)
		return -1;
	if (answer != 0) {
		csv->failed = true;
		return err_set(err, ERR_DATA,
			"torn: the file ends inside quotes, in the record %lld that starts at byte "
			"%lld",
			(long long)csv->records + 1, (long long)csv->row_offset);
	}
	return frame_head_finish(csv->head, err);
}
