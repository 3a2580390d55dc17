/* A batch that says only what differs from the last one of its source. */
#include "sql/store_batch_own.h"

#include <string.h>

#include "core/mem.h"
#include "sql/copy_binary.h"
#include "sql/embed.h"

enum { GONE_COLUMNS = 2 };

void batch_base_free(struct store_batch *batch)
{
	for (int i = 0; i < batch->base.count; i++)
		free(batch->base.file[i].sha256);
	free(batch->base.file);
	free(batch->base.profile);
}

static void row_base(void *arg, const struct sql_row *row)
{
	struct store_batch *batch = arg;
	struct store_base *base = &batch->base;

	base->read = sql_row_int(row, 0);
	base->good = sql_row_int(row, 1);
	base->refused = sql_row_int(row, 2);
	if (base->profile == NULL)
		base->profile = mem_text(sql_row_text(row, 5));
	MEM_GROW(base->file, base->count, batch->base_capacity);
	base->file[base->count++] =
		(struct store_base_file){ .kind = kind_find(sql_row_text(row, 3)),
			.sha256 = mem_text(sql_row_text(row, 4)) };
}

static void step_answer(struct store_batch *batch)
{
	batch->base_answer(batch->events.arg, batch->base.count > 0 ? &batch->base : NULL);
}

void store_batch_base(
	struct store_batch *batch, void (*answer)(void *arg, const struct store_base *base))
{
	struct sql_params params = SQL_PARAMS_INIT;

	if (batch->careful)
		BUG("a careful batch has no base");
	batch->base_answer = answer;
	sql_param_int(&params, batch->number);
	sql_param_int(&params, batch->source_id);
	sql_param_text(&params, batch->program);
	sql_param_bool(&params, batch->complete);
	batch_call(batch, sql_text_batch_base, &params, row_base, step_answer);
}

void store_batch_differs(struct store_batch *batch)
{
	batch->differs = true;
}

void store_batch_gone(
	struct store_batch *batch, const struct kind *kind, const struct kind_hash *key)
{
	struct copy_bytes *out = &batch->copy.filling[BATCH_STREAM_GONE];

	if (!batch->differs || batch->phase != BATCH_PASS_ONE)
		BUG("a row is gone from a batch that offers every row");
	copy_binary_row(out, GONE_COLUMNS);
	copy_binary_int16(out, (int16_t)kind_number(kind));
	copy_binary_hash(out, key);
	batch_copy_row_done(batch, BATCH_STREAM_GONE);
}

void store_batch_kept(struct store_batch *batch, int64_t good, int64_t refused)
{
	batch->counts.unchanged += good;
	batch->counts.refused += refused;
}

void batch_go_astray(struct store_batch *batch)
{
	struct sql_outcome outcome = { .err = ERR_INIT };

	batch->astray = true;
	err_set(&outcome.err, ERR_DATA, "rows of source %s that were not read may matter",
		batch->source);
	batch_fail(batch, &outcome);
}

/* The answer is kept where the step finds it: nothing else is under way. */
static void row_doubts(void *arg, const struct sql_row *row)
{
	struct store_batch *batch = arg;

	batch->astray = sql_row_bool(row, 0);
}

static void step_doubts_known(struct store_batch *batch)
{
	if (batch->astray)
		batch_go_astray(batch);
	else
		batch->doubtless(batch);
}

static void step_doubts(struct store_batch *batch)
{
	batch_call(batch, sql_text_gone_doubts, NULL, row_doubts, step_doubts_known);
}

void batch_doubts(struct store_batch *batch, void (*next)(struct store_batch *batch))
{
	batch->doubtless = next;
	batch_call(batch, sql_text_gone_analyze, NULL, NULL, step_doubts);
}
