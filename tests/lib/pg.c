#include "lib/pg.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/text.h"
#include "sql/embed.h"
#include "sql/link.h"
#include "sql/migrate.h"

#define CLUSTER_SCRIPT SETASIDE_SOURCE_DIR "/tests/lib/pg_cluster"

enum { ROOMS = 10, MIGRATE_MS = 120000 };

struct pg_db {
	char *dir;
	char *name;
	char *dsn;
	PGconn *conn;
	char *room[ROOMS];
	int next_room;
};

struct pg_server {
	char *dir;
	char *tcp_dsn;
	struct pg_db *db;
};

/* The cluster script --------------------------------------------------------------------------- */

/* Runs the script and returns the first line it printed (free). */
static char *cluster(const char *verb, const char *one, const char *two)
{
	char line[256] = "";
	int out[2], status;
	ssize_t count;
	pid_t pid;

	cr_assert_eq(pipe2(out, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		dup2(out[1], STDOUT_FILENO);
		execl(CLUSTER_SCRIPT, CLUSTER_SCRIPT, verb, one, two, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	count = read(out[0], line, sizeof(line) - 1);
	close(out[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "pg_cluster %s failed", verb);
	line[count > 0 ? count : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return mem_text(line);
}

static char *read_line(const char *path)
{
	char line[256] = "";
	FILE *file = fopen(path, "re");

	cr_assert(file, "%s cannot be read", path);
	if (!fgets(line, sizeof(line), file))
		cr_assert_fail("%s is empty", path);
	fclose(file);
	line[strcspn(line, "\n")] = '\0';
	return mem_text(line);
}

static char *port_of(const char *dir)
{
	char *path = mem_format("%s/port", dir);
	char *port = read_line(path);

	free(path);
	return port;
}

static char *shared_dir(void)
{
	free(cluster("shared", SETASIDE_PG_SHARED, NULL));
	return read_line(SETASIDE_PG_SHARED);
}

/* Databases ------------------------------------------------------------------------------------ */

static struct pg_db *db_in(const char *dir, const char *name)
{
	struct pg_db *db = mem_zero(1, sizeof(*db));
	char *port = port_of(dir);

	db->dir = mem_text(dir);
	db->name = mem_text(name);
	db->dsn = mem_format("host=%s port=%s user=postgres dbname=%s", dir, port, name);
	free(port);
	return db;
}

static void db_close(struct pg_db *db)
{
	PQfinish(db->conn);
	db->conn = NULL;
}

static void db_free(struct pg_db *db)
{
	db_close(db);
	for (int i = 0; i < ROOMS; i++)
		free(db->room[i]);
	free(db->dir);
	free(db->name);
	free(db->dsn);
	free(db);
}

static void ignore_notice(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

static PGconn *db_connect(struct pg_db *db)
{
	const char *keywords[] = { "dbname", "options", "application_name", "client_encoding",
		NULL };
	const char *values[] = { db->dsn,
		"-c search_path=setaside,pg_catalog -c timezone=Asia/Shanghai", "the test itself",
		"UTF8", NULL };

	if (db->conn && PQstatus(db->conn) == CONNECTION_OK)
		return db->conn;
	db_close(db);
	db->conn = PQconnectdbParams(keywords, values, 1);
	cr_assert_eq(PQstatus(db->conn), CONNECTION_OK, "%s", PQerrorMessage(db->conn));
	PQsetNoticeProcessor(db->conn, ignore_notice, NULL);
	return db->conn;
}

static PGresult *db_run(struct pg_db *db, const char *sql)
{
	PGresult *result = PQexec(db_connect(db), sql);
	ExecStatusType status = PQresultStatus(result);

	cr_assert(status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK, "%s\nin: %s",
		PQresultErrorMessage(result), sql);
	return result;
}

void pg_exec(struct pg_db *db, const char *sql)
{
	PQclear(db_run(db, sql));
}

const char *pg_text(struct pg_db *db, const char *sql)
{
	PGresult *result = db_run(db, sql);
	char **room = &db->room[db->next_room++ % ROOMS];

	free(*room);
	*room = mem_text(
		PQntuples(result) > 0 && PQnfields(result) > 0 ? PQgetvalue(result, 0, 0) : "");
	PQclear(result);
	return *room;
}

int64_t pg_int(struct pg_db *db, const char *sql)
{
	const char *text = pg_text(db, sql);
	int64_t value = 0;

	cr_assert(text_to_int64(text, &value), "\"%s\" is not an integer, in: %s", text, sql);
	return value;
}

void pg_exec_file(struct pg_db *db, const char *path)
{
	char *full = mem_format("%s/%s", SETASIDE_SOURCE_DIR, path);
	FILE *file = fopen(full, "re");
	char *text = NULL;
	size_t size = 0;

	cr_assert(file, "%s cannot be read", full);
	cr_assert(getdelim(&text, &size, '\0', file) > 0, "%s is empty", full);
	fclose(file);
	pg_exec(db, text);
	free(text);
	free(full);
}

const char *pg_db_dsn(const struct pg_db *db)
{
	return db->dsn;
}

/* The template --------------------------------------------------------------------------------- */

struct migration {
	bool over;
	struct err err;
};

static void on_migrated(void *arg, const struct err *err, int version, int applied)
{
	struct migration *migration = arg;

	(void)version;
	(void)applied;
	migration->err = *err;
	migration->over = true;
}

/* Does what `setaside migrate` does. */
static void migrate(const char *dsn)
{
	struct event_base *base = pg_loop_new();
	struct sql_link_options options = { .dsn = dsn, .name = "template", .once = true };
	struct migration migration = { .err = ERR_INIT };
	struct sql_link *link = sql_link_new(base, &options, &migration.err);

	cr_assert(link, "%s", migration.err.text);
	sql_migrate(link, true, on_migrated, &migration);
	pg_loop_until(base, &migration.over, MIGRATE_MS);
	cr_assert_eq(migration.err.code, ERR_NONE, "%s", migration.err.text);
	sql_link_free(link);
	event_base_free(base);
}

/* One test makes the template of this set of files while the others wait for the lock. */
static char *ensure_template(struct pg_db *admin)
{
	char *name = mem_format("template_%.16s", sql_schema_sha256);
	char *sql = mem_format("SELECT count(*) FROM pg_database WHERE datname = '%s'", name);
	struct pg_db *unfinished;

	pg_exec(admin, "SELECT pg_advisory_lock(1)");
	if (pg_int(admin, sql) == 0) {
		pg_exec(admin, "DROP DATABASE IF EXISTS template_unfinished WITH (FORCE)");
		pg_exec(admin, "CREATE DATABASE template_unfinished");
		unfinished = db_in(admin->dir, "template_unfinished");
		migrate(unfinished->dsn);
		db_free(unfinished);
		free(sql);
		sql = mem_format("ALTER DATABASE template_unfinished RENAME TO %s", name);
		pg_exec(admin, sql);
	}
	pg_exec(admin, "SELECT pg_advisory_unlock(1)");
	free(sql);
	return name;
}

static struct pg_db *make_db(bool migrated)
{
	static int number;
	char *dir = shared_dir();
	struct pg_db *admin = db_in(dir, "postgres");
	char *template = migrated ? ensure_template(admin) : mem_text("template0");
	char *name = mem_format("test_%d_%d", (int)getpid(), ++number);
	char *sql = mem_format("CREATE DATABASE %s TEMPLATE %s", name, template);
	struct pg_db *db = db_in(dir, name);

	pg_exec(admin, sql);
	db_free(admin);
	free(sql);
	free(name);
	free(template);
	free(dir);
	return db;
}

struct pg_db *pg_db_new(void)
{
	return make_db(true);
}

struct pg_db *pg_db_new_empty(void)
{
	return make_db(false);
}

void pg_db_free(struct pg_db *db)
{
	struct pg_db *admin = db_in(db->dir, "postgres");
	char *sql = mem_format("DROP DATABASE %s WITH (FORCE)", db->name);

	db_close(db);
	pg_exec(admin, sql);
	free(sql);
	db_free(admin);
	db_free(db);
}

/* Clusters of one's own ------------------------------------------------------------------------ */

struct pg_server *pg_server_new(void)
{
	struct pg_server *server = mem_zero(1, sizeof(*server));
	char *port;

	server->dir = cluster("make", NULL, NULL);
	port = port_of(server->dir);
	server->db = db_in(server->dir, "postgres");
	server->tcp_dsn = mem_format(
		"host=localhost port=%s user=postgres dbname=postgres sslmode=disable", port);
	free(port);
	return server;
}

void pg_server_free(struct pg_server *server)
{
	db_free(server->db);
	free(cluster("remove", server->dir, NULL));
	free(server->dir);
	free(server->tcp_dsn);
	free(server);
}

const char *pg_server_dsn(const struct pg_server *server)
{
	return server->db->dsn;
}

const char *pg_server_tcp_dsn(const struct pg_server *server)
{
	return server->tcp_dsn;
}

void pg_server_stop(struct pg_server *server, enum pg_stop how)
{
	db_close(server->db);
	free(cluster("down", server->dir, how == PG_STOP_FAST ? "fast" : "immediate"));
}

void pg_server_start(struct pg_server *server)
{
	free(cluster("up", server->dir, NULL));
}

void pg_server_kill(struct pg_server *server)
{
	db_close(server->db);
	free(cluster("kill", server->dir, NULL));
}

struct pg_db *pg_server_db(struct pg_server *server)
{
	return server->db;
}

/* The loop ------------------------------------------------------------------------------------- */

struct event_base *pg_loop_new(void)
{
	static bool debugging;
	struct event_base *base;

	if (!debugging)
		event_enable_debug_mode();
	debugging = true;
	base = event_base_new();
	cr_assert(base);
	return base;
}

void pg_loop_free(struct event_base *base)
{
	event_base_free(base);
	libevent_global_shutdown();
}

static void on_expired(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	*(bool *)arg = true;
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
}

/* True when the condition came true in time. It is looked at again and again, for it may come true without any event. */
static bool turn(struct event_base *base, bool (*condition)(void *arg), void *arg, int ms)
{
	struct timeval wait = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };
	bool expired = false;
	struct event *timer = event_new(base, -1, 0, on_expired, &expired);
	struct event *tick = event_new(base, -1, EV_PERSIST, on_tick, NULL);
	bool met;

	event_add(timer, &wait);
	event_add(tick, &(struct timeval){ .tv_usec = 20000 });
	while (!(met = condition(arg)) && !expired)
		event_base_loop(base, EVLOOP_ONCE);
	event_free(tick);
	event_free(timer);
	return met;
}

static bool flag_is_set(void *arg)
{
	return **(const bool **)arg;
}

void pg_loop_until(struct event_base *base, const bool *flag, int timeout_ms)
{
	cr_assert(turn(base, flag_is_set, &flag, timeout_ms), "nothing happened within %d ms",
		timeout_ms);
}

void pg_loop_until_true(
	struct event_base *base, bool (*condition)(void *arg), void *arg, int timeout_ms)
{
	cr_assert(turn(base, condition, arg, timeout_ms), "nothing happened within %d ms",
		timeout_ms);
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

void pg_loop_for(struct event_base *base, int ms)
{
	turn(base, never, NULL, ms);
}
