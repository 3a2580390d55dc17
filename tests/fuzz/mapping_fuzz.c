#include "fuzz/fuzz.h"

#include <string.h>

#include "collectors/frame_csv.h"
#include "collectors/mapping.h"
#include "core/mem.h"
#include "core/text.h"

enum { RULES_MAX = 8 };

static int on_header(void *arg, const struct frame_row *row, struct err *err)
{
	return mapping_header(arg, row, err);
}

static void check_row(const struct mapping_result *result)
{
	for (int i = 0; i < result->row.kind->count; i++) {
		const struct kind_column *column = &result->row.kind->columns[i];
		const struct kind_value *value = &result->row.value[i];
		MUST(value->text != NULL);
		MUST(text_utf8_valid(value->text, value->length, NULL));
		if (column->type == KIND_FEN && !value->null && !(column->flags & KIND_NEGATIVE))
			MUST(value->number >= 0);
		if (column->type == KIND_DATE && !value->null)
			MUST(value->day != DAY_NONE);
		if (column->type == KIND_INT && (column->flags & KIND_INT32) && !value->null)
			MUST(value->number <= INT32_MAX && value->number >= INT32_MIN);
	}
	if (result->row.extra)
		MUST(text_utf8_valid(result->row.extra, strlen(result->row.extra), NULL));
}

static int on_row(void *arg, const struct frame_row *row, struct err *err)
{
	struct mapping_result result;

	(void)err;
	switch (mapping_row(arg, row, &result)) {
	case MAPPING_ROW:
		check_row(&result);
		break;
	case MAPPING_REFUSED:
		MUST(result.refusal.code && result.refusal.field &&
			result.refusal.reason[0] != '\0');
		MUST(text_utf8_valid(result.refusal.value, strlen(result.refusal.value), NULL));
		break;
	case MAPPING_TOTAL:
		break;
	}
	return 0;
}

/* First byte: kind and mode. Then lines of rules up to an empty line, then the table. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	static const struct frame_handler handler = { .header = on_header, .row = on_row };
	const char *rules[RULES_MAX + 1] = { NULL };
	struct err err = ERR_INIT;
	size_t rule_count = 0;

	if (count < 2 || !text_utf8_valid((const char *)bytes + 1, count - 1, NULL))
		return 0;
	_cleanup_free_ char *text = mem_text_n((const char *)bytes + 1, count - 1);
	char *at = text;
	while (*at != '\0' && *at != '\n' && rule_count < RULES_MAX) {
		char *end = strchrnul(at, '\n');
		bool last = *end == '\0';
		*end = '\0';
		rules[rule_count++] = at;
		at = last ? end : end + 1;
	}
	struct mapping_options options = { .kind = kind_table[(bytes[0] & 15) % KIND_COUNT],
		.strict = bytes[0] & 16,
		.rules = bytes[0] & 16 ? NULL : rules };
	struct mapping *mapping = mapping_new(&options, &err);
	if (!mapping) {
		MUST(err.code == ERR_USAGE);
		return 0;
	}
	struct frame_csv *csv = frame_csv_new(
		&(struct frame_csv_options){ .ragged = FRAME_RAGGED_PAD }, &handler, mapping);
	at += *at == '\n';
	if (frame_csv_feed(csv, at, strlen(at), &err) == 0)
		(void)frame_csv_finish(csv, &err);
	frame_csv_free(csv);
	mapping_free(mapping);
	return 0;
}
