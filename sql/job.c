#include "sql/job.h"

#include <event2/event.h>

#include "core/log.h"
#include "core/mem.h"
#include "core/text.h"
#include "sql/embed.h"
#include "sql/internal.h"

/* Making and freeing ------------------------------------------------------------------------------------------- */

/* One block: the array, then the texts it points to. */
static void copy_params(struct sql_job *job, const struct sql_params *params)
{
	size_t size = (size_t)params->count * sizeof(char *);
	char *room;

	for (int i = 0; i < params->count; i++)
		size += params->value[i] ? strlen(params->value[i]) + 1 : 0;
	job->count = params->count;
	job->value = mem_alloc(size + 1);
	room = (char *)(job->value + params->count);
	for (int i = 0; i < params->count; i++) {
		size_t length = params->value[i] ? strlen(params->value[i]) + 1 : 0;

		job->value[i] = params->value[i] ? memcpy(room, params->value[i], length) : NULL;
		room += length;
	}
}

struct sql_job *job_new(struct sql_link *link, enum job_kind kind, const struct sql_call *call)
{
	struct sql_job *job = mem_zero(1, sizeof(*job));

	job->link = link;
	job->kind = kind;
	job->text = call->text;
	job->row = call->row;
	job->done = call->done;
	job->arg = call->arg;
	job->deadline_ms = call->deadline_ms > 0 ? call->deadline_ms : SQL_DEADLINE_MS;
	job->stream = call->stream;
	if (call->params)
		copy_params(job, call->params);
	return job;
}

static void job_free(struct sql_job *job)
{
	link_timer_free(&job->timer);
	PQclear(job->result);
	if (job->copy)
		copy_free(job->copy);
	free(job->value);
	free(job);
}

/* Outcomes ----------------------------------------------------------------------------------------------------- */

static void tell(struct sql_job *job)
{
	if (job->quiet)
		return;
	if (job->done)
		job->done(job->arg, &job->outcome);
	else if (job->kind == JOB_CALL && job->outcome.err.code != ERR_NONE &&
		 job->outcome.err.code != ERR_CANCELLED)
		log_warn(job->link->part, "%s", job->outcome.err.text);
}

void job_done(struct sql_job *job)
{
	link_timer_free(&job->timer);
	if (job->kind == JOB_BEGIN)
		tx_begin_done(job);
	else if (job->kind == JOB_COMMIT || job->kind == JOB_ROLLBACK)
		tx_end_done(job);
	tell(job);
	job_free(job);
}

void job_fail(struct sql_job *job, enum err_code code, const char *reason)
{
	link_timer_free(&job->timer);
	err_set(&job->outcome.err, code, "%s", reason);
	job->failed = true;
	TAILQ_INSERT_TAIL(&job->link->failed, job, entry);
	link_kick(job->link);
}

/* Only what could have been committed is in doubt: a statement of its own, or a COMMIT. */
void job_lost(struct sql_job *job, enum err_code code, const char *reason)
{
	bool commits = job->kind == JOB_COMMIT || (job->kind == JOB_CALL && !job->tx);

	job->outcome.unknown = commits && job->step == JOB_RUNNING;
	if (job->kind == JOB_SETUP)
		job->quiet = true;
	if (job->copy)
		copy_lost(job->copy);
	job_fail(job, code, reason);
}

/* A job that fails during these callbacks waits for the next kick, so this ends. */
void job_flush_failed(struct sql_link *link)
{
	struct sql_job *last = TAILQ_LAST(&link->failed, sql_job_list);
	struct sql_job *job = NULL;

	while (last && job != last) {
		job = TAILQ_FIRST(&link->failed);
		TAILQ_REMOVE(&link->failed, job, entry);
		job_done(job);
	}
}

static void unqueue(struct sql_job *job)
{
	TAILQ_REMOVE(&job->link->queue, job, entry);
	job->link->waiting--;
}

void job_fail_queue(struct sql_link *link, enum err_code code, const char *reason)
{
	struct sql_job *job;

	while ((job = TAILQ_FIRST(&link->queue)) != NULL) {
		unqueue(job);
		job_fail(job, code, reason);
	}
}

enum sql_fault sql_fault(const struct sql_outcome *outcome)
{
	const char *state = outcome->err.sqlstate;

	if (outcome->err.code == ERR_NONE)
		return SQL_FAULT_NONE;
	if (outcome->err.code != ERR_DB)
		return SQL_FAULT_AWAY;
	/* Serialization failure, deadlock, lock not available in time. */
	if (text_equal(state, "40001") || text_equal(state, "40P01") || text_equal(state, "55P03"))
		return SQL_FAULT_RETRY;
	/* Statement timeout, shutdown, connection, resources, a standby instead of the primary. */
	if (strncmp(state, "57", 2) == 0 || strncmp(state, "08", 2) == 0 ||
		strncmp(state, "53", 2) == 0 || text_equal(state, "25006"))
		return SQL_FAULT_AWAY;
	if (strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0)
		return SQL_FAULT_DATA;
	return SQL_FAULT_DEFECT;
}

