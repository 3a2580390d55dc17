/* One struct holds every part; monitor_build makes them from the bottom up, monitor_free takes them down in reverse.
 *
 * Nothing but the schedule starts work, and the schedule is paused unless the database is ready. Stopping is a
 * question asked after each turn of the loop (monitor_drained), under one deadline. */
#include "daemon/monitor_own.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "collectors/archive.h"
#include "collectors/source.h"
#include "core/fetch.h"
#include "core/log.h"
#include "daemon/command.h"
#include "sql/embed.h"
#include "sql/job.h"

enum {
	STOP_DEADLINE_S = 30, /* below TimeoutStopSec of the unit */
	STUCK_MS = 120000,    /* a task that is due and was not started for so long: no progress */
};

static void show_status(struct monitor *monitor)
{
	enum database_state state = database_state(monitor->database);
	if (monitor->stopping)
		service_status(monitor->service, "stopping");
	else if (state == DATABASE_READY)
		service_status(monitor->service, "watching %d sources, ledger at batch %lld",
			pulls_count(monitor->pulls), (long long)monitor->last_batch);
	else
		service_status(monitor->service, "database %s, figures are stale: %s",
			database_state_name(state), database_reason(monitor->database));
}

static void say_ready(struct monitor *monitor)
{
	if (monitor->ready)
		return;
	monitor->ready = true;
	event_del(monitor->start_deadline);
	service_ready(monitor->service);
}

static void on_start_deadline(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	say_ready(arg);
}

static void on_state_row(void *arg, const struct sql_row *row)
{
	struct monitor *monitor = arg;
	monitor->state_version = sql_row_int(row, 0);
	monitor->last_batch = sql_row_int(row, 1);
	monitor->last_evaluation = sql_row_int(row, 2);
	monitor->queued = sql_row_int(row, 3);
}

static void on_state(void *arg, const struct sql_outcome *outcome)
{
	struct monitor *monitor = arg;
	if (outcome->err.code == ERR_NONE)
		show_status(monitor);
}

/* The numbers of the status page: read when something changed, not periodically. */
static void read_state(struct monitor *monitor)
{
	struct err err = ERR_INIT;
	struct sql_call call = { .text = sql_text_monitor_state,
		.row = on_state_row,
		.done = on_state,
		.arg = monitor };
	if (!sql_submit(database_link(monitor->database, DATABASE_READ_1), &call, &err))
		log_warn("monitor", "%s", err.text);
}

static void on_database(void *arg, enum database_state state, const char *reason)
{
	struct monitor *monitor = arg;
	(void)reason;
	if (state == DATABASE_READY) {
		pulls_watch(monitor->pulls);
		pulls_recall(monitor->pulls, database_link(monitor->database, DATABASE_READ_1));
		read_state(monitor);
		evaluation_soon(monitor->evaluation);
		deliveries_wake(monitor->deliveries);
		schedule_resume(monitor->schedule);
		say_ready(monitor);
	} else {
		schedule_pause(monitor->schedule);
	}
	show_status(monitor);
}

static void on_batch(void *arg)
{
	struct monitor *monitor = arg;
	evaluation_soon(monitor->evaluation);
	read_state(monitor);
}

/* A source may be in another state, although no record changed. */
static void on_moved(void *arg)
{
	evaluation_soon(((struct monitor *)arg)->evaluation);
}

static void on_outbox(void *arg)
{
	struct monitor *monitor = arg;
	deliveries_wake(monitor->deliveries);
	read_state(monitor);
}

static void on_kept(void *arg, const char *key)
{
	(void)arg;
	log_warn("reload", "%s changed, which needs a restart: the old value stays", key);
}

/* As it is now: a reload may come between two requests. */
static const struct source_config *config_of(void *arg, const char *source)
{
	return config_source(((const struct monitor *)arg)->config, source);
}

static struct config *load_config(const char *path)
{
	struct conf_errors errors = CONF_ERRORS_INIT;
	struct config *config = config_load(config_path(path), &errors);
	for (int i = 0; i < errors.count; i++)
		log_error("config", "%s", errors.line[i]);
	if (errors.total > errors.count)
		log_error("config", "%d more errors", errors.total - errors.count);
	conf_errors_free(&errors);
	return config;
}

