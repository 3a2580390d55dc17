#include "collectors/frame_json.h"

#include <string.h>
#include <yajl/yajl_parse.h>

#include "collectors/json_nan.h"
#include "core/mem.h"
#include "core/text.h"

enum {
	DEPTH_MAX = 64,
	NAMES_MAX = 1024, /* names of one object; keeps the search for repeats cheap */
	PATHS_MAX = 4,
	SLICE = 64 * 1024,
	RECORD_MAX = 8 << 20,
	ARENA_FACTOR = 8 /* a record of small values takes more room as a tree */
};

struct level {
	struct json_node *node;
	bool records;  /* an array whose elements are records */
	unsigned live; /* envelope: bit p = all names down to here are the first steps of path p */
};

struct frame_json {
	struct frame_json_options options;
	frame_json_fn record;
	void *arg;
	yajl_handle yajl;
	struct json_nan nan;
	struct json_arena envelope_arena, record_arena;
	struct json_node *envelope; /* latest top-level object */
	struct level level[DEPTH_MAX];
	int depth;
	int record_depth; /* depth at which the current record's root stands; -1 = outside */
	struct json_node *pending; /* named, its value comes next */
	unsigned pending_live, pending_complete;
	bool found; /* the current top-level value held records */
	bool failed;
	struct err err; /* set by a callback */

	int64_t base;     /* offset of the slice in work */
	int64_t last_end; /* offset behind the last token */
	int64_t started;  /* offset of the current record or top-level value */
	bool nul;
	int64_t records, roots, fed, record_end;
	int bom; /* bytes of a byte order mark seen; -1 = decided */
	bool blank;
};

struct frame_json *frame_json_new(
	const struct frame_json_options *options, frame_json_fn record, void *arg)
{
	struct frame_json *frame = mem_zero(1, sizeof(*frame));
	int paths = 0;

	while (options->paths && options->paths[paths])
		paths++;
	if (paths > PATHS_MAX)
		BUG("%d record paths", paths);
	frame->options = *options;
	if (!frame->options.record_max)
		frame->options.record_max = RECORD_MAX;
	frame->record = record;
	frame->arg = arg;
	frame->record_depth = -1;
	frame->blank = true;
	json_arena_init(&frame->envelope_arena, frame->options.record_max * ARENA_FACTOR);
	json_arena_init(&frame->record_arena, frame->options.record_max * ARENA_FACTOR);
	return frame;
}

void frame_json_free(struct frame_json *frame)
{
	if (!frame)
		return;
	if (frame->yajl)
		yajl_free(frame->yajl);
	json_arena_free(&frame->envelope_arena);
	json_arena_free(&frame->record_arena);
	free(frame);
}

const struct json_node *frame_json_envelope(const struct frame_json *frame)
{
	return frame->envelope;
}

int64_t frame_json_records(const struct frame_json *frame)
{
	return frame->records;
}

int64_t frame_json_last_end(const struct frame_json *frame)
{
	return frame->record_end;
}

/* Offset behind the token that a callback is told about. */
static int64_t here(const struct frame_json *frame)
{
	return frame->base + (int64_t)yajl_get_bytes_consumed(frame->yajl);
}

static int fail(struct frame_json *frame, enum err_code code, const char *word, const char *what)
{
	err_set(&frame->err, code, "%s: %s at byte %lld", word, what, (long long)here(frame));
	return 0;
}

/* Stricter than yajl, which lets surrogates and overlong forms pass: a database refuses them, and a whole batch with
 * them. A NUL, which comes escaped only, is the record's fault. */
static bool is_utf8(struct frame_json *frame, const char *text, size_t length)
{
	size_t at = 0, bad = 0;

	while (!text_utf8_valid(text + at, length - at, &bad)) {
		at += bad;
		if (text[at] != '\0') {
			fail(frame, ERR_DATA, "bad-encoding", "a text that is not UTF-8");
			return false;
		}
		frame->nul = true;
		at++;
	}
	return true;
}

static int too_large(struct frame_json *frame)
{
	char what[64];

	snprintf(what, sizeof(what), "a value of more than %zu bytes", frame->options.record_max);
	return fail(frame, ERR_LIMIT, "json-large", what);
}

static struct json_arena *arena(struct frame_json *frame)
{
	return frame->record_depth >= 0 ? &frame->record_arena : &frame->envelope_arena;
}

