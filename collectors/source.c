#include "collectors/source_own.h"

#include <inttypes.h>
#include <string.h>

#include <xxhash.h>

#include "core/clock.h"
#include "core/log.h"
#include "core/mem.h"

enum { OCCURRENCES_MAX = 4 * 1000 * 1000, PROGRESS_MS = 100 };

static void opening(struct source_run *run);
static void comparing(struct source_run *run);
static void committing(struct source_run *run);
static void ended(struct source_run *run);

/* The life of a run. Whatever can go wrong in a state leads to FAILED. */
static const struct {
	const char *name;
	void (*enter)(struct source_run *run);
} states[] = {
	[SOURCE_PULLING] = { "pulling", source_pull_start },
	[SOURCE_OPENING] = { "opening", opening },
	[SOURCE_READING] = { "reading", source_read_start },
	[SOURCE_COMPARING] = { "comparing", comparing },
	[SOURCE_SENDING] = { "sending", source_read_start },
	[SOURCE_COMMITTING] = { "committing", committing },
	[SOURCE_DONE] = { "done", ended },
	[SOURCE_FAILED] = { "failed", ended },
};

const char *source_state_name(enum source_state state)
{
	return states[state].name;
}

bool source_report_partial(const struct source_report *report)
{
	return report->counts.refused + report->counts.duplicate > 0;
}

void source_tell(struct source_run *run)
{
	int64_t now = clock_steady_ms();

	if (run->options.progress == NULL || now - run->progress_ms < PROGRESS_MS)
		return;
	run->progress_ms = now;
	struct source_progress progress = { .state = run->state,
		.rows = run->rows,
		.bytes = run->bytes,
		.bytes_total =
			run->state == SOURCE_PULLING ? run->bytes_total : run->report.counts.bytes,
		.elapsed_ms = now - run->entered_ms };
	run->options.progress(run->options.arg, &progress);
}

int source_progress_percent(const struct source_progress *progress)
{
	if (progress->bytes_total <= 0)
		return -1;
	if (progress->bytes >= progress->bytes_total)
		return 100;
	return (int)((wide_t)progress->bytes * 100 / progress->bytes_total);
}

int64_t source_progress_left_ms(const struct source_progress *progress)
{
	int64_t left = progress->bytes_total - progress->bytes;

	if (progress->bytes_total <= 0 || progress->bytes <= 0)
		return -1;
	return left <= 0 ? 0 : (int64_t)((wide_t)progress->elapsed_ms * left / progress->bytes);
}

void source_enter(struct source_run *run, enum source_state state)
{
	log_debug("collect", "source %s: %s -> %s", run->config->name, states[run->state].name,
		states[state].name);
	run->state = state;
	run->entered_ms = clock_steady_ms();
	states[state].enter(run);
}

void source_again(struct source_run *run)
{
	static const struct timeval now = { 0, 0 };

	event_add(run->step, &now);
}

/* Everything is let go of; the ledger is as it was. */
static void let_go(struct source_run *run)
{
	source_pull_cancel(run);
	source_read_stop(run);
	source_delta_free(run->delta);
	run->delta = NULL;
	store_batch_abandon(run->batch);
	run->batch = NULL;
}

static void run_free(struct source_run *run)
{
	let_go(run);
	for (int i = 0; i < run->file_count; i++)
		free(run->files[i].name);
	free(run->files);
	free(run->file_name);
	free(run->next);
	free(run->guard_argument);
	fingerprint_free(run->fingerprint);
	occurrence_free(run->occurrence);
	profile_free(run->profile);
	identity_free(run->identity);
	release_memory_free(run->memory);
	buf_free(&run->text);
	event_free(run->step);
	free(run);
}

void source_fail(struct source_run *run, const struct err *err)
{
	if (run->failure.code != ERR_NONE)
		return;
	run->failure = *err;
	run->failed_in = run->state;
	source_enter(run, SOURCE_FAILED);
}

/* DONE or FAILED: the last word is said from the loop, whoever ended the run may still be on the stack. */
static void ended(struct source_run *run)
{
	source_again(run);
}

