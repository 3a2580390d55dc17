#include "collectors/drop_memory.h"

#include <string.h>

#include "collectors/drop_folder.h"
#include "collectors/json_write.h"
#include "core/mem.h"

struct entry {
	char *directory, *name, *why;
	struct stat info;
	int failures;
	bool seen;
};

struct drop_memory {
	struct entry *entry;
	int count, capacity;
};

struct drop_memory *drop_memory_new(void)
{
	return mem_zero(1, sizeof(struct drop_memory));
}

static void remove_at(struct drop_memory *memory, int at)
{
	struct entry *entry = &memory->entry[at];

	free(entry->directory);
	free(entry->name);
	free(entry->why);
	memory->count--;
	memmove(entry, entry + 1, (size_t)(memory->count - at) * sizeof(*entry));
}

void drop_memory_free(struct drop_memory *memory)
{
	if (!memory)
		return;
	while (memory->count > 0)
		remove_at(memory, memory->count - 1);
	free(memory->entry);
	free(memory);
}

static int find(const struct drop_memory *memory, const char *directory, const char *name)
{
	for (int i = 0; i < memory->count; i++) {
		if (strcmp(memory->entry[i].name, name) == 0 &&
			strcmp(memory->entry[i].directory, directory) == 0)
			return i;
	}
	return -1;
}

void drop_memory_failed(struct drop_memory *memory, const char *directory, const char *name,
	const struct stat *info, const char *why)
{
	if (!memory)
		return;
	int failures = drop_memory_failures(memory, directory, name, info);
	drop_memory_forget(memory, directory, name);
	if (memory->count == DROP_MEMORY_MAX)
		remove_at(memory, 0);
	MEM_GROW(memory->entry, memory->count, memory->capacity);
	memory->entry[memory->count++] = (struct entry){ .directory = mem_text(directory),
		.name = mem_text(name),
		.why = mem_text(why),
		.info = *info,
		.failures = failures + 1,
		.seen = true };
}

int drop_memory_failures(struct drop_memory *memory, const char *directory, const char *name,
	const struct stat *info)
{
	int at = memory ? find(memory, directory, name) : -1;

	if (at < 0 || !drop_folder_same(&memory->entry[at].info, info))
		return 0;
	memory->entry[at].seen = true;
	return memory->entry[at].failures;
}

void drop_memory_look(struct drop_memory *memory, const char *directory)
{
	for (int i = 0; memory && i < memory->count; i++)
		memory->entry[i].seen = strcmp(memory->entry[i].directory, directory) != 0;
}

void drop_memory_looked(struct drop_memory *memory, const char *directory)
{
	for (int i = memory ? memory->count - 1 : -1; i >= 0; i--) {
		if (!memory->entry[i].seen && strcmp(memory->entry[i].directory, directory) == 0)
			remove_at(memory, i);
	}
}

void drop_memory_forget(struct drop_memory *memory, const char *directory, const char *name)
{
	int at = memory ? find(memory, directory, name) : -1;

	if (at >= 0)
		remove_at(memory, at);
}

int drop_memory_text(const struct drop_memory *memory, const char *directory, struct buf *out)
{
	int count = 0;

	buf_add_char(out, '[');
	for (int i = 0; memory && i < memory->count; i++) {
		const struct entry *entry = &memory->entry[i];
		if (strcmp(entry->directory, directory) != 0 || count++ >= DROP_MEMORY_TOLD)
			continue;
		char *shown = drop_folder_shown(entry->name);
		buf_add_text(out, count > 1 ? ",{\"file\":" : "{\"file\":");
		json_write_text(out, shown, strlen(shown));
		buf_add_text(out, ",\"why\":");
		json_write_text(out, entry->why, strlen(entry->why));
		buf_add_char(out, '}');
		free(shown);
	}
	buf_add_char(out, ']');
	return count;
}