/* Hands one finished record over and forgets it. */
static int emit(struct frame_json *frame, const struct json_node *root)
{
	struct json_record record = { .root = root,
		.number = ++frame->records,
		.offset = frame->started,
		.end = here(frame),
		.nul = frame->nul };
	int status = frame->record(frame->arg, &record, &frame->err);

	frame->nul = false;
	frame->record_end = record.end;
	if (status < 0 && frame->err.code == ERR_NONE)
		BUG("a record callback failed without saying why");
	return status >= 0;
}

/* Ends the value that stands at the current depth (its own level, if it had one, is gone already). */
static int value_end(struct frame_json *frame, struct json_node *node)
{
	int go_on = 1;

	if (frame->depth > 0 && frame->depth == frame->record_depth) {
		frame->record_depth = -1;
		go_on = emit(frame, node);
		json_arena_reset(&frame->record_arena);
	} else if (frame->depth == 0 && !frame->found) {
		if (frame->options.package)
			return fail(frame, ERR_DATA, "json-shape",
				"no array of records where one belongs");
		go_on = emit(frame, node);
	}
	return go_on;
}

/* A new top-level value: the former envelope is forgotten. */
static int root_begin(struct frame_json *frame)
{
	if (++frame->roots > 1 && frame->options.package)
		return fail(frame, ERR_DATA, "json-shape", "a second value after the package");
	json_arena_reset(&frame->envelope_arena);
	frame->envelope = NULL;
	frame->found = false;
	return 1;
}

/* The node for a value that begins now, hung where it belongs; NULL after fail(). */
static struct json_node *value_begin(struct frame_json *frame, enum json_type type)
{
	struct level *parent = frame->depth > 0 ? &frame->level[frame->depth - 1] : NULL;
	struct json_node *node = frame->pending;

	if (!parent && !root_begin(frame))
		return NULL;
	if (!parent || parent->records) {
		bool opens = type == JSON_OBJECT || type == JSON_ARRAY;
		frame->started = opens ? here(frame) - 1 : frame->last_end;
		frame->nul = false;
	}
	if (parent && parent->records)
		frame->record_depth = frame->depth;
	/* Around the records the ceiling of the arena is enough. */
	if ((frame->record_depth >= 0 || !frame->found) &&
		here(frame) - frame->started > (int64_t)frame->options.record_max) {
		too_large(frame);
		return NULL;
	}
	frame->pending = NULL;
	if (!node)
		node = json_node_new(arena(frame), type);
	if (!node) {
		too_large(frame);
		return NULL;
	}
	node->type = type;
	if (parent && !parent->records)
		json_node_add(parent->node, node);
	return node;
}

static int scalar(struct frame_json *frame, enum json_type type, const char *text, size_t length)
{
	struct json_node *node = value_begin(frame, type);

	if (!node)
		return 0;
	if (length && !json_node_text(arena(frame), node, text, length))
		return too_large(frame);
	frame->last_end = here(frame);
	return value_end(frame, node);
}

static int container(struct frame_json *frame, enum json_type type)
{
	bool root = frame->depth == 0, outside = frame->record_depth < 0;
	unsigned live = root ? (1u << PATHS_MAX) - 1 : frame->pending_live;
	bool complete = !root && frame->pending_complete != 0;

	if (frame->depth == DEPTH_MAX)
		return fail(frame, ERR_LIMIT, "json-deep", "more than 64 levels");
	struct json_node *node = value_begin(frame, type);
	if (!node)
		return 0;
	bool inside = frame->record_depth >= 0;
	struct level *level = &frame->level[frame->depth++];
	*level = (struct level){ .node = node };
	if (!inside && outside) {
		if (root && type == JSON_OBJECT)
			frame->envelope = node;
		level->live = type == JSON_OBJECT ? live : 0;
		level->records =
			type == JSON_ARRAY && (complete || (root && !frame->options.package));
		frame->found = frame->found || level->records;
	}
	frame->pending_live = frame->pending_complete = 0;
	frame->last_end = here(frame);
	return 1;
}

/* Step number `step` of a dotted path equals key; *ret_last: it is the last one. */
static bool step_matches(const char *path, int step, const char *key, size_t length, bool *ret_last)
{
	while (step-- > 0) {
		path += strcspn(path, ".");
		if (*path == '\0')
			return false;
		path++;
	}
	size_t count = strcspn(path, ".");
	*ret_last = path[count] == '\0';
	return count == length && memcmp(path, key, length) == 0;
}

