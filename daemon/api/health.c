#include "api/health.h"

#include <event2/buffer.h>
#include <inttypes.h>
#include <unistd.h>

#include "api/internal.h"
#include "api/serialise.h"

static struct api_status ask(struct api_server *server)
{
	struct api_status status = { 0 };

	server->options.hooks->status(server->options.owner, &status);
	return status;
}

void health_healthz(
	struct api_server *server, const struct route_request *request, struct reply *reply)
{
	(void)server;
	(void)request;
	evbuffer_add_printf(
		reply_body(reply), "{\"alive\":true,\"version\":\"%s\"}\n", SETASIDE_VERSION);
	reply_send(reply, 200, "application/json");
}

void health_readyz(
	struct api_server *server, const struct route_request *request, struct reply *reply)
{
	struct api_status status = ask(server);
	struct evbuffer *out = reply_body(reply);
	bool ready = status.database_up && status.schema_ok && !status.stopping, fresh = true;

	(void)request;
	for (int i = 0; i < status.source_count; i++)
		fresh = fresh && !status.sources[i].late;
	evbuffer_add_printf(out,
		"{\"ready\":%s,\"database\":%s,\"schema\":%s,\"fresh\":%s,\"sources\":[",
		ready && fresh ? "true" : "false", status.database_up ? "true" : "false",
		status.schema_ok ? "true" : "false", fresh ? "true" : "false");
	for (int i = 0; i < status.source_count; i++) {
		evbuffer_add_printf(out, "%s{\"name\":", i ? "," : "");
		serialise_text(out, status.sources[i].name, strlen(status.sources[i].name));
		evbuffer_add_printf(out, ",\"last_success_unix\":%" PRId64 ",\"late\":%s}",
			status.sources[i].last_success, status.sources[i].late ? "true" : "false");
	}
	evbuffer_add_printf(out, "]}\n");
	reply_send(reply, ready && fresh ? 200 : 503, "application/json");
}

static void add_known(struct evbuffer *out, const char *name, int64_t value)
{
	if (value < 0)
		evbuffer_add_printf(out, ",\"%s\":null", name);
	else
		evbuffer_add_printf(out, ",\"%s\":%" PRId64, name, value);
}

void health_pulls(
	struct api_server *server, const struct route_request *request, struct reply *reply)
{
	struct api_status status = ask(server);
	struct evbuffer *out = reply_body(reply);
	const char *comma = "";

	(void)request;
	evbuffer_add_printf(out, "{\"items\":[");
	for (int i = 0; i < status.source_count; i++) {
		const struct api_source_status *source = &status.sources[i];
		if (!source->running)
			continue;
		evbuffer_add_printf(out, "%s{\"source\":", comma);
		serialise_text(out, source->name, strlen(source->name));
		evbuffer_add_printf(out, ",\"state\":\"%s\"", source->state);
		add_known(out, "rows", source->rows);
		add_known(out, "bytes", source->bytes);
		add_known(out, "bytes_total", source->bytes_total);
		add_known(out, "percent", source->percent);
		add_known(out, "seconds_left", source->seconds_left);
		evbuffer_add_printf(out, "}");
		comma = ",";
	}
	evbuffer_add_printf(out, "],\"next\":null}\n");
	reply_send(reply, 200, "application/json");
}

static void gauge(struct evbuffer *out, const char *name, const char *help, int64_t value)
{
	evbuffer_add_printf(out,
		"# HELP setaside_%s %s\n# TYPE setaside_%s gauge\nsetaside_%s %" PRId64 "\n", name,
		help, name, name, value);
}

/* Resident bytes from /proc, a memory file: no disk is touched. */
static int64_t resident_bytes(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	long total = 0, resident = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%ld %ld", &total, &resident) !=
		2) /* NOLINT(cert-err34-c): the kernel's own numbers */
		resident = 0;
	fclose(file);
	return (int64_t)resident * sysconf(_SC_PAGESIZE);
}

/* Label values may hold anything a title may: backslash, quote and newline are escaped as the text format wants. */
static void label(struct evbuffer *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			evbuffer_add_printf(out, "\\%c", *text);
		else if (*text == '\n')
			evbuffer_add_printf(out, "\\n");
		else
			evbuffer_add(out, text, 1);
	}
}

void health_metrics(
	struct api_server *server, const struct route_request *request, struct reply *reply)
{
	struct api_status status = ask(server);
	struct evbuffer *out = reply_body(reply);

	(void)request;
	gauge(out, "database_up", "1 when the store link is ready", status.database_up);
	gauge(out, "started_seconds", "Unix time of the start", status.started_at);
	gauge(out, "last_evaluation_seconds", "Unix time of the last stored evaluation",
		status.last_evaluation);
	gauge(out, "last_batch", "number of the last batch seen", status.last_batch);
	gauge(out, "state_version", "moves with every committed change", status.state_version);
	gauge(out, "loop_lag_milliseconds", "lateness of the loop's ten-second timer",
		status.loop_lag_ms);
	gauge(out, "waiting_jobs", "statements waiting for a link", status.waiting_jobs);
	gauge(out, "queued_messages", "messages that are not acknowledged yet",
		status.queued_messages);
	gauge(out, "resident_bytes", "resident memory", resident_bytes());
	evbuffer_add_printf(out,
		"# HELP setaside_source_last_success_seconds Unix time of the last good pull\n"
		"# TYPE setaside_source_last_success_seconds gauge\n");
	for (int i = 0; i < status.source_count; i++) {
		evbuffer_add_printf(out, "setaside_source_last_success_seconds{source=\"");
		label(out, status.sources[i].name);
		evbuffer_add_printf(out, "\"} %" PRId64 "\n", status.sources[i].last_success);
	}
	reply_send(reply, 200, "text/plain; version=0.0.4; charset=utf-8");
}
