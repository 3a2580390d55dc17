/* PostgreSQL for tests: a private database for each test in one throwaway cluster, and clusters of
 * their own for tests that stop and kill the server.
 *
 * * The shared cluster is started by ctest's fixture or by the first test that is run by hand,
 * as an unprivileged user, on a unix socket in a short temporary directory, without fsync. It
 * goes away by itself when it was not used for ten minutes. Everything here blocks and fails the
 * running test (cr_assert) when it cannot do its work. For tests only. */
#ifndef SETASIDE_TESTS_PG_H
#define SETASIDE_TESTS_PG_H

#include <stdbool.h>
#include <stdint.h>

struct event_base;
struct pg_db;
struct pg_server;

/* A fresh database that holds the migrated schema (copied from a template that is migrated once
 * per set of files). */
struct pg_db *pg_db_new(void);
/* A fresh database without any schema of ours. */
struct pg_db *pg_db_new_empty(void);
/* Drops the database, whoever is still connected. */
void pg_db_free(struct pg_db *db);
/* libpq connection string; lent. */
const char *pg_db_dsn(const struct pg_db *db);

/* Statements on a second, blocking connection (search_path setaside, pg_catalog; timezone
 * Asia/Shanghai). pg_exec may hold several statements. pg_text is the first column of the first
 * row, "" for null or no row, in a room that stays valid until the tenth next call. */
void pg_exec(struct pg_db *db, const char *sql);
int64_t pg_int(struct pg_db *db, const char *sql);
const char *pg_text(struct pg_db *db, const char *sql);
/* Runs a .sql or canonical file of the source tree (path from the repository root) as one
 * multi-statement. */
void pg_exec_file(struct pg_db *db, const char *path);

/* A cluster of one's own, running after pg_server_new; on a unix socket and on 127.0.0.1. */
struct pg_server *pg_server_new(void);
void pg_server_free(struct pg_server *server);
/* Connection string of database `postgres` over the socket, and by TCP through the name
 * localhost. */
const char *pg_server_dsn(const struct pg_server *server);
const char *pg_server_tcp_dsn(const struct pg_server *server);
enum pg_stop { PG_STOP_FAST, PG_STOP_IMMEDIATE };
void pg_server_stop(struct pg_server *server, enum pg_stop how);
void pg_server_start(struct pg_server *server);
/* SIGKILL to the postmaster and all its children, at once. pg_server_start works afterwards. */
void pg_server_kill(struct pg_server *server);
/* A plain view of the server's database, for pg_exec and the like; lent, valid while the server
 * runs. */
struct pg_db *pg_server_db(struct pg_server *server);

/* An event_base with libevent's debug mode switched on. */
struct event_base *pg_loop_new(void);
void pg_loop_free(struct event_base *base);
/* Turns the loop until *flag or condition(arg) is true; fails the test when timeout_ms have
 * passed. */
void pg_loop_until(struct event_base *base, const bool *flag, int timeout_ms);
void pg_loop_until_true(
	struct event_base *base, bool (*condition)(void *arg), void *arg, int timeout_ms);
/* Turns the loop for that long, whatever happens. */
void pg_loop_for(struct event_base *base, int ms);

#endif
