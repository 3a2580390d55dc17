/* The socket of an authenticated session: bytes in, bytes out, and the end of it. */
#include <event2/event.h>
#include <limits.h>
#include <sys/ioctl.h>

#include "sql/internal.h"

/* A timer of zero waits for the next turn; event_active() would run before timers and sockets
 * get theirs. */
void session_again(struct sql_link *link)
{
	if (event_add(link->again, &(struct timeval){ 0 }) < 0)
		BUG("event_add failed");
}

int session_flush(struct sql_link *link)
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

/* While we copy in, the server is silent unless it has a notice, a notification, or has given up
 * on our rows. libpq shows the last only after the end of the copy, so it is told by leaving out
 * the other two. */
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
	if (!lost && session_flush(link) < 0) {
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
	if (session_flush(link) == 0 && link->busy && copy_running(link->busy))
		copy_writable(link->busy);
	link_leave(link);
}

/* Called by connect.c when the session is authenticated: from here on results are read. */
void session_start(struct sql_link *link)
{
	int fd = PQsocket(link->conn);

	link->rd = event_new(link->base, fd, EV_READ | EV_PERSIST, on_readable, link);
	link->wr = event_new(link->base, fd, EV_WRITE, on_writable, link);
	link->again = event_new(link->base, -1, 0, on_readable, link);
	if (!link->rd || !link->wr || !link->again || event_add(link->rd, NULL) < 0)
		BUG("no event for the database socket");
	if (link->prepares)
		link->prepared = prepared_new();
}

/* The events go before the socket does. */
void session_end(struct sql_link *link)
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
	prepared_free(link->prepared);
	link->prepared = NULL;
	if (link->conn)
		PQfinish(link->conn);
	link->conn = NULL;
	listen_down(link);
}