static void on_reload(void *arg)
{
	struct monitor *monitor = arg;
	service_reloading(monitor->service);
	struct config *fresh = load_config(monitor->path);
	if (!fresh) {
		service_reloaded(monitor->service);
		service_status(monitor->service, "reload refused, the old configuration stays");
		return;
	}
	config_keep(fresh, monitor->config, on_kept, monitor);
	pulls_reload(monitor->pulls, fresh);
	deliveries_reload(monitor->deliveries, fresh);
	selfwatch_reload(monitor->watch, fresh);
	config_unref(monitor->config);
	monitor->config = fresh;
	monitor->documents.jurisdiction = fresh->jurisdiction;
	monitor->documents.work_order = fresh->work_order;
	log_info("reload", "%s is in force", conf_path(fresh->conf));
	service_reloaded(monitor->service);
	show_status(monitor);
}

static void on_stop_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct monitor *monitor = arg;
	(void)fd, (void)what;
	log_error("monitor", "the stop took longer than %d s: leaving the rest", STOP_DEADLINE_S);
	monitor->late = true;
}

static void on_stop(void *arg)
{
	static const struct timeval deadline = { STOP_DEADLINE_S, 0 };
	struct monitor *monitor = arg;
	monitor->stopping = true;
	service_stopping(monitor->service);
	show_status(monitor);
	event_add(monitor->stop_deadline, &deadline);
	schedule_pause(monitor->schedule);
	database_quiet(monitor->database);
	api_server_stop(monitor->api);
	pulls_stop(monitor->pulls);
	evaluation_stop(monitor->evaluation);
	record_looks_stop(monitor->record_looks);
	deliveries_stop(monitor->deliveries);
}

static void on_status(void *arg)
{
	struct monitor *monitor = arg;
	struct outbox_stats out = deliveries_stats(monitor->deliveries);
	log_info("monitor",
		"database %s; batch %lld; %lld messages wait, %lld acknowledged since the start%s; "
		"loop lag %d ms, at worst %d ms",
		database_state_name(database_state(monitor->database)),
		(long long)monitor->last_batch, (long long)monitor->queued,
		(long long)out.acknowledged, out.reserve ? ", another monitor sends" : "",
		service_loop_lag_ms(monitor->service), service_loop_lag_max_ms(monitor->service));
	for (int i = 0; i < pulls_count(monitor->pulls); i++) {
		struct pull_status status = pulls_status(monitor->pulls, i);
		log_info("monitor", "source %s: last success %lld%s%s%s", status.name,
			(long long)status.last_success, status.running ? ", running" : "",
			*status.last_error ? ": " : "", status.last_error);
	}
}

/* The watchdog's question. A database that is away pauses the schedule, so nothing counts as late then. */
static bool is_alive(void *arg)
{
	struct monitor *monitor = arg;
	return monitor->stopping || schedule_late_ms(monitor->schedule) < STUCK_MS;
}

static int build_base(struct monitor *monitor, struct err *err)
{
	const struct service_hooks hooks = { on_stop, on_reload, on_status, is_alive, monitor };
	const struct database_hooks database_hooks = { on_database, on_batch, on_outbox, monitor };
	monitor->base = event_base_new();
	if (!monitor->base || event_base_priority_init(monitor->base, SERVICE_PRIORITIES))
		BUG("no event base");
	monitor->start_deadline = evtimer_new(monitor->base, on_start_deadline, monitor);
	monitor->stop_deadline = evtimer_new(monitor->base, on_stop_deadline, monitor);
	monitor->service = service_new(monitor->base, &hooks);
	monitor->schedule = schedule_new(monitor->base);
	schedule_pause(monitor->schedule);
	monitor->database = database_new(monitor->base, monitor->config, &database_hooks, err);
	return monitor->database ? 0 : -1;
}

static int take_lag(void *arg)
{
	return service_loop_lag_take(((struct monitor *)arg)->service);
}

