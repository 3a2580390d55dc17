#include "daemon/pulls.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "collectors/drop_memory.h"
#include "collectors/pull_file.h"
#include "collectors/source.h"
#include "collectors/source_watch.h"
#include "collectors/watch.h"
#include "core/backoff.h"
#include "core/log.h"
#include "core/mem.h"
#include "core/text.h"
#include "sql/embed.h"
#include "sql/job.h"

enum {
	FIRST_SPREAD_MS = 2000, /* sources do not all start at once */
	RETRY_FIRST_MS = 10000, /* after a failure, never later than the period itself */
	RETRY_CAP_MS = 30 * 60000,
	LOOK_MS = 60000, /* for sources that became late */
	LOOKS = 3,       /* the ledger may hear of it a little later than we do */
	ERROR_MAX = 256,
	PART_MAX = 160
};

struct pull {
	struct pulls *pulls;
	char *name;
	char part[PART_MAX]; /* "collect NAME", for the log */
	struct schedule_task *task;
	struct watch *watch;    /* of a drop folder, NULL = none */
	struct source_run *run; /* not NULL exactly while it runs */
	struct config *pinned;  /* what the run reads */
	struct source_progress progress;
	struct backoff backoff;
	int64_t last_success, added_at;
	bool late;
	int held;  /* files that cannot be taken */
	int looks; /* that are still to be told after late or held changed */
	char last_error[ERROR_MAX];
};

struct pulls {
	struct schedule *schedule;
	struct source_env env;
	struct config *config;
	struct pull **pull;
	int count, capacity;
	struct schedule_task *look;
	pulls_moved_fn moved;
	void *arg;
};

static void pull_ended(struct pull *pull)
{
	pull->run = NULL;
	config_unref(pull->pinned);
	pull->pinned = NULL;
}

static void note_failure(struct pull *pull, const struct err *err)
{
	text_copy(pull->last_error, sizeof(pull->last_error), err->text);
	log_warn(pull->part, "%s", err->text);
}

static int64_t failure_wait(struct pull *pull, int64_t every_ms)
{
	int64_t wait = backoff_next(&pull->backoff);
	return every_ms > 0 && wait > every_ms ? every_ms : wait;
}

static void note_success(struct pull *pull, const struct source_report *report)
{
	const struct store_batch_counts *c = &report->counts;
	pull->last_success = time(NULL);
	pull->last_error[0] = '\0';
	backoff_reset(&pull->backoff);
	if (report->unchanged_at_source)
		log_debug(pull->part, "nothing new");
	else
		log_info(pull->part,
			"batch %" PRId64 ": %" PRId64 " new, %" PRId64 " changed, %" PRId64
			" unchanged, %" PRId64 " closed, %" PRId64 " quarantined, %.1f s",
			report->batch, c->new_rows, c->changed, c->unchanged, c->closed, c->refused,
			report->seconds);
}

static void on_pulled(void *arg, const struct source_report *report, const struct err *err)
{
	struct pull *pull = arg;
	const struct source_config *config = config_source(pull->pinned, pull->name);
	int64_t next = -1;
	if (err && err->code != ERR_NONE) {
		note_failure(pull, err);
		next = failure_wait(pull, config->every_ms);
	} else {
		note_success(pull, report);
	}
	if (report->more)
		next = 0;
	else if (report->later_ms && (config->every_ms == 0 || report->later_ms < config->every_ms))
		next = report->later_ms;
	if (report->held != pull->held)
		pull->looks = LOOKS;
	pull->held = report->held;
	pull_ended(pull);
	schedule_done(pull->task, next);
	if (report->batch)
		pull->pulls->moved(pull->pulls->arg);
}

static bool is_late(const struct pull *pull)
{
	const struct source_config *config = config_source(pull->pulls->config, pull->name);
	int64_t since = pull->last_success ? pull->last_success : pull->added_at;

	return config->late_after_ms > 0 && time(NULL) - since > config->late_after_ms / 1000;
}

