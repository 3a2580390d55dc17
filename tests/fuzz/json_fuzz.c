#include "fuzz/fuzz.h"

#include <string.h>

#include "collectors/frame_json.h"
#include "core/buf.h"

struct seen {
	struct buf text;
	int64_t last_end, records;
};

static const char *const paths[] = { "releases", "a.b", NULL };

static void describe(struct seen *seen, const struct json_node *node, int depth)
{
	int count = 0;

	MUST(depth <= 64);
	MUST(strlen(node->text) <= node->length);
	MUST(node->type != JSON_NUMBER || json_is_number(node->text, node->length));
	buf_format(&seen->text, "%d", (int)node->type);
	buf_add(&seen->text, node->text, node->length);
	for (const struct json_node *child = node->first; child; child = child->next, count++) {
		MUST((child->key != NULL) == (node->type == JSON_OBJECT));
		/* A name with U+0000 cannot be asked for; its record says so in `nul`. */
		if (child->key && json_key_hash(child->key, strlen(child->key)) == child->key_hash)
			MUST(json_get(node, child->key) == child);
		describe(seen, child, depth + 1);
	}
	MUST(count == node->count);
	buf_add_char(&seen->text, ';');
}

static int on_record(void *arg, const struct json_record *record, struct err *err)
{
	struct seen *seen = arg;

	(void)err;
	MUST(record->number == ++seen->records);
	MUST(record->offset >= seen->last_end && record->end > record->offset);
	seen->last_end = record->end;
	buf_format(&seen->text, "%lld-%lld ", (long long)record->offset, (long long)record->end);
	describe(seen, record->root, 0);
	return 0;
}

static int frame(const struct frame_json_options *options, const char *bytes, size_t count,
	size_t step, struct seen *seen)
{
	struct frame_json *json = frame_json_new(options, on_record, seen);
	struct err err = ERR_INIT;
	int answer = 0;

	*seen = (struct seen){ .records = 0 };
	buf_init(&seen->text, 16 << 20);
	for (size_t at = 0; answer == 0 && at < count; at += step)
		answer = frame_json_feed(
			json, bytes + at, count - at < step ? count - at : step, &err);
	if (answer == 0)
		answer = frame_json_finish(json, &err);
	MUST((answer == 0) == (err.code == ERR_NONE));
	MUST(answer == 0 || err.code == ERR_DATA || err.code == ERR_LIMIT);
	frame_json_free(json);
	return answer;
}

/* The first bytes choose the shape and the cutting: records and places must not depend on the latter. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	struct seen whole, pieces;

	if (count < 3)
		return 0;
	struct frame_json_options options = {
		.paths = bytes[0] & 1 ? paths : NULL, .package = bytes[0] & 2, .record_max = 4096
	};
	int first = frame(&options, (const char *)bytes + 2, count - 2, count, &whole);
	int second =
		frame(&options, (const char *)bytes + 2, count - 2, 1 + bytes[1] % 19, &pieces);
	/* How long an unfinished value may get is looked at between pieces. */
	MUST(first == second || count > 4096);
	MUST(first < 0 || second < 0 || strcmp(whole.text.data, pieces.text.data) == 0);
	/* Where no NaN stands, reading records at once and reading them by yajl alone is the same. */
	if (!memmem(bytes + 2, count - 2, "NaN", 3)) {
		struct seen by_yajl;
		options.nan_absent = true;
		int third = frame(&options, (const char *)bytes + 2, count - 2, count, &by_yajl);
		MUST(first == third || count > 4096);
		MUST(first < 0 || third < 0 || strcmp(whole.text.data, by_yajl.text.data) == 0);
		buf_free(&by_yajl.text);
	}
	buf_free(&whole.text);
	buf_free(&pieces.text);
	return 0;
}
