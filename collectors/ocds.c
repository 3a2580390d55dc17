#include "collectors/ocds.h"

#include <limits.h>

#include "collectors/json_input.h"
#include "collectors/json_write.h"
#include "collectors/ocds_hold.h"
#include "collectors/ocds_process.h"
#include "collectors/ocds_release.h"
#include "collectors/ocds_value.h"
#include "collectors/release_memory.h"
#include "collectors/source_config.h"
#include "core/mem.h"

enum { HOLD_MAX = 256 << 20, FINISH_GROUPS = 2000, TEXT_MAX = 64 << 20 };

const char *const ocds_record_paths[] = { "releases", "records", NULL };

struct reader {
	const struct source_config *config;
	struct reader_sink sink;
	struct ocds_release *release;
	struct ocds_hold *hold;
	/* As long as no process came twice: rows of the current release, handed over at its end. */
	struct ocds_hold *own;
	bool eager;               /* the current release is read that way */
	struct ocds_hold *target; /* of the current group */
	struct json_input *input;
	int file_no;
	int64_t place;
	/* The releases of every process; those that need a second look are read from there when all are known. */
	struct ocds_processes *processes;
	struct buf text; /* a release that is embedded in a record */
	bool tentative;  /* a refusal only means: look again at the end */
	bool again;      /* read anew at the end: what it replaces is no version of its own */
	bool looked;     /* the current release was refused in part */
	const struct json_node *compiled; /* while it is being read */
	const char *newest;               /* text of its last release */
	int64_t process;
	/* finish() */
	int kind;
	int64_t cursor;
};

static int on_group(void *arg, const char *name, int64_t instant, struct err *err)
{
	struct reader *reader = arg;
	/* Organisations are named again in every release: that is no record left out. */
	bool organisation = strncmp(name, "unit:", 5) == 0 || strncmp(name, "supplier:", 9) == 0;
	bool replaced = false;

	(void)err;
	reader->target = reader->eager && !organisation ? reader->own : reader->hold;
	bool wanted = ocds_hold_begin(reader->target, name, instant, &replaced);
	if (replaced && !organisation && !reader->again && reader->sink.skipped)
		reader->sink.skipped(reader->sink.arg, reader->file_no, reader->place);
	return wanted;
}

static int on_row(void *arg, const struct kind_row *row, struct err *err)
{
	struct reader *reader = arg;

	return ocds_hold_row(reader->target, reader->file_no, row, err);
}

static int on_refused(void *arg, const struct reader_refusal *refusal, struct err *err)
{
	struct reader *reader = arg;

	if (reader->tentative) {
		reader->looked = true;
		return 0;
	}
	return reader->sink.refused(reader->sink.arg, reader->file_no, refusal, err);
}

static void skip(struct reader *reader)
{
	if (reader->sink.skipped)
		reader->sink.skipped(reader->sink.arg, reader->file_no, reader->place);
}

static int hand_over(void *arg, int file_no, struct kind_row *row, struct err *err)
{
	struct reader *reader = arg;

	return reader->sink.row(reader->sink.arg, file_no, row, err);
}

/* True if an earlier batch brought a newer release of the process. Its time is noted. */
static bool outdated(struct reader *reader, const struct json_node *release)
{
	if (!reader->sink.memory)
		return false;
	struct kind_hash process = release_memory_process(json_text_at(release, "ocid"));
	int64_t at = ocds_instant(json_text_at(release, "date"));
	release_memory_note(reader->sink.memory, &process, at);
	return release_memory_newer(reader->sink.memory, &process, at);
}

/* The rows of the current release, which nothing replaces any more. */
static int hand_over_own(struct reader *reader, struct err *err)
{
	int status = 0;

	for (int i = 0; kind_table[i] && status == 0; i++) {
		int64_t cursor = 0;
		ocds_hold_each(reader->own, kind_table[i], &cursor, INT_MAX, hand_over, reader,
			&status, err);
	}
	ocds_hold_reset(reader->own);
	return status;
}

/* Rows of its first release may be with the sink already: nothing of it can be merged in this pass. */
static int go_astray(struct reader *reader, const char *ocid, struct err *err)
{
	reader->sink.astray(reader->sink.arg);
	return err_set(err, ERR_DATA, "process %s has several releases", ocid);
}

static int read_state(struct reader *reader, const struct json_node *release, struct err *err)
{
	reader->tentative = true;
	reader->looked = false;
	int status = ocds_release_read_part(
		reader->release, release, reader->place, OCDS_READ_STATE, err);
	reader->tentative = false;
	return status;
}

