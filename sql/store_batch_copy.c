/* The rows of a batch on their way to the server: buffers for each table, one COPY at a time. */
#include "sql/store_batch_own.h"

#include <string.h>

#include "sql/copy_binary.h"
#include "sql/embed.h"

static const char *copy_statement(int stream)
{
	switch (stream) {
	case BATCH_STREAM_INCOMING:
		return sql_text_incoming_copy;
	case BATCH_STREAM_GONE:
		return sql_text_gone_copy;
	case BATCH_STREAM_RELEASED:
		return sql_text_release_copy;
	case BATCH_STREAM_RELEASE_KNOWN:
		return sql_text_release_copy_first;
	case BATCH_STREAM_REFUSED:
		return sql_text_refused_copy;
	default:
		return batch_statements[stream].copy;
	}
}

static void pump(struct store_batch *batch);

static void send_head(struct batch_copy *copy)
{
	struct copy_bytes head = { 0 };

	copy_binary_head(&head);
	sql_copy_raw(copy->copy, head.data, head.used);
	copy_bytes_free(&head);
}

static void on_ready(void *arg)
{
	struct store_batch *batch = arg;

	batch->copy.ready = true;
	if (batch->copy.stream != BATCH_STREAM_REFUSED)
		send_head(&batch->copy);
	pump(batch);
}

static void on_drained(void *arg)
{
	pump(arg);
}

static void on_copy_done(void *arg, const struct sql_outcome *outcome)
{
	struct store_batch *batch = arg;

	batch->copy.copy = NULL;
	batch->copy.ready = false;
	batch->copy.ending = false;
	if (outcome->err.code != ERR_NONE)
		batch_fail(batch, outcome);
	else
		pump(batch);
}

static void open_copy(struct store_batch *batch, int stream)
{
	struct sql_copy_call call = { .text = copy_statement(stream),
		.ready = on_ready,
		.drained = on_drained,
		.done = on_copy_done,
		.arg = batch,
		.deadline_ms = batch->deadline_ms };

	batch->copy.stream = stream;
	batch->copy.ready = false;
	batch->copy.copy = sql_tx_copy(batch->tx, &call);
}

/* The first chunk of the queue is on its way: its buffer becomes the spare one. */
static void drop_first(struct batch_copy *copy)
{
	if (copy->spare.data == NULL) {
		copy->spare = copy->queue[0].rows;
		copy->spare.used = 0;
	} else {
		copy_bytes_free(&copy->queue[0].rows);
	}
	copy->queued--;
	copy->sent = 0;
	memmove(copy->queue, copy->queue + 1, (size_t)copy->queued * sizeof(copy->queue[0]));
}

static void send_first(struct batch_copy *copy)
{
	while (copy->queued > 0 && copy->queue[0].stream == copy->stream &&
		!sql_copy_full(copy->copy)) {
		struct copy_bytes *rows = &copy->queue[0].rows;
		size_t count = rows->used - copy->sent;
		if (count > BATCH_PIECE)
			count = BATCH_PIECE;
		sql_copy_raw(copy->copy, rows->data + copy->sent, count);
		copy->sent += count;
		if (copy->sent == rows->used)
			drop_first(copy);
	}
}

static void tell_drained(struct store_batch *batch)
{
	if (batch->copy.was_full && !store_batch_full(batch)) {
		batch->copy.was_full = false;
		batch->events.drained(batch->events.arg);
	}
}

/* Sends as much as the server lets us; opens and closes the COPY where the table changes. */
static void move(struct store_batch *batch)
{
	struct batch_copy *copy = &batch->copy;

	if (copy->copy == NULL && copy->queued > 0) {
		open_copy(batch, copy->queue[0].stream);
		return;
	}
	if (copy->copy == NULL || !copy->ready || copy->ending)
		return;
	send_first(copy);
	bool other = copy->queued > 0 && copy->queue[0].stream != copy->stream;
	if (other || (copy->queued == 0 && copy->flushed != NULL)) {
		copy->ending = true;
		sql_copy_end(copy->copy);
	}
}

/* Called by the link's callbacks: whoever waited is told. */
static void pump(struct store_batch *batch)
{
	struct batch_copy *copy = &batch->copy;

	move(batch);
	if (copy->copy == NULL && copy->queued == 0 && copy->flushed != NULL) {
		void (*flushed)(struct store_batch *) = copy->flushed;
		copy->flushed = NULL;
		flushed(batch);
		return;
	}
	tell_drained(batch);
}

static void enqueue(struct batch_copy *copy, int stream)
{
	if (copy->filling[stream].used == 0)
		return;
	copy->queue[copy->queued++] = (struct batch_chunk){ stream, copy->filling[stream] };
	copy->filling[stream] = copy->spare;
	copy->spare = (struct copy_bytes){ 0 };
}

void batch_copy_row_done(struct store_batch *batch, int stream)
{
	struct batch_copy *copy = &batch->copy;

	if (copy->filling[stream].used < BATCH_CHUNK_BYTES || copy->queued >= BATCH_QUEUE)
		return;
	enqueue(copy, stream);
	move(batch);
	copy->was_full = store_batch_full(batch);
}

void batch_copy_flush(struct store_batch *batch, void (*flushed)(struct store_batch *batch))
{
	batch->copy.flushed = flushed;
	for (int stream = 0; stream < BATCH_STREAMS; stream++)
		enqueue(&batch->copy, stream);
	pump(batch);
}

bool store_batch_full(const struct store_batch *batch)
{
	return batch->copy.queued >= BATCH_QUEUE;
}

void batch_copy_free(struct batch_copy *copy)
{
	for (int i = 0; i < copy->queued; i++)
		copy_bytes_free(&copy->queue[i].rows);
	for (int stream = 0; stream < BATCH_STREAMS; stream++)
		copy_bytes_free(&copy->filling[stream]);
	copy_bytes_free(&copy->spare);
}
