#include "collectors/frame_xlsx.h"

#include <string.h>

#include "collectors/frame_head.h"
#include "collectors/frame_xlsx_parts.h"
#include "core/mem.h"
#include "core/text.h"

enum {
	FILE_MAX = 64 << 20,
	PART_MAX = 1 << 30,
	TEXTS_MAX = 512 << 20,
	CELL_MAX = 1 << 20,
	ROW_MAX = 4 << 20
};
enum { COLUMNS_MAX = 512, ROWS_MAX = 1 << 20 };
enum { SMALL_PART_MAX = 16 << 20, SHEETS_MAX = 64 };

static const char no_result[] = "#N/A (formula without a stored value)";

struct frame_xlsx {
	struct xlsx_xml xml; /* of the sheet; first: it is the parser's user data */
	struct frame_xlsx_options options;
	struct frame_handler handler;
	void *arg;
	struct frame_head *head; /* of the sheet; NULL between two */
	struct spool *file;      /* NULL before the first byte */
	zip_t *archive;
	struct xlsx_book book;
	struct xlsx_strings *strings;
	struct xlsx_merges *merges;
	struct xlsx_probe probe;
	int phase;
	size_t sheet; /* in the book */
	int read;     /* how many sheets were read before this one */
	int64_t base; /* of its row numbers */
	bool any;     /* it has a row */

	/* the row so far */
	int64_t row;
	struct buf text;
	size_t *start; /* of each cell's text */
	struct frame_cell *cell;
	size_t count, start_capacity, cell_capacity;

	/* the cell so far */
	char type; /* n s i(nlineStr) t(str) b e d */
	bool percent, collecting, formula, stated;
	int phonetic;
	size_t column;
	struct buf value;
};

struct frame_xlsx *frame_xlsx_new(
	const struct frame_xlsx_options *options, const struct frame_handler *handler, void *arg)
{
	struct frame_xlsx *xlsx = mem_zero(1, sizeof(*xlsx));
	struct frame_xlsx_options *own = &xlsx->options;

	*own = *options;
	own->table.ragged = FRAME_RAGGED_PAD; /* a sheet does not store the empty end of a row */
	own->table.last = FRAME_LAST_ACCEPT;
	own->sheet = options->sheet ? mem_text(options->sheet) : NULL;
	own->file_max = own->file_max ? own->file_max : FILE_MAX;
	own->part_max = own->part_max ? own->part_max : PART_MAX;
	own->table.cell_max = own->table.cell_max ? own->table.cell_max : CELL_MAX;
	own->table.row_max = own->table.row_max ? own->table.row_max : ROW_MAX;
	own->table.columns_max = own->table.columns_max ? own->table.columns_max : COLUMNS_MAX;
	buf_init(&xlsx->text, own->table.row_max);
	buf_init(&xlsx->value, own->table.cell_max);
	own->strings_max = own->strings_max ? own->strings_max : TEXTS_MAX;
	own->table.header_contains =
		options->table.header_contains ? mem_text(options->table.header_contains) : NULL;
	xlsx->handler = *handler;
	xlsx->arg = arg;
	xlsx->merges = xlsx_merges_new();
	return xlsx;
}

void frame_xlsx_free(struct frame_xlsx *xlsx)
{
	if (!xlsx)
		return;
	xlsx_xml_close(&xlsx->xml);
	if (xlsx->archive)
		zip_discard(xlsx->archive);
	xlsx_book_free(&xlsx->book);
	xlsx_strings_free(xlsx->strings);
	xlsx_merges_free(xlsx->merges);
	xlsx_xml_close(&xlsx->probe.xml);
	frame_head_free(xlsx->head);
	spool_free(xlsx->file);
	buf_free(&xlsx->text);
	buf_free(&xlsx->value);
	free(xlsx->start);
	free(xlsx->cell);
	free((char *)(uintptr_t)xlsx->options.sheet);
	free((char *)(uintptr_t)xlsx->options.table.header_contains);
	free(xlsx);
}

const char *frame_xlsx_sheet(const struct frame_xlsx *xlsx)
{
	return xlsx->sheet < xlsx->book.sheets ? xlsx->book.sheet[xlsx->sheet].name : "";
}

int frame_xlsx_feed(struct frame_xlsx *xlsx, const char *bytes, size_t count, struct err *err)
{
	if (!xlsx->file)
		xlsx->file = spool_new(xlsx->options.file_max, err);
	if (!xlsx->file)
		return -1;
	return spool_add(xlsx->file, bytes, count, err) < 0
		       ? err_prefix(err, "too-large: the workbook has")
		       : 0;
}

static void fail(struct frame_xlsx *xlsx, enum err_code code, const char *text)
{
	xlsx_xml_fail(&xlsx->xml, code, text);
}

