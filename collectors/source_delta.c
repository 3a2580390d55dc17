/* A pull that brings the files of the last batch again, a little changed: the old and the new bytes are compared line by
 * line, and only lines that differ are parsed. What the others became stands in the ledger as it stood. Exact or not at
 * all: whenever lines that are not parsed could matter, the batch starts over and reads everything. */
#include "collectors/source_own.h"

#include <string.h>

#include "collectors/line_diff.h"
#include "collectors/line_replay.h"
#include "collectors/record_check.h"
#include "core/mem.h"

/* Files that differ in more lines than they share are read whole, once that is clear. */
enum { CHANGED_MAX = 50000, REPLAY_BYTES = 8 << 20 };

struct source_delta {
	struct source_run *run;
	struct store_base base;     /* files are owned */
	struct archive_reader *old; /* of the file that is compared, NULL = none */
	struct line_diff *diff;     /* NULL in a replay */
	struct line_replay *replay;
	bool inside;            /* a file was begun */
	struct reader *before;  /* parses the lines that are gone */
	struct line_run line;   /* what is left of the current run */
	int64_t kept, changed;  /* lines */
	bool skipped;           /* a totals line is gone, which no earlier batch had */
	struct store_base gone; /* rows of lines that are gone */
};

static void drop_file(struct source_delta *delta)
{
	line_diff_free(delta->diff);
	archive_close(delta->old);
	archive_close(delta->run->original);
	delta->diff = NULL;
	delta->inside = false;
	delta->old = NULL;
	delta->run->original = NULL;
	delta->line = (struct line_run){ 0 };
}

static void stop(struct source_delta *delta)
{
	drop_file(delta);
	if (delta->before != NULL)
		delta->run->type->close(delta->before);
	delta->before = NULL;
}

void source_delta_free(struct source_delta *delta)
{
	if (delta == NULL)
		return;
	stop(delta);
	for (int i = 0; i < delta->base.count; i++)
		free(delta->base.file[i].sha256);
	free(delta->base.file);
	free(delta->base.profile);
	line_replay_free(delta->replay);
	free(delta);
}

static bool archived(struct source_run *run, const char *sha256)
{
	struct err ignored = ERR_INIT;
	struct archive_reader *reader = archive_open(run->env.archive, sha256, &ignored);

	archive_close(reader);
	return reader != NULL;
}

/* The same files by kind and order, each the same bytes or made of lines. Organisations are always compared with what
 * other sources say of them. */
static bool fits(struct source_run *run, const struct store_base *base)
{
	if (base->count != run->file_count)
		return false;
	for (int i = 0; i < base->count; i++) {
		const struct source_file *file = &run->files[i];
		const struct kind *kind =
			run->type->kind != NULL ? run->type->kind(run->config, file->name) : NULL;
		bool same = strcmp(file->entry.sha256, base->file[i].sha256) == 0;
		if (kind != base->file[i].kind ||
			(!same && (kind == NULL || kind->organisation || run->type->lines == NULL ||
					  !archived(run, base->file[i].sha256))))
			return false;
	}
	return true;
}

struct source_delta *source_delta_new(struct source_run *run, const struct store_base *base)
{
	struct profile *profile = profile_new();
	bool goes_on = profile_load(profile, base->profile);

	profile_free(profile);
	if (!goes_on || !fits(run, base))
		return NULL;
	struct source_delta *delta = mem_zero(1, sizeof(*delta));
	delta->run = run;
	delta->base = *base;
	delta->replay = line_replay_new(REPLAY_BYTES);
	delta->base.profile = mem_text(base->profile);
	delta->base.file = mem_zero((size_t)base->count, sizeof(*base->file));
	for (int i = 0; i < base->count; i++)
		delta->base.file[i].sha256 = mem_text(base->file[i].sha256);
	return delta;
}

/* Rows of lines that are gone --------------------------------------------------------------------------------------- */

