#include "collectors/line_replay.h"

#include "core/buf.h"
#include "core/mem.h"

struct part {
	enum line_run_kind kind;
	int file;
	int64_t records;
	size_t length;
};

struct line_replay {
	size_t ceiling;
	struct buf bytes; /* of what was fed */
	struct part *part;
	size_t count, capacity;
	size_t at, at_byte; /* what next() hands out */
	bool full;
};

struct line_replay *line_replay_new(size_t ceiling)
{
	struct line_replay *replay = mem_zero(1, sizeof(*replay));

	replay->ceiling = ceiling;
	buf_init(&replay->bytes, ceiling);
	return replay;
}

void line_replay_free(struct line_replay *replay)
{
	if (replay == NULL)
		return;
	buf_free(&replay->bytes);
	free(replay->part);
	free(replay);
}

static void give_up(struct line_replay *replay)
{
	replay->full = true;
	buf_free(&replay->bytes);
	buf_init(&replay->bytes, replay->ceiling);
	free(replay->part);
	replay->part = NULL;
	replay->count = replay->capacity = 0;
}

void line_replay_add(struct line_replay *replay, int file, const struct line_run *run)
{
	struct part *last = replay->count > 0 ? &replay->part[replay->count - 1] : NULL;

	if (replay->full)
		return;
	if (run->kind == LINE_CAME)
		buf_add(&replay->bytes, run->bytes, run->length);
	if (last == NULL || last->kind != run->kind || last->file != file) {
		MEM_GROW(replay->part, replay->count, replay->capacity);
		last = &replay->part[replay->count++];
		*last = (struct part){ .kind = run->kind, .file = file };
	}
	last->records += run->records;
	last->length += run->length;
	if (replay->bytes.failed || replay->capacity * sizeof(*last) > replay->ceiling)
		give_up(replay);
}

bool line_replay_whole(const struct line_replay *replay)
{
	return !replay->full;
}

bool line_replay_next(struct line_replay *replay, int file, struct line_run *ret)
{
	if (replay->at == replay->count || replay->part[replay->at].file != file)
		return false;
	const struct part *part = &replay->part[replay->at++];
	*ret = (struct line_run){ .kind = part->kind,
		.bytes = replay->bytes.data + replay->at_byte,
		.length = part->length,
		.records = part->records };
	if (part->kind == LINE_CAME)
		replay->at_byte += part->length;
	return true;
}
