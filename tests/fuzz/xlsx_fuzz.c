#include "fuzz/fuzz.h"

#include <string.h>

#include <zip.h>

#include "collectors/frame_xlsx.h"
#include "core/buf.h"

/* The parts of a workbook, divided by NUL in the input: workbook, relations, sheet, texts, styles. */
static const char *const names[] = { "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
	"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml" };
enum { PARTS = 5 };

static void pack(const uint8_t *bytes, size_t count, struct buf *out)
{
	zip_source_t *memory = zip_source_buffer_create(NULL, 0, 0, NULL);
	zip_t *archive = zip_open_from_source(memory, ZIP_CREATE | ZIP_TRUNCATE, NULL);
	char room[4096];
	zip_int64_t taken;

	MUST(archive);
	zip_source_keep(memory);
	for (int i = 0; i < PARTS; i++) {
		const uint8_t *end = memchr(bytes, 0, count);
		size_t length = end ? (size_t)(end - bytes) : count;
		zip_int64_t at = zip_file_add(
			archive, names[i], zip_source_buffer(archive, bytes, length, 0), 0);
		zip_set_file_compression(archive, (zip_uint64_t)at, ZIP_CM_STORE, 0);
		bytes += length + (end != NULL);
		count -= length + (end != NULL);
	}
	MUST(zip_close(archive) == 0 && zip_source_open(memory) == 0);
	while ((taken = zip_source_read(memory, room, sizeof(room))) > 0)
		buf_add(out, room, (size_t)taken);
	zip_source_close(memory);
	zip_source_free(memory);
}

static int on_row(void *arg, const struct frame_row *row, struct err *err)
{
	int64_t *last = arg;

	(void)err;
	MUST(row->number >= *last && row->count <= 64);
	*last = row->number;
	for (size_t i = 0; i < row->count; i++)
		MUST(strlen(row->cell[i].text) == row->cell[i].length);
	return 0;
}

static void read_book(const char *bytes, size_t count)
{
	static const struct frame_handler handler = { .header = on_row, .row = on_row };
	struct frame_xlsx_options options = { .table.columns_max = 64,
		.table.cell_max = 1 << 16,
		.table.row_max = 1 << 18,
		.strings_max = 1 << 18 };
	struct err err = ERR_INIT;
	int64_t last = 0;
	bool more = true;
	struct frame_xlsx *xlsx = frame_xlsx_new(&options, &handler, &last);
	int answer = frame_xlsx_feed(xlsx, bytes, count, &err);

	if (answer == 0)
		answer = frame_xlsx_open(xlsx, &err);
	while (answer == 0 && more)
		answer = frame_xlsx_step(xlsx, &more, &err);
	MUST((answer == 0) == (err.code == ERR_NONE));
	frame_xlsx_free(xlsx);
}

/* First byte: 0 = the rest are parts to pack, else a whole container. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	struct buf file;

	if (count < 2)
		return 0;
	if (bytes[0] != 0) {
		read_book((const char *)bytes + 1, count - 1);
		return 0;
	}
	buf_init(&file, 4 << 20);
	pack(bytes + 1, count - 1, &file);
	read_book(file.data, file.used);
	buf_free(&file);
	return 0;
}