/* The text of the next cell has been added, from start on. */
static void end_text(struct frame_xlsx *xlsx, size_t start)
{
	MEM_GROW(xlsx->start, xlsx->count, xlsx->start_capacity);
	MEM_GROW(xlsx->cell, xlsx->count, xlsx->cell_capacity);
	xlsx->start[xlsx->count] = start;
	xlsx->cell[xlsx->count++] = (struct frame_cell){ .text = NULL };
	if (buf_add_char(&xlsx->text, '\0') < 0)
		fail(xlsx, ERR_LIMIT, "too-long: a row goes over the limit");
}

static void add_text(struct frame_xlsx *xlsx, const char *text, size_t length)
{
	size_t start = xlsx->text.used;

	if (length > 0)
		buf_add(&xlsx->text, text, length);
	end_text(xlsx, start);
}

/* A number shown in percent: its exponent grows by two, exactly. */
static void add_percent(struct frame_xlsx *xlsx)
{
	char *exponent = strpbrk(xlsx->value.data, "eE");
	const char *written = exponent ? exponent + 1 + (exponent[1] == '+') : "0";
	int64_t power;
	char room[64];

	if (!text_to_int64(written, &power) || power > 400 || power < -400) {
		add_text(xlsx, xlsx->value.data,
			xlsx->value.used); /* no number: the value reader says so */
		return;
	}
	size_t digits = exponent ? (size_t)(exponent - xlsx->value.data) : xlsx->value.used;
	if (digits > 40)
		digits = 40;
	snprintf(room, sizeof(room), "%.*sE%d%%", (int)digits, xlsx->value.data, (int)power + 2);
	add_text(xlsx, room, strlen(room));
}

static void add_shared(struct frame_xlsx *xlsx)
{
	struct err err = ERR_INIT;
	int64_t index;
	size_t start = xlsx->text.used;

	if (!text_to_int64(xlsx->value.data, &index))
		index = -1;
	if (xlsx_strings_copy(xlsx->strings, index, &xlsx->text, &err) < 0)
		fail(xlsx, err.code, err.text);
	end_text(xlsx, start);
}

static void end_cell(struct frame_xlsx *xlsx)
{
	while (xlsx->count < xlsx->column)
		add_text(xlsx, "", 0);
	if (xlsx->formula && !xlsx->stated) {
		add_text(xlsx, no_result, strlen(no_result));
		return;
	}
	if (xlsx->type == 's' && xlsx->stated) {
		add_shared(xlsx);
		return;
	}
	if (xlsx->type != 'n') {
		add_text(xlsx, xlsx->value.data, xlsx->value.used);
		return;
	}
	if (xlsx->percent && xlsx->value.used > 0)
		add_percent(xlsx);
	else
		add_text(xlsx, xlsx->value.data, xlsx->value.used);
	xlsx->cell[xlsx->count - 1].number = xlsx->value.used > 0;
	xlsx->cell[xlsx->count - 1].date1904 = xlsx->book.date1904;
}

static void end_row(struct frame_xlsx *xlsx)
{
	bool record = frame_head_found(xlsx->head);
	size_t width = record ? xlsx_merges_width(xlsx->merges, xlsx->row) : 0;

	while (xlsx->count > 0 && xlsx->count < width)
		add_text(xlsx, "", 0);
	for (size_t i = 0; i < xlsx->count; i++) {
		size_t next = i + 1 < xlsx->count ? xlsx->start[i + 1] : xlsx->text.used;
		xlsx->cell[i].text = xlsx->text.data + xlsx->start[i];
		xlsx->cell[i].length = next - xlsx->start[i] - 1;
	}
	if (record)
		xlsx_merges_fill(xlsx->merges, xlsx->row, xlsx->cell, xlsx->count);
	xlsx->any |= xlsx->count > 0;
	struct frame_row row = {
		.number = xlsx->base + xlsx->row, .cell = xlsx->cell, .count = xlsx->count
	};
	if (xlsx->count > 0 && frame_head_record(xlsx->head, &row, false, xlsx->xml.err) < 0)
		fail(xlsx, ERR_DATA, NULL);
	xlsx->count = 0;
	buf_reset(&xlsx->text);
}

static void start_row(struct frame_xlsx *xlsx, const char *const *attributes)
{
	const char *number = xlsx_attribute(attributes, "r");
	int64_t row = xlsx->row + 1;

	if (number && !text_to_int64(number, &row))
		row = 0;
	if (row <= xlsx->row || row > ROWS_MAX)
		fail(xlsx, ERR_DATA, "bad-workbook: the rows of the sheet are not in order");
	else
		xlsx->row = row;
}

