/* One pass over the archived files of a batch, in slices that leave the loop to others. */
#include "collectors/source_own.h"

#include "core/clock.h"
#include "core/mem.h"

/* How long one turn may take before the loop gets its turn again. */
enum { TURN_MS = 4 };

void source_read_stop(struct source_run *run)
{
	if (run->reader != NULL)
		run->type->close(run->reader);
	archive_close(run->original);
	run->reader = NULL;
	run->original = NULL;
}

void source_read_start(struct source_run *run)
{
	struct reader_sink sink = source_rows_sink(run);
	struct err err = ERR_INIT;

	source_read_stop(run);
	if (run->state == SOURCE_READING) {
		profile_free(run->profile);
		run->profile = profile_new();
		run->passed = false;
	}
	occurrence_reset(run->occurrence);
	run->file_at = 0;
	run->rows = 0;
	run->refusals = 0;
	run->bytes = 0;
	run->finished = false;
	run->waiting = false;
	run->reader = run->type->open(run->config, &sink, &err);
	if (run->reader == NULL ||
		(run->delta != NULL && source_delta_start(run->delta, &err) < 0)) {
		source_fail(run, &err);
		return;
	}
	source_again(run);
}

/* What this run wrote was hashed a moment ago; what was in the archive already is hashed again. */
struct archive_reader *source_open_file(
	struct source_run *run, const struct source_file *file, struct err *err)
{
	return file->entry.stored > 0
		       ? archive_open_unhashed(run->env.archive, file->entry.sha256, err)
		       : archive_open(run->env.archive, file->entry.sha256, err);
}

static int begin_file(struct source_run *run, struct err *err)
{
	const struct source_file *file = &run->files[run->file_at];

	run->original = source_open_file(run, file, err);
	if (run->original == NULL)
		return -1;
	return run->type->begin(run->reader, run->file_at + 1, file->name, err);
}

static int read_file(struct source_run *run, bool *ret_lost, struct err *err)
{
	if (run->delta != NULL)
		return source_delta_step(run->delta, ret_lost, err);
	if (run->original == NULL && begin_file(run, err) < 0)
		return -1;
	ssize_t count = archive_read(run->original, run->slice, sizeof(run->slice), err);
	if (count < 0)
		return -1;
	run->bytes += count;
	if (count > 0)
		return run->type->feed(run->reader, run->slice, (size_t)count, err);
	if (run->type->end(run->reader, err) < 0)
		return -1;
	archive_close(run->original);
	run->original = NULL;
	run->file_at++;
	return 0;
}

static int finish_reader(struct source_run *run, bool *ret_lost, struct err *err)
{
	bool more = false;

	if (run->delta != NULL && run->state == SOURCE_READING)
		*ret_lost = !source_delta_end(run->delta);

	if (run->type->finish != NULL && run->type->finish(run->reader, &more, err) < 0)
		return -1;
	run->finished = !more;
	return 0;
}

static void end_pass(struct source_run *run)
{
	source_read_stop(run);
	source_enter(run, run->state == SOURCE_READING ? SOURCE_COMPARING : SOURCE_COMMITTING);
}

void source_read_slice(struct source_run *run)
{
	int64_t until = clock_steady_ms() + TURN_MS;
	struct err err = ERR_INIT;
	bool lost = false;

	while (!run->finished && clock_steady_ms() < until) {
		if (store_batch_full(run->batch)) {
			run->waiting = true;
			return;
		}
		bool in_file = run->file_at < run->file_count;
		int result =
			in_file ? read_file(run, &lost, &err) : finish_reader(run, &lost, &err);
		if (lost || run->astray) {
			source_start_over(run);
			return;
		}
		if (result < 0) {
			if (in_file)
				err_prefix(&err, "%s", run->files[run->file_at].name);
			source_fail(run, &err);
			return;
		}
	}
	source_tell(run);
	if (run->finished)
		end_pass(run);
	else
		source_again(run);
}