static int tell_gone(struct source_delta *delta, const struct kind_row *row, struct err *err)
{
	struct kind_hash key;

	if (fingerprint_key(delta->run->fingerprint, row, false, &key, err) < 0)
		return -1;
	store_batch_gone(delta->run->batch, row->kind, &key);
	return 0;
}

static int gone_row(void *arg, int file_no, struct kind_row *row, struct err *err)
{
	struct source_delta *delta = arg;
	struct record_fault fault;

	(void)file_no;
	if (record_check(row, &fault)) {
		delta->gone.good++;
		profile_row_gone(delta->run->profile, row);
	} else {
		delta->gone.refused++;
	}
	return tell_gone(delta, row, err);
}

static int gone_refused(
	void *arg, int file_no, const struct reader_refusal *refusal, struct err *err)
{
	struct source_delta *delta = arg;

	(void)file_no;
	delta->gone.refused++;
	return refusal->row != NULL ? tell_gone(delta, refusal->row, err) : 0;
}

static void gone_skipped(void *arg, int file_no, int64_t place)
{
	struct source_delta *delta = arg;

	(void)file_no;
	(void)place;
	delta->skipped = true;
}

/* One pass ---------------------------------------------------------------------------------------------------------- */

static bool first_pass(const struct source_delta *delta)
{
	return delta->run->state == SOURCE_READING;
}

int source_delta_start(struct source_delta *delta, struct err *err)
{
	struct reader_sink sink = {
		.row = gone_row, .refused = gone_refused, .skipped = gone_skipped, .arg = delta
	};

	stop(delta);
	delta->kept = delta->changed = 0;
	if (!first_pass(delta))
		return 0;
	if (!profile_load(delta->run->profile, delta->base.profile))
		BUG("the profile was read before");
	delta->before = delta->run->type->open(delta->run->config, &sink, err);
	return delta->before != NULL ? 0 : -1;
}

static ssize_t read_archived(void *arg, void *room, size_t size, struct err *err)
{
	return archive_read(arg, room, size, err);
}

/* Pass 2 repeats what pass 1 did, when that could be kept. */
static bool replaying(const struct source_delta *delta)
{
	return !first_pass(delta) && line_replay_whole(delta->replay);
}

static int open_files(struct source_delta *delta, struct err *err)
{
	struct source_run *run = delta->run;
	const struct source_file *file = &run->files[run->file_at];

	run->original = source_open_file(run, file, err);
	if (run->original == NULL)
		return -1;
	delta->old =
		archive_open_unhashed(run->env.archive, delta->base.file[run->file_at].sha256, err);
	if (delta->old == NULL)
		return -1;
	delta->diff = line_diff_new(read_archived, delta->old, read_archived, run->original);
	return 0;
}

static int begin_file(struct source_delta *delta, struct err *err)
{
	struct source_run *run = delta->run;
	const struct source_file *file = &run->files[run->file_at];
	int file_no = run->file_at + 1;

	if (!replaying(delta) && open_files(delta, err) < 0)
		return -1;
	delta->inside = true;
	if (delta->before != NULL && run->type->begin(delta->before, file_no, file->name, err) < 0)
		return -1;
	return run->type->begin(run->reader, file_no, file->name, err);
}

/* The old lines were read once: that they cannot be read without those between them is no fault of the new file. */
static int before_says(int status, bool *ret_lost)
{
	*ret_lost = *ret_lost || status < 0;
	return status;
}

static int end_file(struct source_delta *delta, bool *ret_lost, struct err *err)
{
	struct source_run *run = delta->run;

	if (delta->before != NULL && before_says(run->type->end(delta->before, err), ret_lost) < 0)
		return -1;
	if (run->type->end(run->reader, err) < 0)
		return -1;
	drop_file(delta);
	run->file_at++;
	return 0;
}

/* Until both readers know their header, lines that both have are read like others, one at a time. */
static enum reader_lines where(const struct source_delta *delta)
{
	const struct source_run *run = delta->run;
	enum reader_lines fresh = run->type->lines(run->reader);
	enum reader_lines old = delta->before != NULL ? run->type->lines(delta->before) : fresh;

