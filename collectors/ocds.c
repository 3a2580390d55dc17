#include "collectors/ocds.h"

#include <limits.h>
#include <string.h>

#include <xxhash.h>

#include "collectors/json_write.h"
#include "collectors/ocds_reader.h"
#include "collectors/ocds_value.h"
#include "collectors/release_memory.h"
#include "core/mem.h"

const char *const ocds_record_paths[] = { "releases", "records", NULL };

static void skip(struct reader *reader)
{
	if (reader->sink.skipped)
		reader->sink.skipped(reader->sink.arg, reader->file_no, reader->place);
}

/* True if a release of an earlier batch named the organisation later than this. */
static int named_later(struct reader *reader, const char *name, int64_t instant, struct err *err)
{
	struct kind_hash hash = release_memory_name(name);
	int later = 0;

	if (!reader->sink.memory)
		return 0;
	return release_memory_newer(reader->sink.memory, &hash, instant, &later, err) < 0 ? -1
											  : later;
}

static int begin_organisation(
	struct reader *reader, const char *name, int64_t instant, struct err *err)
{
	bool replaced = false;
	int later = named_later(reader, name, instant, err);

	if (later != 0)
		return later < 0 ? -1 : 0;
	reader->open = reader->orgs;
	return ocds_hold_begin(reader->orgs, name, instant, &replaced);
}

static int on_group(void *arg, const char *name, int64_t instant, struct err *err)
{
	struct reader *reader = arg;
	bool replaced = false;

	/* Organisations are named again in every release: that is no record left out. */
	if (strncmp(name, "unit:", 5) == 0 || strncmp(name, "supplier:", 9) == 0)
		return reader->silent ? 0 : begin_organisation(reader, name, instant, err);
	if (reader->stale) {
		skip(reader);
		return 0;
	}
	reader->open = reader->silent                       ? reader->before
		       : reader->target == OCDS_TO_VERSIONS ? reader->versions
							    : reader->own;
	bool wanted = ocds_hold_begin(reader->open, name, instant, &replaced);
	if (replaced && !reader->again && !reader->silent)
		skip(reader);
	return wanted;
}

static int on_row(void *arg, const struct kind_row *row, struct err *err)
{
	struct reader *reader = arg;

	return ocds_hold_row(reader->open, reader->file_no, row, err);
}

static int on_refused(void *arg, const struct reader_refusal *refusal, struct err *err)
{
	struct reader *reader = arg;

	if (reader->tentative || reader->silent) {
		reader->looked = true;
		return 0;
	}
	return reader->sink.refused(reader->sink.arg, reader->file_no, refusal, err);
}

int ocds_hand_over(void *arg, int file_no, struct kind_row *row, struct err *err)
{
	struct reader *reader = arg;

	reader->handed++;
	return reader->sink.row(reader->sink.arg, file_no, row, err);
}

int64_t ocds_refusals(const struct reader *reader)
{
	return reader->sink.refusals ? reader->sink.refusals(reader->sink.arg) : 0;
}

