#include "collectors/ocds.h"

#include "collectors/json_input.h"
#include "collectors/ocds_hold.h"
#include "collectors/ocds_release.h"
#include "collectors/source_config.h"
#include "core/mem.h"

enum { HOLD_MAX = 256 << 20, FINISH_GROUPS = 2000 };

const char *const ocds_record_paths[] = { "releases", "records", NULL };

struct reader {
	const struct source_config *config;
	struct reader_sink sink;
	struct ocds_release *release;
	struct ocds_hold *hold;
	struct json_input *input;
	int file_no;
	int64_t place;
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
	return status;
}

static void reader_close(struct reader *reader)
{
	if (!reader)
		return;
	json_input_free(reader->input);
	ocds_release_free(reader->release);
	ocds_hold_free(reader->hold);
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
	.find = json_input_find,
	.close = reader_close,
};
