/* The small parts of a workbook: which sheets, which styles show percent. */
#include "collectors/frame_xlsx_parts.h"

#include "core/mem.h"
#include "core/text.h"

enum { STYLES_MAX = 65536, SHEETS_MAX = 1024, FORMATS_MAX = 1024, PERCENT = 9, PERCENT_2 = 10 };

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

static bool chosen(const struct book_parse *parse, const char *name)
{
	if (!parse->wanted)
		return parse->book->sheets == 0;
	return strcmp(parse->wanted, "*") == 0 || strcmp(parse->wanted, name) == 0;
}

static void add_sheet(struct book_parse *parse, const char *name, const char *state, const char *id)
{
	struct xlsx_book *book = parse->book;
	bool hidden = state && strcmp(state, "visible") != 0;

	if (!name || !id || hidden || parse->xml.failed)
		return;
	if (book->sheets == SHEETS_MAX) {
		xlsx_xml_fail(&parse->xml, ERR_LIMIT, "too-large: too many sheets");
		return;
	}
	MEM_GROW(book->sheet, book->sheets, book->sheet_capacity);
	bool taken = chosen(parse, name);
	book->sheet[book->sheets++] =
		(struct xlsx_sheet){ .name = mem_text(name), .id = mem_text(id), .chosen = taken };
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
	if (strcmp(local, "sheet") == 0)
		add_sheet(parse, xlsx_attribute(attributes, "name"),
			xlsx_attribute(attributes, "state"), xlsx_attribute(attributes, "id"));
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
	for (size_t i = 0; ends_with(type, "/worksheet") && i < parse->book->sheets; i++) {
		if (strcmp(id, parse->book->sheet[i].id) == 0)
			set_path(&parse->book->sheet[i].path, target);
	}
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

static size_t count_chosen(const struct xlsx_book *book)
{
	size_t count = 0;

	for (size_t i = 0; i < book->sheets; i++)
		count += book->sheet[i].chosen;
	return count;
}

static int no_sheet(const char *wanted, struct err *err)
{
	return wanted && strcmp(wanted, "*") != 0
		       ? err_set(err, ERR_DATA, "sheet-not-found: no visible sheet is named \"%s\"",
				 wanted)
		       : err_set(err, ERR_DATA,
				 "sheet-not-found: the workbook has no visible sheet");
}

int xlsx_book_read(
	zip_t *archive, const char *wanted, size_t part_max, struct xlsx_book *ret, struct err *err)
{
	_cleanup_free_ struct book_parse *parse = mem_zero(1, sizeof(*parse));

	parse->book = ret;
	parse->wanted = wanted && *wanted != '\0' ? wanted : NULL;
	if (read_part(archive, BOOK_PATH, part_max, false, parse, on_book, NULL, err) < 0)
		return -1;
	if (count_chosen(ret) == 0)
		return no_sheet(parse->wanted, err);
	if (read_part(archive, RELATIONS_PATH, part_max, false, parse, on_relation, NULL, err) < 0)
		return -1;
	for (size_t i = 0; i < ret->sheets; i++) {
		if (ret->sheet[i].chosen && !ret->sheet[i].path)
			return err_set(err, ERR_DATA, "bad-workbook: sheet \"%s\" has no part",
				ret->sheet[i].name);
	}
	if (!ret->styles_path)
		return 0;
	return read_part(
		archive, ret->styles_path, part_max, true, parse, on_style, on_style_end, err);
}

void xlsx_book_free(struct xlsx_book *book)
{
	for (size_t i = 0; i < book->sheets; i++) {
		free(book->sheet[i].name);
		free(book->sheet[i].id);
		free(book->sheet[i].path);
	}
	free(book->sheet);
	free(book->strings_path);
	free(book->styles_path);
	free(book->percent);
	*book = (struct xlsx_book){ 0 };
}