static char cell_type(const char *type)
{
	if (!type || strcmp(type, "n") == 0)
		return 'n';
	if (strcmp(type, "inlineStr") == 0)
		return 'i';
	return strcmp(type, "str") == 0 ? 't' : type[0];
}

static void start_cell(struct frame_xlsx *xlsx, const char *const *attributes)
{
	const char *place = xlsx_attribute(attributes, "r"),
		   *style = xlsx_attribute(attributes, "s");
	int64_t number;

	xlsx->type = cell_type(xlsx_attribute(attributes, "t"));
	xlsx->formula = xlsx->stated = false;
	xlsx->percent = style && text_to_int64(style, &number) && number >= 0 &&
			(size_t)number < xlsx->book.style_count && xlsx->book.percent[number];
	xlsx->column = xlsx->count;
	if (place && !xlsx_reference(place, &xlsx->column, &number))
		xlsx->column = SIZE_MAX;
	buf_reset(&xlsx->value);
	if (xlsx->column == SIZE_MAX || xlsx->column < xlsx->count)
		fail(xlsx, ERR_DATA, "bad-workbook: the cells of a row are not in order");
	else if (xlsx->column >= xlsx->options.table.columns_max)
		fail(xlsx, ERR_LIMIT, "too-wide: a row has more cells than allowed");
}

static void on_start(void *arg, const XML_Char *name, const XML_Char **pairs)
{
	struct frame_xlsx *xlsx = XML_GetUserData(arg);
	const char *const *attributes = (const char *const *)pairs;
	const char *local = xlsx_local(name);

	if (xlsx->xml.failed) /* expat finishes an empty element after it was stopped */
		return;
	if (strcmp(local, "row") == 0) {
		start_row(xlsx, attributes);
	} else if (strcmp(local, "c") == 0) {
		start_cell(xlsx, attributes);
	} else if (strcmp(local, "f") == 0) {
		xlsx->formula = true;
	} else if (strcmp(local, "rPh") == 0) {
		xlsx->phonetic++;
	} else if (strcmp(local, "v") == 0 || (strcmp(local, "t") == 0 && xlsx->type == 'i')) {
		xlsx->collecting = xlsx->phonetic == 0;
		xlsx->stated = true;
	}
}

static void on_end(void *arg, const XML_Char *name)
{
	struct frame_xlsx *xlsx = XML_GetUserData(arg);
	const char *local = xlsx_local(name);

	if (xlsx->xml.failed)
		return;
	if (strcmp(local, "v") == 0 || strcmp(local, "t") == 0)
		xlsx->collecting = false;
	else if (strcmp(local, "rPh") == 0)
		xlsx->phonetic--;
	else if (strcmp(local, "c") == 0)
		end_cell(xlsx);
	else if (strcmp(local, "row") == 0)
		end_row(xlsx);
}

static void on_text(void *arg, const XML_Char *text, int length)
{
	struct frame_xlsx *xlsx = XML_GetUserData(arg);

	if (xlsx->collecting && !xlsx->xml.failed &&
		buf_add(&xlsx->value, text, (size_t)length) < 0)
		fail(xlsx, ERR_LIMIT, "too-long: a cell goes over the limit");
}

int frame_xlsx_open(struct frame_xlsx *xlsx, struct err *err)
{
	size_t part_max = xlsx->options.part_max;
	size_t small_part = part_max < SMALL_PART_MAX ? part_max : SMALL_PART_MAX;

	if (!xlsx->file)
		return err_set(err, ERR_DATA, "not-a-table: this is not a workbook (.xlsx)");
	xlsx->archive = xlsx_archive(xlsx->file, err);
	xlsx->strings = xlsx->archive ? xlsx_strings_new(xlsx->options.strings_max, err) : NULL;
	if (!xlsx->strings || xlsx_book_read(xlsx->archive, xlsx->options.sheet, small_part,
				      &xlsx->book, err) < 0)
		return -1;
	return xlsx_strings_open(
		xlsx->strings, xlsx->archive, xlsx->book.strings_path, part_max, err);
}

/* The next sheet from here on that is chosen, or is not. */
static bool find_sheet(struct frame_xlsx *xlsx, bool chosen)
{
	while (xlsx->sheet < xlsx->book.sheets && xlsx->book.sheet[xlsx->sheet].chosen != chosen)
		xlsx->sheet++;
	return xlsx->sheet < xlsx->book.sheets;
}

/* Phases of the parse; each is called until it sets ret_ended. */

static int step_strings(struct frame_xlsx *xlsx, bool *ret_ended, struct err *err)
{
	bool more;

	if (xlsx_strings_step(xlsx->strings, &more, err) < 0)
		return -1;
	*ret_ended = !more;
	return 0;
}