/* The only release of a process so far: its rows are handed over, unless it must be read again. */
static int read_eagerly(struct reader *reader, const struct json_node *release, const char *text,
	size_t length, struct err *err)
{
	struct ocds_origin origin = { .file_no = reader->file_no, .place = reader->place };
	const char *ocid = json_text_at(release, "ocid");

	if (ocds_processes_note(reader->processes, ocid))
		return go_astray(reader, ocid, err);
	if (ocds_release_read_part(
		    reader->release, release, reader->place, OCDS_READ_PUBLICATION, err) ||
		hand_over_own(reader, err))
		return -1;
	/* Should a successor come as well, this pass is of no use anyway. */
	if (outdated(reader, release)) {
		skip(reader);
		return 0;
	}
	if (read_state(reader, release, err))
		return -1;
	if (!reader->looked)
		return hand_over_own(reader, err);
	ocds_hold_reset(reader->own);
	return ocds_processes_add(reader->processes, release, text, length, origin, true, err);
}

/* What is refused in one release may be said in another one of the process: that shows at the end. */
static int read_patiently(struct reader *reader, const struct json_node *release, const char *text,
	size_t length, struct err *err)
{
	struct ocds_origin origin = { .file_no = reader->file_no, .place = reader->place };

	if (ocds_release_read_part(
		    reader->release, release, reader->place, OCDS_READ_PUBLICATION, err))
		return -1;
	/* An older one may have come with its successors, which shows at the end. */
	bool again = outdated(reader, release);
	if (!again) {
		if (read_state(reader, release, err))
			return -1;
		again = reader->looked;
	}
	return ocds_processes_add(reader->processes, release, text, length, origin, again, err);
}

static int read_release(struct reader *reader, const struct json_node *release, const char *text,
	size_t length, struct err *err)
{
	if (release->type != JSON_OBJECT || !json_text_at(release, "ocid")[0])
		return ocds_release_read_part(
			reader->release, release, reader->place, OCDS_READ_PUBLICATION, err);
	if (!reader->sink.astray)
		return read_patiently(reader, release, text, length, err);
	reader->eager = true;
	int status = read_eagerly(reader, release, text, length, err);
	reader->eager = false;
	return status;
}

static int read_embedded(struct reader *reader, const struct json_node *releases, struct err *err)
{
	for (const struct json_node *one = releases->first; one; one = one->next) {
		buf_reset(&reader->text);
		json_write(&reader->text, one);
		if (reader->text.failed)
			return err_set(err, ERR_LIMIT, "json-large: a release of more than %d MiB",
				TEXT_MAX >> 20);
		if (read_release(reader, one, reader->text.data, reader->text.used, err))
			return -1;
	}
	return 0;
}

/* Embedded releases; a record with a compiled release, or with links in place of releases, is read as it is. */
static const struct json_node *embedded(const struct json_node *root)
{
	const struct json_node *releases = json_get(root, "releases");

	if (!releases || releases->type != JSON_ARRAY || json_get(root, "compiledRelease"))
		return NULL;
	for (const struct json_node *one = releases->first; one; one = one->next) {
		if (!json_get(one, "ocid"))
			return NULL;
	}
	return releases;
}

static int read_record(struct reader *reader, const struct json_record *record, struct err *err)
{
	size_t length = 0;

	if (embedded(record->root))
		return read_embedded(reader, embedded(record->root), err);
	const struct json_node *compiled = json_get(record->root, "compiledRelease");
	bool whole = compiled || json_get(record->root, "releases");
	/* Newer ones of the process are looked for among what is held. */
	const char *ocid = json_text_at(compiled ? compiled : record->root, "ocid");
	if (whole && reader->sink.astray && ocds_processes_note(reader->processes, ocid))
		return go_astray(reader, ocid, err);
	if (compiled && outdated(reader, compiled)) {
		skip(reader);
		return 0;
	}
	if (whole)
		return ocds_release_read(reader->release, record->root, record->offset, err);
	const char *text = json_input_bytes(reader->input, &length);
	return read_release(reader, record->root, text, length, err);
}

static int on_record(void *arg, const struct json_record *record, struct err *err)
{
	struct reader *reader = arg;
	int status = 0;

	reader->place = record->offset;
	if (record->nul) {
		struct reader_refusal refusal = { .place = record->offset,
			.field = "release",
			.value = "",
			.code = "text-nul",
			.reason = "the release holds the character U+0000" };
		status = on_refused(reader, &refusal, err);
	} else {
		status = read_record(reader, record, err);
	}
	return status;
}

