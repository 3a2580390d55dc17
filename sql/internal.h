/* What the files of sql/ that speak libpq share: the insides of a link, a job, a transaction. Not
 * for anybody else.
 *
 * * Who calls the outside: job_done() (done callbacks), the result loop (row callbacks), the kick
 * of a link (its watch), copy.c and listen.c; all of them under the loop, inside a
 * link_enter()/link_leave() pair. After any such call the connection may be gone: look at
 * link->conn and link->busy again.
 *
 * * A failure is never told where it is found: the job goes to the link's failed list, and the
 * next kick tells it. So no function of the contract calls its caller back before it returns. */
#ifndef SETASIDE_SQL_INTERNAL_H
#define SETASIDE_SQL_INTERNAL_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "core/err.h"
#include "sql/dsn.h"
#include "sql/job.h"
#include "sql/link.h"
#include "sql/prepared.h"

struct event;
struct event_base;
struct sql_listen;
struct sql_lookup;

enum {
	SQL_DEADLINE_MS = 30000, /* of a job that names none */
	SQL_CONNECT_MS = 10000,
	SQL_QUEUE_LIMIT = 1024,
	SQL_HEARTBEAT_MS = 30000,
	SQL_HEARTBEAT_PATIENCE = 6, /* the answer is due within this part of the interval: 5 s */
	SQL_RESULT_BUDGET = 512     /* rows and results handled in one turn of the loop */
};

enum job_kind { JOB_CALL, JOB_SETUP, JOB_COPY, JOB_BEGIN, JOB_COMMIT, JOB_ROLLBACK };
enum job_step {
	JOB_WAITING,
	JOB_SETTING_TIMEOUT, /* the server is told another statement_timeout first */
	JOB_PREPARING,       /* the server is told a name for the statement first */
	JOB_RUNNING
};

struct sql_job {
	TAILQ_ENTRY(sql_job) entry;
	struct sql_link *link;
	struct sql_tx *tx; /* NULL = on its own */
	struct sql_copy *copy;
	enum job_kind kind;
	enum job_step step;
	const char *text;
	sql_row_fn row;
	sql_done_fn done;
	void *arg;
	int deadline_ms;
	bool stream;
	bool anew;   /* sent as a text */
	bool simple; /* several statements in one text, no parameters: the simple protocol */
	bool quiet;  /* cancelled: nobody is told */
	bool failed; /* on the list of jobs whose failure is told at the next kick */
	struct prepared_statement *prepared; /* sent by this name; NULL = as a text */
	int count;
	char **value; /* one allocation with the texts behind the pointers */
	struct event *timer;
	PGresult *result; /* rows being handed over */
	int next_row;
	struct sql_outcome outcome;
};
TAILQ_HEAD(sql_job_list, sql_job);

enum tx_state { TX_WAITING, TX_OPEN, TX_DEAD };
struct sql_tx {
	LIST_ENTRY(sql_tx) entry;
	struct sql_link *link;
	struct sql_job_list calls; /* waiting, in order */
	enum tx_state state;
	bool ending; /* commit or rollback was asked for */
	int deadline_ms;
	struct event *timer;
	struct err death; /* why it is TX_DEAD */
	sql_tx_begun_fn begun;
	void *arg;
};
LIST_HEAD(sql_tx_list, sql_tx);

struct sql_link {
	struct event_base *base;
	char *name;
	char *part; /* "link NAME", for the log */
	char *password_file;
	struct sql_dsn *dsn;
	bool foreign, once, prepares;
	int connect_deadline_ms, queue_limit, heartbeat_ms;

	enum sql_link_state state;
	PGconn *conn;
	struct sql_lookup *lookup;
	struct event *step;  /* one-shot, while connecting */
	struct event *rd;    /* persistent, once connected */
	struct event *wr;    /* while libpq holds unsent bytes */
	struct event *timer; /* connect deadline or the wait before the next try */
	struct event *again; /* the rest of a result, after everybody else had a turn */
	struct event *kick;
	int attempt;
	int64_t up_since_ms;
	int64_t sessions;    /* so far */
	int64_t last_log_ms; /* of a failure, 0 = none logged since the link was up */
	int unlogged;        /* failures since then */
	char last_error[512];
	char farewell[256]; /* what the server said before it closed an idle session */

