/* Cells merged downwards: a label that stands once and is meant for several rows. */
#include <stdlib.h>
#include <string.h>

#include "collectors/frame_xlsx_parts.h"
#include "core/mem.h"
#include "core/text.h"

enum { RANGES_MAX = 1 << 18, COLUMNS_MAX = 512, LABEL_MAX = 4096, SCAN_BYTES = 64 * 1024 };

struct range {
	int32_t from, until; /* rows */
	uint16_t column;
};

struct label {
	int64_t until; /* row; 0 = none */
	char *text;
	struct frame_cell cell;
};

struct xlsx_merges {
	struct xlsx_xml xml; /* first: it is the parser's user data */
	zip_t *archive;
	const char *path;
	size_t part_max, left;
	zip_file_t *scan; /* before anything is parsed: whether the word occurs at all */
	size_t kept;      /* bytes of the piece before, in front of room */
	struct range *range;
	size_t count, capacity, at;
	struct label label[COLUMNS_MAX];
	size_t width; /* one more than the last column with a label */
	char room[SCAN_BYTES];
};

static const char WORD[] = "mergeCell";
enum { WORD_LENGTH = sizeof(WORD) - 1 };

struct xlsx_merges *xlsx_merges_new(void)
{
	return mem_zero(1, sizeof(struct xlsx_merges));
}

static void forget(struct xlsx_merges *merges)
{
	xlsx_xml_close(&merges->xml);
	if (merges->scan)
		zip_fclose(merges->scan);
	merges->scan = NULL;
	for (size_t i = 0; i < merges->width; i++) {
		free(merges->label[i].text);
		merges->label[i] = (struct label){ .until = 0 };
	}
	merges->width = merges->count = merges->at = merges->kept = 0;
}

void xlsx_merges_free(struct xlsx_merges *merges)
{
	if (!merges)
		return;
	forget(merges);
	free(merges->range);
	free(merges);
}

static void on_start(void *arg, const XML_Char *name, const XML_Char **pairs)
{
	struct xlsx_merges *merges = XML_GetUserData(arg);
	const char *text = xlsx_attribute((const char *const *)pairs, "ref");
	size_t column, last;
	int64_t from, until;

	if (strcmp(xlsx_local(name), WORD) != 0 || !text || merges->xml.failed)
		return;
	const char *colon = strchr(text, ':');
	if (!colon || !xlsx_reference(text, &column, &from) ||
		!xlsx_reference(colon + 1, &last, &until) || until <= from || until > INT32_MAX ||
		column >= COLUMNS_MAX)
		return;
	if (merges->count == RANGES_MAX) {
		xlsx_xml_fail(&merges->xml, ERR_LIMIT, "too-large: too many merged cells");
		return;
	}
	MEM_GROW(merges->range, merges->count, merges->capacity);
	merges->range[merges->count++] =
		(struct range){ (int32_t)from, (int32_t)until, (uint16_t)column };
}

int xlsx_merges_open(struct xlsx_merges *merges, zip_t *archive, const char *path, size_t part_max,
	struct err *err)
{
	forget(merges);
	merges->archive = archive;
	merges->path = path;
	merges->part_max = merges->left = part_max;
	merges->scan = zip_fopen(archive, path, 0);
	if (merges->scan || zip_error_code_zip(zip_get_error(archive)) == ZIP_ER_NOENT)
		return 0; /* the one who reads the rows tells that it is missing */
	return err_set(
		err, ERR_DATA, "torn: part %s cannot be read: %s", path, zip_strerror(archive));
}

static int by_row(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return x->from != y->from ? (x->from > y->from) - (x->from < y->from)
				  : (x->column > y->column) - (x->column < y->column);
}

/* Parts in another encoding than UTF-8 are parsed anyway. */
static bool two_bytes(const char *piece, size_t count)
{
	return count >= 2 &&
	       (memcmp(piece, "\xFF\xFE", 2) == 0 || memcmp(piece, "\xFE\xFF", 2) == 0);
}