/* Waiting ------------------------------------------------------------------------------------------------------ */

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct sql_job *job = arg;
	struct sql_link *link = job->link;
	char why[700];

	(void)fd;
	(void)what;
	link_enter(link);
	if (job->step != JOB_WAITING) {
		snprintf(why, sizeof(why), "no answer within %d ms", job->deadline_ms);
		link_drop(link, ERR_TIMEOUT, why);
	} else if (link->state == SQL_LINK_READY) {
		snprintf(why, sizeof(why), "no turn on link %s within %d ms", link->name,
			job->deadline_ms);
		unqueue(job);
		job_fail(job, ERR_TIMEOUT, why);
	} else {
		snprintf(why, sizeof(why), "the database is not reachable%s%s",
			link->last_error[0] ? ": " : "", link->last_error);
		unqueue(job);
		job_fail(job, ERR_DB_DOWN, why);
	}
	link_leave(link);
}

void job_wait(struct sql_job *job)
{
	struct sql_link *link = job->link;

	TAILQ_INSERT_TAIL(&link->queue, job, entry);
	link->waiting++;
	job->timer = link_timer(link->base, job->deadline_ms, on_deadline, job);
	link_kick(link);
}

int job_room(struct sql_link *link, struct err *err)
{
	if (link->state == SQL_LINK_CLOSED)
		return err_set(
			err, link->once ? ERR_DB_DOWN : ERR_CANCELLED, "%s", link->last_error);
	if (link->waiting >= link->queue_limit)
		return err_set(err, ERR_LIMIT, "%d statements wait on link %s already",
			link->waiting, link->name);
	return 0;
}

struct sql_job *sql_submit(struct sql_link *link, const struct sql_call *call, struct err *err)
{
	struct sql_job *job;

	if (job_room(link, err) < 0)
		return NULL;
	job = job_new(link, JOB_CALL, call);
	job_wait(job);
	return job;
}

void sql_job_cancel(struct sql_job *job)
{
	job->quiet = true;
	job->row = NULL;
	if (job->step == JOB_WAITING && !job->failed && !job->tx) {
		unqueue(job);
		job_free(job);
	}
}

/* Sending ------------------------------------------------------------------------------------------------------ */

int job_server_timeout_ms(int deadline_ms)
{
	int margin = deadline_ms / 10 < 500 ? deadline_ms / 10 : 500;

	return deadline_ms - margin > 0 ? deadline_ms - margin : 1;
}

static bool needs_other_timeout(const struct sql_job *job)
{
	return (job->kind == JOB_CALL || job->kind == JOB_COPY) && job->step == JOB_WAITING &&
	       job_server_timeout_ms(job->deadline_ms) != job->link->timeout_ms;
}

/* Inside a transaction the setting is local, so that a rollback cannot bring back another one behind our back. */
static int send_timeout(struct sql_job *job)
{
	char text[24];
	const char *values[] = { text, job->tx ? "true" : "false" };

	snprintf(text, sizeof(text), "%dms", job_server_timeout_ms(job->deadline_ms));
	job->step = JOB_SETTING_TIMEOUT;
	return PQsendQueryParams(
		job->link->conn, sql_text_statement_timeout, 2, NULL, values, NULL, NULL, 0);
}

static int send_text(struct sql_job *job)
{
	PGconn *conn = job->link->conn;

	job->step = JOB_RUNNING;
	if (job->simple)
		return PQsendQuery(conn, job->text);
	if (!PQsendQueryParams(conn, job->text, job->count, NULL, (const char *const *)job->value,
		    NULL, NULL, 0))
		return 0;
	return job->stream ? PQsetSingleRowMode(conn) : 1;
}

void job_send(struct sql_job *job)
{
	struct sql_link *link = job->link;

	if (job->step == JOB_WAITING) {
		/* A transaction's own words run under the transaction's timer. */
		link_timer_free(&job->timer);
		if (job->kind == JOB_CALL || job->kind == JOB_COPY || job->kind == JOB_SETUP)
			job->timer = link_timer(link->base, job->deadline_ms, on_deadline, job);
	}
	if (!(needs_other_timeout(job) ? send_timeout(job) : send_text(job)))
		link_drop(link, ERR_DB_DOWN, PQerrorMessage(link->conn));
	else
		link_flush(link);
}

void job_next(struct sql_link *link)
{
	struct sql_job *job;

	if (link->state != SQL_LINK_READY || link->busy)
		return;
	job = TAILQ_FIRST(link->tx ? &link->tx->calls : &link->queue);
	if (!job)
		return;
	if (link->tx)
		TAILQ_REMOVE(&link->tx->calls, job, entry);
	else
		unqueue(job);
	link->busy = job;
	if (job->kind == JOB_BEGIN)
		tx_begin_sent(job->tx);
	job_send(job);
}

/* Results ------------------------------------------------------------------------------------------------------ */

static void describe(const struct sql_job *job, const PGresult *result, char *room, size_t size)
{
	const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
	const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);
	_cleanup_free_ char *whole = NULL;

	if (!primary) {
		link_fold_line(PQresultErrorMessage(result), room, size);
		return;
	}
	/* The context of a COPY names the row. */
	whole = mem_format("%s%s%s%s%s", primary, detail ? ": " : "", detail ? detail : "",
		job->copy && context ? "; " : "", job->copy && context ? context : "");
	link_fold(whole, room, size);
}

