#include "fuzz/fuzz.h"

#include <string.h>

#include "collectors/frame_csv.h"
#include "core/buf.h"

struct seen {
	struct buf text;
	int64_t last_number, last_offset;
	size_t width;
};

static void note(struct seen *seen, char mark, const struct frame_row *row)
{
	MUST(row->number > seen->last_number && row->offset >= seen->last_offset);
	seen->last_number = row->number;
	seen->last_offset = row->offset;
	buf_format(
		&seen->text, "%c%lld@%lld", mark, (long long)row->number, (long long)row->offset);
	for (size_t i = 0; i < row->count; i++) {
		MUST(strlen(row->cell[i].text) == row->cell[i].length);
		buf_add_char(&seen->text, '|');
		buf_add(&seen->text, row->cell[i].text, row->cell[i].length);
	}
	buf_add_char(&seen->text, '\n');
}

static int on_header(void *arg, const struct frame_row *row, struct err *err)
{
	struct seen *seen = arg;
	(void)err;
	MUST(seen->width == 0);
	seen->width = row->count;
	note(arg, 'H', row);
	return 0;
}

static int on_row(void *arg, const struct frame_row *row, struct err *err)
{
	struct seen *seen = arg;
	(void)err;
	MUST(row->count == seen->width);
	note(arg, 'R', row);
	return 0;
}

static int on_refused(void *arg, const struct frame_row *row, const char *code, const char *reason,
	struct err *err)
{
	(void)err;
	MUST(*code != '\0' && *reason != '\0');
	note(arg, 'X', row);
	return 0;
}

static int on_skipped(void *arg, const struct frame_row *row, enum frame_skip why, struct err *err)
{
	(void)err;
	note(arg, why == FRAME_SKIP_TOTAL ? 'T' : 'A', row);
	return 0;
}

static int frame(const struct frame_csv_options *options, const char *bytes, size_t count,
	size_t step, struct seen *seen)
{
	static const struct frame_handler handler = { on_header, on_row, on_refused, on_skipped };
	struct err err = ERR_INIT;
	struct frame_csv *csv = frame_csv_new(options, &handler, seen);
	int answer = 0;

	*seen = (struct seen){ .last_number = 0 };
	buf_init(&seen->text, 16 << 20);
	for (size_t at = 0; answer == 0 && at < count; at += step)
		answer = frame_csv_feed(
			csv, bytes + at, count - at < step ? count - at : step, &err);
	if (answer == 0)
		answer = frame_csv_finish(csv, &err);
	MUST((answer == 0) == (err.code == ERR_NONE));
	frame_csv_free(csv);
	return answer;
}

/* The first bytes choose options and cutting: rows and places must not depend on the latter. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	struct seen whole, pieces;

	if (count < 3)
		return 0;
	struct frame_csv_options options = { .delimiter = bytes[0] & 1 ? ';' : ',',
		.header_row = bytes[0] >> 1 & 3,
		.header_contains = bytes[0] & 8 ? "a" : NULL,
		.header_lines = bytes[0] & 16 ? 2 : 1,
		.ragged = bytes[0] & 32 ? FRAME_RAGGED_PAD : FRAME_RAGGED_REFUSE,
		.last = bytes[0] & 64 ? FRAME_LAST_REFUSE : FRAME_LAST_ACCEPT,
		.keep_totals = bytes[0] & 128,
		.columns_max = 64 };
	int first = frame(&options, (const char *)bytes + 2, count - 2, count, &whole);
	int second =
		frame(&options, (const char *)bytes + 2, count - 2, 1 + bytes[1] % 19, &pieces);
	/* what a container begins with is only looked for in one piece */
	bool container = memmem(bytes + 2, count - 2, "PK\3\4", 4) ||
			 memmem(bytes + 2, count - 2, "\xD0\xCF\x11\xE0", 4);
	MUST(container || first == second);
	MUST(first < 0 || container || strcmp(whole.text.data, pieces.text.data) == 0);
	buf_free(&whole.text);
	buf_free(&pieces.text);
	return 0;
}