/* Nothing but the clock tells that a source is late. */
static void on_look(void *arg)
{
	struct pulls *pulls = arg;
	bool moved = false;

	for (int i = 0; i < pulls->count; i++) {
		struct pull *pull = pulls->pull[i];
		if (is_late(pull) != pull->late) {
			pull->late = !pull->late;
			pull->looks = LOOKS;
		}
		moved |= pull->looks > 0;
		pull->looks -= pull->looks > 0;
	}
	schedule_done(pulls->look, -1);
	if (moved)
		pulls->moved(pulls->arg);
}

static void on_progress(void *arg, const struct source_progress *progress)
{
	struct pull *pull = arg;
	pull->progress = *progress;
}

static void on_dropped(void *arg)
{
	struct pull *pull = arg;
	schedule_soon(pull->task, 0);
}

/* At every pull, for a directory that came later or was made anew. */
static void watch_drops(struct pull *pull, const struct source_config *config)
{
	struct err err = ERR_INIT;
	watch_free(pull->watch);
	pull->watch = NULL;
	if (!pull_file_drops(config))
		return;
	pull->watch =
		watch_new(pull->pulls->env.collector.base, config->path, on_dropped, pull, &err);
	if (!pull->watch)
		log_warn(pull->part, "%s, it is looked at every %" PRId64 " s", err.text,
			config->every_ms / 1000);
}

static void on_due(void *arg)
{
	struct pull *pull = arg;
	struct pulls *pulls = pull->pulls;
	struct err err = ERR_INIT;
	struct source_options options = { .progress = on_progress, .arg = pull };
	const struct source_config *config = config_source(pulls->config, pull->name);
	watch_drops(pull, config);
	pull->progress = (struct source_progress){ .state = SOURCE_PULLING, .bytes_total = -1 };
	pull->pinned = config_ref(pulls->config);
	pull->run = source_run_start(&pulls->env, config, &options, on_pulled, pull, &err);
	if (pull->run)
		return;
	note_failure(pull, &err);
	pull_ended(pull);
	schedule_done(pull->task, failure_wait(pull, config->every_ms));
}

static void pull_add(struct pulls *pulls, const struct source_config *config)
{
	struct pull *pull = mem_zero(1, sizeof(*pull));
	_cleanup_free_ char *task_name = mem_format("source %s", config->name);
	struct schedule_options options = { .name = task_name,
		.first_ms = config->every_ms ? backoff_random(0, FIRST_SPREAD_MS) : -1,
		.every_ms = config->every_ms,
		.run = on_due,
		.arg = pull };
	pull->pulls = pulls;
	pull->name = mem_text(config->name);
	snprintf(pull->part, sizeof(pull->part), "collect %s", config->name);
	backoff_init(&pull->backoff, RETRY_FIRST_MS, RETRY_CAP_MS);
	pull->added_at = time(NULL);
	pull->task = schedule_add(pulls->schedule, &options);
	MEM_GROW(pulls->pull, pulls->count, pulls->capacity);
	pulls->pull[pulls->count++] = pull;
}

static void pull_free(struct pull *pull)
{
	if (pull->run) {
		source_run_cancel(pull->run);
		pull_ended(pull);
	}
	watch_free(pull->watch);
	schedule_remove(pull->task);
	free(pull->name);
	free(pull);
}

struct pulls *pulls_new(struct schedule *schedule, const struct source_env *env,
	struct config *config, pulls_moved_fn moved, void *arg)
{
	struct pulls *pulls = mem_zero(1, sizeof(*pulls));
	pulls->schedule = schedule;
	pulls->env = *env;
	pulls->env.collector.drops = drop_memory_new();
	pulls->config = config_ref(config);
	pulls->moved = moved;
	pulls->arg = arg;
	pulls->look = schedule_add(schedule,
		&(struct schedule_options){ "source-late", LOOK_MS, LOOK_MS, on_look, pulls });
	for (int i = 0; i < config->source_count; i++)
		pull_add(pulls, &config->source[i]);
	return pulls;
}

