#include "collectors/ocds_process.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <xxhash.h>

#include "collectors/frame_json.h"
#include "collectors/ocds_merge.h"
#include "collectors/ocds_value.h"
#include "core/mem.h"

enum { SLOTS_FIRST = 1024, TEXT_MAX = 64 << 20, TREES_MAX = 256 << 20, RELEASES_MAX = 100000 };

struct release {
	int64_t instant;
	int64_t offset; /* of the text in the file */
	uint32_t length;
	uint64_t id_hash;
	struct ocds_origin origin;
};

struct process {
	XXH128_hash_t name;
	struct release *release;
	int count, capacity;
	bool marked;
};

struct ocds_processes {
	FILE *file;
	int64_t written;
	struct process *process;
	int64_t count, capacity;
	int64_t *slots; /* index + 1 into process, 0 = free; a power of two of them */
	uint64_t slot_count;
	struct buf text;
	struct json_arena arena;    /* of the result */
	struct json_node *compiled; /* the process in work */
};

struct ocds_processes *ocds_processes_new(struct err *err)
{
	struct ocds_processes *processes = mem_zero(1, sizeof(*processes));

	processes->file = tmpfile();
	if (!processes->file) {
		err_set_errno(err, ERR_IO, "cannot make a temporary file for the releases");
		free(processes);
		return NULL;
	}
	processes->slot_count = SLOTS_FIRST;
	processes->slots = mem_zero(processes->slot_count, sizeof(*processes->slots));
	buf_init(&processes->text, TEXT_MAX);
	json_arena_init(&processes->arena, TREES_MAX);
	return processes;
}

void ocds_processes_free(struct ocds_processes *processes)
{
	if (!processes)
		return;
	for (int64_t i = 0; i < processes->count; i++)
		free(processes->process[i].release);
	free(processes->process);
	free(processes->slots);
	buf_free(&processes->text);
	json_arena_free(&processes->arena);
	fclose(processes->file);
	free(processes);
}

/* The slot that holds the process, or the free one where it belongs. */
static int64_t *find_slot(struct ocds_processes *processes, XXH128_hash_t name)
{
	for (uint64_t at = name.low64;; at++) {
		int64_t *slot = &processes->slots[at & (processes->slot_count - 1)];
		if (*slot == 0 || XXH128_isEqual(processes->process[*slot - 1].name, name))
			return slot;
	}
}

static void grow_slots(struct ocds_processes *processes)
{
	if ((uint64_t)processes->count * 2 < processes->slot_count)
		return;
	free(processes->slots);
	processes->slot_count *= 2;
	processes->slots = mem_zero(processes->slot_count, sizeof(*processes->slots));
	for (int64_t i = 0; i < processes->count; i++)
		*find_slot(processes, processes->process[i].name) = i + 1;
}

static struct process *process_of(struct ocds_processes *processes, const char *ocid)
{
	XXH128_hash_t name = XXH3_128bits(ocid, strlen(ocid));

	grow_slots(processes);
	int64_t *slot = find_slot(processes, name);
	if (*slot == 0) {
		MEM_GROW(processes->process, processes->count, processes->capacity);
		processes->process[processes->count] = (struct process){ .name = name };
		*slot = ++processes->count;
	}
	return &processes->process[*slot - 1];
}

/* Where the release belongs by its date; a release that comes again takes the place of its former self. */
static void insert(struct process *process, const struct release *release)
{
	int at = 0;

	for (int i = 0; i < process->count; i++) {
		if (process->release[i].id_hash != release->id_hash || release->id_hash == 0)
			continue;
		process->count--;
		memmove(&process->release[i], &process->release[i + 1],
			(size_t)(process->count - i) * sizeof(*release));
		break;
	}
	/* Most processes have one release: their number counts, so room doubles from one. */
	if (process->count == process->capacity) {
		process->capacity = process->capacity ? process->capacity * 2 : 1;
		process->release =
			mem_resize(process->release, (size_t)process->capacity, sizeof(*release));
	}
	for (at = process->count; at > 0 && process->release[at - 1].instant > release->instant;
		at--)
		process->release[at] = process->release[at - 1];
	process->release[at] = *release;
	process->count++;
}