static void take_error(struct sql_job *job, const PGresult *result)
{
	struct sql_link *link = job->link;
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	bool over = PQstatus(link->conn) == CONNECTION_BAD || !severity ||
		    strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0;
	struct err *err = &job->outcome.err;
	char text[sizeof(err->text) - 32];

	describe(job, result, text, sizeof(text));
	if (err->code == ERR_NONE) {
		err_set(err, over ? ERR_DB_DOWN : ERR_DB, "%s", text);
		snprintf(err->sqlstate, sizeof(err->sqlstate), "%s", state ? state : "");
	}
	if (over)
		link_drop(link, ERR_DB_DOWN, text);
}

static void take_tag(struct sql_job *job, PGresult *result)
{
	int64_t affected;

	if (job->step != JOB_RUNNING)
		return;
	if (text_to_int64(PQcmdTuples(result), &affected))
		job->outcome.affected = affected;
	/* COMMIT of a failed transaction is answered with a friendly ROLLBACK. */
	if (job->kind == JOB_COMMIT && strcmp(PQcmdStatus(result), "COMMIT") != 0) {
		err_set(&job->outcome.err, ERR_DB,
			"the transaction had failed and was rolled back");
		snprintf(job->outcome.err.sqlstate, sizeof(job->outcome.err.sqlstate), "25P02");
	}
}

/* Keeps the result if its rows are to be handed over, else it is the caller's to clear. */
static bool take_result(struct sql_job *job, PGresult *result)
{
	switch (PQresultStatus(result)) {
	case PGRES_TUPLES_OK:
	case PGRES_SINGLE_TUPLE:
		take_tag(job, result);
		if (job->step != JOB_RUNNING)
			return false;
		job->result = result;
		job->next_row = 0;
		return true;
	case PGRES_COMMAND_OK:
	case PGRES_EMPTY_QUERY:
		take_tag(job, result);
		return false;
	case PGRES_COPY_IN:
		if (!job->copy)
			BUG("a COPY was sent as an ordinary statement");
		copy_ready(job);
		return false;
	case PGRES_COPY_OUT:
	case PGRES_COPY_BOTH:
	case PGRES_PIPELINE_SYNC:
	case PGRES_PIPELINE_ABORTED:
		BUG("unexpected result status %s", PQresStatus(PQresultStatus(result)));
	case PGRES_BAD_RESPONSE:
	case PGRES_NONFATAL_ERROR:
	case PGRES_FATAL_ERROR:
		take_error(job, result);
		return false;
	}
	BUG("result status %d", (int)PQresultStatus(result));
}

/* The callback may cancel the job or close the link; then the job is not the busy one any more. */
static int hand_over(struct sql_job *job, int budget)
{
	struct sql_link *link = job->link;
	int count = PQntuples(job->result);

	while (budget > 0 && job->next_row < count && job->row) {
		struct sql_row row = { .result = job->result, .index = job->next_row++ };

		job->row(job->arg, &row);
		budget--;
		if (link->busy != job)
			return budget;
	}
	if (job->next_row == count || !job->row) {
		PQclear(job->result);
		job->result = NULL;
	}
	return budget;
}

/* After its last word the transaction must be over on the server as well. */
static bool tx_is_over(struct sql_job *job)
{
	if (job->kind != JOB_COMMIT && job->kind != JOB_ROLLBACK)
		return true;
	if (PQtransactionStatus(job->link->conn) == PQTRANS_IDLE)
		return true;
	link_drop(job->link, ERR_DB_DOWN, "the transaction did not end");
	return false;
}

static void command_end(struct sql_job *job)
{
	struct sql_link *link = job->link;

	if (job->step == JOB_SETTING_TIMEOUT && job->outcome.err.code == ERR_NONE) {
		link->timeout_ms = job_server_timeout_ms(job->deadline_ms);
		job_send(job);
		return;
	}
	if (!tx_is_over(job))
		return;
	link->busy = NULL;
	if (job->kind == JOB_COMMIT || job->kind == JOB_ROLLBACK ||
		(job->kind == JOB_BEGIN && job->outcome.err.code != ERR_NONE)) {
		link->tx = NULL;
		link->timeout_ms = link->session_timeout_ms;
	}
	job_done(job);
	job_next(link);
}

/* The loop stops by our own queue: on an idle or dead connection libpq would say "not busy, no result" for ever. */
void job_results(struct sql_link *link, int budget)
{
	while (link->busy && budget > 0) {
		struct sql_job *job = link->busy;
		PGresult *result;

		if (job->result) {
			budget = hand_over(job, budget);
			continue;
		}
		if (copy_running(job) || PQisBusy(link->conn))
			return;
		budget--;
		result = PQgetResult(link->conn);
		if (!result)
			command_end(job);
		else if (!take_result(job, result))
			PQclear(result);
	}
	if (link->busy && link->again)
		link_again(link);
}
