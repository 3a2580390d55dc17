/* Statements on a link: single jobs, transactions, COPY in.
 *
 * Contract of every asynchronous call here: done is called exactly once, never before the call
 * returns, never after sql_job_cancel(). Rows are lent for the length of the row callback. A job
 * that was sent and lost its link reports ERR_DB_DOWN with outcome.unknown = true: the write may or
 * may not have happened.
 *
 * Statement texts are the embedded .sql files (sql/embed.h: sql_text_NAME); values are text
 * parameters. Text goes out and comes back in PostgreSQL's text format. */
#ifndef SETASIDE_SQL_JOB_H
#define SETASIDE_SQL_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/day.h"
#include "core/err.h"
#include "core/money.h"

struct sql_link;
struct sql_job;
struct sql_row;

enum { SQL_PARAMS_MAX = 64 };

/* Up to SQL_PARAMS_MAX parameters, filled in order ($1 first). Texts are copied by the submit call.
 */
struct sql_params {
	int count;
	const char *value[SQL_PARAMS_MAX]; /* NULL = SQL null */
	char room[SQL_PARAMS_MAX][24];     /* for numbers and dates */
};
#define SQL_PARAMS_INIT                                                                            \
	{                                                                                          \
		.count = 0                                                                         \
	}
void sql_param_text(
	struct sql_params *params, const char *value); /* lent until the submit; NULL is null */
void sql_param_int(struct sql_params *params, int64_t value);
void sql_param_bool(struct sql_params *params, bool value);
void sql_param_day(struct sql_params *params, day_t day); /* DAY_NONE is null */
void sql_param_null(struct sql_params *params);

/* Row access by column position (order of the SELECT list). Strict: a value that does not parse is
 * BUG(). */
int sql_row_columns(const struct sql_row *row);
const char *sql_row_name(const struct sql_row *row, int column);
bool sql_row_null(const struct sql_row *row, int column);
const char *sql_row_text(const struct sql_row *row, int column); /* "" for null */
size_t sql_row_length(const struct sql_row *row, int column);
int64_t sql_row_int(const struct sql_row *row, int column); /* null is BUG() */
int64_t sql_row_int_or(const struct sql_row *row, int column, int64_t fallback);
bool sql_row_bool(const struct sql_row *row, int column);
day_t sql_row_day(const struct sql_row *row, int column); /* DAY_NONE for null */

struct sql_outcome {
	struct err err;   /* err.code == ERR_NONE on success; ERR_DB carries the SQLSTATE */
	bool unknown;     /* sent, but the link was lost before the answer */
	int64_t affected; /* rows, as the command tag says; 0 if it says none */
};
/* What an error means for the caller: SQLSTATE classes, not texts. */
enum sql_fault {
	SQL_FAULT_NONE,
	SQL_FAULT_RETRY,
	SQL_FAULT_AWAY,
	SQL_FAULT_DATA,
	SQL_FAULT_DEFECT
};
enum sql_fault sql_fault(const struct sql_outcome *outcome);

typedef void (*sql_row_fn)(void *arg, const struct sql_row *row);
typedef void (*sql_done_fn)(void *arg, const struct sql_outcome *outcome);

struct sql_call {
	const char *text; /* one statement, NUL-terminated, must outlive the job (embedded) */
	const struct sql_params *params; /* NULL = none */
	sql_row_fn row;                  /* NULL = rows are dropped */
	sql_done_fn done;                /* NULL = fire and forget (failure is logged) */
	void *arg;
	/* 0 = 30000. Bounds the wait in the queue, and then anew the answer. The server's
	 * statement_timeout is slightly below, so that a slow statement ends with SQLSTATE 57014
	 * and the link lives; no answer at all drops the link. Inside a transaction there is no
	 * bound on the queue but the transaction's own. */
	int deadline_ms;
	bool stream; /* single-row mode: flat memory; rows are provisional until done says ok */
	bool anew;   /* planned for its own values, also on a link that prepares statements */
};

/* Queues one statement in its own implicit transaction. NULL only when the queue is full or the
 * link closed (then err is set and done is not called). While the link is down jobs wait until
 * their deadline. */
