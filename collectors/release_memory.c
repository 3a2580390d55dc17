#include "collectors/release_memory.h"

#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "core/mem.h"

enum { SLOTS_FIRST = 256 };

/* Processes with a time, in the order they came, and where to find them. */
struct table {
	struct store_released *rows;
	int64_t count, capacity;
	uint32_t *slots; /* place in rows + 1, 0 = free; a power of two of them */
	uint64_t slot_count;
};

struct release_memory {
	struct table known, noted;
};

static void table_free(struct table *table)
{
	free(table->rows);
	free(table->slots);
	*table = (struct table){ 0 };
}

static uint64_t start_of(const struct kind_hash *process)
{
	uint64_t start;

	memcpy(&start, process->byte, sizeof(start));
	return start;
}

/* The slot that holds the process, or the free one where it belongs. */
static uint32_t *find_slot(const struct table *table, const struct kind_hash *process)
{
	for (uint64_t at = start_of(process);; at++) {
		uint32_t *slot = &table->slots[at & (table->slot_count - 1)];
		if (*slot == 0 || memcmp(table->rows[*slot - 1].process.byte, process->byte,
					  sizeof(process->byte)) == 0)
			return slot;
	}
}

static void grow(struct table *table)
{
	if ((uint64_t)table->count * 2 < table->slot_count)
		return;
	free(table->slots);
	table->slot_count = table->slot_count ? table->slot_count * 2 : SLOTS_FIRST;
	table->slots = mem_zero(table->slot_count, sizeof(*table->slots));
	for (int64_t i = 0; i < table->count; i++)
		*find_slot(table, &table->rows[i].process) = (uint32_t)i + 1;
}

static void keep_newest(struct table *table, const struct kind_hash *process, int64_t at)
{
	grow(table);
	uint32_t *slot = find_slot(table, process);
	if (*slot != 0) {
		struct store_released *row = &table->rows[*slot - 1];
		row->at = row->at > at ? row->at : at;
		return;
	}
	if (table->count == RELEASE_MEMORY_MAX)
		return;
	MEM_GROW(table->rows, table->count, table->capacity);
	table->rows[table->count++] = (struct store_released){ *process, at };
	*slot = (uint32_t)table->count;
}

struct release_memory *release_memory_new(void)
{
	return mem_zero(1, sizeof(struct release_memory));
}

void release_memory_free(struct release_memory *memory)
{
	if (!memory)
		return;
	table_free(&memory->known);
	table_free(&memory->noted);
	free(memory);
}

struct kind_hash release_memory_process(const char *ocid)
{
	struct kind_hash process;
	XXH128_canonical_t digest;

	XXH128_canonicalFromHash(&digest, XXH3_128bits(ocid, strlen(ocid)));
	memcpy(process.byte, digest.digest, sizeof(process.byte));
	return process;
}

void release_memory_known(
	struct release_memory *memory, const struct kind_hash *process, int64_t at)
{
	keep_newest(&memory->known, process, at);
}

bool release_memory_newer(
	const struct release_memory *memory, const struct kind_hash *process, int64_t at)
{
	if (memory->known.count == 0 || at == INT64_MIN)
		return false;
	uint32_t slot = *find_slot(&memory->known, process);
	return slot != 0 && memory->known.rows[slot - 1].at > at;
}

void release_memory_note(struct release_memory *memory, const struct kind_hash *process, int64_t at)
{
	if (at != INT64_MIN)
		keep_newest(&memory->noted, process, at);
}

void release_memory_forget(struct release_memory *memory)
{
	table_free(&memory->noted);
}

const struct store_released *release_memory_noted(
	const struct release_memory *memory, int64_t *ret_count)
{
	*ret_count = memory->noted.count;
	return memory->noted.rows;
}
