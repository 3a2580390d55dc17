/* The small parts of a workbook: which sheet, which texts, which styles show percent. */
#include "collectors/frame_xlsx_parts.h"

#include "core/mem.h"
#include "core/text.h"

enum { STYLES_MAX = 65536, STRINGS_MAX = 4 << 20, FORMATS_MAX = 1024, PERCENT = 9, PERCENT_2 = 10 };

static const char *const BOOK_PATH = "xl/workbook.xml";
static const char *const RELATIONS_PATH = "xl/_rels/workbook.xml.rels";

/* The user data of the parser is the struct xlsx_xml; the handlers' own state stands around it. */
struct book_parse {
	struct xlsx_xml xml; /* first: handlers get from one to the other */
	struct xlsx_book *book;
	const char *wanted;
	int64_t format[FORMATS_MAX]; /* ids of custom formats that show percent */
	size_t formats;
	bool in_xfs;
};

struct string_parse {
	struct xlsx_xml xml;
	struct xlsx_strings *strings;
	bool in_item, in_text;
	int phonetic; /* depth of <rPh>: how it is read aloud, not what it says */
};

static void set_text(char **into, const char *text)
{
	free(*into);
	*into = mem_text(text);
}

static void on_book(void *arg, const XML_Char *name, const XML_Char **pairs)
{
	struct book_parse *parse = XML_GetUserData(arg);
	const char *const *attributes = (const char *const *)pairs;
	const char *local = xlsx_local(name);

	if (strcmp(local, "workbookPr") == 0) {
		const char *date1904 = xlsx_attribute(attributes, "date1904");
		parse->book->date1904 =
			date1904 && (strcmp(date1904, "1") == 0 || strcmp(date1904, "true") == 0);
	}
	if (strcmp(local, "sheet") != 0 || parse->book->sheet)
		return;
	const char *sheet = xlsx_attribute(attributes, "name"),
		   *state = xlsx_attribute(attributes, "state");
	const char *id = xlsx_attribute(attributes, "id");
	bool hidden = state && strcmp(state, "visible") != 0;
	if (!sheet || !id || hidden || (parse->wanted && strcmp(parse->wanted, sheet) != 0))
		return;
	set_text(&parse->book->sheet, sheet);
	set_text(&parse->book->sheet_id, id);
}

/* Targets are relative to xl/, or absolute with a leading slash. */
static void set_path(char **into, const char *target)
{
	free(*into);
	*into = target[0] == '/' ? mem_text(target + 1) : mem_format("xl/%s", target);
}

static bool ends_with(const char *text, const char *tail)
{
	size_t length = strlen(text), end = strlen(tail);
	return length >= end && strcmp(text + length - end, tail) == 0;
}

static void on_relation(void *arg, const XML_Char *name, const XML_Char **pairs)
{
	struct book_parse *parse = XML_GetUserData(arg);
	const char *const *attributes = (const char *const *)pairs;

	if (strcmp(xlsx_local(name), "Relationship") != 0)
		return;
	const char *id = xlsx_attribute(attributes, "Id"),
		   *type = xlsx_attribute(attributes, "Type");
	const char *target = xlsx_attribute(attributes, "Target");
	if (!id || !type || !target)
		return;
	if (ends_with(type, "/sharedStrings"))
		set_path(&parse->book->strings_path, target);
	else if (ends_with(type, "/styles"))
		set_path(&parse->book->styles_path, target);
	else if (ends_with(type, "/worksheet") && strcmp(id, parse->book->sheet_id) == 0)
		set_path(&parse->book->sheet_path, target);
}

static bool shows_percent(const struct book_parse *parse, int64_t id)
{
	for (size_t i = 0; i < parse->formats; i++) {
		if (parse->format[i] == id)
			return true;
	}
	return id == PERCENT || id == PERCENT_2;
}

static void on_style(void *arg, const XML_Char *name, const XML_Char **pairs)
{
	struct book_parse *parse = XML_GetUserData(arg);
	const char *const *attributes = (const char *const *)pairs;
	const char *local = xlsx_local(name), *number = xlsx_attribute(attributes, "numFmtId");
	struct xlsx_book *book = parse->book;
	int64_t id = 0;

	if (number && !text_to_int64(number, &id))
		id = 0;
	if (strcmp(local, "cellXfs") == 0) {
		parse->in_xfs = true;
	} else if (strcmp(local, "numFmt") == 0) {
		const char *code = xlsx_attribute(attributes, "formatCode");
		if (code && strchr(code, '%') && parse->formats < FORMATS_MAX)
			parse->format[parse->formats++] = id;
	} else if (strcmp(local, "xf") == 0 && parse->in_xfs) {
		if (book->style_count == STYLES_MAX) {
			xlsx_xml_fail(&parse->xml, ERR_LIMIT, "too-large: too many cell styles");
			return;
		}
		MEM_GROW(book->percent, book->style_count, book->style_capacity);
		book->percent[book->style_count++] = shows_percent(parse, id);
	}
}

