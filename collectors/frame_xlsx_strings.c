/* The shared texts of a workbook: in a file, with a second one that says where each begins. */
#include <string.h>

#include "collectors/frame_xlsx_parts.h"
#include "core/mem.h"

/* On disk both; in memory is one text. A sheet of the most rows has as many in 16 columns. */
enum { STRINGS_MAX = 16 << 20, ITEM_MAX = 4 << 20 };

struct xlsx_strings {
	struct xlsx_xml xml; /* first: it is the parser's user data */
	struct spool *texts, *starts;
	int64_t count;
	struct buf item;  /* the text so far */
	struct buf place; /* while a start is read */
	bool in_item, in_text;
	int phonetic; /* depth of <rPh>: how it is read aloud, not what it says */
};

struct xlsx_strings *xlsx_strings_new(size_t ceiling, struct err *err)
{
	struct xlsx_strings *strings = mem_zero(1, sizeof(*strings));

	strings->texts = spool_new(ceiling, err);
	strings->starts =
		strings->texts ? spool_new((STRINGS_MAX + 1) * sizeof(uint64_t), err) : NULL;
	buf_init(&strings->item, ceiling < ITEM_MAX ? ceiling : ITEM_MAX);
	buf_init(&strings->place, 4 * sizeof(uint64_t));
	if (strings->starts)
		return strings;
	xlsx_strings_free(strings);
	return NULL;
}

void xlsx_strings_free(struct xlsx_strings *strings)
{
	if (!strings)
		return;
	xlsx_xml_close(&strings->xml);
	spool_free(strings->texts);
	spool_free(strings->starts);
	buf_free(&strings->item);
	buf_free(&strings->place);
	free(strings);
}

static void too_large(struct xlsx_strings *strings)
{
	xlsx_xml_fail(&strings->xml, ERR_LIMIT, "too-large: the shared texts");
}

static void on_start(void *arg, const XML_Char *name, const XML_Char **pairs)
{
	struct xlsx_strings *strings = XML_GetUserData(arg);
	const char *local = xlsx_local(name);

	(void)pairs;
	if (strcmp(local, "si") == 0) {
		buf_reset(&strings->item);
		strings->in_item = true;
		if (strings->count == STRINGS_MAX)
			too_large(strings);
	} else if (strcmp(local, "rPh") == 0) {
		strings->phonetic++;
	} else if (strcmp(local, "t") == 0) {
		strings->in_text = strings->in_item && strings->phonetic == 0;
	}
}

static void end_item(struct xlsx_strings *strings)
{
	uint64_t start = spool_size(strings->texts);
	struct err err = ERR_INIT;

	strings->in_item = false;
	strings->count++;
	if (spool_add(strings->starts, &start, sizeof(start), &err) == 0 &&
		spool_add(strings->texts, strings->item.data, strings->item.used, &err) == 0)
		return;
	if (err.code == ERR_LIMIT)
		too_large(strings);
	else
		xlsx_xml_fail(&strings->xml, err.code, err.text);
}

static void on_end(void *arg, const XML_Char *name)
{
	struct xlsx_strings *strings = XML_GetUserData(arg);
	const char *local = xlsx_local(name);

	if (strings->xml.failed)
		return;
	if (strcmp(local, "t") == 0)
		strings->in_text = false;
	else if (strcmp(local, "rPh") == 0)
		strings->phonetic--;
	else if (strcmp(local, "si") == 0)
		end_item(strings);
}

static void on_text(void *arg, const XML_Char *text, int length)
{
	struct xlsx_strings *strings = XML_GetUserData(arg);

	if (strings->in_text && !strings->xml.failed &&
		buf_add(&strings->item, text, (size_t)length) < 0)
		too_large(strings);
}

int xlsx_strings_open(struct xlsx_strings *strings, zip_t *archive, const char *path,
	size_t part_max, struct err *err)
{
	if (!path)
		return 0;
	if (xlsx_xml_open(archive, path, part_max, &strings->xml, err) < 0)
		return -1;
	if (!strings->xml.file)
		return err_set(err, ERR_DATA, "bad-workbook: the part %s is missing", path);
	XML_SetElementHandler(strings->xml.parser, on_start, on_end);
	XML_SetCharacterDataHandler(strings->xml.parser, on_text);
	return 0;
}

int xlsx_strings_step(struct xlsx_strings *strings, bool *ret_more, struct err *err)
{
	*ret_more = false;
	if (!strings->xml.parser)
		return 0;
	if (xlsx_xml_step(&strings->xml, err) < 0)
		return -1;
	*ret_more = !strings->xml.ended;
	if (strings->xml.ended)
		xlsx_xml_close(&strings->xml);
	return 0;
}

static int start_of(struct xlsx_strings *strings, int64_t number, uint64_t *ret, struct err *err)
{
	if (number == strings->count) {
		*ret = spool_size(strings->texts);
		return 0;
	}
	buf_reset(&strings->place);
	if (spool_copy(strings->starts, (size_t)number * sizeof(*ret), sizeof(*ret),
		    &strings->place, err) < 0)
		return -1;
	memcpy(ret, strings->place.data, sizeof(*ret));
	return 0;
}

int xlsx_strings_copy(
	struct xlsx_strings *strings, int64_t number, struct buf *out, struct err *err)
{
	uint64_t from = 0, until = 0;

	if (number < 0 || number >= strings->count)
		return err_set(err, ERR_DATA,
			"bad-workbook: a cell names a shared text that is not there");
	if (start_of(strings, number, &from, err) < 0 ||
		start_of(strings, number + 1, &until, err) < 0)
		return -1;
	return spool_copy(strings->texts, from, until - from, out, err);
}