bool ocds_processes_note(struct ocds_processes *processes, const char *ocid)
{
	int64_t before = processes->count;

	process_of(processes, ocid);
	return processes->count == before;
}

int ocds_processes_add(struct ocds_processes *processes, const struct json_node *release,
	const char *text, size_t length, struct ocds_origin origin, bool mark, struct err *err)
{
	struct process *process = process_of(processes, json_text_at(release, "ocid"));
	const char *id = json_text_at(release, "id");
	struct release one = { .instant = ocds_instant(json_text_at(release, "date")),
		.offset = processes->written,
		.length = (uint32_t)length,
		.id_hash = id[0] != '\0' ? XXH3_64bits(id, strlen(id)) : 0,
		.origin = origin };

	if (length > TEXT_MAX || process->count == RELEASES_MAX)
		return err_set(err, ERR_LIMIT, "process %s is too large to be compiled",
			json_text_at(release, "ocid"));
	if (fwrite(text, 1, length, processes->file) != length)
		return err_set_errno(err, ERR_IO, "cannot write to the temporary file");
	processes->written += (int64_t)length;
	insert(process, &one);
	process->marked = process->marked || mark || process->count > 1;
	return 0;
}

int64_t ocds_processes_count(const struct ocds_processes *processes)
{
	return processes->count;
}

bool ocds_process_marked(const struct ocds_processes *processes, int64_t at)
{
	return processes->process[at].marked;
}

int64_t ocds_process_newest(
	const struct ocds_processes *processes, int64_t at, struct kind_hash *ret_name)
{
	const struct process *process = &processes->process[at];
	XXH128_canonical_t digest;

	XXH128_canonicalFromHash(&digest, process->name);
	memcpy(ret_name->byte, digest.digest, sizeof(ret_name->byte));
	return process->release[process->count - 1].instant;
}

static int read_text(
	struct ocds_processes *processes, const struct release *release, struct err *err)
{
	char piece[16384];
	size_t left = release->length;

	buf_reset(&processes->text);
	if (fseeko(processes->file, release->offset, SEEK_SET) < 0)
		return err_set_errno(err, ERR_IO, "cannot read the temporary file");
	while (left > 0) {
		size_t count = fread(
			piece, 1, left < sizeof(piece) ? left : sizeof(piece), processes->file);
		if (count == 0)
			return err_set(err, ERR_IO, "the temporary file is cut short");
		buf_add(&processes->text, piece, count);
		left -= count;
	}
	return 0;
}

static int merge_one(void *arg, const struct json_record *record, struct err *err)
{
	struct ocds_processes *processes = arg;

	if (ocds_merge_add(&processes->arena, processes->compiled, record->root))
		return 0;
	return err_set(err, ERR_LIMIT, "a process of more than %d MiB cannot be compiled",
		TREES_MAX >> 20);
}

static int merge_text(struct ocds_processes *processes, struct err *err)
{
	struct frame_json_options options = { .record_max = TEXT_MAX };
	struct frame_json *frame = frame_json_new(&options, merge_one, processes);
	int status = frame_json_feed(frame, processes->text.data, processes->text.used, err);

	if (status == 0)
		status = frame_json_finish(frame, err);
	frame_json_free(frame);
	return status;
}

int ocds_process_compile(struct ocds_processes *processes, int64_t at, const struct json_node **ret,
	struct ocds_origin *ret_origin, const char **ret_text, struct err *err)
{
	const struct process *process = &processes->process[at];

	json_arena_reset(&processes->arena);
	processes->compiled = ocds_merge_begin(&processes->arena);
	if (!processes->compiled)
		BUG("an empty arena is full");
	for (int i = 0; i < process->count; i++) {
		if (read_text(processes, &process->release[i], err) < 0 ||
			merge_text(processes, err) < 0)
			return -1;
	}
	*ret = processes->compiled;
	*ret_origin = process->release[process->count - 1].origin;
	if (ret_text)
		*ret_text = processes->text.data;
	return 0;
}