static void on_style_end(void *arg, const XML_Char *name)
{
	struct book_parse *parse = XML_GetUserData(arg);
	if (strcmp(xlsx_local(name), "cellXfs") == 0)
		parse->in_xfs = false;
}

/* Runs one part through a start handler. A missing part is an error unless optional. */
static int read_part(zip_t *archive, const char *name, size_t part_max, bool optional,
	struct book_parse *parse, XML_StartElementHandler start, XML_EndElementHandler end,
	struct err *err)
{
	if (xlsx_xml_open(archive, name, part_max, &parse->xml, err) < 0)
		return -1;
	if (!parse->xml.file)
		return optional ? 0
				: err_set(err, ERR_DATA, "not-a-table: the container has no %s",
					  name);
	XML_SetElementHandler(parse->xml.parser, start, end);
	int answer = xlsx_xml_run(&parse->xml, err);
	xlsx_xml_close(&parse->xml);
	return answer;
}

int xlsx_book_read(
	zip_t *archive, const char *wanted, size_t part_max, struct xlsx_book *ret, struct err *err)
{
	_cleanup_free_ struct book_parse *parse = mem_zero(1, sizeof(*parse));

	parse->book = ret;
	parse->wanted = wanted && *wanted != '\0' ? wanted : NULL;
	if (read_part(archive, BOOK_PATH, part_max, false, parse, on_book, NULL, err) < 0)
		return -1;
	if (!ret->sheet)
		return parse->wanted
			       ? err_set(err, ERR_DATA,
					 "sheet-not-found: no visible sheet is named \"%s\"",
					 wanted)
			       : err_set(err, ERR_DATA,
					 "sheet-not-found: the workbook has no visible sheet");
	if (read_part(archive, RELATIONS_PATH, part_max, false, parse, on_relation, NULL, err) < 0)
		return -1;
	if (!ret->sheet_path)
		return err_set(err, ERR_DATA, "bad-workbook: sheet \"%s\" has no part", ret->sheet);
	if (!ret->styles_path)
		return 0;
	return read_part(
		archive, ret->styles_path, part_max, true, parse, on_style, on_style_end, err);
}

void xlsx_book_free(struct xlsx_book *book)
{
	free(book->sheet);
	free(book->sheet_id);
	free(book->sheet_path);
	free(book->strings_path);
	free(book->styles_path);
	free(book->percent);
	*book = (struct xlsx_book){ 0 };
}

static void on_string(void *arg, const XML_Char *name, const XML_Char **pairs)
{
	struct string_parse *parse = XML_GetUserData(arg);
	struct xlsx_strings *strings = parse->strings;
	const char *local = xlsx_local(name);

	(void)pairs;
	if (strcmp(local, "si") == 0) {
		if (strings->count == STRINGS_MAX) {
			xlsx_xml_fail(&parse->xml, ERR_LIMIT, "too-large: too many shared texts");
			return;
		}
		MEM_GROW(strings->start, strings->count, strings->capacity);
		strings->start[strings->count++] = strings->bytes.used;
		parse->in_item = true;
	} else if (strcmp(local, "rPh") == 0) {
		parse->phonetic++;
	} else if (strcmp(local, "t") == 0) {
		parse->in_text = parse->in_item && parse->phonetic == 0;
	}
}

static void on_string_end(void *arg, const XML_Char *name)
{
	struct string_parse *parse = XML_GetUserData(arg);
	const char *local = xlsx_local(name);

	if (strcmp(local, "t") == 0)
		parse->in_text = false;
	else if (strcmp(local, "rPh") == 0)
		parse->phonetic--;
	if (strcmp(local, "si") != 0)
		return;
	parse->in_item = false;
	if (buf_add_char(&parse->strings->bytes, '\0') < 0)
		xlsx_xml_fail(&parse->xml, ERR_LIMIT, "too-large: the shared texts");
}

static void on_string_text(void *arg, const XML_Char *text, int length)
{
	struct string_parse *parse = XML_GetUserData(arg);

	if (parse->in_text && buf_add(&parse->strings->bytes, text, (size_t)length) < 0)
		xlsx_xml_fail(&parse->xml, ERR_LIMIT, "too-large: the shared texts");
}

int xlsx_strings_read(zip_t *archive, const struct xlsx_book *book, size_t part_max,
	struct xlsx_strings *strings, struct err *err)
{
	struct string_parse parse = { .strings = strings };

	if (!book->strings_path)
		return 0;
	if (xlsx_xml_open(archive, book->strings_path, part_max, &parse.xml, err) < 0)
		return -1;
	if (!parse.xml.file)
		return err_set(
			err, ERR_DATA, "bad-workbook: the part %s is missing", book->strings_path);
	XML_SetElementHandler(parse.xml.parser, on_string, on_string_end);
	XML_SetCharacterDataHandler(parse.xml.parser, on_string_text);
	int answer = xlsx_xml_run(&parse.xml, err);
	xlsx_xml_close(&parse.xml);
	return answer;
}

void xlsx_strings_free(struct xlsx_strings *strings)
{
	buf_free(&strings->bytes);
	free(strings->start);
	*strings = (struct xlsx_strings){ .count = 0 };
}
