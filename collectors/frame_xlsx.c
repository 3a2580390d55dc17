#include "collectors/frame_xlsx.h"

#include <string.h>

#include "collectors/frame_head.h"
#include "collectors/frame_xlsx_parts.h"
#include "core/mem.h"
#include "core/text.h"

enum {
	FILE_MAX = 64 << 20,
	PART_MAX = 1 << 30,
	TEXTS_MAX = 64 << 20,
	CELL_MAX = 1 << 20,
	ROW_MAX = 4 << 20
};
enum { COLUMNS_MAX = 512, ROWS_MAX = 1 << 20, STRINGS_PART_MAX = 256 << 20 };

static const char no_result[] = "#N/A (formula without a stored value)";

struct frame_xlsx {
	struct xlsx_xml xml; /* of the sheet; first: it is the parser's user data */
	struct frame_xlsx_options options;
	struct frame_head *head;
	struct buf file;
	zip_t *archive;
	struct xlsx_book book;
	struct xlsx_strings strings;

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
	buf_init(&xlsx->file, own->file_max);
	buf_init(&xlsx->text, own->table.row_max);
	buf_init(&xlsx->value, own->table.cell_max);
	buf_init(&xlsx->strings.bytes, own->strings_max ? own->strings_max : TEXTS_MAX);
	xlsx->head = frame_head_new(&own->table, handler, arg);
	own->table.header_contains = NULL; /* the head has its own copy */
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
	xlsx_strings_free(&xlsx->strings);
	frame_head_free(xlsx->head);
	buf_free(&xlsx->file);
	buf_free(&xlsx->text);
	buf_free(&xlsx->value);
	free(xlsx->start);
	free(xlsx->cell);
	free((char *)(uintptr_t)xlsx->options.sheet);
	free(xlsx);
}

const char *frame_xlsx_sheet(const struct frame_xlsx *xlsx)
{
	return xlsx->book.sheet ? xlsx->book.sheet : "";
}

int frame_xlsx_feed(struct frame_xlsx *xlsx, const char *bytes, size_t count, struct err *err)
{
	if (buf_add(&xlsx->file, bytes, count) < 0)
		return err_set(err, ERR_LIMIT, "too-large: the workbook has more than %zu bytes",
			xlsx->options.file_max);
	return 0;
}

static void fail(struct frame_xlsx *xlsx, enum err_code code, const char *text)
{
	xlsx_xml_fail(&xlsx->xml, code, text);
}

/* "BC12" to 54; SIZE_MAX if it is no reference. */
static size_t reference_column(const char *text)
{
	size_t column = 0;
	const char *at = text;

	for (; *at >= 'A' && *at <= 'Z' && at - text < 4; at++)
		column = column * 26 + (size_t)(*at - 'A') + 1;
	return at == text || *at < '0' || *at > '9' ? SIZE_MAX : column - 1;
}

static void add_text(struct frame_xlsx *xlsx, const char *text, size_t length)
{
	MEM_GROW(xlsx->start, xlsx->count, xlsx->start_capacity);
	MEM_GROW(xlsx->cell, xlsx->count, xlsx->cell_capacity);
	xlsx->start[xlsx->count] = xlsx->text.used;
	xlsx->cell[xlsx->count++] = (struct frame_cell){ .length = length };
	if (length > 0)
		buf_add(&xlsx->text, text, length);
	if (buf_add_char(&xlsx->text, '\0') < 0)
		fail(xlsx, ERR_LIMIT, "too-long: a row goes over the limit");
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
	int64_t index;

	if (!text_to_int64(xlsx->value.data, &index) || index < 0 ||
		(size_t)index >= xlsx->strings.count) {
		fail(xlsx, ERR_DATA, "bad-workbook: a cell names a shared text that is not there");
		return;
	}
	const char *text = xlsx->strings.bytes.data + xlsx->strings.start[index];
	add_text(xlsx, text, strlen(text));
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
	for (size_t i = 0; i < xlsx->count; i++) {
		size_t next = i + 1 < xlsx->count ? xlsx->start[i + 1] : xlsx->text.used;
		xlsx->cell[i].text = xlsx->text.data + xlsx->start[i];
		xlsx->cell[i].length = next - xlsx->start[i] - 1;
	}
	struct frame_row row = { .number = xlsx->row, .cell = xlsx->cell, .count = xlsx->count };
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
	xlsx->column = place ? reference_column(place) : xlsx->count;
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
	size_t strings_part = part_max < STRINGS_PART_MAX ? part_max : STRINGS_PART_MAX;

	xlsx->archive = xlsx_archive(xlsx->file.data, xlsx->file.used, err);
	if (!xlsx->archive ||
		xlsx_book_read(xlsx->archive, xlsx->options.sheet, part_max, &xlsx->book, err) <
			0 ||
		xlsx_strings_read(xlsx->archive, &xlsx->book, strings_part, &xlsx->strings, err) <
			0 ||
		xlsx_xml_open(xlsx->archive, xlsx->book.sheet_path, part_max, &xlsx->xml, err) < 0)
		return -1;
	if (!xlsx->xml.file)
		return err_set(err, ERR_DATA, "bad-workbook: the part %s is missing",
			xlsx->book.sheet_path);
	XML_SetElementHandler(xlsx->xml.parser, on_start, on_end);
	XML_SetCharacterDataHandler(xlsx->xml.parser, on_text);
	return 0;
}

int frame_xlsx_step(struct frame_xlsx *xlsx, bool *ret_more, struct err *err)
{
	if (!xlsx->xml.parser || xlsx->xml.failed)
		return err_set(err, ERR_DATA, "the parse has ended already");
	if (!xlsx->xml.ended && xlsx_xml_step(&xlsx->xml, err) < 0) {
		xlsx->xml.failed = true;
		return -1;
	}
	*ret_more = !xlsx->xml.ended;
	return xlsx->xml.ended ? frame_head_finish(xlsx->head, err) : 0;
}
