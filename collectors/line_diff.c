#include "collectors/line_diff.h"

#include <stdbool.h>
#include <string.h>

#include <xxhash.h>

#include "core/mem.h"

enum { FIRST_WINDOW = 8, WINDOW_STEP = 8, SLOTS_PER_LINE = 4 };

struct line {
	size_t at, length; /* from the start of what is not consumed */
	uint64_t hash;
	bool plain;
};

struct side {
	line_read_fn read;
	void *arg;
	char *data;
	size_t start, end;
	bool ended; /* nothing more to read */
	struct line *line;
	int count; /* lines that were measured since the last difference */
};

struct line_diff {
	struct side old, fresh;
	/* Index + 1 of an old line by its hash, 0 = free. */
	uint16_t slot[SLOTS_PER_LINE * LINE_DIFF_WINDOW];
	size_t slots;         /* that are in use for the current window */
	struct line_run came; /* to be told after the gone ones; length 0 = none */
};

static void side_init(struct side *side, line_read_fn read, void *arg)
{
	side->read = read;
	side->arg = arg;
	side->data = mem_alloc(LINE_DIFF_BYTES);
	side->line = mem_zero(LINE_DIFF_WINDOW, sizeof(*side->line));
}

struct line_diff *line_diff_new(
	line_read_fn read_old, void *old, line_read_fn read_new, void *fresh)
{
	struct line_diff *diff = mem_zero(1, sizeof(*diff));

	side_init(&diff->old, read_old, old);
	side_init(&diff->fresh, read_new, fresh);
	return diff;
}

void line_diff_free(struct line_diff *diff)
{
	if (diff == NULL)
		return;
	free(diff->old.data);
	free(diff->old.line);
	free(diff->fresh.data);
	free(diff->fresh.line);
	free(diff);
}

static size_t left(const struct side *side)
{
	return side->end - side->start;
}

static const char *head(const struct side *side)
{
	return side->data + side->start;
}

/* Keeps the buffer at least half full, as long as there is something to read. */
static int fill(struct side *side, struct err *err)
{
	if (side->ended || left(side) >= LINE_DIFF_BYTES / 2)
		return 0;
	memmove(side->data, head(side), left(side));
	side->end = left(side);
	side->start = 0;
	while (!side->ended && side->end < LINE_DIFF_BYTES) {
		ssize_t count = side->read(
			side->arg, side->data + side->end, LINE_DIFF_BYTES - side->end, err);
		if (count < 0)
			return -1;
		side->ended = count == 0;
		side->end += (size_t)count;
	}
	return 0;
}

static bool odd_quotes(const char *bytes, size_t count)
{
	bool odd = false;

	for (const char *at = bytes; (at = memchr(at, '"', (size_t)(bytes + count - at))) != NULL;
		at++)
		odd = !odd;
	return odd;
}

/* Length of the record that begins here; 0 when its end is not in the buffer. */
static size_t measure(const char *bytes, size_t count, bool *ret_plain)
{
	size_t length = 0;
	bool quoted = false;

	do {
		const char *end = memchr(bytes + length, '\n', count - length);
		if (end == NULL)
			return 0;
		size_t next = (size_t)(end - bytes) + 1;
		quoted ^= odd_quotes(bytes + length, next - length);
		length = next;
	} while (quoted);
	const char *cr = memchr(bytes, '\r', length);
	*ret_plain = cr == NULL || cr == bytes + length - 2;
	return length;
}

/* Records from here on that both have. */
static bool kept(struct line_diff *diff, int64_t most, struct line_run *ret)
{
	struct side *old = &diff->old, *fresh = &diff->fresh;
	bool plain = false;

	*ret = (struct line_run){ .kind = LINE_KEPT, .bytes = head(fresh) };
	while (ret->records < most) {
		size_t length = measure(head(fresh), left(fresh), &plain);
		if (length == 0 || !plain || left(old) < length ||
			memcmp(head(old), head(fresh), length) != 0)
			break;
		old->start += length;
		fresh->start += length;
		ret->length += length;
		ret->records++;
	}
	return ret->records > 0;
}

