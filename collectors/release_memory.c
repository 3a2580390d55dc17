#include "collectors/release_memory.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xxhash.h>

#include "collectors/archive.h"
#include "collectors/charset.h"
#include "collectors/fingerprint.h"
#include "core/buf.h"
#include "core/mem.h"

enum { BLOCK = 64, PIECE = 64 * 1024, RECORD_MAX = 64 << 20 };

/* The archived file that is being read. */
struct fetch {
	struct archive_reader *original;
	char sha256[ARCHIVE_SHA_TEXT];
	struct kind_hash process; /* latest one that was wanted from it */
	struct charset *charset;  /* NULL = UTF-8 */
	int64_t at;               /* bytes of UTF-8 seen */
	struct buf text;          /* of the record that has begun */
	release_memory_text_fn deliver;
	void *arg;
};

struct release_memory {
	struct archive *archive;
	FILE *file;
	int64_t count;
	bool failed;
	struct kind_hash *first; /* process of every BLOCK-th entry */
	int64_t blocks, block_capacity;
	struct store_release *wanted;
	int64_t wanted_count, wanted_capacity, wanted_at;
	bool sorted;
	struct fetch fetch;
};

struct release_memory *release_memory_new(struct archive *archive, struct err *err)
{
	struct release_memory *memory = mem_zero(1, sizeof(*memory));

	memory->archive = archive;
	memory->file = tmpfile();
	if (!memory->file) {
		err_set_errno(err, ERR_IO,
			"cannot make a temporary file for the releases that are known");
		free(memory);
		return NULL;
	}
	buf_init(&memory->fetch.text, RECORD_MAX);
	return memory;
}

static void close_file(struct release_memory *memory)
{
	archive_close(memory->fetch.original);
	charset_free(memory->fetch.charset);
	memory->fetch.original = NULL;
	memory->fetch.charset = NULL;
	buf_reset(&memory->fetch.text);
}

static void forget_wanted(struct release_memory *memory)
{
	close_file(memory);
	free(memory->wanted);
	memory->wanted = NULL;
	memory->wanted_count = memory->wanted_capacity = memory->wanted_at = 0;
	memory->sorted = false;
}

void release_memory_free(struct release_memory *memory)
{
	if (!memory)
		return;
	forget_wanted(memory);
	buf_free(&memory->fetch.text);
	free(memory->first);
	fclose(memory->file);
	free(memory);
}

void release_memory_forget(struct release_memory *memory)
{
	forget_wanted(memory);
	rewind(memory->file);
	memory->count = memory->blocks = 0;
	memory->failed = false;
}

struct kind_hash release_memory_name(const char *text)
{
	struct kind_hash name;
	XXH128_canonical_t digest;
	size_t length = strlen(text);
	uint32_t near = htobe32(fingerprint_near(0, text, length));

	XXH128_canonicalFromHash(&digest, XXH3_128bits(text, length));
	memcpy(name.byte, digest.digest, sizeof(name.byte));
	memcpy(name.byte, &near, sizeof(near));
	return name;
}

void release_memory_add(struct release_memory *memory, const struct store_release *release)
{
	if (memory->count % BLOCK == 0) {
		MEM_GROW(memory->first, memory->blocks, memory->block_capacity);
		memory->first[memory->blocks++] = release->process;
	}
	memory->failed = memory->failed || fwrite(release, sizeof(*release), 1, memory->file) != 1;
	memory->count++;
}

int release_memory_ready(struct release_memory *memory, struct err *err)
{
	if (memory->failed || fflush(memory->file) != 0)
		return err_set_errno(err, ERR_IO,
			"cannot write the temporary file of the releases that are known");
	return 0;
}

static int compare(const struct kind_hash *a, const struct kind_hash *b)
{
	return memcmp(a->byte, b->byte, sizeof(a->byte));
}

