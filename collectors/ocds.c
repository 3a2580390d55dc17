#include "collectors/ocds.h"

#include "collectors/charset.h"
#include "collectors/frame_json.h"
#include "collectors/ocds_hold.h"
#include "collectors/ocds_release.h"
#include "collectors/source_config.h"
#include "core/mem.h"

enum { HOLD_MAX = 256 << 20, RECENT_MAX = 9 << 20, FINISH_GROUPS = 2000 };

const char *const ocds_record_paths[] = { "releases", "records", NULL };

struct reader {
	const struct source_config *config;
	struct reader_sink sink;
	struct ocds_release *release;
	struct ocds_hold *hold;
	struct frame_json *frame;
	struct charset *charset; /* NULL = UTF-8 */
	int file_no;
	int64_t place;
	/* The bytes from the end of the last record on, so that a refusal can quote its record. */
	struct buf recent;
	int64_t recent_at;
	const struct json_record *record; /* while it is being read */
	/* finish() */
	int kind;
	int64_t cursor;
};

static int on_group(void *arg, const char *name, int64_t instant, struct err *err)
{
	struct reader *reader = arg;
	bool replaced = false;
	bool wanted = ocds_hold_begin(reader->hold, name, instant, &replaced);

	(void)err;
	/* Organisations are named again in every release: that is no record left out. */
	bool organisation = strncmp(name, "unit:", 5) == 0 || strncmp(name, "supplier:", 9) == 0;
	if (replaced && !organisation && reader->sink.skipped)
		reader->sink.skipped(reader->sink.arg, reader->file_no, reader->place);
	return wanted;
}

static int on_row(void *arg, const struct kind_row *row, struct err *err)
{
	struct reader *reader = arg;

	return ocds_hold_row(reader->hold, reader->file_no, row, err);
}

static int on_refused(void *arg, const struct reader_refusal *refusal, struct err *err)
{
	struct reader *reader = arg;

	return reader->sink.refused(reader->sink.arg, reader->file_no, refusal, err);
}

static int on_record(void *arg, const struct json_record *record, struct err *err)
{
	struct reader *reader = arg;
	int status = 0;

	reader->record = record;
	reader->place = record->offset;
	if (record->nul) {
		struct reader_refusal refusal = { .place = record->offset,
			.field = "release",
			.value = "",
			.code = "text-nul",
			.reason = "the release holds the character U+0000" };
		status = on_refused(reader, &refusal, err);
	} else {
		status = ocds_release_read(reader->release, record->root, record->offset, err);
	}
	reader->record = NULL;
	return status;
}

static void reader_close(struct reader *reader)
{
	if (!reader)
		return;
	frame_json_free(reader->frame);
	charset_free(reader->charset);
	ocds_release_free(reader->release);
	ocds_hold_free(reader->hold);
	buf_free(&reader->recent);
	free(reader);
}

static struct reader *reader_open(
	const struct source_config *config, const struct reader_sink *sink, struct err *err)
{
	struct reader *reader = mem_zero(1, sizeof(*reader));
	struct ocds_sink own = {
		.group = on_group, .row = on_row, .refused = on_refused, .arg = reader
	};

	(void)err;
	reader->config = config;
	reader->sink = *sink;
	reader->release = ocds_release_new(&own);
	reader->hold = ocds_hold_new(HOLD_MAX);
	buf_init(&reader->recent, RECENT_MAX);
	return reader;
}

/* What stays of a piece is at most one unfinished record. */
static int feed_utf8(void *arg, const char *bytes, size_t count, struct err *err)
{
	struct reader *reader = arg;

	if (buf_add(&reader->recent, bytes, count))
		return err_set(err, ERR_LIMIT, "json-large: more than %d bytes without a record",
			RECENT_MAX);
	if (frame_json_feed(reader->frame, bytes, count, err))
		return -1;
	size_t done = (size_t)(frame_json_last_end(reader->frame) - reader->recent_at);
	buf_drop(&reader->recent, done);
	reader->recent_at += (int64_t)done;
	return 0;
}

static int reader_begin(struct reader *reader, int file_no, const char *name, struct err *err)
{
	struct frame_json_options options = { .paths = ocds_record_paths };

	(void)name;
	/* A feed that is paged is made of packages: anything else is an error message of the portal. */
	options.package = reader->config->next && reader->config->next[0];
	frame_json_free(reader->frame);
	charset_free(reader->charset);
	reader->charset = NULL;
	reader->frame = frame_json_new(&options, on_record, reader);
	reader->file_no = file_no;
	buf_reset(&reader->recent);
	reader->recent_at = 0;
	if (!reader->config->encoding || !reader->config->encoding[0])
		return 0;
	reader->charset = charset_new(reader->config->encoding, feed_utf8, reader, err);
	return reader->charset ? 0 : -1;
}

static int reader_feed(struct reader *reader, const char *bytes, size_t count, struct err *err)
{
	return reader->charset ? charset_feed(reader->charset, bytes, count, err)
			       : feed_utf8(reader, bytes, count, err);
}

static int reader_end(struct reader *reader, struct err *err)
{
	if (reader->charset && charset_finish(reader->charset, err))
		return -1;
	return frame_json_finish(reader->frame, err);
}

static int hand_over(void *arg, int file_no, struct kind_row *row, struct err *err)
{
	struct reader *reader = arg;

	return reader->sink.row(reader->sink.arg, file_no, row, err);
}

static int reader_finish(struct reader *reader, bool *ret_more, struct err *err)
{
	int status = 0;

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
	const struct json_record *record = reader->record;

	if (record)
		buf_add(out, reader->recent.data + (record->offset - reader->recent_at),
			(size_t)(record->end - record->offset));
}

/* The bytes from `place` on, until the brackets opened since then are closed again outside of strings. */
struct scan {
	int64_t at;
	int depth;
	bool quoted, escaped;
};
_Static_assert(sizeof(struct scan) <= READER_SCAN_BYTES, "the scan must fit its room");

static bool find_release(void *room, const char *bytes, size_t count, int64_t place, struct buf *out)
{
	struct scan *scan = room;

	for (size_t i = 0; i < count; i++) {
		char c = bytes[i];
		if (scan->at++ < place)
			continue;
		buf_add_char(out, c);
		if (scan->escaped)
			scan->escaped = false;
		else if (scan->quoted && c == '\\')
			scan->escaped = true;
		else if (c == '"')
			scan->quoted = !scan->quoted;
		else if (!scan->quoted && (c == '{' || c == '['))
			scan->depth++;
		else if (!scan->quoted && (c == '}' || c == ']') && --scan->depth == 0)
			return true;
	}
	return false;
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
	.find = find_release,
	.close = reader_close,
};
