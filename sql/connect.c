#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/log.h"
#include "core/mem.h"
#include "sql/embed.h"
#include "sql/hosts.h"
#include "sql/internal.h"

enum { PASSWORD_MAX = 4096, OLDEST_SERVER = 150000 };

static void on_step(evutil_socket_t fd, short what, void *arg);

void connect_stop(struct sql_link *link)
{
	sql_lookup_cancel(link->lookup);
	link->lookup = NULL;
	link_timer_free(&link->step);
}

/* The first line of the file. A missing or empty file fails the connect: logging in without it
 * would only hide why. */
static int read_password(const char *path, char room[PASSWORD_MAX], struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t count;

	if (fd < 0)
		return err_set_errno(err, ERR_IO, "the password file %s cannot be opened", path);
	count = read(fd, room, PASSWORD_MAX - 1);
	close(fd);
	if (count < 0)
		return err_set_errno(err, ERR_IO, "the password file %s cannot be read", path);
	room[count] = '\0';
	room[strcspn(room, "\r\n")] = '\0';
	if (room[0] == '\0')
		return err_set(err, ERR_IO, "the password file %s is empty", path);
	return 0;
}

static void on_notice(void *arg, const PGresult *result)
{
	struct sql_link *link = arg;
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (!severity || !primary)
		return;
	link->notices++;
	if (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0)
		link_fold(primary, link->farewell, sizeof(link->farewell));
	else if (strcmp(severity, "WARNING") == 0)
		log_warn(link->part, "%s", primary);
	else
		log_debug(link->part, "%s", primary);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct sql_link *link = arg;
	char why[512], detail[256];

	(void)fd;
	(void)what;
	link_fold(link->conn ? PQerrorMessage(link->conn) : "", detail, sizeof(detail));
	snprintf(why, sizeof(why), "no connection within %d ms%s%s", link->connect_deadline_ms,
		detail[0] ? ": " : "", detail);
	link_drop(link, ERR_DB_DOWN, why);
}

/* default_transaction_read_only is the one setting that must have been accepted. */
static void on_foreign_row(void *arg, const struct sql_row *row)
{
	struct sql_link *link = arg;

	if (strcmp(sql_row_text(row, 0), "default_transaction_read_only") == 0 &&
		strcmp(sql_row_text(row, 1), "on") == 0)
		link->read_only = true;
}

static void on_foreign_done(void *arg, const struct sql_outcome *outcome)
{
	struct sql_link *link = arg;

	if (link->state != SQL_LINK_CONNECTING || !link->conn)
		return; /* lost or closed meanwhile; the drop told everybody */
	if (outcome->err.code != ERR_NONE)
		link_drop(link, ERR_DB_DOWN, outcome->err.text);
	else if (!link->read_only)
		link_drop(link, ERR_DB_DOWN, "the server cannot be set to read-only sessions");
	else
		link_up(link);
}

static void set_up_foreign(struct sql_link *link)
{
	struct sql_params params = SQL_PARAMS_INIT;
	char timeout[24];
	struct sql_call call = { .text = sql_text_foreign_session,
		.params = &params,
		.row = on_foreign_row,
		.done = on_foreign_done,
		.arg = link,
		.deadline_ms = link->connect_deadline_ms };

	snprintf(timeout, sizeof(timeout), "%dms", link->timeout_ms);
	sql_param_text(&params, timeout);
	link->read_only = false;
	link->busy = job_new(link, JOB_SETUP, &call);
	job_send(link->busy);
}

static void on_authenticated(struct sql_link *link)
{
	PQsetnonblocking(link->conn, 1);
	PQsetNoticeReceiver(link->conn, on_notice, link);
	link->farewell[0] = '\0';
	link->timeout_ms = job_server_timeout_ms(SQL_DEADLINE_MS);
	session_start(link);
	if (link->foreign) {
		set_up_foreign(link);
		return;
	}
	if (PQserverVersion(link->conn) < OLDEST_SERVER) {
		link_drop(link, ERR_DB_DOWN, "the server is older than PostgreSQL 15");
		return;
	}
	link_up(link);
}

/* libpq may close and reopen the socket between two steps and get the same number again; a new
 * one-shot event each time is the only registration that survives that. */
static void wait_step(struct sql_link *link, short what)
{
	link_timer_free(&link->step);
	link->step = event_new(link->base, PQsocket(link->conn), what, on_step, link);
	if (!link->step || event_add(link->step, NULL) < 0)
		BUG("no event for the connecting socket");
}

static void on_step(evutil_socket_t fd, short what, void *arg)
{
	struct sql_link *link = arg;
	PostgresPollingStatusType polling;

	(void)fd;
	(void)what;
	link_timer_free(&link->step); /* before libpq may close the socket */
	link_enter(link);
	polling = PQconnectPoll(link->conn);
	if (polling == PGRES_POLLING_OK)
		on_authenticated(link);
	else if (polling == PGRES_POLLING_FAILED)
		link_drop(link, ERR_DB_DOWN, PQerrorMessage(link->conn));
	else
		wait_step(link, polling == PGRES_POLLING_READING ? EV_READ : EV_WRITE);
	link_leave(link);
}

static void start_libpq(struct sql_link *link, const struct sql_dsn *dsn)
{
	link->conn = PQconnectStartParams(
		(const char *const *)dsn->keyword, (const char *const *)dsn->value, 0);
	if (!link->conn)
		BUG("libpq is out of memory");
	if (PQstatus(link->conn) == CONNECTION_BAD)
		link_drop(link, ERR_DB_DOWN, PQerrorMessage(link->conn));
	else
		wait_step(link, EV_WRITE);
}

static void start_with(struct sql_link *link, const struct sql_hosts *hosts)
{
	struct sql_dsn *dsn = sql_dsn_copy(link->dsn);
	struct err err = ERR_INIT;
	char password[PASSWORD_MAX];

	if (hosts) {
		sql_dsn_set(dsn, "host", hosts->host);
		sql_dsn_set(dsn, "hostaddr", hosts->hostaddr);
		sql_dsn_set(dsn, "port", hosts->port);
	}
	if (link->password_file && read_password(link->password_file, password, &err) < 0) {
		link_drop(link, ERR_DB_DOWN, err.text);
		sql_dsn_free(dsn);
		return;
	}
	if (link->password_file)
		sql_dsn_set(dsn, "password", password);
	explicit_bzero(password, sizeof(password));
	start_libpq(link, dsn);
	sql_dsn_free(dsn);
}

static void on_looked_up(void *arg, const struct sql_hosts *hosts, const struct err *err)
{
	struct sql_link *link = arg;

	link->lookup = NULL;
	link_enter(link);
	if (err->code != ERR_NONE)
		link_drop(link, ERR_DB_DOWN, err->text);
	else
		start_with(link, hosts);
	link_leave(link);
}

void connect_start(struct sql_link *link)
{
	struct sql_hosts hosts = { .host = sql_dsn_get(link->dsn, "host"),
		.hostaddr = sql_dsn_get(link->dsn, "hostaddr"),
		.port = sql_dsn_get(link->dsn, "port") };
	struct err err = ERR_INIT;

	link->timer = link_timer(link->base, link->connect_deadline_ms, on_deadline, link);
	if (!sql_dsn_has_names(link->dsn)) {
		start_with(link, NULL);
		return;
	}
	link->lookup = sql_lookup_start(link->base, &hosts, on_looked_up, link, &err);
	if (!link->lookup)
		link_drop(link, ERR_DB_DOWN, err.text);
}
