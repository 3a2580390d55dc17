/* After the last file: processes with several releases, or with releases in earlier batches, are compiled and handed
 * over one by one; organisations last. */
#include <stdlib.h>

#include "collectors/json_write.h"
#include "collectors/ocds_reader.h"
#include "collectors/ocds_row.h"
#include "collectors/release_memory.h"
#include "core/mem.h"

/* What earlier batches brought ------------------------------------------------------------------------------------- */

static void on_known(void *arg, const struct store_release *release)
{
	struct reader *reader = arg;

	release_memory_want(reader->sink.memory, release);
}

/* The releases of earlier batches of every process that came again. */
static int want_some(struct reader *reader, struct err *err)
{
	int64_t count = ocds_processes_count(reader->processes);

	for (int budget = OCDS_FINISH_GROUPS; budget > 0 && reader->process < count; budget--) {
		int64_t at = reader->process++;
		struct kind_hash name;
		if (!reader->sink.memory || ocds_process_releases(reader->processes, at) == 0)
			continue;
		ocds_process_name(reader->processes, at, &name);
		if (release_memory_each(reader->sink.memory, &name, on_known, reader, NULL, err) <
			0)
			return -1;
	}
	if (reader->process == count) {
		reader->step = OCDS_FETCHING;
		reader->process = 0;
	}
	return 0;
}

/* The release among what a record holds; *ret_text is made anew where it is embedded. */
struct sought {
	struct reader *reader;
	const struct store_release *release;
	const char *text;
	size_t length;
	bool found;
};

static int take(struct sought *sought, const struct json_node *node, const char *text,
	size_t length, unsigned flags, struct err *err)
{
	struct reader *reader = sought->reader;
	const struct store_release *release = sought->release;
	struct ocds_origin origin = {
		.file_no = release->file_no, .place = release->place, .batch = release->batch
	};
	struct kind_hash process = release_memory_name(json_text_at(node, "ocid"));

	if (!text) {
		buf_reset(&reader->text);
		json_write(&reader->text, node);
		text = reader->text.data;
		length = reader->text.used;
	}
	if (sought->found || memcmp(&process, &release->process, sizeof(process)) != 0 ||
		ocds_release_name(node, text, length) != release->release)
		return 0;
	sought->found = true;
	int64_t at = ocds_processes_find(reader->processes, &process);
	if (ocds_process_has(reader->processes, at, release->release))
		flags |= OCDS_SUPERSEDED;
	return ocds_processes_add(
		reader->processes, node, text, length, origin, flags | OCDS_TOLD, err);
}

static int on_fetched_record(void *arg, const struct json_record *record, struct err *err)
{
	struct sought *sought = arg;
	const struct json_node *releases = ocds_embedded(record->root);
	const struct json_node *compiled = json_get(record->root, "compiledRelease");

	if (compiled)
		return take(sought, compiled, NULL, 0, OCDS_WHOLE, err);
	if (!releases)
		return take(sought, record->root, sought->text, sought->length, 0, err);
	for (const struct json_node *one = releases->first; one; one = one->next)
		if (take(sought, one, NULL, 0, 0, err) < 0)
			return -1;
	return 0;
}

static int on_fetched(void *arg, const struct store_release *release, const char *text,
	size_t length, struct err *err)
{
	struct frame_json_options options = { .record_max = OCDS_TEXT_MAX };
	struct sought sought = {
		.reader = arg, .release = release, .text = text, .length = length
	};
	struct frame_json *frame = frame_json_new(&options, on_fetched_record, &sought);
	int status = frame_json_feed(frame, text, length, err);

	if (status == 0)
		status = frame_json_finish(frame, err);
	frame_json_free(frame);
	if (status == 0 && !sought.found)
		return err_set(err, ERR_DATA,
			"what stands at byte %lld of archived file %s is not this release",
			(long long)release->place, release->sha256);
	return status;
}

/* A process is known by its hash: what came now says how it is called. */
static int on_version_name(void *arg, const struct json_node *release,
	const struct ocds_version *version, struct err *err)
{
	struct buf *name = arg;

	(void)version;
	(void)err;
	buf_reset(name);
	buf_add_text(name, json_text_at(release, "ocid"));
	return 0;
}

static int fetch_some(struct reader *reader, struct err *err)
{
	struct kind_hash failed;
	bool more = false;
	struct err ignored = ERR_INIT;

	if (!reader->sink.memory) {
		reader->step = OCDS_COMPILING;
		return 0;
	}
	if (release_memory_fetch(reader->sink.memory, reader->config->encoding, on_fetched, reader,
		    &more, &failed, err) == 0) {
		if (!more)
			reader->step = OCDS_COMPILING;
		return 0;
	}
	int64_t at = ocds_processes_find(reader->processes, &failed);
	if (at >= 0)
		ocds_process_each(reader->processes, at, on_version_name, &reader->text, &ignored);
	err_prefix(err, "an earlier release of process %s cannot be read again",
		at >= 0 ? reader->text.data : "?");
	return -1;
}

