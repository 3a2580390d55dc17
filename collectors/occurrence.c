#include "collectors/occurrence.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "collectors/spool.h"
#include "core/mem.h"

/* An open-addressing table in pages; the keys end in bytes of a hash (collectors/fingerprint.h), so these are the position.
 * The highest bits are: a larger table holds the keys in the order of the smaller one, and is filled page after page. */
enum { PAGE_SLOTS = 128, FIRST_BITS = 10, FRAMES_MAX = 4096, POSITION_BITS = 64 };

struct slot {
	struct kind_hash key;
	uint32_t count; /* 0 = free */
};

struct page {
	struct slot slot[PAGE_SLOTS];
};

/* What stands in memory of a page; of several pages that would stand in the same frame the others are in the file. */
struct frame {
	size_t page;
	bool changed;
};

struct table {
	int bits;      /* 2^bits slots */
	size_t frames; /* of memory; as many as pages as long as no file is needed */
	int fd;        /* -1 = no file */
	struct frame *frame;
	struct page *page; /* one for each frame */
};

struct occurrence {
	struct table table;
	size_t used, ceiling;
};

static size_t pages(int bits)
{
	return ((size_t)1 << bits) / PAGE_SLOTS;
}

static int table_init(struct table *table, int bits, struct err *err)
{
	size_t count = pages(bits);

	*table = (struct table){ .bits = bits, .frames = count, .fd = -1 };
	if (count > FRAMES_MAX) {
		table->frames = FRAMES_MAX;
		table->fd = spool_nameless(err);
		if (table->fd < 0)
			return -1;
		/* Pages that were never written read as free slots. */
		if (ftruncate(table->fd, (off_t)(count * sizeof(struct page))) < 0) {
			err_set_errno(err, ERR_IO, "cannot write a temporary file");
			close(table->fd);
			return -1;
		}
	}
	table->page = mem_zero(table->frames, sizeof(*table->page));
	table->frame = mem_zero(table->frames, sizeof(*table->frame));
	for (size_t i = 0; i < table->frames; i++)
		table->frame[i].page = i;
	return 0;
}

static void table_free(struct table *table)
{
	if (table->fd >= 0)
		close(table->fd);
	free(table->frame);
	free(table->page);
}

static int page_write(const struct table *table, size_t frame, struct err *err)
{
	const char *bytes = (const char *)&table->page[frame];
	off_t at = (off_t)(table->frame[frame].page * sizeof(struct page));

	for (size_t done = 0; done < sizeof(struct page);) {
		ssize_t count = pwrite(
			table->fd, bytes + done, sizeof(struct page) - done, at + (off_t)done);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return err_set_errno(err, ERR_IO, "cannot write a temporary file");
		done += (size_t)count;
	}
	return 0;
}

static int page_read(const struct table *table, size_t frame, size_t page, struct err *err)
{
	char *bytes = (char *)&table->page[frame];
	off_t at = (off_t)(page * sizeof(struct page));

	for (size_t done = 0; done < sizeof(struct page);) {
		ssize_t count = pread(
			table->fd, bytes + done, sizeof(struct page) - done, at + (off_t)done);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return err_set_errno(err, ERR_IO, "cannot read a temporary file");
		if (count == 0)
			return err_set(err, ERR_IO, "a temporary file is shorter than it was made");
		done += (size_t)count;
	}
	return 0;
}

/* The frame in which the page stands from now on. */
static int bring(struct table *table, size_t page, size_t *ret_frame, struct err *err)
{
	size_t at = page % table->frames;
	struct frame *frame = &table->frame[at];

	*ret_frame = at;
	if (frame->page == page)
		return 0;
	if (frame->changed && page_write(table, at, err) < 0)
		return -1;
	frame->changed = false;
	frame->page = SIZE_MAX; /* neither, if reading fails */
	if (page_read(table, at, page, err) < 0)
		return -1;
	frame->page = page;
	return 0;
}

/* The slot of the key, or the free one where it belongs; it counts as changed. Valid until the next call. */
static struct slot *find(struct table *table, const struct kind_hash *key, struct err *err)
{
	size_t mask = ((size_t)1 << table->bits) - 1, frame;
	uint64_t place;

	memcpy(&place, key->byte + sizeof(key->byte) - sizeof(place), sizeof(place));
	for (size_t at = (size_t)(place >> (POSITION_BITS - table->bits));; at = (at + 1) & mask) {
		if (bring(table, at / PAGE_SLOTS, &frame, err) < 0)
			return NULL;
		struct slot *slot = &table->page[frame].slot[at % PAGE_SLOTS];
		if (slot->count != 0 && memcmp(&slot->key, key, sizeof(*key)) != 0)
			continue;
		table->frame[frame].changed = true;
		return slot;
	}
}

static int move(struct table *from, struct table *to, struct err *err)
{
	size_t frame;

	for (size_t page = 0; page < pages(from->bits); page++) {
		if (bring(from, page, &frame, err) < 0)
			return -1;
		for (int i = 0; i < PAGE_SLOTS; i++) {
			const struct slot *slot = &from->page[frame].slot[i];
			if (slot->count == 0)
				continue;
			struct slot *into = find(to, &slot->key, err);
			if (into == NULL)
				return -1;
			*into = *slot;
		}
	}
	return 0;
}

static int grow(struct occurrence *occurrence, struct err *err)
{
	struct table larger;

	if (table_init(&larger, occurrence->table.bits + 1, err) < 0)
		return -1;
	if (move(&occurrence->table, &larger, err) < 0) {
		table_free(&larger);
		return -1;
	}
	table_free(&occurrence->table);
	occurrence->table = larger;
	return 0;
}

static void start(struct occurrence *occurrence)
{
	struct err err = ERR_INIT;

	occurrence->used = 0;
	if (table_init(&occurrence->table, FIRST_BITS, &err) < 0)
		BUG("the first table needs no file");
}

struct occurrence *occurrence_new(size_t ceiling)
{
	struct occurrence *occurrence = mem_zero(1, sizeof(*occurrence));

	occurrence->ceiling = ceiling;
	start(occurrence);
	return occurrence;
}

void occurrence_free(struct occurrence *occurrence)
{
	if (occurrence == NULL)
		return;
	table_free(&occurrence->table);
	free(occurrence);
}

void occurrence_reset(struct occurrence *occurrence)
{
	if (occurrence->used == 0)
		return;
	table_free(&occurrence->table);
	start(occurrence);
}

int occurrence_next(struct occurrence *occurrence, const struct kind_hash *key, int64_t *ret_number,
	struct err *err)
{
	if (occurrence->used >> (occurrence->table.bits - 2) >= 3 && grow(occurrence, err) < 0)
		return -1;
	struct slot *slot = find(&occurrence->table, key, err);
	if (slot == NULL)
		return -1;
	if (slot->count == 0) {
		if (occurrence->used >= occurrence->ceiling)
			return err_set(err, ERR_LIMIT,
				"more than %zu different keys in one batch of a kind whose rows "
				"may repeat",
				occurrence->ceiling);
		slot->key = *key;
		occurrence->used++;
	}
	if (slot->count == UINT32_MAX)
		return err_set(err, ERR_LIMIT, "a row that repeats too often");
	*ret_number = ++slot->count;
	return 0;
}