	return fresh < old ? fresh : old;
}

/* The next run of lines. False when it says that everything must be read. */
static bool next_run(
	struct source_delta *delta, enum reader_lines at, int *ret_status, struct err *err)
{
	int64_t most = at == READER_LINES_ROWS ? INT64_MAX : 1;

	if (replaying(delta)) {
		*ret_status = line_replay_next(delta->replay, delta->run->file_at, &delta->line);
		return true;
	}
	*ret_status = line_diff_next(delta->diff, most, &delta->line, err);
	if (*ret_status <= 0)
		return *ret_status == 0 || err->code != ERR_LIMIT;
	if (delta->line.kind == LINE_KEPT)
		delta->kept += delta->line.records;
	else
		delta->changed += delta->line.records;
	if (delta->changed > CHANGED_MAX && delta->changed > delta->kept)
		return false;
	return at == READER_LINES_ROWS || delta->line.kind == LINE_KEPT;
}

static bool pass_over(struct source_delta *delta)
{
	struct source_run *run = delta->run;
	const struct line_run *line = &delta->line;

	return run->type->pass(run->reader, line->records, line->length) &&
	       (delta->before == NULL ||
		       run->type->pass(delta->before, line->records, line->length));
}

/* At most a slice of the current run to those whom it concerns. */
static int feed(struct source_delta *delta, bool *ret_lost, struct err *err)
{
	struct source_run *run = delta->run;
	struct line_run *line = &delta->line;
	size_t count = line->length < SOURCE_SLICE_BYTES ? line->length : SOURCE_SLICE_BYTES;

	if (line->kind != LINE_CAME && delta->before != NULL &&
		before_says(run->type->feed(delta->before, line->bytes, count, err), ret_lost) < 0)
		return -1;
	if (line->kind != LINE_GONE && run->type->feed(run->reader, line->bytes, count, err) < 0)
		return -1;
	line->bytes += count;
	line->length -= count;
	return 0;
}

static void note(struct source_delta *delta, bool passed)
{
	struct line_run run = delta->line;

	if (run.kind == LINE_GONE)
		return;
	run.kind = passed ? LINE_KEPT : LINE_CAME;
	if (first_pass(delta))
		line_replay_add(delta->replay, delta->run->file_at, &run);
	delta->run->bytes += (int64_t)run.length;
}

int source_delta_step(struct source_delta *delta, bool *ret_lost, struct err *err)
{
	struct source_run *run = delta->run;
	const struct source_file *file = &run->files[run->file_at];
	int status = 0;

	if (!delta->inside &&
		strcmp(file->entry.sha256, delta->base.file[run->file_at].sha256) == 0) {
		run->file_at++;
		return 0;
	}
	if (!delta->inside && begin_file(delta, err) < 0)
		return -1;
	if (delta->line.length > 0)
		return feed(delta, ret_lost, err);
	enum reader_lines at = replaying(delta) ? READER_LINES_ROWS : where(delta);
	*ret_lost = at == READER_LINES_NONE || !next_run(delta, at, &status, err);
	if (*ret_lost || status < 0)
		return status;
	if (status == 0)
		return end_file(delta, ret_lost, err);
	bool passed = delta->line.kind == LINE_KEPT && at == READER_LINES_ROWS;
	note(delta, passed);
	if (!passed)
		return feed(delta, ret_lost, err);
	*ret_lost = !pass_over(delta);
	delta->line.length = 0;
	return 0;
}

bool source_delta_end(struct source_delta *delta)
{
	struct store_batch_counts *counts = &delta->run->report.counts;
	const struct store_base *base = &delta->base, *gone = &delta->gone;
	int64_t good = base->good - gone->good, refused = base->refused - gone->refused;

	/* A totals line speaks of rows that were not read. */
	if (good < 0 || refused < 0 || delta->skipped || counts->skipped > 0)
		return false;
	store_batch_kept(delta->run->batch, good, refused);
	counts->read += good + refused;
	delta->run->rows += good;
	delta->run->report.known = good + refused;
	return true;
}