/* One process after the other -------------------------------------------------------------------------------------- */

static int on_newest(void *arg, const struct json_node *release, const struct ocds_version *version,
	struct err *err)
{
	struct reader *reader = arg;

	(void)release;
	(void)err;
	if (version->origin.batch != 0 && version->instant > reader->newest_before)
		reader->newest_before = version->instant;
	return 0;
}

/* What a release of this batch says as a publication, and, to be counted, how things stood by it. */
static int on_version(void *arg, const struct json_node *release,
	const struct ocds_version *version, struct err *err)
{
	struct reader *reader = arg;

	if (version->origin.batch != 0)
		return 0;
	reader->file_no = version->origin.file_no;
	reader->place = version->origin.place;
	reader->said = version->text;
	int status = 0;
	reader->target = OCDS_TO_OWN;
	if (!(version->flags & OCDS_TOLD))
		status = ocds_release_read_part(
			reader->release, release, reader->place, OCDS_READ_PUBLICATION, err);
	reader->target = OCDS_TO_VERSIONS;
	reader->tentative = true;
	reader->stale = reader->newest_before > version->instant;
	if (status == 0)
		status = ocds_release_read_part(
			reader->release, release, reader->place, OCDS_READ_STATE, err);
	reader->tentative = reader->stale = false;
	reader->target = OCDS_TO_OWN;
	reader->said = NULL;
	return status;
}

/* Reads what the releases together say; before: those of earlier batches alone. */
static int read_compiled(struct reader *reader, int64_t at, bool before, struct err *err)
{
	const struct json_node *compiled = NULL;
	struct ocds_origin origin = { .file_no = 1 };

	if (ocds_process_compile(
		    reader->processes, at, before, &compiled, &origin, &reader->said, err) < 0)
		return -1;
	int status = 0;
	if (compiled) {
		reader->file_no = origin.file_no;
		reader->place = origin.place;
		reader->again = !before;
		reader->silent = before;
		status = ocds_release_read_part(
			reader->release, compiled, origin.place, OCDS_READ_STATE, err);
		reader->again = reader->silent = false;
	}
	reader->said = NULL;
	return status;
}

/* Keys of rows, to find those that are not given any more. */
struct keys {
	uint64_t *key;
	size_t count, capacity;
	struct reader *reader;
};

static int by_number(const void *a, const void *b)
{
	const uint64_t *one = a, *two = b;

	return (*one > *two) - (*one < *two);
}

static int add_key(void *arg, int file_no, struct kind_row *row, struct err *err)
{
	struct keys *keys = arg;

	(void)file_no;
	(void)err;
	MEM_GROW(keys->key, keys->count, keys->capacity);
	keys->key[keys->count++] = ocds_row_key(row);
	return 0;
}

static int tell_vanished(void *arg, int file_no, struct kind_row *row, struct err *err)
{
	struct keys *keys = arg;
	struct reader_sink *sink = &keys->reader->sink;
	uint64_t key = ocds_row_key(row);

	(void)file_no;
	if (keys->count > 0 &&
		bsearch(&key, keys->key, keys->count, sizeof(key), by_number) != NULL)
		return 0;
	return sink->vanished(sink->arg, row, err);
}

static int each_row(struct ocds_hold *hold, ocds_hold_fn each, void *arg, struct err *err)
{
	int status = 0;

	for (int i = 0; kind_table[i] && status == 0; i++) {
		int64_t cursor = 0;
		ocds_hold_each(hold, kind_table[i], &cursor, INT32_MAX, each, arg, &status, err);
	}
	return status;
}

static int compare_rows(struct reader *reader, struct err *err)
{
	struct keys keys = { .reader = reader };

	if (!reader->sink.vanished || ocds_hold_groups(reader->before) == 0)
		return 0;
	int status = each_row(reader->own, add_key, &keys, err);
	if (keys.count > 0)
		qsort(keys.key, keys.count, sizeof(*keys.key), by_number);
	if (status == 0)
		status = each_row(reader->before, tell_vanished, &keys, err);
	free(keys.key);
	return status;
}

/* The only release of a process is all there is to say; what is refused of it is read once more as a compilation. */
static int on_only(void *arg, const struct json_node *release, const struct ocds_version *version,
	struct err *err)
{
	struct reader *reader = arg;

	reader->file_no = version->origin.file_no;
	reader->place = version->origin.place;
	reader->said = version->text;
	int status = ocds_release_read_part(
		reader->release, release, reader->place, OCDS_READ_PUBLICATION, err);
	reader->tentative = true;
	reader->looked = false;
	if (status == 0)
		status = ocds_hand_over_own(reader, err);
	if (status == 0)
		status = ocds_release_read_part(
			reader->release, release, reader->place, OCDS_READ_STATE, err);
	reader->tentative = false;
	reader->said = NULL;
	return status;
}

