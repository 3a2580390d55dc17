/* What the server answers to the running job: rows handed over, errors told apart, the next job
 * started. */
#include "core/mem.h"
#include "core/text.h"
#include "sql/internal.h"

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

/* The columns of a prepared statement changed under it, or the server does not know its name: the next use is made anew. */
static bool cannot_be_had(const struct err *err)
{
	return err->code == ERR_DB &&
	       (text_equal(err->sqlstate, "0A000") || text_equal(err->sqlstate, "26000"));
}

static void command_end(struct sql_job *job)
{
	struct sql_link *link = job->link;

	if (job->step != JOB_RUNNING && job->outcome.err.code == ERR_NONE) {
		if (job->step == JOB_SETTING_TIMEOUT)
			link->timeout_ms = job_server_timeout_ms(job->deadline_ms);
		else
			prepared_made(job->prepared);
		job_send(job);
		return;
	}
	if (job->prepared && cannot_be_had(&job->outcome.err))
		prepared_forget(link->prepared, job->prepared);
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

/* The loop stops by our own queue: on an idle or dead connection libpq would say "not busy, no
 * result" for ever. */
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
		session_again(link);
}
