#include "collectors/json_input.h"

#include "collectors/charset.h"
#include "collectors/reader.h"
#include "core/mem.h"

enum { RECENT_MAX = 9 << 20 };

struct json_input {
	struct frame_json *frame;
	struct charset *charset; /* NULL = UTF-8 */
	frame_json_fn record;
	void *arg;
	/* The piece that is fed, and what earlier ones left of the record that is under way. */
	const char *piece;
	int64_t piece_at;
	struct buf recent;
	int64_t recent_at;
	const struct json_record *current; /* while the callback runs */
	const char *current_bytes;
};

struct json_input *json_input_new(void)
{
	struct json_input *input = mem_zero(1, sizeof(*input));

	buf_init(&input->recent, RECENT_MAX);
	return input;
}

static void drop_file(struct json_input *input)
{
	frame_json_free(input->frame);
	charset_free(input->charset);
	input->frame = NULL;
	input->charset = NULL;
	buf_reset(&input->recent);
	input->recent_at = input->piece_at = 0;
}

void json_input_free(struct json_input *input)
{
	if (!input)
		return;
	drop_file(input);
	buf_free(&input->recent);
	free(input);
}

static int too_large(struct err *err)
{
	return err_set(
		err, ERR_LIMIT, "json-large: more than %d bytes without a record", RECENT_MAX);
}

/* Most records lie within the piece; of one that began earlier, what is missing is added. */
static int find_bytes(struct json_input *input, const struct json_record *record, struct err *err)
{
	int64_t have = input->recent_at + (int64_t)input->recent.used;

	if (record->offset >= input->piece_at) {
		input->current_bytes = input->piece + (record->offset - input->piece_at);
		return 0;
	}
	if (record->end > have && buf_add(&input->recent, input->piece + (have - input->piece_at),
					  (size_t)(record->end - have)))
		return too_large(err);
	input->current_bytes = input->recent.data + (record->offset - input->recent_at);
	return 0;
}

static int on_record(void *arg, const struct json_record *record, struct err *err)
{
	struct json_input *input = arg;

	if (find_bytes(input, record, err) < 0)
		return -1;
	input->current = record;
	int status = input->record(input->arg, record, err);
	input->current = NULL;
	return status;
}

/* What stays of a piece is at most one unfinished record. */
static int feed_utf8(void *arg, const char *bytes, size_t count, struct err *err)
{
	struct json_input *input = arg;
	int64_t piece_end = input->piece_at + (int64_t)count;

	input->piece = bytes;
	if (input->recent.used + count > RECENT_MAX)
		return too_large(err);
	if (frame_json_feed(input->frame, bytes, count, err))
		return -1;
	int64_t from = frame_json_last_end(input->frame);
	if (from > input->piece_at) {
		buf_reset(&input->recent);
		input->recent_at = from;
	} else {
		from = input->piece_at;
	}
	if (buf_add(&input->recent, bytes + (from - input->piece_at), (size_t)(piece_end - from)))
		return too_large(err);
	input->piece_at = piece_end;
	return 0;
}

int json_input_begin(struct json_input *input, const struct frame_json_options *options,
	const char *encoding, frame_json_fn record, void *arg, struct err *err)
{
	drop_file(input);
	input->record = record;
	input->arg = arg;
	input->frame = frame_json_new(options, on_record, input);
	if (!encoding || encoding[0] == '\0')
		return 0;
	input->charset = charset_new(encoding, feed_utf8, input, err);
	return input->charset ? 0 : -1;
}

int json_input_feed(struct json_input *input, const char *bytes, size_t count, struct err *err)
{
	return input->charset ? charset_feed(input->charset, bytes, count, err)
			      : feed_utf8(input, bytes, count, err);
}

int json_input_end(struct json_input *input, struct err *err)
{
	if (input->charset && charset_finish(input->charset, err))
		return -1;
	return frame_json_finish(input->frame, err);
}

const char *json_input_bytes(const struct json_input *input, size_t *ret_length)
{
	const struct json_record *record = input->current;

	*ret_length = record ? (size_t)(record->end - record->offset) : 0;
	return record ? input->current_bytes : "";
}

void json_input_text(const struct json_input *input, struct buf *out)
{
	size_t length = 0;
	const char *bytes = json_input_bytes(input, &length);

	if (length > 0)
		buf_add(out, bytes, length);
}

bool json_input_whole(const struct json_input *input, const struct json_record *record)
{
	return record->root == frame_json_envelope(input->frame);
}

/* The bytes from `place` on, until the brackets opened since then are closed again outside of strings. */
struct scan {
	int64_t at;
	int depth;
	bool quoted, escaped;
};
_Static_assert(sizeof(struct scan) <= READER_SCAN_BYTES, "the scan must fit its room");

bool json_input_find(void *room, const char *bytes, size_t count, int64_t place, struct buf *out)
{
	struct scan *scan = room;

	for (size_t i = 0; i < count; i++) {
		char c = bytes[i];
		if (scan->at++ < place)
			continue;
		buf_add_char(out, c);
		if (scan->escaped)
			scan->escaped = false;
		else if (scan->quoted && c == '\\')
			scan->escaped = true;
		else if (c == '"')
			scan->quoted = !scan->quoted;
		else if (!scan->quoted && (c == '{' || c == '['))
			scan->depth++;
		else if (!scan->quoted && (c == '}' || c == ']') && --scan->depth == 0)
			return true;
	}
	return false;
}