static int finish_only(struct reader *reader, int64_t at, struct err *err)
{
	ocds_hold_reset(reader->own);
	if (ocds_process_each(reader->processes, at, on_only, reader, err) < 0)
		return -1;
	if (reader->looked) {
		ocds_hold_reset(reader->own);
		if (read_compiled(reader, at, false, err) < 0)
			return -1;
	}
	return ocds_hand_over_own(reader, err);
}

/* Its releases of this batch are kept, its rows with the newest one. */
static void tell_came(struct reader *reader, int64_t at, int64_t rows, bool whole)
{
	struct store_release release;

	for (int i = ocds_process_releases(reader->processes, at) - 1; i >= 0; i--) {
		if (!ocds_process_came(reader->processes, at, i, &release))
			continue;
		release.rows = (int32_t)rows;
		release.print = whole ? release.print : 0;
		rows = 0;
		if (reader->sink.released)
			reader->sink.released(reader->sink.arg, &release);
	}
}

static int read_process(struct reader *reader, int64_t at, struct err *err)
{
	if (ocds_process_only(reader->processes, at))
		return finish_only(reader, at, err);
	ocds_hold_reset(reader->own);
	ocds_hold_reset(reader->versions);
	ocds_hold_reset(reader->before);
	reader->newest_before = INT64_MIN;
	if ((reader->sink.memory &&
		    ocds_process_each(reader->processes, at, on_newest, reader, err) < 0) ||
		ocds_process_each(reader->processes, at, on_version, reader, err) < 0 ||
		(reader->sink.memory && read_compiled(reader, at, true, err) < 0) ||
		read_compiled(reader, at, false, err) < 0 || compare_rows(reader, err) < 0)
		return -1;
	return ocds_hand_over_own(reader, err);
}

static int finish_process(struct reader *reader, int64_t at, struct err *err)
{
	int64_t handed = reader->handed, refusals = ocds_refusals(reader);
	int64_t passed = ocds_process_passed(reader->processes, at);

	if (ocds_process_releases(reader->processes, at) == 0)
		return 0;
	if (read_process(reader, at, err) < 0)
		return -1;
	if (passed != 0)
		reader->sink.passed(reader->sink.arg, -passed);
	tell_came(reader, at, reader->handed - handed, ocds_refusals(reader) == refusals);
	return 0;
}

static int compile_some(struct reader *reader, struct err *err)
{
	int64_t count = ocds_processes_count(reader->processes);

	for (int budget = OCDS_FINISH_PROCESSES; budget > 0 && reader->process < count; budget--) {
		if (finish_process(reader, reader->process++, err) < 0)
			return -1;
	}
	if (reader->process == count)
		reader->step = OCDS_NAMING;
	return 0;
}

/* Organisations ---------------------------------------------------------------------------------------------------- */

/* When they were named is kept: an older release that comes later must not rename them. */
static int name_some(struct reader *reader)
{
	int64_t count = ocds_hold_groups(reader->orgs);
	const char *name = NULL;
	size_t length = 0;
	struct store_release org = { .file_no = 0 };

	for (int budget = OCDS_FINISH_GROUPS; budget > 0 && reader->cursor < count; budget--) {
		if (!ocds_hold_group(reader->orgs, reader->cursor++, &name, &length, &org.at) ||
			!reader->sink.released)
			continue;
		buf_reset(&reader->text);
		buf_add(&reader->text, name, length);
		org.process = release_memory_name(reader->text.data);
		reader->sink.released(reader->sink.arg, &org);
	}
	if (reader->cursor == count) {
		reader->step = OCDS_HANDING_OVER;
		reader->cursor = 0;
	}
	return 0;
}

static int hand_over_some(struct reader *reader, bool *ret_more, struct err *err)
{
	int status = 0;

	*ret_more = false;
	if (!kind_table[reader->kind])
		return 0;
	if (!ocds_hold_each(reader->orgs, kind_table[reader->kind], &reader->cursor,
		    OCDS_FINISH_GROUPS, ocds_hand_over, reader, &status, err)) {
		reader->kind++;
		reader->cursor = 0;
	}
	*ret_more = status == 0 && kind_table[reader->kind] != NULL;
	return status;
}

int ocds_finish_step(struct reader *reader, bool *ret_more, struct err *err)
{
	*ret_more = true;
	switch (reader->step) {
	case OCDS_WANTING:
		return want_some(reader, err);
	case OCDS_FETCHING:
		return fetch_some(reader, err);
	case OCDS_COMPILING:
		return compile_some(reader, err);
	case OCDS_NAMING:
		return name_some(reader);
	case OCDS_HANDING_OVER:
		break;
	}
	return hand_over_some(reader, ret_more, err);
}
