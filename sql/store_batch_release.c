/* Releases that a source sends piece by piece: what earlier batches brought, and what this one brings. */
#include "sql/store_batch_own.h"

#include <string.h>

#include "core/mem.h"
#include "sql/copy_binary.h"
#include "sql/embed.h"

enum { RELEASED_COLUMNS = 8, OWNER_COLUMNS = 2, GONE_COLUMNS = 2 };

static int hex_digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

static void row_release(void *arg, const struct sql_row *row)
{
	struct store_batch *batch = arg;
	const char *hex = sql_row_text(row, 0);
	struct store_release release = { .release = sql_row_int(row, 1),
		.at = sql_row_int(row, 2),
		.batch = sql_row_int(row, 3),
		.file_no = (int)sql_row_int(row, 4),
		.place = sql_row_int(row, 5),
		.bytes = (int32_t)sql_row_int(row, 6),
		.print = sql_row_int(row, 8),
		.rows = (int32_t)sql_row_int(row, 9) };

	for (size_t i = 0; i < sizeof(release.process.byte); i++)
		release.process.byte[i] =
			(uint8_t)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
	if (sql_row_length(row, 7) < sizeof(release.sha256))
		memcpy(release.sha256, sql_row_text(row, 7), sql_row_length(row, 7) + 1);
	batch->release_direct = false;
	batch->release_row(batch->events.arg, &release);
}

static void step_answer(struct store_batch *batch)
{
	batch->release_answer(batch->events.arg);
}

static void step_known(struct store_batch *batch)
{
	struct sql_params params = SQL_PARAMS_INIT;

	if (batch->complete) {
		batch->release_direct = false;
		step_answer(batch);
		return;
	}
	sql_param_int(&params, batch->source_id);
	sql_param_int(&params, batch->number);
	sql_param_text(&params, batch->program);
	sql_param_bool(&params, batch->careful);
	batch_stream(batch, sql_text_release_known, &params, row_release, step_answer);
}

void store_batch_releases(struct store_batch *batch, bool once,
	void (*row)(void *arg, const struct store_release *release), void (*answer)(void *arg))
{
	batch->releases = true;
	batch->release_direct = once;
	batch->release_row = row;
	batch->release_answer = answer;
	batch_call(batch, sql_text_release_make, NULL, NULL, step_known);
}

void store_batch_released(struct store_batch *batch, const struct store_release *release)
{
	bool direct = batch->release_direct;
	int stream = direct ? BATCH_STREAM_RELEASE_KNOWN : BATCH_STREAM_RELEASED;
	struct copy_bytes *out = &batch->copy.filling[stream];

	if (!batch->releases || batch->phase != BATCH_PASS_ONE)
		BUG("a release is noted in a batch that has none");
	copy_binary_row(out, RELEASED_COLUMNS + (direct ? OWNER_COLUMNS : 0));
	copy_binary_hash(out, &release->process);
	copy_binary_int64(out, release->release);
	copy_binary_int64(out, release->at);
	copy_binary_int32(out, release->file_no);
	copy_binary_int64(out, release->place);
	copy_binary_int32(out, release->bytes);
	copy_binary_int64(out, release->print);
	copy_binary_int32(out, release->rows);
	if (direct) {
		copy_binary_int32(out, (int32_t)batch->source_id);
		copy_binary_int64(out, batch->number);
	}
	batch_copy_row_done(batch, stream);
}

void store_batch_vanished(
	struct store_batch *batch, const struct kind *kind, const struct kind_hash *key)
{
	struct copy_bytes *out = &batch->copy.filling[BATCH_STREAM_GONE];

	if (batch->differs || batch->phase != BATCH_PASS_ONE)
		BUG("a row has vanished from a batch that says only what differs");
	batch->kind[kind_number(kind)].vanished = true;
	copy_binary_row(out, GONE_COLUMNS);
	copy_binary_int16(out, (int16_t)kind_number(kind));
	copy_binary_hash(out, key);
	batch_copy_row_done(batch, BATCH_STREAM_GONE);
}

/* Everything that a complete batch brought is newer than what it leaves out. */
static void step_forget(struct store_batch *batch)
{
	struct sql_params params = SQL_PARAMS_INIT;

	if (!batch->complete) {
		batch->released(batch);
		return;
	}
	sql_param_int(&params, batch->source_id);
	sql_param_int(&params, batch->number);
	batch_call(batch, sql_text_release_forget, &params, NULL, batch->released);
}

void batch_release_keep(struct store_batch *batch, void (*next)(struct store_batch *batch))
{
	struct sql_params params = SQL_PARAMS_INIT;

	batch->released = next;
	if (!batch->releases || batch->release_direct) {
		next(batch);
		return;
	}
	sql_param_int(&params, batch->source_id);
	sql_param_int(&params, batch->number);
	batch_call(batch, sql_text_release_keep, &params, NULL, step_forget);
}