/* Tells the collector of a single file how it ended. */
static enum collector_settled settle(struct source_run *run)
{
	const struct err *failure = run->failure.code != ERR_NONE ? &run->failure : NULL;
	bool parsing = run->failed_in == SOURCE_READING || run->failed_in == SOURCE_SENDING;
	bool at_fault = failure && (failure->code == ERR_DATA || failure->code == ERR_LIMIT);
	/* A full archive is ERR_LIMIT as well, but no fault of the file. */
	bool too_large = at_fault && run->failed_in == SOURCE_PULLING && run->file_count == 0 &&
			 run->file_name && run->bytes_total > run->config->bytes_max;
	bool for_good = !failure || (at_fault && parsing) || too_large;

	if (failure && failure->code == ERR_DB_DOWN)
		return COLLECTOR_LEFT;
	if (!run->collector->settled || run->options.rehearsal ||
		(run->file_count != 1 && !run->origin_given))
		return for_good ? COLLECTOR_GONE : COLLECTOR_LEFT;
	struct collector_file file = { .name = run->file_name ? run->file_name : "",
		.sha256 = "",
		.bytes = run->bytes_total,
		.origin = run->origin_given ? &run->origin : NULL };
	if (run->file_count == 1) {
		file.name = run->files[0].name;
		file.sha256 = run->files[0].entry.sha256;
		file.bytes = run->files[0].entry.bytes;
	}
	return run->collector->settled(
		&run->env.collector, run->config, &file, &run->report, failure, for_good);
}

/* Files that cannot be taken are a fault of the source, whatever became of this run. */
static void tell_held(struct source_run *run)
{
	struct buf text;

	if (!run->collector->held || run->options.rehearsal)
		return;
	buf_init(&text, SOURCE_TEXT_MAX);
	int held = run->collector->held(&run->env.collector, run->config, &text);
	if (held >= 0 && !text.failed)
		store_source_held(run->env.store, run->config->name, text.data);
	run->report.held = held > 0 ? held : 0;
	buf_free(&text);
}

static void finish(struct source_run *run)
{
	_cleanup_free_ struct source_report *report = mem_alloc(sizeof(*report));
	struct err failure = run->failure;
	source_done_fn done = run->done;
	void *arg = run->arg;

	run->report.seconds = (double)(clock_steady_ms() - run->started_ms) / 1000;
	enum collector_settled settled = settle(run);
	/* What stays where it was would come again at once, for ever. */
	run->report.more = !run->options.rehearsal &&
			   (settled == COLLECTOR_NEWER ||
				   (settled == COLLECTOR_GONE && run->end == COLLECTOR_MORE));
	if (failure.code != ERR_DB_DOWN)
		tell_held(run);
	*report = run->report;
	if (failure.code != ERR_NONE) {
		let_go(run);
		err_prefix(&failure, "source %s", run->config->name);
		/* What a guard refuses is no fault of the source. */
		if (!run->options.rehearsal && failure.code != ERR_DB_DOWN &&
			failure.code != ERR_REFUSED)
			store_source_failed(run->env.store, run->config->name, failure.text);
	}
	run_free(run);
	done(arg, report, failure.code == ERR_NONE ? NULL : &failure);
}

static void on_step(evutil_socket_t fd, short what, void *arg)
{
	struct source_run *run = arg;

	(void)fd;
	(void)what;
	if (run->state == SOURCE_DONE || run->state == SOURCE_FAILED)
		finish(run);
	else if (run->state == SOURCE_READING || run->state == SOURCE_SENDING)
		source_read_slice(run);
}

/* The store's word ------------------------------------------------------------------------------------------------ */

static void add_files(struct source_run *run)
{
	for (int i = 0; i < run->file_count; i++) {
		const struct source_file *file = &run->files[i];
		struct store_file store = { .file_no = i + 1,
			.name = file->name,
			.kind = run->type->kind != NULL ? run->type->kind(run->config, file->name)
							: NULL,
			.format = run->type->format,
			.sha256 = file->entry.sha256,
			.bytes = file->entry.bytes };
		store_batch_file(run->batch, &store);
	}
}

static void on_base(void *arg, const struct store_base *base)
{
	struct source_run *run = arg;

	if (base != NULL)
		run->delta = source_delta_new(run, base);
	if (run->delta != NULL)
		store_batch_differs(run->batch);
	source_enter(run, SOURCE_READING);
}

