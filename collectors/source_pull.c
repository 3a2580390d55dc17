/* The first state of a run: the collector's bytes go to the archive. */
#include "collectors/source_own.h"

#include <string.h>

#include "core/mem.h"

static void pulled(struct source_run *run)
{
	if (!run->pulled || run->storing)
		return;
	if (run->end == COLLECTOR_UNCHANGED || run->file_count == 0) {
		run->report.unchanged_at_source = true;
		if (!run->options.rehearsal)
			store_source_seen(run->env.store, run->config->name);
		source_enter(run, SOURCE_DONE);
		return;
	}
	source_enter(run, SOURCE_OPENING);
}

static void on_stored(void *arg, const struct archive_entry *entry, const struct err *err)
{
	struct source_run *run = arg;

	run->storing = false;
	run->writer = NULL;
	if (err != NULL) {
		source_fail(run, err);
		return;
	}
	MEM_GROW(run->files, run->file_count, run->file_capacity);
	run->files[run->file_count++] = (struct source_file){ run->file_name, *entry };
	run->file_name = NULL;
	run->report.counts.bytes += entry->bytes;
	if (run->pull != NULL && run->collector->resume != NULL)
		run->collector->resume(run->pull);
	pulled(run);
}

static int on_begin(void *arg, const char *name, struct err *err)
{
	struct source_run *run = arg;

	if (run->writer != NULL)
		BUG("collector %s begins a file before the last one is stored", run->config->kind);
	run->writer = archive_begin(run->env.archive, err);
	if (run->writer == NULL)
		return -1;
	run->file_name = mem_text(name);
	return 0;
}

static int on_bytes(void *arg, const void *bytes, size_t count, struct err *err)
{
	struct source_run *run = arg;

	run->bytes += (int64_t)count;
	source_tell(run);
	return archive_write(run->writer, bytes, count, err);
}

static int on_end(void *arg, struct err *err)
{
	struct source_run *run = arg;

	(void)err;
	run->storing = true;
	archive_commit(run->writer, on_stored, run);
	return 0;
}

static bool on_full(void *arg)
{
	return ((struct source_run *)arg)->storing;
}

static void on_expect(void *arg, long long bytes)
{
	((struct source_run *)arg)->bytes_total = bytes;
}

static void on_origin(void *arg, const struct collector_origin *origin)
{
	struct source_run *run = arg;

	run->origin = *origin;
	run->origin_given = true;
}

static void on_later(void *arg, int64_t ms)
{
	((struct source_run *)arg)->report.later_ms = ms;
}

static void on_done(
	void *arg, enum collector_end end, const struct store_cursor *next, const struct err *err)
{
	struct source_run *run = arg;

	run->pull = NULL;
	run->pulled = true;
	run->end = end;
	if (err != NULL) {
		source_fail(run, err);
		return;
	}
	if (next != NULL) {
		run->next = mem_alloc(sizeof(*next));
		*run->next = *next;
	}
	pulled(run);
}

/* What the source sent before may become other rows now: nothing of it counts as seen. */
static void forget_cursor(struct source_run *run)
{
	struct store_cursor *cursor = &run->cursor.cursor;
	char program[STORE_PROGRAM_MAX];

	source_program(run, program);
	if (cursor->program[0] && strcmp(cursor->program, program) != 0)
		*cursor = (struct store_cursor){ .whole_age_s = -1 };
}

static void start_collector(struct source_run *run)
{
	struct collector_sink sink = { .file_begin = on_begin,
		.file_bytes = on_bytes,
		.file_end = on_end,
		.full = on_full,
		.expect = on_expect,
		.origin = on_origin,
		.later = on_later,
		.arg = run };
	struct err err = ERR_INIT;

	forget_cursor(run);
	run->pull = run->collector->start(
		&run->env.collector, run->config, &run->cursor.cursor, &sink, on_done, run, &err);
	if (run->pull == NULL)
		source_fail(run, &err);
}

static void on_cursor(void *arg, const struct err *err)
{
	struct source_run *run = arg;

	if (err != NULL)
		source_fail(run, err);
	else
		start_collector(run);
}

static void on_name(void *arg, const char *role, const char *name, const char *code)
{
	identity_add(((struct source_run *)arg)->identity, role, name, code);
}

static void on_names(void *arg, const struct err *err)
{
	struct source_run *run = arg;
	struct err local = ERR_INIT;

	if (err != NULL)
		source_fail(run, err);
	else if (store_cursor_read(run->env.store, run->config->name, &run->cursor, &local) < 0)
		source_fail(run, &local);
}

void source_pull_start(struct source_run *run)
{
	struct err err = ERR_INIT;

	run->bytes_total = -1;
	run->cursor.done = on_cursor;
	run->cursor.arg = run;
	run->names = (struct store_names_call){ .name = on_name, .done = on_names, .arg = run };
	if (store_names_read(run->env.store, &run->names, &err) < 0)
		source_fail(run, &err);
}

void source_pull_cancel(struct source_run *run)
{
	store_names_cancel(&run->names);
	store_cursor_cancel(&run->cursor);
	if (run->pull != NULL)
		run->collector->cancel(run->pull);
	archive_abort(run->writer);
	run->pull = NULL;
	run->writer = NULL;
}