static void reader_close(struct reader *reader)
{
	if (!reader)
		return;
	json_input_free(reader->input);
	ocds_release_free(reader->release);
	ocds_hold_free(reader->hold);
	ocds_hold_free(reader->own);
	ocds_processes_free(reader->processes);
	buf_free(&reader->text);
	free(reader);
}

static struct reader *reader_open(
	const struct source_config *config, const struct reader_sink *sink, struct err *err)
{
	struct reader *reader = mem_zero(1, sizeof(*reader));
	struct ocds_sink own = {
		.group = on_group, .row = on_row, .refused = on_refused, .arg = reader
	};

	reader->processes = ocds_processes_new(err);
	if (!reader->processes) {
		free(reader);
		return NULL;
	}
	buf_init(&reader->text, TEXT_MAX);
	reader->config = config;
	reader->sink = *sink;
	reader->release = ocds_release_new(&own);
	reader->hold = ocds_hold_new(HOLD_MAX);
	reader->own = ocds_hold_new(HOLD_MAX);
	reader->input = json_input_new();
	return reader;
}

static int reader_begin(struct reader *reader, int file_no, const char *name, struct err *err)
{
	struct frame_json_options options = { .paths = ocds_record_paths };

	(void)name;
	/* A feed that is paged is made of packages: anything else is an error message of the portal. */
	options.package = reader->config->next && reader->config->next[0];
	reader->file_no = file_no;
	return json_input_begin(
		reader->input, &options, reader->config->encoding, on_record, reader, err);
}

static int reader_feed(struct reader *reader, const char *bytes, size_t count, struct err *err)
{
	return json_input_feed(reader->input, bytes, count, err);
}

static int reader_end(struct reader *reader, struct err *err)
{
	return json_input_end(reader->input, err);
}

/* Reads the compiled release of a process that has several, or one that was refused in part. */
static int read_again(struct reader *reader, int64_t at, struct err *err)
{
	struct ocds_origin origin;
	struct kind_hash process;

	if (!ocds_process_marked(reader->processes, at))
		return 0;
	int64_t newest = ocds_process_newest(reader->processes, at, &process);
	if (ocds_process_compile(
		    reader->processes, at, &reader->compiled, &origin, &reader->newest, err))
		return -1;
	reader->file_no = origin.file_no;
	reader->place = origin.place;
	/* Nothing of what came now is as new as what is known: it says how things stood. */
	if (reader->sink.memory && release_memory_newer(reader->sink.memory, &process, newest)) {
		reader->compiled = NULL;
		skip(reader);
		return 0;
	}
	reader->again = true;
	int status = ocds_release_read_part(
		reader->release, reader->compiled, origin.place, OCDS_READ_STATE, err);
	reader->again = false;
	reader->compiled = NULL;
	return status;
}

static int compile_some(struct reader *reader, struct err *err)
{
	int64_t count = ocds_processes_count(reader->processes);

	for (int budget = FINISH_GROUPS; budget > 0 && reader->process < count; budget--) {
		if (read_again(reader, reader->process++, err))
			return -1;
	}
	return 0;
}

static int reader_finish(struct reader *reader, bool *ret_more, struct err *err)
{
	int status = 0;

	if (reader->process < ocds_processes_count(reader->processes)) {
		*ret_more = true;
		return compile_some(reader, err);
	}
	*ret_more = false;
	if (!kind_table[reader->kind])
		return 0;
	if (!ocds_hold_each(reader->hold, kind_table[reader->kind], &reader->cursor, FINISH_GROUPS,
		    hand_over, reader, &status, err)) {
		reader->kind++;
		reader->cursor = 0;
	}
	*ret_more = status == 0 && kind_table[reader->kind] != NULL;
	return status;
}

static void reader_text(const struct reader *reader, struct buf *out)
{
	if (reader->compiled)
		buf_add_text(out, reader->newest);
	else
		json_input_text(reader->input, out);
}

const struct reader_type ocds_reader = {
	.format = "ocds",
	.open = reader_open,
	.begin = reader_begin,
	.feed = reader_feed,
	.end = reader_end,
	.finish = reader_finish,
	.text = reader_text,
	.whole_parents = true,
	.names_only = true,
	.releases = true,
	.find = json_input_find,
	.close = reader_close,
};