static void on_release(void *arg, const struct store_release *release)
{
	release_memory_add(((struct source_run *)arg)->memory, release);
}

static void on_releases(void *arg)
{
	struct source_run *run = arg;
	struct err err = ERR_INIT;

	if (release_memory_ready(run->memory, &err) < 0)
		source_fail(run, &err);
	else
		source_enter(run, SOURCE_READING);
}

/* Every row will be offered. Under the writer's lock: nobody else brings releases meanwhile. */
static void read_all(struct source_run *run)
{
	if (run->memory == NULL) {
		source_enter(run, SOURCE_READING);
		return;
	}
	release_memory_forget(run->memory);
	/* A release that comes twice makes the reader go astray, unless it is patient. */
	store_batch_releases(run->batch, !run->patient, on_release, on_releases);
}

static void on_repeats(void *arg, bool repeats)
{
	struct source_run *run = arg;

	if (!repeats && (run->careful || run->memory != NULL)) {
		read_all(run);
		return;
	}
	if (!repeats) {
		store_batch_base(run->batch, on_base);
		return;
	}
	int64_t bytes = run->report.counts.bytes;
	store_batch_counts(run->batch, &run->report.counts);
	run->report.counts.bytes = bytes;
	source_enter(run, SOURCE_COMMITTING);
}

static void on_opened(void *arg, int64_t number, const uint8_t secret[STORE_SECRET_BYTES])
{
	struct source_run *run = arg;

	run->report.batch = number;
	fingerprint_free(run->fingerprint);
	run->fingerprint = fingerprint_new(secret, STORE_SECRET_BYTES);
	add_files(run);
	/* A rehearsal is asked to show the rows. */
	if (run->options.rehearsal)
		read_all(run);
	else
		store_batch_repeats(run->batch, on_repeats);
}

static void on_drained(void *arg)
{
	struct source_run *run = arg;

	if (!run->waiting)
		return;
	run->waiting = false;
	source_again(run);
}

static void on_compared(void *arg)
{
	struct source_run *run = arg;
	struct store_batch_counts counts;

	store_batch_counts(run->batch, &counts);
	counts.read = run->report.counts.read;
	counts.skipped = run->report.counts.skipped;
	counts.bytes = run->report.counts.bytes;
	run->report.counts = counts;
	source_enter(run, store_batch_pass_two(run->batch) ? SOURCE_SENDING : SOURCE_COMMITTING);
}

static void on_committed(void *arg)
{
	struct source_run *run = arg;

	run->batch = NULL;
	if (run->options.rehearsal)
		run->report.batch = 0;
	if (run->next != NULL)
		memcpy(run->report.watermark, run->next->watermark, STORE_CURSOR_MAX);
	source_enter(run, SOURCE_DONE);
}

void source_start_over(struct source_run *run)
{
	store_batch_abandon(run->batch);
	run->batch = NULL;
	source_delta_free(run->delta);
	run->delta = NULL;
	/* A reader that handed over too early says nothing against the batch. */
	run->patient = run->patient || run->astray;
	run->careful = run->careful || !run->astray;
	run->astray = false;
	run->report.counts = (struct store_batch_counts){ .bytes = run->report.counts.bytes };
	run->report.samples = 0;
	run->report.known = 0;
	run->report.remarks = 0;
	source_read_stop(run);
	event_del(run->step);
	source_enter(run, SOURCE_OPENING);
}

static void on_failed(void *arg, const struct err *err, bool again, bool unknown)
{
	struct source_run *run = arg;
	struct err told = *err;

	run->batch = NULL;
	run->report.batch = 0;
	if (again) {
		source_start_over(run);
		return;
	}
	if (unknown)
		err_prefix(&told, "the answer to the commit was lost, pulling again is safe");
	source_fail(run, &told);
}

static void add_text(XXH3_state_t *state, const char *text)
{
	XXH3_64bits_update(state, text ? text : "", text ? strlen(text) + 1 : 1);
}

