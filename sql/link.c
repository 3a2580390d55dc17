#include "sql/link.h"

#include <event2/event.h>
#include <limits.h>
#include <sys/ioctl.h>

#include "core/backoff.h"
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

int64_t link_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
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

/* A timer of zero waits for the next turn; event_active() would run before timers and sockets get theirs. */
void link_again(struct sql_link *link)
{
	if (event_add(link->again, &(struct timeval){ 0 }) < 0)
		BUG("event_add failed");
}

static void take_options(struct sql_link *link, const struct sql_link_options *options)
{
	link->name = mem_text(options->name);
	link->part = mem_format("link %s", options->name);
	link->password_file = options->password_file ? mem_text(options->password_file) : NULL;
	link->foreign = options->foreign;
	link->once = options->once;
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

/* Frees what belongs to the session. The events go before the socket does. */
static void end_session(struct sql_link *link)
{
	connect_stop(link);
	link_timer_free(&link->timer);
	if (link->rd)
		event_free(link->rd);
	if (link->wr)
		event_free(link->wr);
	if (link->again)
		event_free(link->again);
	link->rd = link->wr = link->again = NULL;
	if (link->conn)
		PQfinish(link->conn);
	link->conn = NULL;
	listen_down(link);
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
	int64_t now = link_now_ms();

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
	if (link->state == SQL_LINK_READY && link_now_ms() - link->up_since_ms >= STEADY_MS)
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
	end_session(link);
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

int link_flush(struct sql_link *link)
{
	int rc = PQflush(link->conn);

	if (rc < 0) {
		link_drop(link, ERR_DB_DOWN, PQerrorMessage(link->conn));
		return -1;
	}
	if (rc > 0 && event_add(link->wr, NULL) < 0)
		BUG("event_add failed");
	return rc;
}

static int take_notifications(struct sql_link *link)
{
	PGnotify *note;
	int count = 0;

	while (link->conn && (note = PQnotifies(link->conn)) != NULL) {
		listen_notify(link, note->relname, note->extra);
		PQfreemem(note);
		count++;
	}
	return count;
}

/* While we copy in, the server is silent unless it has a notice, a notification, or has given up on our rows. libpq
 * shows the last only after the end of the copy, so it is told by leaving out the other two. */
static void look_at_copy(struct sql_link *link)
{
	int notices = link->notices;

	if (!link->busy || !copy_running(link->busy))
		return;
	if (take_notifications(link) == 0 && link->notices == notices && link->busy &&
		copy_running(link->busy))
		copy_refused(link->busy);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct sql_link *link = arg;
	char why[sizeof(link->last_error)] = "";
	bool lost;
	int unread = 0;

	(void)what;
	link_enter(link);
	ioctl(fd, FIONREAD, &unread);
	lost = PQconsumeInput(link->conn) == 0;
	if (lost)
		link_fold_line(PQerrorMessage(link->conn), why, sizeof(why));
	if (!lost && link_flush(link) < 0) {
		link_leave(link);
		return;
	}
	if (!lost && unread > 0)
		look_at_copy(link);
	/* What arrived before the end still counts, so it is read without a budget. */
	job_results(link, lost ? INT_MAX : SQL_RESULT_BUDGET);
	take_notifications(link);
	if (link->conn && (lost || PQstatus(link->conn) == CONNECTION_BAD))
		link_drop(link, ERR_DB_DOWN,
			link->farewell[0] ? link->farewell
					  : (why[0] ? why : "the server closed the connection"));
	link_leave(link);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct sql_link *link = arg;

	(void)fd;
	(void)what;
	link_enter(link);
	if (link_flush(link) == 0 && link->busy && copy_running(link->busy))
		copy_writable(link->busy);
	link_leave(link);
}

/* Called by connect.c when the session is authenticated: from here on results are read. */
void link_watch_socket(struct sql_link *link)
{
	int fd = PQsocket(link->conn);

	link->rd = event_new(link->base, fd, EV_READ | EV_PERSIST, on_readable, link);
	link->wr = event_new(link->base, fd, EV_WRITE, on_writable, link);
	link->again = event_new(link->base, -1, 0, on_readable, link);
	if (!link->rd || !link->wr || !link->again || event_add(link->rd, NULL) < 0)
		BUG("no event for the database socket");
}

/* Called by connect.c when the session is set up. */
void link_up(struct sql_link *link)
{
	link_timer_free(&link->timer); /* the connect deadline */
	link->up_since_ms = link_now_ms();
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
	end_session(link);
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

const char *sql_link_name(const struct sql_link *link)
{
	return link->name;
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