void pulls_watch(struct pulls *pulls)
{
	source_watch(pulls->env.store, pulls->config->source, pulls->config->source_count, true);
}

static const struct conf_block *source_block(const struct config *config, const char *name)
{
	int count = conf_block_count(config->conf, "source");
	for (int i = 0; i < count; i++) {
		const struct conf_block *block = conf_block(config->conf, "source", i);
		if (strcmp(conf_block_title(block), name) == 0)
			return block;
	}
	return NULL;
}

/* The same source, said in the same words. */
static bool source_same(const struct config *a, const struct config *b, const char *name)
{
	const struct conf_block *before = source_block(a, name);
	const struct conf_block *after = source_block(b, name);
	return before && after && conf_block_equal(before, after, NULL);
}

static void drop_changed(struct pulls *pulls, const struct config *config)
{
	int kept = 0;
	for (int i = 0; i < pulls->count; i++) {
		struct pull *pull = pulls->pull[i];
		if (source_same(pulls->config, config, pull->name)) {
			pulls->pull[kept++] = pull;
			continue;
		}
		log_info(pull->part, "%s by the new configuration",
			config_source(config, pull->name) ? "changed" : "removed");
		pull_free(pull);
	}
	pulls->count = kept;
}

void pulls_reload(struct pulls *pulls, struct config *config)
{
	drop_changed(pulls, config);
	config_unref(pulls->config);
	pulls->config = config_ref(config);
	for (int i = 0; i < config->source_count; i++) {
		_cleanup_free_ char *task_name = mem_format("source %s", config->source[i].name);
		if (!schedule_find(pulls->schedule, task_name))
			pull_add(pulls, &config->source[i]);
	}
	pulls_watch(pulls);
}

static void on_recalled(void *arg, const struct sql_row *row)
{
	struct pulls *pulls = arg;
	for (int i = 0; i < pulls->count; i++)
		if (strcmp(pulls->pull[i]->name, sql_row_text(row, 0)) == 0 &&
			pulls->pull[i]->last_success < sql_row_int(row, 1))
			pulls->pull[i]->last_success = sql_row_int(row, 1);
}

void pulls_recall(struct pulls *pulls, struct sql_link *link)
{
	struct sql_call call = {
		.text = sql_text_monitor_sources, .row = on_recalled, .arg = pulls
	};
	struct err err = ERR_INIT;
	if (!sql_submit(link, &call, &err))
		log_warn("collect", "%s", err.text);
}

void pulls_stop(struct pulls *pulls)
{
	for (int i = 0; i < pulls->count; i++) {
		struct pull *pull = pulls->pull[i];
		if (!pull->run || pull->progress.state == SOURCE_COMMITTING)
			continue;
		source_run_cancel(pull->run);
		pull_ended(pull);
		schedule_done(pull->task, -1);
	}
}

int pulls_running(const struct pulls *pulls)
{
	int running = 0;
	for (int i = 0; i < pulls->count; i++)
		running += pulls->pull[i]->run != NULL;
	return running;
}

void pulls_free(struct pulls *pulls)
{
	if (!pulls)
		return;
	for (int i = 0; i < pulls->count; i++)
		pull_free(pulls->pull[i]);
	free(pulls->pull);
	schedule_remove(pulls->look);
	drop_memory_free(pulls->env.collector.drops);
	config_unref(pulls->config);
	free(pulls);
}

int pulls_count(const struct pulls *pulls)
{
	return pulls->count;
}

struct pull_status pulls_status(const struct pulls *pulls, int index)
{
	const struct pull *pull = pulls->pull[index];
	return (struct pull_status){ .name = pull->name,
		.last_success = pull->last_success,
		.running = pull->run != NULL,
		.late = is_late(pull),
		.progress = &pull->progress,
		.last_error = pull->last_error };
}
