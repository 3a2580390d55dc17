/* COPY ... FROM STDIN: rows in text format, handed to libpq in chunks.
 *
 * libpq never says "full": in non-blocking mode it would keep everything it is given. So after each
 * chunk we ask for the flush, and while bytes are left the copy is full and gathers rows only up to
 * a ceiling. It is full as well after some bytes in one turn, so that the loop gets to see the
 * server's refusal and everybody else's events. */
#include <event2/event.h>
#include <sys/ioctl.h>

#include "core/buf.h"
#include "core/mem.h"
#include "sql/copy_text.h"
#include "sql/internal.h"

enum { CHUNK = 64 * 1024, TURN = 256 * 1024, CEILING = 16 * 1024 * 1024 };

struct sql_copy {
	struct sql_job *job;
	void (*ready)(void *arg);
	void (*drained)(void *arg);
	void *arg;
	struct copy_bytes row; /* the row under way */
	struct buf out;        /* rows that libpq does not have yet */
	size_t turn;           /* bytes handed over in this turn of the loop */
	bool running;          /* the server waits for data */
	bool full;             /* rows must wait for the socket, or for the next turn */
	bool end_asked;
	bool over;         /* nothing more can be sent; done is on its way */
	char *stop_reason; /* abort was asked for */
};

struct sql_copy *sql_tx_copy(struct sql_tx *tx, const struct sql_copy_call *call)
{
	struct sql_call as_call = { .text = call->text,
		.done = call->done,
		.arg = call->arg,
		.deadline_ms = call->deadline_ms > 0 ? call->deadline_ms : tx->deadline_ms };
	struct sql_copy *copy = mem_zero(1, sizeof(*copy));

	copy->job = job_new(tx->link, JOB_COPY, &as_call);
	copy->job->copy = copy;
	copy->ready = call->ready;
	copy->drained = call->drained;
	copy->arg = call->arg;
	buf_init(&copy->out, CEILING);
	tx_add(tx, copy->job);
	return copy;
}

void copy_free(struct sql_copy *copy)
{
	copy_bytes_free(&copy->row);
	buf_free(&copy->out);
	free(copy->stop_reason);
	free(copy);
}

void copy_lost(struct sql_copy *copy)
{
	copy->running = false;
	copy->over = true;
}

void copy_hush(struct sql_copy *copy)
{
	copy->ready = copy->drained = NULL;
}

bool copy_running(const struct sql_job *job)
{
	return job->copy && job->copy->running;
}

/* From here on the server's word decides; a reason makes it refuse the whole COPY. */
static void end_data(struct sql_copy *copy, const char *reason)
{
	struct sql_link *link = copy->job->link;

	copy->running = false;
	copy->over = true;
	if (PQputCopyEnd(link->conn, reason) < 0)
		link_drop(link, ERR_DB_DOWN, PQerrorMessage(link->conn));
	else
		session_flush(link);
}

/* Full until the loop says that the socket takes more. */
static void wait_writable(struct sql_copy *copy)
{
	copy->full = true;
	if (event_add(copy->job->link->wr, NULL) < 0)
		BUG("event_add failed");
}

/* Hands everything gathered to libpq. False when the rest must wait, or the link is gone. */
static bool push(struct sql_copy *copy)
{
	struct sql_link *link = copy->job->link;
	int rc = 1, unread = 0;

	/* Sending reads as well when the socket is full, and would swallow the refusal unseen. */
	if (ioctl(PQsocket(link->conn), FIONREAD, &unread) == 0 && unread > 0) {
		wait_writable(copy);
		return false;
	}
	if (copy->out.used > 0)
		rc = PQputCopyData(link->conn, copy->out.data, (int)copy->out.used);
	if (rc < 0) {
		link_drop(link, ERR_DB_DOWN, PQerrorMessage(link->conn));
		return false;
	}
	if (rc > 0) {
		copy->turn += copy->out.used;
		buf_reset(&copy->out);
	}
	rc = session_flush(link);
	if (rc > 0 || (rc == 0 && copy->out.used > 0))
		wait_writable(copy);
	return rc == 0 && copy->out.used == 0;
}

static void try_end(struct sql_copy *copy)
{
	if (copy->running && copy->end_asked && !copy->full && push(copy))
		end_data(copy, NULL);
}

void copy_ready(struct sql_job *job)
{
	struct sql_copy *copy = job->copy;

	copy->running = true;
	if (copy->stop_reason) {
		end_data(copy, copy->stop_reason);
		return;
	}
	if (copy->ready)
		copy->ready(copy->arg);
	if (job->link->busy == job)
		try_end(copy);
}

void copy_writable(struct sql_job *job)
{
	struct sql_copy *copy = job->copy;
	bool was_full = copy->full;

	copy->full = false;
	copy->turn = 0;
	if (copy->end_asked) {
		try_end(copy);
		return;
	}
	if (copy->out.used >= CHUNK && !push(copy))
		return;
	if (was_full && copy->drained)
		copy->drained(copy->arg);
}

void copy_refused(struct sql_job *job)
{
	end_data(job->copy, "the server has refused a row");
}

void sql_copy_field_text(struct sql_copy *copy, const char *value, size_t length)
{
	copy_text_field(&copy->row, value, length);
}

void sql_copy_field_null(struct sql_copy *copy)
{
	copy_text_null(&copy->row);
}

void sql_copy_field_int(struct sql_copy *copy, int64_t value)
{
	copy_text_int(&copy->row, value);
}

void sql_copy_field_bool(struct sql_copy *copy, bool value)
{
	copy_text_field(&copy->row, value ? "t" : "f", 1);
}

void sql_copy_field_day(struct sql_copy *copy, day_t day)
{
	copy_text_day(&copy->row, day);
}

/* Passes on what was gathered when it is worth a system call. */
static void gathered(struct sql_copy *copy)
{
	if (copy->over) {
		buf_reset(&copy->out);
	} else if (copy->out.failed) {
		err_set(&copy->job->outcome.err, ERR_LIMIT,
			"more than %d MiB of rows wait for the database", CEILING >> 20);
		sql_copy_abort(copy, "too many rows at once");
	} else if (copy->running && !copy->full && copy->out.used >= CHUNK) {
		/* A fast server must not keep the loop for itself. */
		if (push(copy) && copy->turn >= TURN)
			wait_writable(copy);
	}
}

void sql_copy_raw(struct sql_copy *copy, const char *rows, size_t count)
{
	buf_add(&copy->out, rows, count);
	gathered(copy);
}

void sql_copy_row_end(struct sql_copy *copy)
{
	copy_text_end(&copy->row);
	sql_copy_raw(copy, copy->row.data, copy->row.used);
	copy->row.used = 0;
}

bool sql_copy_full(const struct sql_copy *copy)
{
	return copy->full || copy->over;
}

void sql_copy_end(struct sql_copy *copy)
{
	copy->end_asked = true;
	try_end(copy);
}

void sql_copy_abort(struct sql_copy *copy, const char *reason)
{
	if (copy->stop_reason)
		return;
	copy->stop_reason = mem_text(reason);
	err_set(&copy->job->outcome.err, ERR_CANCELLED, "the copy was given up: %s", reason);
	buf_reset(&copy->out);
	if (copy->running)
		end_data(copy, reason);
}