static void follow_paths(struct frame_json *frame, const char *key, size_t length)
{
	const struct level *level = &frame->level[frame->depth - 1];
	const char *const *paths = frame->options.paths;

	frame->pending_live = frame->pending_complete = 0;
	if (frame->record_depth >= 0)
		return;
	for (int i = 0; paths && paths[i]; i++) {
		bool last = false;
		if (!(level->live & 1u << i) ||
			!step_matches(paths[i], frame->depth - 1, key, length, &last))
			continue;
		if (last)
			frame->pending_complete |= 1u << i;
		else
			frame->pending_live |= 1u << i;
	}
}

static int on_key(void *ctx, const unsigned char *bytes, size_t length)
{
	struct frame_json *frame = ctx;
	const char *key = (const char *)bytes;
	struct json_node *parent = frame->level[frame->depth - 1].node;

	if (parent->count >= NAMES_MAX)
		return fail(frame, ERR_LIMIT, "json-wide", "more than 1024 names in one object");
	if (!is_utf8(frame, key, length))
		return 0;
	struct json_node *node = json_node_new(arena(frame), JSON_NULL);
	if (!node || !json_node_key(arena(frame), node, key, length))
		return too_large(frame);
	for (const struct json_node *other = parent->first; other; other = other->next)
		if (other->key_hash == node->key_hash && strcmp(other->key, node->key) == 0)
			return fail(
				frame, ERR_DATA, "json-repeat", "a name comes twice in one object");
	frame->pending = node;
	follow_paths(frame, key, length);
	frame->last_end = here(frame);
	return 1;
}

static int on_null(void *ctx)
{
	return scalar(ctx, JSON_NULL, "", 0);
}

static int on_boolean(void *ctx, int value)
{
	return value ? scalar(ctx, JSON_BOOL, "true", 4) : scalar(ctx, JSON_BOOL, "false", 5);
}

static int on_number(void *ctx, const char *text, size_t length)
{
	return scalar(ctx, JSON_NUMBER, text, length);
}

static int on_string(void *ctx, const unsigned char *text, size_t length)
{
	struct frame_json *frame = ctx;

	if (!is_utf8(frame, (const char *)text, length))
		return 0;
	return scalar(frame, JSON_TEXT, (const char *)text, length);
}

static int on_start_map(void *ctx)
{
	return container(ctx, JSON_OBJECT);
}

static int on_start_array(void *ctx)
{
	return container(ctx, JSON_ARRAY);
}

static int on_end(void *ctx)
{
	struct frame_json *frame = ctx;
	struct json_node *node = frame->level[--frame->depth].node;

	frame->last_end = here(frame);
	if (node->type == JSON_OBJECT)
		json_unwrap(node);
	return value_end(frame, node);
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_map_key = on_key,
	.yajl_start_map = on_start_map,
	.yajl_end_map = on_end,
	.yajl_start_array = on_start_array,
	.yajl_end_array = on_end,
};

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

static int slice(struct frame_json *frame, const char *bytes, size_t count, struct err *err)
{
	if (!frame->yajl) {
		frame->yajl = yajl_alloc(&callbacks, NULL, frame);
		if (!frame->yajl)
			BUG("yajl_alloc failed");
		yajl_config(frame->yajl, yajl_allow_multiple_values, 1);
		yajl_config(frame->yajl, yajl_dont_validate_strings, 1); /* is_utf8() does */
	}
	frame->base = frame->fed;
	yajl_status status = yajl_parse(frame->yajl, (const unsigned char *)bytes, count);
	if (status == yajl_status_client_canceled)
		return err_set(err, frame->err.code, "%s", frame->err.text);
	if (status != yajl_status_ok)
		return syntax_error(frame, bytes, count, err);
	frame->fed += (int64_t)count;
	/* yajl keeps an unfinished token, however long. */
	if (frame->fed - frame->last_end > (int64_t)frame->options.record_max)
		return err_set(err, ERR_LIMIT,
			"json-large: a value of more than %zu bytes at byte %lld",
			frame->options.record_max, (long long)frame->last_end);
	return 0;
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
		size_t size = count < SLICE ? count : SLICE;
		if (look_at_start(frame, bytes, size, err) || feed_slice(frame, bytes, size, err)) {
			frame->failed = true;
			return -1;
		}
		bytes += size;
		count -= size;
	}
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
	frame->base = frame->fed;
	yajl_status status = yajl_complete_parse(frame->yajl);
	if (status == yajl_status_client_canceled)
		return err_set(err, frame->err.code, "%s", frame->err.text);
	if (status != yajl_status_ok)
		return err_set(err, ERR_DATA,
			"json-torn: the input ends inside a value at byte %lld",
			(long long)frame->fed);
	return 0;
}