/* One piece. Returns true when the part must be parsed; *ret_ended at its end. */
static bool scan(struct xlsx_merges *merges, bool *ret_ended)
{
	zip_int64_t count =
		zip_fread(merges->scan, merges->room + merges->kept, SCAN_BYTES - merges->kept);

	/* What is torn or too large is told by the one who reads the rows. */
	*ret_ended = count <= 0 || (size_t)count > merges->left;
	if (*ret_ended)
		return false;
	bool first = merges->left == merges->part_max;
	merges->left -= (size_t)count;
	size_t used = merges->kept + (size_t)count;
	if ((first && two_bytes(merges->room, used)) ||
		memmem(merges->room, used, WORD, WORD_LENGTH))
		return true;
	merges->kept = used < WORD_LENGTH - 1 ? used : WORD_LENGTH - 1;
	memmove(merges->room, merges->room + used - merges->kept, merges->kept);
	return false;
}

static int start_parse(struct xlsx_merges *merges, struct err *err)
{
	if (xlsx_xml_open(merges->archive, merges->path, merges->part_max, &merges->xml, err) < 0)
		return -1;
	XML_SetStartElementHandler(merges->xml.parser, on_start);
	return 0;
}

int xlsx_merges_step(struct xlsx_merges *merges, bool *ret_more, struct err *err)
{
	bool ended = false;

	*ret_more = true;
	if (merges->scan) {
		bool found = scan(merges, &ended);
		if (found || ended) {
			zip_fclose(merges->scan);
			merges->scan = NULL;
		}
		*ret_more = !ended;
		return found ? start_parse(merges, err) : 0;
	}
	if (!merges->xml.parser) {
		*ret_more = false;
		return 0;
	}
	if (xlsx_xml_step(&merges->xml, err) < 0)
		return -1;
	*ret_more = !merges->xml.ended;
	if (merges->xml.ended) {
		xlsx_xml_close(&merges->xml);
		if (merges->count > 0)
			qsort(merges->range, merges->count, sizeof(*merges->range), by_row);
	}
	return 0;
}

size_t xlsx_merges_width(const struct xlsx_merges *merges, int64_t row)
{
	size_t width = 0;

	for (size_t i = 0; i < merges->width; i++) {
		if (merges->label[i].until >= row)
			width = i + 1;
	}
	return width;
}

static void note(struct xlsx_merges *merges, const struct range *range, struct frame_cell *cell)
{
	struct label *label = &merges->label[range->column];

	if (cell->length == 0 || cell->length > LABEL_MAX)
		return;
	free(label->text);
	*label = (struct label){
		.until = range->until, .text = mem_text_n(cell->text, cell->length), .cell = *cell
	};
	label->cell.text = label->text;
	label->cell.merged = true;
	if (merges->width <= range->column)
		merges->width = range->column + 1U;
}

void xlsx_merges_fill(
	struct xlsx_merges *merges, int64_t row, struct frame_cell *cell, size_t count)
{
	const struct frame_row alone = { .cell = cell, .count = count };

	/* A line that is blank beside its labels stays blank. */
	if (!frame_row_is_blank(&alone)) {
		for (size_t i = 0; i < merges->width && i < count; i++) {
			if (merges->label[i].until >= row && cell[i].length == 0)
				cell[i] = merges->label[i].cell;
		}
	}
	for (; merges->at < merges->count && merges->range[merges->at].from <= row; merges->at++) {
		const struct range *range = &merges->range[merges->at];
		if (range->from == row && range->column < count)
			note(merges, range, &cell[range->column]);
	}
}

static void on_probe(void *arg, const XML_Char *name, const XML_Char **pairs)
{
	struct xlsx_probe *probe = XML_GetUserData(arg);
	const char *local = xlsx_local(name);

	(void)pairs;
	probe->found |= strcmp(local, "v") == 0 || strcmp(local, "t") == 0;
}

int xlsx_probe_open(struct xlsx_probe *probe, zip_t *archive, const char *path, size_t part_max,
	struct err *err)
{
	*probe = (struct xlsx_probe){ .found = false };
	if (xlsx_xml_open(archive, path, part_max, &probe->xml, err) < 0)
		return -1;
	if (probe->xml.parser)
		XML_SetStartElementHandler(probe->xml.parser, on_probe);
	return 0;
}

int xlsx_probe_step(struct xlsx_probe *probe, bool *ret_more, struct err *err)
{
	int status = 0;

	*ret_more = false;
	if (probe->xml.parser) {
		status = xlsx_xml_step(&probe->xml, err);
		*ret_more = status == 0 && !probe->found && !probe->xml.ended;
	}
	if (!*ret_more)
		xlsx_xml_close(&probe->xml);
	return status;
}