/* The rows of the current release or process, which nothing replaces any more. */
int ocds_hand_over_own(struct reader *reader, struct err *err)
{
	int status = 0;

	for (int i = 0; kind_table[i] && status == 0; i++) {
		int64_t cursor = 0;
		ocds_hold_each(reader->own, kind_table[i], &cursor, INT_MAX, ocds_hand_over, reader,
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

/* A release as it came. */
struct came {
	const struct json_node *release;
	const char *text; /* NULL = to be written from the tree */
	size_t length;
	unsigned flags;
	struct kind_hash process;
	int64_t name;
};

/* Where it is embedded in a record, its text is made anew. */
static int need_text(struct reader *reader, struct came *came, struct err *err)
{
	if (came->text)
		return 0;
	buf_reset(&reader->text);
	json_write(&reader->text, came->release);
	if (reader->text.failed)
		return err_set(err, ERR_LIMIT, "json-large: a release of more than %d MiB",
			OCDS_TEXT_MAX >> 20);
	came->text = reader->text.data;
	came->length = reader->text.used;
	return 0;
}

/* It waits until all releases of its process are known. */
static int keep(struct reader *reader, struct came *came, struct err *err)
{
	struct ocds_origin origin = { .file_no = reader->file_no,
		.place = reader->place,
		.bytes = reader->record.bytes,
		.print = reader->record.print };

	return need_text(reader, came, err) < 0
		       ? -1
		       : ocds_processes_add(reader->processes, came->release, came->text,
				 came->length, origin, came->flags, err);
}

static void tell_read(struct reader *reader, const struct came *came, int64_t rows, bool whole)
{
	struct store_release release = { .process = came->process,
		.release = came->name,
		.at = ocds_instant(json_text_at(came->release, "date")),
		.file_no = reader->file_no,
		.place = reader->place,
		.bytes = reader->record.bytes,
		.print = whole ? reader->record.print : 0,
		.rows = (int32_t)rows };

	if (reader->sink.released)
		reader->sink.released(reader->sink.arg, &release);
}

/* The only release of a process so far: its rows are handed over, unless it must be read again. */
static int read_eagerly(struct reader *reader, struct came *came, struct err *err)
{
	const char *ocid = json_text_at(came->release, "ocid");
	int64_t handed = reader->handed, refusals = ocds_refusals(reader);

	if (ocds_processes_note(reader->processes, ocid))
		return go_astray(reader, ocid, err);
	if (ocds_release_read_part(
		    reader->release, came->release, reader->place, OCDS_READ_PUBLICATION, err) ||
		ocds_hand_over_own(reader, err))
		return -1;
	reader->tentative = true;
	reader->looked = false;
	int status = ocds_release_read_part(
		reader->release, came->release, reader->place, OCDS_READ_STATE, err);
	reader->tentative = false;
	if (status < 0)
		return -1;
	if (reader->looked) {
		ocds_hold_reset(reader->own);
		came->flags |= OCDS_TOLD;
		return keep(reader, came, err);
	}
	if (ocds_hand_over_own(reader, err) < 0)
		return -1;
	tell_read(reader, came, reader->handed - handed, ocds_refusals(reader) == refusals);
	return 0;
}

/* What earlier batches know of the process, and of this release of it. */
struct known {
	const struct came *came;
	int count;
	int64_t print; /* 0 = it must be read */
	int32_t rows;
};

static void on_known(void *arg, const struct store_release *release)
{
	struct known *known = arg;

	known->count++;
	if (release->release != known->came->name)
		return;
	known->print = release->print;
	known->rows = release->rows;
}

/* The same record again says nothing new, unless another version of the release came before it. */
static bool stands(struct reader *reader, const struct known *known)
{
	int64_t at = -1;

	if (!reader->sink.passed || known->print == 0 || known->print != reader->record.print)
		return false;
	at = ocds_processes_find(reader->processes, &known->came->process);
	return at < 0 || !ocds_process_has(reader->processes, at, known->came->name);
}

static int read_release(struct reader *reader, struct came *came, struct err *err)
{
	const struct json_node *release = came->release;
	struct reader_sink *sink = &reader->sink;
	const char *ocid = json_text_at(release, "ocid");
	struct known known = { .came = came };

	if (release->type != JSON_OBJECT || !ocid[0] || strlen(ocid) > OCDS_OCID_MAX)
		return ocds_release_read_part(
			reader->release, release, reader->place, OCDS_READ_PUBLICATION, err);
	if (!json_text_at(release, "id")[0] && need_text(reader, came, err) < 0)
		return -1;
	came->process = release_memory_name(ocid);
	came->name = ocds_release_name(release, came->text, came->length);
	if (sink->memory &&
		release_memory_each(sink->memory, &came->process, on_known, &known, NULL, err) < 0)
		return -1;
	if (stands(reader, &known)) {
		ocds_processes_pass(reader->processes, ocid, known.rows);
		sink->passed(sink->arg, known.rows);
		return 0;
	}
	return sink->astray && known.count == 0 ? read_eagerly(reader, came, err)
						: keep(reader, came, err);
}

/* Embedded releases; a record with a compiled release, or with links in place of releases, is read as it is. */
const struct json_node *ocds_embedded(const struct json_node *record)
{
	const struct json_node *releases = json_get(record, "releases");

	if (!releases || releases->type != JSON_ARRAY || json_get(record, "compiledRelease"))
		return NULL;
	for (const struct json_node *one = releases->first; one; one = one->next) {
		if (!json_get(one, "ocid"))
			return NULL;
	}
	return releases;
}

static int read_record(struct reader *reader, const struct json_record *record, struct err *err)
{
	const struct json_node *releases = ocds_embedded(record->root);
	const struct json_node *compiled = json_get(record->root, "compiledRelease");

	for (const struct json_node *one = releases ? releases->first : NULL; one;
		one = one->next) {
		struct came came = { .release = one };
		if (read_release(reader, &came, err))
			return -1;
	}
	if (releases)
		return 0;
	if (compiled) {
		struct came came = { .release = compiled, .flags = OCDS_WHOLE };
		return read_release(reader, &came, err);
	}
	if (json_get(record->root, "releases"))
		return ocds_release_read(reader->release, record->root, record->offset, err);
	struct came came = { .release = record->root };
	came.text = json_input_bytes(reader->input, &came.length);
	return read_release(reader, &came, err);
}

static void note_record(struct reader *reader, const struct json_record *record)
{
	size_t length = 0;
	const char *bytes = json_input_bytes(reader->input, &length);
	int64_t print = (int64_t)XXH3_64bits(bytes, length);

	reader->record.bytes = (int32_t)(record->end - record->offset);
	reader->record.print = print != 0 ? print : 1;
}

static int on_record(void *arg, const struct json_record *record, struct err *err)
{
	struct reader *reader = arg;

	reader->place = record->offset;
	note_record(reader, record);
	if (!record->nul)
		return read_record(reader, record, err);
	struct reader_refusal refusal = { .place = record->offset,
		.field = "release",
		.value = "",
		.code = "text-nul",
		.reason = "the release holds the character U+0000" };
	return on_refused(reader, &refusal, err);
}

static void reader_close(struct reader *reader)
{
	if (!reader)
		return;
	json_input_free(reader->input);
	ocds_release_free(reader->release);
	ocds_hold_free(reader->orgs);
	ocds_hold_free(reader->own);
	ocds_hold_free(reader->versions);
	ocds_hold_free(reader->before);
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
	buf_init(&reader->text, OCDS_TEXT_MAX);
	reader->config = config;
	reader->sink = *sink;
	reader->release = ocds_release_new(&own);
	reader->orgs = ocds_hold_new(OCDS_HOLD_MAX);
	reader->own = ocds_hold_new(OCDS_HOLD_MAX);
	reader->versions = ocds_hold_new(OCDS_HOLD_MAX);
	reader->before = ocds_hold_new(OCDS_HOLD_MAX);
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

static void reader_text(const struct reader *reader, struct buf *out)
{
	if (reader->said)
		buf_add_text(out, reader->said);
	else
		json_input_text(reader->input, out);
}

const struct reader_type ocds_reader = {
	.format = "ocds",
	.open = reader_open,
	.begin = reader_begin,
	.feed = reader_feed,
	.end = reader_end,
	.finish = ocds_finish_step,
	.text = reader_text,
	.whole_parents = true,
	.names_only = true,
	.releases = true,
	.find = json_input_find,
	.close = reader_close,
};
