/* LISTEN on a link of its own. Notifications sent while the link was away are gone, so everybody
 * is told to look after each connect; a heartbeat finds links that died without a word. */
#include <event2/event.h>

#include "core/buf.h"
#include "core/mem.h"
#include "sql/embed.h"
#include "sql/internal.h"

enum { CHANNELS_TEXT_MAX = 4096 };

struct sql_listen {
	struct buf channels; /* comma-separated */
	sql_listen_fn look;
	void *arg;
	struct sql_job *job; /* the step under way */
	struct event *heartbeat;
};

static void on_heartbeat(evutil_socket_t fd, short what, void *arg);

static void on_alive(void *arg, const struct sql_outcome *outcome)
{
	struct sql_link *link = arg;

	link->listen->job = NULL;
	if (outcome->err.code == ERR_NONE)
		link->listen->heartbeat =
			link_timer(link->base, link->heartbeat_ms, on_heartbeat, link);
	else if (link->state == SQL_LINK_READY)
		link_drop(link, ERR_DB_DOWN, outcome->err.text);
}

static void submit_step(struct sql_link *link, const char *text, const struct sql_params *params,
	int deadline_ms, sql_done_fn done)
{
	struct sql_call call = { .text = text,
		.params = params,
		.done = done,
		.arg = link,
		.deadline_ms = deadline_ms };
	struct err err = ERR_INIT;

	link->listen->job = sql_submit(link, &call, &err);
	if (!link->listen->job)
		link_drop(link, ERR_DB_DOWN, err.text);
}

static void on_heartbeat(evutil_socket_t fd, short what, void *arg)
{
	struct sql_link *link = arg;

	(void)fd;
	(void)what;
	link_timer_free(&link->listen->heartbeat);
	link_enter(link);
	submit_step(link, sql_text_heartbeat, NULL, link->heartbeat_ms / SQL_HEARTBEAT_PATIENCE,
		on_alive);
	link_leave(link);
}

static void look_everywhere(struct sql_link *link)
{
	struct sql_listen *listen = link->listen;
	_cleanup_free_ char *names = mem_text(listen->channels.data);
	char *rest = names, *name;

	while ((name = strsep(&rest, ",")) != NULL && link->state == SQL_LINK_READY)
		listen->look(listen->arg, name, "");
}

static void on_listening(void *arg, const struct sql_outcome *outcome)
{
	struct sql_link *link = arg;

	link->listen->job = NULL;
	if (outcome->err.code != ERR_NONE) {
		link_drop(link, ERR_DB_DOWN, outcome->err.text);
		return;
	}
	link->listen->heartbeat = link_timer(link->base, link->heartbeat_ms, on_heartbeat, link);
	look_everywhere(link);
}

static void on_named(void *arg, const struct sql_outcome *outcome)
{
	struct sql_link *link = arg;

	link->listen->job = NULL;
	if (outcome->err.code != ERR_NONE)
		link_drop(link, ERR_DB_DOWN, outcome->err.text);
	else
		submit_step(link, sql_text_listen, NULL, 0, on_listening);
}

void listen_up(struct sql_link *link)
{
	struct sql_params params = SQL_PARAMS_INIT;

	if (!link->listen)
		return;
	sql_param_text(&params, link->listen->channels.data);
	submit_step(link, sql_text_listen_channels, &params, 0, on_named);
}

/* Before the running job is told that its link is lost: nobody here wants to hear it. */
void listen_down(struct sql_link *link)
{
	struct sql_listen *listen = link->listen;

	if (!listen)
		return;
	link_timer_free(&listen->heartbeat);
	if (listen->job)
		sql_job_cancel(listen->job);
	listen->job = NULL;
}

void listen_notify(struct sql_link *link, const char *channel, const char *payload)
{
	if (link->listen)
		link->listen->look(link->listen->arg, channel, payload);
}

void listen_free(struct sql_link *link)
{
	if (!link->listen)
		return;
	listen_down(link);
	buf_free(&link->listen->channels);
	free(link->listen);
	link->listen = NULL;
}

int sql_link_listen(struct sql_link *link, const char *const *channels, sql_listen_fn look,
	void *arg, struct err *err)
{
	struct sql_listen *listen;

	if (link->listen)
		BUG("link %s listens already", link->name);
	listen = mem_zero(1, sizeof(*listen));
	listen->look = look;
	listen->arg = arg;
	buf_init(&listen->channels, CHANNELS_TEXT_MAX);
	for (int i = 0; channels[i]; i++)
		buf_format(&listen->channels, "%s%s", i > 0 ? "," : "", channels[i]);
	link->listen = listen;
	if (listen->channels.failed) {
		listen_free(link);
		return err_set(err, ERR_USAGE, "the names of the channels are too long");
	}
	if (link->state == SQL_LINK_READY)
		listen_up(link);
	return 0;
}
