#include "sql/link.h"

#include <event2/event.h>

#include "core/backoff.h"
#include "core/clock.h"
#include "core/log.h"
#include "core/mem.h"
#include "core/text.h"
#include "sql/internal.h"

enum { RETRY_BASE_MS = 250, RETRY_CAP_MS = 30000, STEADY_MS = 60000, LOG_EVERY_MS = 60000 };

static void on_kick(evutil_socket_t fd, short what, void *arg);

const char *sql_link_state_name(enum sql_link_state state)
{
	switch (state) {
	case SQL_LINK_DOWN:
		return "down";
	case SQL_LINK_CONNECTING:
		return "connecting";
	case SQL_LINK_READY:
		return "ready";
	case SQL_LINK_CLOSED:
		return "closed";
	}
	BUG("link state %d", (int)state);
}

void link_fold(const char *text, char *room, size_t size)
{
	size_t used = 0;

	for (; *text && used + 1 < size; text++) {
		char c = *text == '\n' || *text == '\r' || *text == '\t' ? ' ' : *text;

		if (c == ' ' && (used == 0 || room[used - 1] == ' '))
			continue;
		room[used++] = c;
	}
	while (used > 0 && room[used - 1] == ' ')
		used--;
	room[used] = '\0';
	text_trim_partial(room);
}

void link_fold_line(const char *text, char *room, size_t size)
{
	_cleanup_free_ char *line = mem_text_n(text, strcspn(text, "\n"));

	link_fold(line, room, size);
}

struct event *link_timer(
	struct event_base *base, int64_t ms, void (*call)(int, short, void *), void *arg)
{
	struct timeval wait = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };
	struct event *timer = event_new(base, -1, 0, call, arg);

	if (!timer || event_add(timer, &wait) < 0)
		BUG("no timer event");
	return timer;
}

void link_timer_free(struct event **timer)
{
	if (*timer)
		event_free(*timer);
	*timer = NULL;
}

static void link_release(struct sql_link *link)
{
	event_free(link->kick);
	sql_dsn_free(link->dsn);
	free(link->name);
	free(link->part);
	free(link->password_file);
	free(link);
}

void link_enter(struct sql_link *link)
{
	link->depth++;
}

/* A freed link lives until its last transaction was ended by its owner. */
void link_leave(struct sql_link *link)
{
	if (--link->depth == 0 && link->freed && LIST_EMPTY(&link->txs) &&
		TAILQ_EMPTY(&link->failed))
		link_release(link);
}

void link_kick(struct sql_link *link)
{
	event_active(link->kick, EV_TIMEOUT, 0);
}

static void take_options(struct sql_link *link, const struct sql_link_options *options)
{
	link->name = mem_text(options->name);
	link->part = mem_format("link %s", options->name);
	link->password_file = options->password_file ? mem_text(options->password_file) : NULL;
	link->foreign = options->foreign;
	link->once = options->once;
	link->prepares = options->prepares;
	link->connect_deadline_ms =
		options->connect_deadline_ms ? options->connect_deadline_ms : SQL_CONNECT_MS;
	link->heartbeat_ms = options->heartbeat_ms ? options->heartbeat_ms : SQL_HEARTBEAT_MS;
	link->queue_limit = options->queue_limit ? options->queue_limit : SQL_QUEUE_LIMIT;
}

struct sql_link *sql_link_new(
	struct event_base *base, const struct sql_link_options *options, struct err *err)
{
	int server_ms = job_server_timeout_ms(SQL_DEADLINE_MS);
	struct sql_dsn *dsn =
		sql_dsn_new(options->dsn, options->name, options->foreign, server_ms, err);
	struct sql_link *link;

	if (!dsn) {
		err_prefix(err, "link %s", options->name);
		return NULL;
	}
	link = mem_zero(1, sizeof(*link));
	link->base = base;
	link->dsn = dsn;
	take_options(link, options);
	TAILQ_INIT(&link->queue);
	TAILQ_INIT(&link->failed);
	LIST_INIT(&link->txs);
	link->kick = event_new(base, -1, 0, on_kick, link);
	if (!link->kick)
		BUG("no event");
	link_kick(link); /* connects in the first turn of the loop */
	return link;
}

/* The running job and the open transaction learn that there will be no answer. */
static void lose_work(struct sql_link *link, enum err_code code, const char *reason)
{
	struct sql_job *job = link->busy;
	struct sql_tx *tx = link->tx;

	link->busy = NULL;
	link->tx = NULL;
	if (job)
		job_lost(job, code, reason);
	if (tx)
		tx_lost(tx, code, reason);
}

