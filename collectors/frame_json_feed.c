/* Bytes on their way to a JSON frame: byte order mark, NaN, whole records past yajl, everything else to yajl. */
#include "collectors/frame_json_own.h"

#include <string.h>

#include "collectors/json_whole.h"

/* What stands at the place of a syntax error, when it is one of the numbers that are none. */
static const char *not_a_number(const char *bytes, size_t count, size_t at)
{
	for (size_t i = at > 0 ? at - 1 : 0; i <= at && i < count; i++) {
		if (bytes[i] == 'N')
			return "NaN is not a JSON number";
		if (bytes[i] == 'I')
			return "Infinity is not a JSON number";
	}
	return NULL;
}

static int syntax_error(struct frame_json *frame, const char *bytes, size_t count, struct err *err)
{
	size_t at = yajl_get_bytes_consumed(frame->yajl);
	const char *named = not_a_number(bytes, count, at);
	unsigned char *text = yajl_get_error(frame->yajl, 0, (const unsigned char *)bytes, count);
	int length = (int)strcspn((const char *)text, ".\n");

	err_set(err, ERR_DATA, "json-syntax: %.*s at byte %lld", named ? 64 : length,
		named ? named : (const char *)text, (long long)(frame->base + (int64_t)at));
	yajl_free_error(frame->yajl, text);
	return -1;
}

/* yajl keeps an unfinished token, however long. */
static int check_unfinished(const struct frame_json *frame, struct err *err)
{
	if (frame->fed - frame->last_end <= (int64_t)frame->options.record_max)
		return 0;
	return err_set(err, ERR_LIMIT, "json-large: a value of more than %zu bytes at byte %lld",
		frame->options.record_max, (long long)frame->last_end);
}

/* What yajl did not see, or is not to see again: the callbacks are told nothing of it. */
static void tell_yajl(struct frame_json *frame, const char *text)
{
	frame->muted = true;
	if (yajl_parse(frame->yajl, (const unsigned char *)text, strlen(text)) != yajl_status_ok)
		BUG("yajl does not take \"%s\"", text);
	frame->muted = false;
}

/* A handle that was stopped cannot go on: another one is led to where it stood, in the array of records or nowhere. */
static void start_yajl_anew(struct frame_json *frame)
{
	yajl_free(frame->yajl);
	frame->yajl = NULL;
	frame->partly = false;
	if (frame->depth == 0)
		return;
	frame->yajl = frame_json_yajl(frame);
	for (int i = 0; i < frame->depth; i++)
		tell_yajl(frame, frame->level[i].node->type == JSON_OBJECT ? "{\"\":" : "[");
	if (frame->begun)
		tell_yajl(frame, "null");
}

/* To yajl: all of it, or up to where a record may begin. */
static int pass_yajl(struct frame_json *frame, const char *bytes, size_t count, size_t *ret_used,
	struct err *err)
{
	if (!frame->yajl)
		frame->yajl = frame_json_yajl(frame);
	frame->base = frame->fed;
	frame->stops = false;
	yajl_status status = yajl_parse(frame->yajl, (const unsigned char *)bytes, count);
	if (status == yajl_status_client_canceled && !frame->stops)
		return err_set(err, frame->err.code, "%s", frame->err.text);
	if (status != yajl_status_client_canceled && status != yajl_status_ok)
		return syntax_error(frame, bytes, count, err);
	*ret_used = frame->stops ? yajl_get_bytes_consumed(frame->yajl) : count;
	frame->fed += (int64_t)*ret_used;
	frame->partly = true;
	if (frame->stops)
		start_yajl_anew(frame);
	return check_unfinished(frame, err);
}

/* Records -------------------------------------------------------------------------------------------------------------- */

/* Between two tokens, outside of any record, where one may begin. */
static bool at_record(const struct frame_json *frame)
{
	return !frame->partly && frame->record_depth < 0 && !frame->pending &&
	       (frame->depth == 0 || frame->level[frame->depth - 1].records);
}

static int take(struct frame_json *frame, struct json_node *root, size_t used, struct err *err)
{
	if (!frame_json_take(frame, root, used))
		return err_set(err, frame->err.code, "%s", frame->err.text);
	frame->fed += (int64_t)used;
	if (frame->depth > 0)
		tell_yajl(frame, "null");
	return 0;
}

/* bytes[0] is '{'. What is not plain, or too long to be waited for, is yajl's. */
static int pass_object(struct frame_json *frame, const char *bytes, size_t count, size_t *ret_used,
	struct err *err)
{
	bool root = frame->depth == 0;
	struct json_arena *arena = root ? &frame->envelope_arena : &frame->record_arena;
	struct json_whole_limits limits = { .levels = FRAME_DEPTH_MAX - frame->depth,
		.names = FRAME_NAMES_MAX };
	size_t most = frame->options.record_max < FRAME_WHOLE_MAX ? frame->options.record_max
								  : FRAME_WHOLE_MAX;
	struct json_node *record = NULL;

	if ((root && frame->options.package) || (!root && frame->begun && !frame->comma))
		return pass_yajl(frame, bytes, count, ret_used, err);
	json_arena_reset(arena);
	if (root)
		frame->envelope = NULL;
	enum json_whole found = json_whole_read(arena, &limits, bytes, count, &record, ret_used);
	if (found == JSON_WHOLE_TAKEN && *ret_used <= frame->options.record_max &&
		!(root && frame_json_holds_records(frame, record)))
		return take(frame, record, *ret_used, err);
	if (found == JSON_WHOLE_SHORT && count <= most) {
		buf_add(&frame->rest, bytes, count);
		*ret_used = count;
		return 0;
	}
	json_arena_reset(arena);
	return pass_yajl(frame, bytes, count, ret_used, err);
}

