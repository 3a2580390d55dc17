#include <event2/event.h>

#include "core/log.h"
#include "core/mem.h"
#include "sql/embed.h"
#include "sql/internal.h"

static void tx_free(struct sql_tx *tx)
{
	LIST_REMOVE(tx, entry);
	link_timer_free(&tx->timer);
	free(tx);
}

int sql_tx_begin(struct sql_link *link, enum sql_tx_mode mode, int deadline_ms,
	sql_tx_begun_fn begun, void *arg, struct err *err)
{
	struct sql_call call = { .text = mode == SQL_TX_WRITE ? sql_text_tx_begin_write
							      : sql_text_tx_begin_snapshot,
		.deadline_ms = deadline_ms };
	struct sql_job *job;
	struct sql_tx *tx;

	if (job_room(link, err) < 0)
		return -1;
	tx = mem_zero(1, sizeof(*tx));
	tx->link = link;
	tx->begun = begun;
	tx->arg = arg;
	tx->deadline_ms = deadline_ms > 0 ? deadline_ms : SQL_DEADLINE_MS;
	TAILQ_INIT(&tx->calls);
	LIST_INSERT_HEAD(&link->txs, tx, entry);
	job = job_new(link, JOB_BEGIN, &call);
	job->tx = tx;
	job_wait(job);
	return 0;
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct sql_tx *tx = arg;
	char why[80];

	(void)fd;
	(void)what;
	snprintf(why, sizeof(why), "a transaction did not end within %d ms", tx->deadline_ms);
	link_drop(tx->link, ERR_TIMEOUT, why);
}

void tx_begin_sent(struct sql_tx *tx)
{
	struct sql_link *link = tx->link;

	link->tx = tx;
	link->session_timeout_ms = link->timeout_ms;
	tx->timer = link_timer(link->base, tx->deadline_ms, on_deadline, tx);
}

void tx_begin_done(struct sql_job *job)
{
	struct sql_tx *tx = job->tx;
	sql_tx_begun_fn begun = tx->begun;
	void *arg = tx->arg;

	if (job->outcome.err.code != ERR_NONE) {
		tx_free(tx);
		tx = NULL;
	} else {
		tx->state = TX_OPEN;
	}
	job->quiet = true; /* the word goes to begun, not to done */
	if (begun)
		begun(arg, tx, &job->outcome);
	else if (tx)
		sql_tx_rollback(tx, NULL, NULL);
}

void sql_tx_begin_cancel(struct sql_link *link, const void *arg)
{
	struct sql_tx *tx;

	LIST_FOREACH(tx, &link->txs, entry)
	if (tx->state == TX_WAITING && tx->arg == arg)
		tx->begun = NULL;
}

void sql_tx_call(struct sql_tx *tx, const struct sql_call *call)
{
	tx_add(tx, job_new(tx->link, JOB_CALL, call));
}

void tx_add(struct sql_tx *tx, struct sql_job *job)
{
	if (tx->ending || tx->state == TX_WAITING)
		BUG("a call in a transaction that has ended or not begun");
	job->tx = tx;
	if (tx->state == TX_DEAD) {
		job_fail(job, tx->death.code, tx->death.text);
		return;
	}
	TAILQ_INSERT_TAIL(&tx->calls, job, entry);
	link_kick(tx->link);
}

void tx_script(struct sql_tx *tx, const struct sql_call *call)
{
	struct sql_job *job = job_new(tx->link, JOB_CALL, call);

	job->simple = true;
	tx_add(tx, job);
}

void tx_lost(struct sql_tx *tx, enum err_code code, const char *reason)
{
	struct sql_job *job;

	link_timer_free(&tx->timer);
	tx->state = TX_DEAD;
	err_set(&tx->death, code, "%s", reason);
	while ((job = TAILQ_FIRST(&tx->calls)) != NULL) {
		TAILQ_REMOVE(&tx->calls, job, entry);
		job_fail(job, code, reason);
	}
}

static void end(struct sql_tx *tx, enum job_kind kind, sql_done_fn done, void *arg)
{
	struct sql_call call = { .text = kind == JOB_COMMIT ? sql_text_tx_commit
							    : sql_text_tx_rollback,
		.done = done,
		.arg = arg };

	tx_add(tx, job_new(tx->link, kind, &call));
	tx->ending = true;
}

void sql_tx_commit(struct sql_tx *tx, sql_done_fn done, void *arg)
{
	end(tx, JOB_COMMIT, done, arg);
}

/* A COPY that waits for more of our rows would wait for ever. */
static void stop_copies(struct sql_tx *tx)
{
	struct sql_job *job;

	if (tx->link->busy && tx->link->busy->tx == tx && tx->link->busy->copy)
		sql_copy_abort(tx->link->busy->copy, "rolled back");
	TAILQ_FOREACH(job, &tx->calls, entry)
	if (job->copy)
		sql_copy_abort(job->copy, "rolled back");
}

void sql_tx_rollback(struct sql_tx *tx, sql_done_fn done, void *arg)
{
	stop_copies(tx);
	end(tx, JOB_ROLLBACK, done, arg);
}

static void hush(struct sql_job *job, const struct sql_tx *tx)
{
	if (job->tx != tx)
		return;
	job->quiet = true;
	job->row = NULL;
	if (job->copy)
		copy_hush(job->copy);
}

void sql_tx_abandon(struct sql_tx *tx)
{
	struct sql_link *link = tx->link;
	struct sql_job *job;

	TAILQ_FOREACH(job, &link->failed, entry)
	hush(job, tx);
	if (link->busy)
		hush(link->busy, tx);
	while ((job = TAILQ_FIRST(&tx->calls)) != NULL) {
		TAILQ_REMOVE(&tx->calls, job, entry);
		hush(job, tx);
		job_done(job);
	}
	sql_tx_rollback(tx, NULL, NULL);
}

void tx_end_done(struct sql_job *job)
{
	tx_free(job->tx);
	job->tx = NULL;
}
