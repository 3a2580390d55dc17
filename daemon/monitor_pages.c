/* The monitor as the pages see it: its status, documents on demand, the socket they are served from. */
#include "daemon/monitor_own.h"

#include <unistd.h>

#include "collectors/source.h"
#include "core/log.h"
#include "daemon/page_acts.h"

static void show_progress(const struct source_progress *progress, struct api_source_status *ret)
{
	int64_t left = source_progress_left_ms(progress);

	ret->state = source_state_name(progress->state);
	ret->rows = progress->rows;
	ret->bytes = progress->bytes;
	ret->bytes_total = progress->bytes_total;
	ret->percent = source_progress_percent(progress);
	ret->seconds_left = left < 0 ? -1 : (left + 999) / 1000;
}

static void api_status(void *owner, struct api_status *ret)
{
	struct monitor *monitor = owner;
	int count = pulls_count(monitor->pulls);
	enum database_state state = database_state(monitor->database);
	if (count > MONITOR_SOURCES_SHOWN)
		count = MONITOR_SOURCES_SHOWN;
	for (int i = 0; i < count; i++) {
		struct pull_status status = pulls_status(monitor->pulls, i);
		monitor->source_status[i] = (struct api_source_status){ .name = status.name,
			.last_success = status.last_success,
			.late = status.late,
			.running = status.running };
		if (status.running)
			show_progress(status.progress, &monitor->source_status[i]);
	}
	*ret = (struct api_status){ .database_up = state != DATABASE_AWAY,
		.schema_ok = state == DATABASE_READY,
		.started_at = monitor->started_at,
		.last_evaluation = monitor->last_evaluation,
		.last_batch = monitor->last_batch,
		.state_version = monitor->state_version,
		.loop_lag_ms = service_loop_lag_ms(monitor->service),
		.waiting_jobs = database_waiting(monitor->database),
		.queued_messages = monitor->queued,
		.sources = monitor->source_status,
		.source_count = count,
		.stopping = monitor->stopping };
}

static void *api_document(void *owner, const struct api_document_options *options,
	api_document_fn done, void *arg, struct err *err)
{
	struct monitor *monitor = owner;
	return page_document_start(&monitor->documents, options, done, arg, err);
}

static void api_document_cancel(void *owner, void *document)
{
	(void)owner;
	page_document_cancel(document);
}

static void *api_act(
	void *owner, const struct api_act *act, api_document_fn done, void *arg, struct err *err)
{
	struct monitor *monitor = owner;
	return page_act_start(database_link(monitor->database, DATABASE_READ_1),
		&monitor->source_env, monitor->config, act, done, arg, err);
}

static void api_act_cancel(void *owner, void *act)
{
	(void)owner;
	page_act_cancel(act);
}

static const struct api_hooks api_hooks = { api_status, api_document, api_document_cancel, api_act,
	api_act_cancel };

/* Pages are served from the socket that systemd passed, else from where the configuration says. */
int monitor_pages_start(struct monitor *monitor, struct err *err)
{
	struct sql_link *read[] = { database_link(monitor->database, DATABASE_READ_1),
		database_link(monitor->database, DATABASE_READ_2) };
	int fd = service_take_socket(monitor->service, "api");
	struct api_options options = { .base = monitor->base,
		.listen = monitor->config->api.listen,
		.fds = &fd,
		.fd_count = fd >= 0,
		.read = read,
		.read_count = 2,
		.person_header = monitor->config->api.person_header,
		.hooks = &api_hooks,
		.owner = monitor };
	monitor->api = api_server_new(&options, err);
	if (!monitor->api) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	log_info("monitor", "pages at %s", api_server_address(monitor->api));
	return 0;
}
