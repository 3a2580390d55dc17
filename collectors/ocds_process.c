#include "collectors/ocds_process.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <xxhash.h>

#include "collectors/frame_json.h"
#include "collectors/ocds_merge.h"
#include "collectors/ocds_value.h"
#include "collectors/release_memory.h"
#include "core/mem.h"

enum { SLOTS_FIRST = 1024, TEXT_MAX = 64 << 20, TREES_MAX = 256 << 20, RELEASES_MAX = 100000 };

static const int64_t TEXTS_MAX = (int64_t)8 << 30;

struct release {
	int64_t instant;
	int64_t offset; /* of the text in the file */
	uint32_t length;
	uint32_t flags;
	int64_t name; /* among those of its process */
	struct ocds_origin origin;
};

struct process {
	struct kind_hash name;
	struct release *release;
	int count, capacity;
	int64_t passed; /* rows, see ocds_processes_pass() */
};

struct ocds_processes {
	FILE *file;
	int64_t written;
	struct process *process;
	int64_t count, capacity;
	int64_t *slots; /* index + 1 into process, 0 = free; a power of two of them */
	uint64_t slot_count;
	struct buf text, newest; /* of the release in work; of the newest of a compilation */
	struct json_arena arena; /* of the result */
	/* ocds_process_each() */
	ocds_version_fn fn;
	void *arg;
	struct ocds_version version;
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
	buf_init(&processes->newest, TEXT_MAX);
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
	buf_free(&processes->newest);
	json_arena_free(&processes->arena);
	fclose(processes->file);
	free(processes);
}