/* yajl, which saw the records before as null, knows whether a comma belongs here. */
static int pass_comma(
	struct frame_json *frame, const char *bytes, size_t *ret_used, struct err *err)
{
	int status = pass_yajl(frame, bytes, 1, ret_used, err);

	frame->partly = false;
	frame->comma = true;
	return status;
}

static int pass_record(struct frame_json *frame, const char *bytes, size_t count, size_t *ret_used,
	struct err *err)
{
	size_t space = 0;

	while (space < count && memchr(" \t\r\n", bytes[space], 4))
		space++;
	if (space > 0) {
		*ret_used = space;
		frame->fed += (int64_t)space;
		return check_unfinished(frame, err);
	}
	if (bytes[0] == '{' && !frame->options.nan_absent)
		return pass_object(frame, bytes, count, ret_used, err);
	if (bytes[0] == ',' && frame->depth > 0)
		return pass_comma(frame, bytes, ret_used, err);
	return pass_yajl(frame, bytes, count, ret_used, err);
}

static int pass(struct frame_json *frame, const char *bytes, size_t count, struct err *err)
{
	while (count > 0) {
		size_t used = 0;
		int status = at_record(frame) ? pass_record(frame, bytes, count, &used, err)
					      : pass_yajl(frame, bytes, count, &used, err);
		if (status < 0)
			return -1;
		bytes += used;
		count -= used;
	}
	return 0;
}

/* A record that began in an earlier piece is looked at again, with what came behind it. */
static int slice(struct frame_json *frame, const char *bytes, size_t count, struct err *err)
{
	if (frame->rest.used == 0)
		return pass(frame, bytes, count, err);
	struct buf whole = frame->rest;
	buf_init(&frame->rest, FRAME_WHOLE_MAX + FRAME_SLICE);
	int status = buf_add(&whole, bytes, count) < 0
			     ? err_set(err, ERR_LIMIT, "json-large: a record that does not end")
			     : pass(frame, whole.data, whole.used, err);
	buf_free(&whole);
	return status;
}

/* A piece on its way to the parser; NULL stands for a NaN. Offsets stay those of the input: null has one letter more. */
static int pass_slice(void *arg, const char *bytes, size_t count, struct err *err)
{
	struct frame_json *frame = arg;

	if (bytes)
		return slice(frame, bytes, count, err);
	frame->fed--;
	return slice(frame, "null", 4, err);
}

static int feed_slice(struct frame_json *frame, const char *bytes, size_t count, struct err *err)
{
	if (!frame->options.nan_absent)
		return slice(frame, bytes, count, err);
	return json_nan_feed(&frame->nan, bytes, count, pass_slice, frame, err);
}

/* Skips a byte order mark, which may come in pieces; returns how many bytes of this piece belong to it. */
static size_t skip_bom(struct frame_json *frame, const char *bytes, size_t count)
{
	static const char mark[3] = { (char)0xef, (char)0xbb, (char)0xbf };
	size_t skipped = 0;

	while (frame->bom >= 0 && frame->bom < 3 && skipped < count) {
		if (bytes[skipped] != mark[frame->bom])
			break;
		frame->bom++;
		skipped++;
	}
	if (skipped < count)
		frame->bom = -1;
	frame->fed += (int64_t)skipped;
	return skipped;
}

static int look_at_start(struct frame_json *frame, const char *bytes, size_t count, struct err *err)
{
	for (size_t i = 0; frame->blank && i < count; i++) {
		if (memchr(" \t\r\n", bytes[i], 4))
			continue;
		frame->blank = false;
		frame->last_end = frame->fed + (int64_t)i;
		if (bytes[i] == '<')
			return err_set(err, ERR_DATA,
				"not-json: the input begins with '<', so it is a web page or XML");
	}
	return 0;
}

int frame_json_feed(struct frame_json *frame, const char *bytes, size_t count, struct err *err)
{
	if (frame->failed)
		BUG("a JSON frame is fed after it failed");
	if (frame->bom >= 0) {
		size_t skipped = skip_bom(frame, bytes, count);
		bytes += skipped;
		count -= skipped;
	}
	while (count > 0) {
		size_t size = count < FRAME_SLICE ? count : FRAME_SLICE;
		if (look_at_start(frame, bytes, size, err) || feed_slice(frame, bytes, size, err)) {
			frame->failed = true;
			return -1;
		}
		bytes += size;
		count -= size;
	}
	return 0;
}

/* What began and did not end is yajl's to judge. */
static int end_rest(struct frame_json *frame, struct err *err)
{
	const char *bytes = frame->rest.data;
	size_t left = frame->rest.used, used = 0;

	for (; left > 0; left -= used, bytes += used)
		if (pass_yajl(frame, bytes, left, &used, err) < 0)
			return -1;
	return 0;
}

int frame_json_finish(struct frame_json *frame, struct err *err)
{
	if (frame->failed)
		BUG("a JSON frame is finished after it failed");
	frame->failed = true; /* whatever follows, nothing more may be fed */
	if (frame->blank)
		return err_set(err, ERR_DATA, "not-json: the input is empty");
	if (json_nan_finish(&frame->nan, pass_slice, frame, err))
		return -1;
	if (end_rest(frame, err) < 0)
		return -1;
	if (!frame->yajl)
		return 0; /* records alone, the last one whole */
	frame->base = frame->fed;
	frame->stops = false;
	yajl_status status = yajl_complete_parse(frame->yajl);
	if (frame->stops)
		return 0; /* a number, whose end is the end of the input */
	if (status == yajl_status_client_canceled)
		return err_set(err, frame->err.code, "%s", frame->err.text);
	if (status != yajl_status_ok)
		return err_set(err, ERR_DATA,
			"json-torn: the input ends inside a value at byte %lld",
			(long long)frame->fed);
	return 0;
}