/* Everything that decides what the same bytes become: the configuration, and which names stand for which codes. */
static uint64_t rules_print(const struct source_config *config, uint64_t names)
{
	const char *texts[] = { config->format, config->record, config->encoding,
		config->header_contains, config->split_header, config->split_pattern,
		config->records, config->sheet, config->next };
	int numbers[] = { config->delimiter, config->quote, config->header_row,
		config->header_lines, config->ragged_pad, config->nan_absent, config->authority };
	XXH3_state_t *state = XXH3_createState();

	XXH3_64bits_reset(state);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		add_text(state, texts[i]);
	XXH3_64bits_update(state, numbers, sizeof(numbers));
	for (char **rule = config->map; rule && *rule; rule++)
		add_text(state, *rule);
	uint64_t print = XXH3_64bits_digest(state) ^ names;
	XXH3_freeState(state);
	return print;
}

void source_program(const struct source_run *run, char room[STORE_PROGRAM_MAX])
{
	snprintf(room, STORE_PROGRAM_MAX, "setaside %s, rules %016" PRIx64, SETASIDE_VERSION,
		rules_print(run->config, identity_print(run->identity)));
}

static void opening(struct source_run *run)
{
	char program[STORE_PROGRAM_MAX];

	source_program(run, program);
	struct store_batch_options options = {
		.source = run->config->name,
		.source_kind = run->config->kind,
		.program = program,
		.complete = run->config->complete || run->end == COLLECTOR_WHOLE,
		.whole_parents = run->type->whole_parents,
		.names_only = run->type->names_only,
		.repeat = run->type->repeat,
		.guard = run->options.guard,
		.guard_argument = run->guard_argument,
		.careful = run->careful,
	};
	struct store_batch_events events = { .opened = on_opened,
		.drained = on_drained,
		.compared = on_compared,
		.committed = on_committed,
		.failed = on_failed,
		.arg = run };
	struct err err = ERR_INIT;

	run->batch = store_batch_open(run->env.store, &options, &events, &err);
	if (run->batch == NULL)
		source_fail(run, &err);
}

static void comparing(struct source_run *run)
{
	store_batch_compare(run->batch);
}

static void committing(struct source_run *run)
{
	struct store_batch_counts counts = run->report.counts;

	/* A few rows of many say nothing of what the source looks like. */
	counts.profile = run->profile && !run->passed ? profile_text(run->profile) : NULL;
	store_batch_commit(run->batch, &counts, run->next, run->options.rehearsal);
}

/* Start and cancel ------------------------------------------------------------------------------------------------ */

struct source_run *source_run_start(const struct source_env *env,
	const struct source_config *config, const struct source_options *options,
	source_done_fn done, void *arg, struct err *err)
{
	const struct collector *collector = collector_find(config->kind);
	const struct reader_type *type = reader_find(config->format);

	if (collector == NULL || type == NULL) {
		err_set(err, ERR_USAGE, "source %s: nothing here collects kind %s in format %s",
			config->name, config->kind, config->format);
		return NULL;
	}
	struct release_memory *memory = NULL;
	if (type->releases) {
		memory = release_memory_new(env->archive, err);
		if (memory == NULL)
			return NULL;
	}
	struct source_run *run = mem_zero(1, sizeof(*run));
	run->memory = memory;
	run->env = *env;
	run->config = config;
	if (options != NULL)
		run->options = *options;
	if (run->options.guard != NULL)
		run->guard_argument = mem_text(run->options.guard_argument);
	/* What is shown must not be shown again in a second try. */
	run->careful = run->options.rehearsal && run->options.show != NULL;
	run->patient = run->careful;
	run->done = done;
	run->arg = arg;
	run->collector = collector;
	run->type = type;
	run->occurrence = occurrence_new(OCCURRENCES_MAX);
	run->identity = identity_new();
	buf_init(&run->text, SOURCE_TEXT_MAX);
	run->step = event_new(env->collector.base, -1, 0, on_step, run);
	run->started_ms = clock_steady_ms();
	snprintf(run->report.source, sizeof(run->report.source), "%s", config->name);
	source_enter(run, SOURCE_PULLING);
	return run;
}

void source_run_cancel(struct source_run *run)
{
	if (run != NULL)
		run_free(run);
}
