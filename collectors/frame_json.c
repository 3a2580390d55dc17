#include "collectors/frame_json_own.h"

#include <string.h>

#include "core/mem.h"
#include "core/text.h"

enum {
	RECORD_MAX = 8 << 20,
	ARENA_FACTOR = 8 /* a record of small values takes more room as a tree */
};

struct frame_json *frame_json_new(
	const struct frame_json_options *options, frame_json_fn record, void *arg)
{
	struct frame_json *frame = mem_zero(1, sizeof(*frame));
	int paths = 0;

	while (options->paths && options->paths[paths])
		paths++;
	if (paths > FRAME_PATHS_MAX)
		BUG("%d record paths", paths);
	frame->options = *options;
	if (!frame->options.record_max)
		frame->options.record_max = RECORD_MAX;
	frame->record = record;
	frame->arg = arg;
	frame->record_depth = -1;
	frame->blank = true;
	buf_init(&frame->rest, FRAME_WHOLE_MAX + FRAME_SLICE);
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
	buf_free(&frame->rest);
	free(frame);
}

const struct json_node *frame_json_envelope(const struct frame_json *frame)
{
	return frame->envelope;
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
static int emit(struct frame_json *frame, const struct json_node *root, int64_t end)
{
	struct json_record record = { .root = root,
		.number = ++frame->records,
		.offset = frame->started,
		.end = end,
		.nul = frame->nul };
	int status = frame->record(frame->arg, &record, &frame->err);

	frame->nul = false;
	frame->begun = true;
	frame->comma = false;
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
		go_on = emit(frame, node, here(frame));
		json_arena_reset(&frame->record_arena);
	} else if (frame->depth == 0 && !frame->found) {
		if (frame->options.package)
			return fail(frame, ERR_DATA, "json-shape",
				"no array of records where one belongs");
		go_on = emit(frame, node, here(frame));
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

/* Ends yajl's turn behind this token, where the next record may be read at once. NaN has to pass one way; but behind a
 * top-level value a handle that goes on would take a torn text for nothing. */
static int stop(struct frame_json *frame)
{
	frame->stops = frame->depth == 0 || !frame->options.nan_absent;
	return !frame->stops;
}

static int scalar(struct frame_json *frame, enum json_type type, const char *text, size_t length)
{
	struct json_node *node = value_begin(frame, type);

	if (!node)
		return 0;
	if (length && !json_node_text(arena(frame), node, text, length))
		return too_large(frame);
	frame->last_end = here(frame);
	if (!value_end(frame, node))
		return 0;
	return frame->depth == 0 ? stop(frame) : 1;
}

static int container(struct frame_json *frame, enum json_type type)
{
	bool root = frame->depth == 0, outside = frame->record_depth < 0;
	unsigned live = root ? (1u << FRAME_PATHS_MAX) - 1 : frame->pending_live;
	bool complete = !root && frame->pending_complete != 0;

	if (frame->depth == FRAME_DEPTH_MAX)
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
	frame->begun = frame->begun && !level->records;
	frame->pending_live = frame->pending_complete = 0;
	frame->last_end = here(frame);
	return level->records ? stop(frame) : 1;
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

	if (frame->muted)
		return 1;
	struct json_node *parent = frame->level[frame->depth - 1].node;
	if (parent->count >= FRAME_NAMES_MAX)
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
	struct frame_json *frame = ctx;

	return frame->muted ? 1 : scalar(frame, JSON_NULL, "", 0);
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
	struct frame_json *frame = ctx;

	return frame->muted ? 1 : container(frame, JSON_OBJECT);
}

static int on_start_array(void *ctx)
{
	struct frame_json *frame = ctx;

	return frame->muted ? 1 : container(frame, JSON_ARRAY);
}

static int on_end(void *ctx)
{
	struct frame_json *frame = ctx;
	struct json_node *node = frame->level[--frame->depth].node;

	frame->last_end = here(frame);
	if (node->type == JSON_OBJECT)
		json_unwrap(node);
	if (!value_end(frame, node))
		return 0;
	bool between = frame->record_depth < 0 &&
		       (frame->depth == 0 || frame->level[frame->depth - 1].records);
	return between ? stop(frame) : 1;
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

yajl_handle frame_json_yajl(struct frame_json *frame)
{
	yajl_handle yajl = yajl_alloc(&callbacks, NULL, frame);

	if (!yajl)
		BUG("yajl_alloc failed");
	yajl_config(yajl, yajl_allow_multiple_values, 1);
	yajl_config(yajl, yajl_dont_validate_strings, 1); /* is_utf8() does */
	return yajl;
}

bool frame_json_holds_records(const struct frame_json *frame, const struct json_node *root)
{
	const char *const *paths = frame->options.paths;

	for (int i = 0; paths && paths[i]; i++) {
		const struct json_node *node = json_path(root, paths[i]);
		if (node && node->type == JSON_ARRAY)
			return true;
	}
	return false;
}

bool frame_json_take(struct frame_json *frame, struct json_node *root, size_t bytes)
{
	frame->started = frame->fed;
	frame->nul = false;
	if (frame->depth == 0) {
		frame->roots++;
		frame->found = false;
		frame->envelope = root;
	}
	frame->last_end = frame->fed + (int64_t)bytes;
	int go_on = emit(frame, root, frame->last_end);
	if (frame->depth > 0)
		json_arena_reset(&frame->record_arena);
	return go_on;
}