	struct prepared *prepared; /* of the session; NULL = statements are sent as texts */
	struct sql_job *busy;
	struct sql_tx *tx; /* owns the link from BEGIN to the end */
	struct sql_job_list queue;
	struct sql_job_list failed;
	struct sql_tx_list txs;
	int waiting;
	int timeout_ms;         /* the server's statement_timeout now */
	int session_timeout_ms; /* as it was before the open transaction */

	sql_link_watch_fn watch;
	void *watch_arg;
	bool watch_later;
	bool read_only; /* a source database accepted read-only sessions */
	int notices;    /* seen in this process, to tell a notice from an error while copying */
	struct sql_listen *listen;
	int depth; /* callbacks under way */
	bool freed;
};

/* link.c */
void link_enter(struct sql_link *link);
void link_leave(struct sql_link *link);
void link_kick(struct sql_link *link);
/* The session is over: closes, arms the next try, tells the running job and the transaction. */
void link_drop(struct sql_link *link, enum err_code code, const char *reason);
/* The session is set up. */
void link_up(struct sql_link *link);
/* One line: line ends become blanks, no blanks at the end. */
void link_fold(const char *text, char *room, size_t size);
/* The first line alone: libpq's guesses at the cause follow it. */
void link_fold_line(const char *text, char *room, size_t size);
struct event *link_timer(
	struct event_base *base, int64_t ms, void (*call)(int, short, void *), void *arg);
void link_timer_free(struct event **timer);

/* connect.c */
void connect_start(struct sql_link *link);
/* Stops whatever stage of connecting is under way. */
void connect_stop(struct sql_link *link);

/* session.c */
/* The session is authenticated: results are read from here on. */
void session_start(struct sql_link *link);
/* Frees connection and events, in whatever state. */
void session_end(struct sql_link *link);
/* Hands unsent bytes to the socket: 1 some are left (the write event is armed), 0 none, -1 link
 * dropped. */
int session_flush(struct sql_link *link);
/* Reads on in the next turn of the loop. */
void session_again(struct sql_link *link);

/* job.c */
struct sql_job *job_new(struct sql_link *link, enum job_kind kind, const struct sql_call *call);
/* -1 and err when no job can be taken: the link is closed, or its queue full. */
int job_room(struct sql_link *link, struct err *err);
/* The statement_timeout that goes with a deadline of ours: slightly below. */
int job_server_timeout_ms(int deadline_ms);
void job_wait(struct sql_job *job); /* into the link's queue */
/* Starts the next job if there is one and the link is free. */
void job_next(struct sql_link *link);
void job_send(struct sql_job *job);
/* Tells the outcome, once, and frees. The job is on no list any more. */
void job_done(struct sql_job *job);
/* Fills the outcome (the first error wins) and tells it at the next kick. */
void job_fail(struct sql_job *job, enum err_code code, const char *reason);
void job_flush_failed(struct sql_link *link);
void job_fail_queue(struct sql_link *link, enum err_code code, const char *reason);
/* For the link that drops: the job was sent and there will be no answer. */
void job_lost(struct sql_job *job, enum err_code code, const char *reason);

/* result.c */
/* Reads results until nothing is ready or the budget is used up. */
void job_results(struct sql_link *link, int budget);

/* tx.c */
void tx_add(struct sql_tx *tx, struct sql_job *job);
/* As sql_tx_call for a text of several statements without parameters. */
void tx_script(struct sql_tx *tx, const struct sql_call *call);
void tx_begin_sent(struct sql_tx *tx);
void tx_begin_done(struct sql_job *job);
void tx_end_done(struct sql_job *job);
void tx_lost(struct sql_tx *tx, enum err_code code, const char *reason);

/* copy.c */
void copy_ready(struct sql_job *job);
bool copy_running(const struct sql_job *job);
void copy_writable(struct sql_job *job); /* everything handed over was sent */
void copy_refused(struct sql_job *job);  /* the server has given up on our rows */
void copy_hush(struct sql_copy *copy);   /* calls nobody any more */
void copy_lost(struct sql_copy *copy);
void copy_free(struct sql_copy *copy);

/* listen.c */
void listen_up(struct sql_link *link);
void listen_down(struct sql_link *link);
void listen_notify(struct sql_link *link, const char *channel, const char *payload);
void listen_free(struct sql_link *link);

struct sql_row {
	const PGresult *result;
	int index;
};

#endif