/* The last block that begins before the process, or the first one. */
static int64_t find_block(const struct release_memory *memory, const struct kind_hash *process)
{
	int64_t low = 0, high = memory->blocks;

	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		if (compare(&memory->first[middle], process) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? low - 1 : 0;
}

static int read_block(const struct release_memory *memory, int64_t block,
	struct store_release entry[BLOCK], int *ret_count, struct err *err)
{
	int64_t left = memory->count - block * BLOCK;
	size_t count = left < BLOCK ? (size_t)left : BLOCK;
	ssize_t size = (ssize_t)(count * sizeof(*entry));

	*ret_count = (int)count;
	if (pread(fileno(memory->file), entry, (size_t)size,
		    block * BLOCK * (int64_t)sizeof(*entry)) != size)
		return err_set_errno(err, ERR_IO,
			"cannot read the temporary file of the releases that are known");
	return 0;
}

int release_memory_each(struct release_memory *memory, const struct kind_hash *process,
	release_memory_fn each, void *arg, int *ret_count, struct err *err)
{
	struct store_release entry[BLOCK];
	int found = 0, order = -1, count = 0;

	for (int64_t at = find_block(memory, process); at < memory->blocks && order <= 0; at++) {
		if (read_block(memory, at, entry, &count, err) < 0)
			return -1;
		for (int i = 0; i < count && order <= 0; i++) {
			order = compare(&entry[i].process, process);
			if (order != 0)
				continue;
			found++;
			if (each)
				each(arg, &entry[i]);
		}
	}
	if (ret_count)
		*ret_count = found;
	return 0;
}

static void keep_newest(void *arg, const struct store_release *release)
{
	int64_t *newest = arg;

	*newest = release->at > *newest ? release->at : *newest;
}

int release_memory_newer(struct release_memory *memory, const struct kind_hash *process, int64_t at,
	int *ret_newer, struct err *err)
{
	int64_t newest = INT64_MIN;

	if (release_memory_each(memory, process, keep_newest, &newest, NULL, err) < 0)
		return -1;
	*ret_newer = newest > at;
	return 0;
}

void release_memory_want(struct release_memory *memory, const struct store_release *release)
{
	MEM_GROW(memory->wanted, memory->wanted_count, memory->wanted_capacity);
	memory->wanted[memory->wanted_count++] = *release;
}

/* In the order in which they are met when one file after the other is read. */
static int by_place(const void *a, const void *b)
{
	const struct store_release *one = a, *two = b;
	int order = strcmp(one->sha256, two->sha256);

	if (order == 0)
		order = (one->place > two->place) - (one->place < two->place);
	return order != 0 ? order : compare(&one->process, &two->process);
}

/* The next one, whichever file holds it. */
static const struct store_release *next_wanted(const struct release_memory *memory)
{
	return memory->wanted_at < memory->wanted_count ? &memory->wanted[memory->wanted_at] : NULL;
}

/* The next one that the open file must hold. */
static const struct store_release *next_here(const struct release_memory *memory)
{
	const struct store_release *one = next_wanted(memory);

	return one && strcmp(one->sha256, memory->fetch.sha256) == 0 ? one : NULL;
}

/* The record is complete: for every release that it is or holds. */
static int deliver(struct release_memory *memory, struct err *err)
{
	struct fetch *fetch = &memory->fetch;
	const struct store_release *one = next_here(memory);

	if (!one)
		BUG("a record is complete that nobody wants");
	int64_t place = one->place;
	do {
		fetch->process = one->process;
		if (fetch->deliver(fetch->arg, one, fetch->text.data, fetch->text.used, err) < 0)
			return -1;
		memory->wanted_at++;
		one = next_here(memory);
	} while (one && one->place == place);
	buf_reset(&fetch->text);
	return 0;
}

static int on_utf8(void *arg, const char *bytes, size_t count, struct err *err)
{
	struct release_memory *memory = arg;
	struct fetch *fetch = &memory->fetch;
	int64_t end = fetch->at + (int64_t)count;

	while (next_here(memory)) {
		const struct store_release *one = next_here(memory);
		int64_t from = one->place + (int64_t)fetch->text.used;
		int64_t until = one->place + one->bytes;
		if (from < fetch->at || from >= end || one->bytes <= 0)
			break;
		until = until < end ? until : end;
		if (buf_add(&fetch->text, bytes + (from - fetch->at), (size_t)(until - from)))
			return err_set(
				err, ERR_LIMIT, "a release of more than %d MiB", RECORD_MAX >> 20);
		if ((int64_t)fetch->text.used < one->bytes)
			break;
		if (deliver(memory, err) < 0)
			return -1;
	}
	fetch->at = end;
	return 0;
}

static int open_file(struct release_memory *memory, const char *encoding, struct err *err)
{
	struct fetch *fetch = &memory->fetch;
	const struct store_release *one = next_wanted(memory);

	if (!one)
		BUG("a file is opened that nobody wants");
	if (one->sha256[0] == '\0')
		return err_set(err, ERR_DATA, "the file that held it is not on record");
	fetch->at = 0;
	fetch->process = one->process;
	memcpy(fetch->sha256, one->sha256, sizeof(fetch->sha256));
	fetch->original = archive_open(memory->archive, one->sha256, err);
	if (!fetch->original)
		return -1;
	if (!encoding || encoding[0] == '\0')
		return 0;
	fetch->charset = charset_new(encoding, on_utf8, memory, err);
	return fetch->charset ? 0 : -1;
}

/* The whole file was read: what it was asked for must have been in it. */
static int end_file(struct release_memory *memory, struct err *err)
{
	if (memory->fetch.charset && charset_finish(memory->fetch.charset, err) < 0)
		return -1;
	if (next_here(memory))
		return err_set(
			err, ERR_DATA, "archived file %s ends before it", memory->fetch.sha256);
	close_file(memory);
	return 0;
}

static int fetch_piece(struct release_memory *memory, const char *encoding, struct err *err)
{
	struct fetch *fetch = &memory->fetch;
	char piece[PIECE];

	if (!fetch->original && open_file(memory, encoding, err) < 0)
		return -1;
	ssize_t count = archive_read(fetch->original, piece, sizeof(piece), err);
	if (count <= 0)
		return count < 0 ? -1 : end_file(memory, err);
	return fetch->charset ? charset_feed(fetch->charset, piece, (size_t)count, err)
			      : on_utf8(memory, piece, (size_t)count, err);
}

int release_memory_fetch(struct release_memory *memory, const char *encoding,
	release_memory_text_fn text, void *arg, bool *ret_more, struct kind_hash *ret_failed,
	struct err *err)
{
	if (!memory->sorted && memory->wanted_count > 0)
		qsort(memory->wanted, (size_t)memory->wanted_count, sizeof(*memory->wanted),
			by_place);
	memory->sorted = true;
	memory->fetch.deliver = text;
	memory->fetch.arg = arg;
	*ret_more = next_wanted(memory) || memory->fetch.original;
	if (!*ret_more) {
		forget_wanted(memory);
		return 0;
	}
	if (fetch_piece(memory, encoding, err) == 0)
		return 0;
	*ret_failed = next_here(memory) ? next_here(memory)->process : memory->fetch.process;
	return -1;
}