struct sql_job *sql_submit(struct sql_link *link, const struct sql_call *call, struct err *err);
/* After this neither row nor done is called. The statement itself may still run on the server. */
void sql_job_cancel(struct sql_job *job);

/* A transaction: the link is the caller's alone from BEGIN to the end. Calls inside it run one
 * after the other; after a failure only sql_tx_rollback is useful. begun: the transaction is open,
 * or it failed and tx is NULL. A transaction that neither commits nor rolls back within deadline_ms
 * after BEGIN is dropped with its link; the caller still ends tx with sql_tx_commit,
 * sql_tx_rollback or sql_tx_abandon. A call inside a transaction that lost its link has unknown =
 * false: the server rolls back what was never committed. */
struct sql_tx;
enum sql_tx_mode { SQL_TX_WRITE, SQL_TX_SNAPSHOT /* REPEATABLE READ READ ONLY */ };
typedef void (*sql_tx_begun_fn)(void *arg, struct sql_tx *tx, const struct sql_outcome *outcome);
int sql_tx_begin(struct sql_link *link, enum sql_tx_mode mode, int deadline_ms,
	sql_tx_begun_fn begun, void *arg, struct err *err);
/* For a caller that goes away before begun was called: transactions begun with arg call nobody. */
void sql_tx_begin_cancel(struct sql_link *link, const void *arg);
/* As sql_submit, inside tx. done is always called later, never inside this call. */
void sql_tx_call(struct sql_tx *tx, const struct sql_call *call);
/* done is called once; tx is gone from this call on. A lost link during COMMIT gives unknown =
 * true. */
void sql_tx_commit(struct sql_tx *tx, sql_done_fn done, void *arg);
void sql_tx_rollback(struct sql_tx *tx, sql_done_fn done, void *arg);
/* Rolls back and drops interest in everything under way: no callback of tx is called any more. */
void sql_tx_abandon(struct sql_tx *tx);

/* COPY ... FROM STDIN inside tx. Send after ready was called; rows are built with
 * sql_copy_* below. sql_copy_full() true: stop producing until drained is called. The server's
 * refusal shows in done, which may come before sql_copy_end; after done the handle is gone. */
struct sql_copy;
struct sql_copy_call {
	const char *text;           /* "COPY t (...) FROM STDIN", embedded */
	void (*ready)(void *arg);   /* the server waits for data */
	void (*drained)(void *arg); /* was full, is not any more */
	sql_done_fn done;           /* affected = rows; after sql_copy_end, or on a failure */
	void *arg;
	int deadline_ms; /* for the whole COPY; 0 = that of the transaction */
};
struct sql_copy *sql_tx_copy(struct sql_tx *tx, const struct sql_copy_call *call);
void sql_copy_field_text(
	struct sql_copy *copy, const char *value, size_t length); /* valid UTF-8 without NUL */
void sql_copy_field_null(struct sql_copy *copy);
void sql_copy_field_int(struct sql_copy *copy, int64_t value);
void sql_copy_field_bool(struct sql_copy *copy, bool value);
void sql_copy_field_day(struct sql_copy *copy, day_t day); /* DAY_NONE is null */
void sql_copy_row_end(struct sql_copy *copy);
/* Rows that the caller has built already (sql/copy_binary.h, sql/copy_text.h), as the statement says; pieces of any
 * size. */
void sql_copy_raw(struct sql_copy *copy, const char *rows, size_t count);
bool sql_copy_full(const struct sql_copy *copy);
void sql_copy_end(struct sql_copy *copy);
void sql_copy_abort(struct sql_copy *copy, const char *reason);

/* LISTEN: a link of its own. look is called after every (re)connect and for each notification
 * (payload "" then). Bursts are the caller's to coalesce. A SELECT 1 every 30 s with a 5 s deadline
 * notices dead links. */
typedef void (*sql_listen_fn)(void *arg, const char *channel, const char *payload);
int sql_link_listen(struct sql_link *link, const char *const *channels, sql_listen_fn look,
	void *arg, struct err *err);

#endif