/* Measures records until `wanted` are known, or the buffer has no more whole ones. */
static void look_ahead(struct side *side, int wanted)
{
	size_t at = side->count > 0
			    ? side->line[side->count - 1].at + side->line[side->count - 1].length
			    : 0;

	while (side->count < wanted && at < left(side)) {
		struct line *line = &side->line[side->count];
		*line = (struct line){ .at = at };
		line->length = measure(head(side) + at, left(side) - at, &line->plain);
		if (line->length == 0 && side->ended)
			line->length = left(side) - at;
		if (line->length == 0)
			return;
		line->hash = XXH3_64bits(head(side) + at, line->length);
		at += line->length;
		side->count++;
	}
}

static bool same(const struct line_diff *diff, const struct line *old, const struct side *side,
	const struct line *line)
{
	return old->hash == line->hash && old->length == line->length &&
	       memcmp(head(&diff->old) + old->at, head(side) + line->at, old->length) == 0;
}

/* The slot of the first old line that says the same, or the free one where it belongs. */
static uint16_t *find_slot(struct line_diff *diff, const struct side *side, const struct line *line)
{
	for (size_t at = line->hash % diff->slots;; at = (at + 1) % diff->slots) {
		uint16_t *slot = &diff->slot[at];
		if (*slot == 0 || same(diff, &diff->old.line[*slot - 1], side, line))
			return slot;
	}
}

static void note_old(struct line_diff *diff, int window)
{
	diff->slots = (size_t)window * SLOTS_PER_LINE;
	memset(diff->slot, 0, diff->slots * sizeof(diff->slot[0]));
	for (int i = 0; i < diff->old.count; i++) {
		uint16_t *slot = find_slot(diff, &diff->old, &diff->old.line[i]);
		if (*slot == 0 && diff->old.line[i].plain)
			*slot = (uint16_t)(i + 1);
	}
}

/* The nearest place where both go on alike; without one everything in sight differs. */
static void meet(struct line_diff *diff, int *ret_gone, int *ret_came)
{
	diff->old.count = diff->fresh.count = 0;
	for (int window = FIRST_WINDOW; window <= LINE_DIFF_WINDOW; window *= WINDOW_STEP) {
		look_ahead(&diff->old, window);
		look_ahead(&diff->fresh, window);
		note_old(diff, window);
		for (int i = 0; i < diff->fresh.count; i++) {
			const uint16_t *slot = find_slot(diff, &diff->fresh, &diff->fresh.line[i]);
			if (*slot == 0)
				continue;
			*ret_gone = *slot - 1;
			*ret_came = i;
			return;
		}
		if (diff->old.count < window && diff->fresh.count < window)
			break;
	}
	*ret_gone = diff->old.count;
	*ret_came = diff->fresh.count;
}

static struct line_run take(struct side *side, int count, enum line_run_kind kind)
{
	struct line_run run = { .kind = kind, .bytes = head(side), .records = count };

	if (count > 0)
		run.length = side->line[count - 1].at + side->line[count - 1].length;
	side->start += run.length;
	return run;
}

int line_diff_next(struct line_diff *diff, int64_t most_kept, struct line_run *ret, struct err *err)
{
	int gone = 0, came = 0;

	if (diff->came.length > 0) {
		*ret = diff->came;
		diff->came.length = 0;
		return 1;
	}
	if (fill(&diff->old, err) < 0 || fill(&diff->fresh, err) < 0)
		return -1;
	if (left(&diff->old) == 0 && left(&diff->fresh) == 0)
		return 0;
	if (kept(diff, most_kept, ret))
		return 1;
	meet(diff, &gone, &came);
	if (gone + came == 0)
		return err_set(
			err, ERR_LIMIT, "a record of more than %d bytes", LINE_DIFF_BYTES / 2);
	*ret = take(&diff->old, gone, LINE_GONE);
	diff->came = take(&diff->fresh, came, LINE_CAME);
	if (gone == 0) {
		*ret = diff->came;
		diff->came.length = 0;
	}
	return 1;
}
