#include "sql/job.h"

#include <event2/event.h>

#include "core/log.h"
#include "core/mem.h"
#include "core/text.h"
#include "sql/embed.h"
#include "sql/internal.h"

/* Making and freeing --------------------------------------------------------------------------- */

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
	job->anew = call->anew;
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

/* Outcomes ------------------------------------------------------------------------------------- */

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

/* Waiting -------------------------------------------------------------------------------------- */

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

/* Sending -------------------------------------------------------------------------------------- */

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

/* Inside a transaction the setting is local, so that a rollback cannot bring back another one
 * behind our back. */
static int send_timeout(struct sql_job *job)
{
	char text[24];
	const char *values[] = { text, job->tx ? "true" : "false" };

	snprintf(text, sizeof(text), "%dms", job_server_timeout_ms(job->deadline_ms));
	job->step = JOB_SETTING_TIMEOUT;
	return PQsendQueryParams(
		job->link->conn, sql_text_statement_timeout, 2, NULL, values, NULL, NULL, 0);
}

static struct prepared_statement *name_of(const struct sql_job *job)
{
	bool fit = job->kind == JOB_CALL && !job->simple && !job->anew;

	return fit && job->link->prepared ? prepared_find(job->link->prepared, job->text) : NULL;
}

static int send_name(struct sql_job *job)
{
	PGconn *conn = job->link->conn;
	const char *name = prepared_name(job->prepared);

	if (prepared_known(job->prepared))
		return PQsendQueryPrepared(
			conn, name, job->count, (const char *const *)job->value, NULL, NULL, 0);
	job->step = JOB_PREPARING;
	return PQsendPrepare(conn, name, job->text, 0, NULL);
}

static int send_text(struct sql_job *job)
{
	PGconn *conn = job->link->conn;
	int sent;

	if (job->step != JOB_PREPARING)
		job->prepared = name_of(job);
	job->step = JOB_RUNNING;
	if (job->simple)
		return PQsendQuery(conn, job->text);
	if (job->prepared)
		sent = send_name(job);
	else
		sent = PQsendQueryParams(conn, job->text, job->count, NULL,
			(const char *const *)job->value, NULL, NULL, 0);
	return sent && job->stream && job->step == JOB_RUNNING ? PQsetSingleRowMode(conn) : sent;
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
		session_flush(link);
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