static int start_sheet(struct frame_xlsx *xlsx, bool *ret_ended, struct err *err)
{
	struct frame_csv_options table = xlsx->options.table;

	*ret_ended = true;
	find_sheet(xlsx, true);
	if (xlsx->read == SHEETS_MAX)
		return err_set(err, ERR_LIMIT, "too-large: more than %d sheets", SHEETS_MAX);
	xlsx->base = xlsx->read == 0 ? 0 : (int64_t)(xlsx->read + 1) * FRAME_XLSX_SHEET_ROWS;
	xlsx->read++;
	xlsx->row = 0;
	xlsx->any = false;
	if (table.header_row > 0)
		table.header_row += (int)xlsx->base;
	xlsx->head = frame_head_new(&table, &xlsx->handler, xlsx->arg);
	return xlsx_merges_open(xlsx->merges, xlsx->archive, xlsx->book.sheet[xlsx->sheet].path,
		xlsx->options.part_max, err);
}

static int open_rows(struct frame_xlsx *xlsx, struct err *err)
{
	const char *path = xlsx->book.sheet[xlsx->sheet].path;

	if (xlsx_xml_open(xlsx->archive, path, xlsx->options.part_max, &xlsx->xml, err) < 0)
		return -1;
	if (!xlsx->xml.file)
		return err_set(err, ERR_DATA, "bad-workbook: the part %s is missing", path);
	XML_SetElementHandler(xlsx->xml.parser, on_start, on_end);
	XML_SetCharacterDataHandler(xlsx->xml.parser, on_text);
	return 0;
}

static int step_merges(struct frame_xlsx *xlsx, bool *ret_ended, struct err *err)
{
	bool more;

	if (xlsx_merges_step(xlsx->merges, &more, err) < 0)
		return -1;
	*ret_ended = !more;
	return more ? 0 : open_rows(xlsx, err);
}

static int step_rows(struct frame_xlsx *xlsx, bool *ret_ended, struct err *err)
{
	if (xlsx_xml_step(&xlsx->xml, err) < 0)
		return -1;
	if (!xlsx->xml.ended)
		return 0;
	*ret_ended = true;
	xlsx_xml_close(&xlsx->xml);
	xlsx->sheet++;
	bool last = !find_sheet(xlsx, true);
	/* Among several sheets one may be empty. */
	bool spare = !xlsx->any && (xlsx->read > 1 || !last);
	int answer = spare ? 0 : frame_head_finish(xlsx->head, err);
	frame_head_free(xlsx->head);
	xlsx->head = NULL;
	if (last)
		xlsx->sheet = 0;
	return answer;
}

/* Whoever names a sheet knows of the others. */
static int step_others(struct frame_xlsx *xlsx, bool *ret_ended, struct err *err)
{
	const char *wanted = xlsx->options.sheet;
	bool more = true;

	*ret_ended =
		!xlsx->options.unread || (wanted && *wanted != '\0') || !find_sheet(xlsx, false);
	if (*ret_ended)
		return 0;
	const struct xlsx_sheet *sheet = &xlsx->book.sheet[xlsx->sheet];
	if (!sheet->path) {
		xlsx->sheet++;
		return 0;
	}
	if (!xlsx->probe.xml.parser && xlsx_probe_open(&xlsx->probe, xlsx->archive, sheet->path,
					       xlsx->options.part_max, err) < 0)
		return -1;
	if (xlsx_probe_step(&xlsx->probe, &more, err) < 0)
		return -1;
	if (!more && xlsx->probe.found)
		xlsx->options.unread(xlsx->arg, sheet->name);
	xlsx->sheet += !more;
	return 0;
}

enum { PHASE_STRINGS, PHASE_SHEET, PHASE_MERGES, PHASE_ROWS, PHASE_OTHERS, PHASE_END };
static int (*const phases[])(struct frame_xlsx *xlsx, bool *ret_ended, struct err *err) = {
	[PHASE_STRINGS] = step_strings,
	[PHASE_SHEET] = start_sheet,
	[PHASE_MERGES] = step_merges,
	[PHASE_ROWS] = step_rows,
	[PHASE_OTHERS] = step_others,
};

int frame_xlsx_step(struct frame_xlsx *xlsx, bool *ret_more, struct err *err)
{
	bool ended = false;

	*ret_more = false;
	if (!xlsx->strings || xlsx->phase == PHASE_END)
		return err_set(err, ERR_DATA, "the parse has ended already");
	if (phases[xlsx->phase](xlsx, &ended, err) < 0) {
		xlsx->phase = PHASE_END;
		return -1;
	}
	if (ended) {
		bool again = xlsx->phase == PHASE_ROWS && xlsx->sheet > 0;
		xlsx->phase = again ? PHASE_SHEET : xlsx->phase + 1;
	}
	*ret_more = xlsx->phase != PHASE_END;
	return 0;
}