static void set_state(struct sql_link *link, enum sql_link_state state)
{
	if (link->state == state)
		return;
	link->state = state;
	link->watch_later = true;
	link_kick(link);
}

/* The first failure is logged, then one line a minute that says how many there were. */
static void log_failure(struct sql_link *link)
{
	int64_t now = clock_steady_ms();

	link->unlogged++;
	if (link->last_log_ms != 0 && now - link->last_log_ms < LOG_EVERY_MS)
		return;
	log_warn(link->part, "%s (%d %s)", link->last_error, link->unlogged,
		link->unlogged == 1 ? "failure" : "failures");
	link->last_log_ms = now;
	link->unlogged = 0;
}

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct sql_link *link = arg;

	(void)fd;
	(void)what;
	link_timer_free(&link->timer);
	link_enter(link);
	set_state(link, SQL_LINK_CONNECTING);
	connect_start(link);
	link_leave(link);
}

static void arm_retry(struct sql_link *link)
{
	if (link->state == SQL_LINK_READY && clock_steady_ms() - link->up_since_ms >= STEADY_MS)
		link->attempt = 0;
	link->attempt++;
	link->timer = link_timer(link->base,
		backoff_exponential(RETRY_BASE_MS, RETRY_CAP_MS, link->attempt), on_retry, link);
}

void link_drop(struct sql_link *link, enum err_code code, const char *reason)
{
	char why[sizeof(link->last_error)];

	if (link->state == SQL_LINK_CLOSED || link->state == SQL_LINK_DOWN)
		return;
	link_fold(reason, why, sizeof(why));
	memcpy(link->last_error, why, sizeof(why));
	link_enter(link);
	session_end(link);
	if (!link->once) {
		log_failure(link);
		arm_retry(link);
	}
	lose_work(link, code, why);
	if (link->once)
		job_fail_queue(link, ERR_DB_DOWN, why);
	set_state(link, link->once ? SQL_LINK_CLOSED : SQL_LINK_DOWN);
	link_leave(link);
}

/* Called by connect.c when the session is set up. */
void link_up(struct sql_link *link)
{
	link_timer_free(&link->timer); /* the connect deadline */
	link->up_since_ms = clock_steady_ms();
	link->sessions++;
	if (link->last_log_ms != 0)
		log_info(link->part, "connected again");
	else
		log_debug(link->part, "connected, server version %d", PQserverVersion(link->conn));
	link->last_log_ms = 0;
	link->unlogged = 0;
	set_state(link, SQL_LINK_READY);
	listen_up(link);
}

static void on_kick(evutil_socket_t fd, short what, void *arg)
{
	struct sql_link *link = arg;

	(void)fd;
	(void)what;
	link_enter(link);
	if (link->state == SQL_LINK_DOWN && !link->timer) {
		set_state(link, SQL_LINK_CONNECTING);
		connect_start(link);
	}
	if (link->watch_later) {
		link->watch_later = false;
		if (link->watch)
			link->watch(link->watch_arg, link->state, link->last_error);
	}
	job_flush_failed(link);
	job_next(link);
	link_leave(link);
}

void sql_link_close(struct sql_link *link, const char *reason)
{
	if (link->state == SQL_LINK_CLOSED)
		return;
	link_enter(link);
	link_fold(reason, link->last_error, sizeof(link->last_error));
	session_end(link);
	lose_work(link, ERR_CANCELLED, link->last_error);
	job_fail_queue(link, ERR_CANCELLED, link->last_error);
	set_state(link, SQL_LINK_CLOSED);
	link_leave(link);
}

void sql_link_free(struct sql_link *link)
{
	if (!link)
		return;
	if (link->depth > 0 || link->freed)
		BUG("link %s freed from inside its own callback or twice", link->name);
	sql_link_close(link, "the link was closed");
	link->watch = NULL;
	listen_free(link);
	link_enter(link);
	while (!TAILQ_EMPTY(&link->failed))
		job_flush_failed(link);
	link->freed = true;
	link_leave(link);
}

void sql_link_watch(struct sql_link *link, sql_link_watch_fn watch, void *arg)
{
	link->watch = watch;
	link->watch_arg = arg;
}

enum sql_link_state sql_link_state(const struct sql_link *link)
{
	return link->state;
}

const char *sql_link_last_error(const struct sql_link *link)
{
	return link->last_error;
}

int sql_link_server_version(const struct sql_link *link)
{
	return link->conn && link->state == SQL_LINK_READY ? PQserverVersion(link->conn) : 0;
}

int sql_link_waiting(const struct sql_link *link)
{
	return link->waiting;
}

int64_t sql_link_sessions(const struct sql_link *link)
{
	return link->sessions;
}