static int build_parts(struct monitor *monitor, struct err *err)
{
	monitor->fetch = fetch_new(monitor->base, err);
	if (!monitor->fetch)
		return -1;
	monitor->archive = archive_new(
		monitor->base, monitor->config->state, monitor->config->state_quota, err);
	if (!monitor->archive)
		return -1;
	monitor->source_env = (struct source_env){ .collector = { monitor->base, monitor->fetch },
		.store = database_link(monitor->database, DATABASE_STORE),
		.archive = monitor->archive };
	monitor->pulls = pulls_new(
		monitor->schedule, &monitor->source_env, monitor->config, on_moved, monitor);
	monitor->record_looks = record_looks_new(monitor->schedule, monitor->base,
		database_link(monitor->database, DATABASE_DOCUMENT), monitor->config->jurisdiction);
	monitor->evaluation = evaluation_new(monitor->schedule, monitor->base,
		database_link(monitor->database, DATABASE_CHECK), monitor->config->jurisdiction,
		monitor->record_looks);
	monitor->deliveries = deliveries_new(monitor->base, monitor->fetch,
		database_link(monitor->database, DATABASE_OUTBOX), monitor->config, err);
	if (!monitor->deliveries)
		return -1;
	monitor->watch = selfwatch_new(monitor->schedule, monitor->fetch,
		database_link(monitor->database, DATABASE_OUTBOX), monitor->config,
		&(struct selfwatch_hooks){ take_lag, monitor });
	monitor->documents = (struct page_documents){ .base = monitor->base,
		.link = database_link(monitor->database, DATABASE_DOCUMENT),
		.jurisdiction = monitor->config->jurisdiction,
		.work_order = monitor->config->work_order,
		.archive = monitor->source_env.archive,
		.config = config_of,
		.config_arg = monitor };
	return monitor_pages_start(monitor, err);
}

static int monitor_build(struct monitor *monitor, struct err *err)
{
	monitor->started_at = time(NULL);
	if (build_base(monitor, err) || build_parts(monitor, err))
		return -1;
	int64_t wait = monitor->config->start_deadline_ms;
	struct timeval deadline = { (time_t)(wait / 1000), (suseconds_t)(wait % 1000 * 1000) };
	event_add(monitor->start_deadline, &deadline);
	return 0;
}

static bool monitor_drained(const struct monitor *monitor)
{
	if (!monitor->stopping)
		return false;
	if (monitor->late)
		return true;
	return pulls_running(monitor->pulls) == 0 && !evaluation_running(monitor->evaluation) &&
	       !record_looks_running(monitor->record_looks) &&
	       deliveries_drained(monitor->deliveries) && api_server_drained(monitor->api);
}

/* The reverse of the order above: users before what they use. */
static void monitor_free(struct monitor *monitor)
{
	api_server_free(monitor->api);
	selfwatch_free(monitor->watch);
	deliveries_free(monitor->deliveries);
	evaluation_free(monitor->evaluation);
	record_looks_free(monitor->record_looks);
	pulls_free(monitor->pulls);
	archive_free(monitor->archive);
	fetch_free(monitor->fetch);
	database_free(monitor->database);
	schedule_free(monitor->schedule);
	service_free(monitor->service);
	if (monitor->start_deadline)
		event_free(monitor->start_deadline);
	if (monitor->stop_deadline)
		event_free(monitor->stop_deadline);
	if (monitor->base)
		event_base_free(monitor->base);
	config_unref(monitor->config);
}

static void on_event_log(int severity, const char *message)
{
	if (severity >= EVENT_LOG_WARN)
		log_warn("libevent", "%s", message);
	else
		log_debug("libevent", "%s", message);
}

static int monitor_loop(struct monitor *monitor)
{
	log_info("monitor", "setaside %s, libevent %s, %s", SETASIDE_VERSION, event_get_version(),
		conf_path(monitor->config->conf));
	while (!monitor_drained(monitor))
		if (event_base_loop(monitor->base, EVLOOP_ONCE) < 0)
			BUG("the event loop failed");
	return monitor->late ? STATUS_FAILED : STATUS_DONE;
}

int monitor_run(const char *path)
{
	struct monitor monitor = { .path = path };
	struct err err = ERR_INIT;
	int status = STATUS_FAILED;
	event_set_log_callback(on_event_log);
	fetch_global_init();
	monitor.config = load_config(path);
	if (!monitor.config) {
		status = STATUS_USAGE;
	} else if (monitor_build(&monitor, &err)) {
		log_error("monitor", "%s", err.text);
		status = err_exit_status(err.code);
	} else {
		status = monitor_loop(&monitor);
	}
	monitor_free(&monitor);
	fetch_global_free();
	libevent_global_shutdown();
	if (status == STATUS_DONE)
		log_info("monitor", "stopped");
	return status;
}