/* The slot that holds the process, or the free one where it belongs. */
static int64_t *find_slot(struct ocds_processes *processes, const struct kind_hash *name)
{
	uint64_t at = 0;

	memcpy(&at, name->byte + sizeof(name->byte) - sizeof(at), sizeof(at));
	for (;; at++) {
		int64_t *slot = &processes->slots[at & (processes->slot_count - 1)];
		if (*slot == 0 ||
			memcmp(&processes->process[*slot - 1].name, name, sizeof(*name)) == 0)
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
		*find_slot(processes, &processes->process[i].name) = i + 1;
}

static struct process *process_of(struct ocds_processes *processes, const char *ocid)
{
	struct kind_hash name = release_memory_name(ocid);

	grow_slots(processes);
	int64_t *slot = find_slot(processes, &name);
	if (*slot == 0) {
		MEM_GROW(processes->process, processes->count, processes->capacity);
		processes->process[processes->count] = (struct process){ .name = name };
		*slot = ++processes->count;
	}
	return &processes->process[*slot - 1];
}

static bool same_origin_order(int64_t a, int64_t b, bool *ret_before)
{
	*ret_before = a < b;
	return a == b;
}

/* By date, then in the order they came in; this batch (0) is the latest one. */
static bool comes_before(const struct release *a, const struct release *b)
{
	int64_t batch_a = a->origin.batch ? a->origin.batch : INT64_MAX;
	int64_t batch_b = b->origin.batch ? b->origin.batch : INT64_MAX;
	bool before = false;

	if (!same_origin_order(a->instant, b->instant, &before) ||
		!same_origin_order(batch_a, batch_b, &before) ||
		!same_origin_order(a->origin.file_no, b->origin.file_no, &before) ||
		!same_origin_order(a->origin.place, b->origin.place, &before))
		return before;
	return false;
}

/* Where the release belongs by its date. */
static void insert(struct process *process, const struct release *release)
{
	int at = 0;

	for (int i = 0; i < process->count && !(release->flags & OCDS_SUPERSEDED); i++)
		if (process->release[i].name == release->name)
			process->release[i].flags |= OCDS_SUPERSEDED;
	/* Most processes have one release: their number counts, so room doubles from one. */
	if (process->count == process->capacity) {
		process->capacity = process->capacity ? process->capacity * 2 : 1;
		process->release =
			mem_resize(process->release, (size_t)process->capacity, sizeof(*release));
	}
	for (at = process->count; at > 0 && comes_before(release, &process->release[at - 1]); at--)
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

int64_t ocds_release_name(const struct json_node *release, const char *text, size_t length)
{
	const char *id = json_text_at(release, "id");

	return (int64_t)(id[0] != '\0' ? XXH3_64bits(id, strlen(id)) : XXH3_64bits(text, length));
}

int ocds_processes_add(struct ocds_processes *processes, const struct json_node *release,
	const char *text, size_t length, struct ocds_origin origin, unsigned flags, struct err *err)
{
	struct process *process = process_of(processes, json_text_at(release, "ocid"));
	struct release one = { .instant = ocds_instant(json_text_at(release, "date")),
		.offset = processes->written,
		.length = (uint32_t)length,
		.flags = flags,
		.name = ocds_release_name(release, text, length),
		.origin = origin };

	if (length > TEXT_MAX || process->count == RELEASES_MAX)
		return err_set(err, ERR_LIMIT, "process %s is too large to be compiled",
			json_text_at(release, "ocid"));
	if (processes->written + (int64_t)length > TEXTS_MAX)
		return err_set(err, ERR_LIMIT,
			"more than %d GiB of releases that belong together in one batch: lower the "
			"pages per pull",
			(int)(TEXTS_MAX >> 30));
	if (fwrite(text, 1, length, processes->file) != length)
		return err_set_errno(err, ERR_IO, "cannot write to the temporary file");
	processes->written += (int64_t)length;
	insert(process, &one);
	return 0;
}

int64_t ocds_processes_count(const struct ocds_processes *processes)
{
	return processes->count;
}

int64_t ocds_processes_find(struct ocds_processes *processes, const struct kind_hash *name)
{
	return *find_slot(processes, name) - 1;
}

void ocds_process_name(
	const struct ocds_processes *processes, int64_t at, struct kind_hash *ret_name)
{
	*ret_name = processes->process[at].name;
}

int ocds_process_releases(const struct ocds_processes *processes, int64_t at)
{
	return processes->process[at].count;
}

void ocds_processes_pass(struct ocds_processes *processes, const char *ocid, int32_t rows)
{
	process_of(processes, ocid)->passed += rows;
}

int64_t ocds_process_passed(const struct ocds_processes *processes, int64_t at)
{
	return processes->process[at].passed;
}

bool ocds_process_came(
	const struct ocds_processes *processes, int64_t at, int i, struct store_release *ret)
{
	const struct process *process = &processes->process[at];
	const struct release *release = &process->release[i];

	*ret = (struct store_release){ .process = process->name,
		.release = release->name,
		.at = release->instant,
		.file_no = release->origin.file_no,
		.place = release->origin.place,
		.bytes = release->origin.bytes,
		.print = release->origin.print };
	return release->origin.batch == 0;
}

bool ocds_process_only(const struct ocds_processes *processes, int64_t at)
{
	const struct process *process = &processes->process[at];

	return process->count == 1 && !(process->release[0].flags & OCDS_TOLD);
}

bool ocds_process_has(const struct ocds_processes *processes, int64_t at, int64_t release)
{
	const struct process *process = &processes->process[at];

	for (int i = 0; i < process->count; i++)
		if (process->release[i].name == release)
			return true;
	return false;
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

static int on_record(void *arg, const struct json_record *record, struct err *err)
{
	struct ocds_processes *processes = arg;

	return processes->fn(processes->arg, record->root, &processes->version, err);
}

static int call_release(
	struct ocds_processes *processes, const struct release *release, struct err *err)
{
	struct frame_json_options options = { .record_max = TEXT_MAX };

	if (read_text(processes, release, err) < 0)
		return -1;
	processes->version = (struct ocds_version){ .origin = release->origin,
		.instant = release->instant,
		.flags = release->flags,
		.text = processes->text.data,
		.length = processes->text.used };
	struct frame_json *frame = frame_json_new(&options, on_record, processes);
	int status = frame_json_feed(frame, processes->text.data, processes->text.used, err);
	if (status == 0)
		status = frame_json_finish(frame, err);
	frame_json_free(frame);
	return status;
}

int ocds_process_each(struct ocds_processes *processes, int64_t at, ocds_version_fn fn, void *arg,
	struct err *err)
{
	processes->fn = fn;
	processes->arg = arg;
	for (int i = 0; i < processes->process[at].count; i++) {
		if (call_release(processes, &processes->process[at].release[i], err) < 0)
			return -1;
	}
	return 0;
}

struct compilation {
	struct ocds_processes *processes;
	struct json_node *compiled;
};

static int merge_one(void *arg, const struct json_node *release, const struct ocds_version *version,
	struct err *err)
{
	struct compilation *compilation = arg;

	(void)version;
	if (ocds_merge_add(&compilation->processes->arena, compilation->compiled, release))
		return 0;
	return err_set(err, ERR_LIMIT, "a process of more than %d MiB cannot be compiled",
		TREES_MAX >> 20);
}

static bool counts(const struct release *release, bool before)
{
	return before ? release->origin.batch != 0 : !(release->flags & OCDS_SUPERSEDED);
}

/* The release that a compilation begins with: nothing before it matters. -1 = there is none that counts. */
static int first_of(const struct process *process, bool before)
{
	int first = -1;

	for (int i = 0; i < process->count; i++)
		if (counts(&process->release[i], before) &&
			(first < 0 || (process->release[i].flags & OCDS_WHOLE)))
			first = i;
	return first;
}

int ocds_process_compile(struct ocds_processes *processes, int64_t at, bool before,
	const struct json_node **ret, struct ocds_origin *ret_origin, const char **ret_text,
	struct err *err)
{
	const struct process *process = &processes->process[at];
	struct compilation compilation = { .processes = processes };
	int first = first_of(process, before);

	*ret = NULL;
	if (first < 0)
		return 0;
	json_arena_reset(&processes->arena);
	compilation.compiled = ocds_merge_begin(&processes->arena);
	if (!compilation.compiled)
		BUG("an empty arena is full");
	processes->fn = merge_one;
	processes->arg = &compilation;
	buf_reset(&processes->newest);
	for (int i = first; i < process->count; i++) {
		const struct release *release = &process->release[i];
		if (!counts(release, before))
			continue;
		if (call_release(processes, release, err) < 0)
			return -1;
		if (!before && release->origin.batch != 0 && processes->newest.used > 0)
			continue;
		*ret_origin = release->origin;
		buf_reset(&processes->newest);
		buf_add(&processes->newest, processes->text.data, processes->text.used);
	}
	*ret = compilation.compiled;
	if (ret_text)
		*ret_text = processes->newest.data;
	return 0;
}
