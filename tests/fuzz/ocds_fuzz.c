#include "fuzz/fuzz.h"

#include <string.h>

#include "collectors/ocds.h"
#include "collectors/source_config.h"
#include "core/text.h"

struct seen {
	const struct reader_type *type;
	struct reader *reader;
	int rows, refused;
	uint64_t hash;
};

static void mix(struct seen *seen, const void *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		seen->hash = (seen->hash ^ ((const unsigned char *)bytes)[i]) * 1099511628211u;
}

static bool is_word(const struct kind_column *column, const char *text)
{
	for (int i = 0; column->words && column->words[i]; i++)
		if (strcmp(column->words[i], text) == 0)
			return true;
	return text[0] == '\0';
}

static int on_row(void *arg, int file_no, struct kind_row *row, struct err *err)
{
	struct seen *seen = arg;

	(void)err;
	MUST(file_no == 1 && row->place >= 0);
	mix(seen, row->kind->name, strlen(row->kind->name));
	for (int i = 0; i < row->kind->count; i++) {
		const struct kind_column *column = &row->kind->columns[i];
		const struct kind_value *value = &row->value[i];
		MUST(value->text && strlen(value->text) == value->length);
		MUST(text_utf8_valid(value->text, value->length, NULL));
		MUST(column->type != KIND_WORD || is_word(column, value->text));
		MUST(column->type != KIND_FEN || value->null || value->number >= 0 ||
			column->flags & KIND_NEGATIVE);
		if ((column->flags & KIND_KEY) && (column->flags & KIND_REQUIRED))
			MUST(value->length > 0 || !value->null);
		mix(seen, value->text, value->length);
		mix(seen, &value->number, sizeof(value->number));
	}
	seen->rows++;
	return 0;
}

static int on_refused(void *arg, int file_no, const struct reader_refusal *refusal, struct err *err)
{
	struct seen *seen = arg;
	struct buf text;

	(void)file_no;
	(void)err;
	MUST(refusal->code[0] && refusal->reason[0] && refusal->field && refusal->value);
	buf_init(&text, 1 << 20);
	seen->type->text(seen->reader, &text);
	mix(seen, text.data, text.used);
	buf_free(&text);
	seen->refused++;
	return 0;
}

static void on_skipped(void *arg, int file_no, int64_t place)
{
	(void)arg;
	(void)file_no;
	MUST(place >= 0);
}

static int read_all(const char *bytes, size_t count, size_t step, struct seen *seen)
{
	static struct source_config config = { .next = (char *)"", .encoding = (char *)"" };
	struct reader_sink sink = {
		.row = on_row, .refused = on_refused, .skipped = on_skipped, .arg = seen
	};
	struct err err = ERR_INIT;
	bool more = true;

	*seen = (struct seen){ .type = &ocds_reader };
	seen->reader = ocds_reader.open(&config, &sink, &err);
	int answer = ocds_reader.begin(seen->reader, 1, "fuzz", &err);
	for (size_t at = 0; answer == 0 && at < count; at += step)
		answer = ocds_reader.feed(
			seen->reader, bytes + at, count - at < step ? count - at : step, &err);
	if (answer == 0)
		answer = ocds_reader.end(seen->reader, &err);
	while (answer == 0 && more)
		answer = ocds_reader.finish(seen->reader, &more, &err);
	MUST((answer == 0) == (err.code == ERR_NONE));
	ocds_reader.close(seen->reader);
	return answer;
}

/* A batch is read twice: both passes must give the same, however the bytes are cut. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	struct seen whole, pieces;

	if (count < 2)
		return 0;
	int first = read_all((const char *)bytes + 1, count - 1, count, &whole);
	int second = read_all((const char *)bytes + 1, count - 1, 1 + bytes[0] % 19, &pieces);
	MUST(first == second);
	MUST(whole.rows == pieces.rows && whole.refused == pieces.refused &&
		whole.hash == pieces.hash);
	return 0;
}
