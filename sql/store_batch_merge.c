/* Between the passes: which rows repeat, which are new or changed, which versions end. */
#include "sql/store_batch_own.h"

#include <string.h>

#include "core/log.h"
#include "core/mem.h"
#include "sql/embed.h"

/* 24 bytes each; a delivery with more repeated keys is not what its source is configured as. */
enum { REPEATS_MAX = 1000 * 1000 };

static void step_kind(struct store_batch *batch);

void batch_note(
	struct store_batch *batch, int64_t ordinal, int64_t first_place, enum store_offer answer)
{
	if (batch->repeat_count == REPEATS_MAX) /* told by too_many() at the end of the statement */
		return;
	MEM_GROW(batch->repeats, batch->repeat_count, batch->repeat_capacity);
	batch->repeats[batch->repeat_count++] =
		(struct batch_repeat){ ordinal, first_place, answer };
}

static bool too_many(struct store_batch *batch)
{
	struct sql_outcome outcome = { .err = ERR_INIT };

	if (batch->repeat_count < REPEATS_MAX)
		return false;
	err_set(&outcome.err, ERR_LIMIT, "more than %d rows of source %s repeat a key",
		REPEATS_MAX - 1, batch->source);
	batch_fail(batch, &outcome);
	return true;
}

static int by_ordinal(const void *a, const void *b)
{
	int64_t x = ((const struct batch_repeat *)a)->ordinal,
		y = ((const struct batch_repeat *)b)->ordinal;

	return (x > y) - (x < y);
}

static void step_compared(struct store_batch *batch)
{
	for (int i = 0; i < KIND_COUNT; i++) {
		batch->counts.new_rows += batch->kind[i].new_rows;
		batch->counts.changed += batch->kind[i].changed;
		if (!batch->kind[i].direct)
			batch->counts.unchanged += batch->kind[i].narrow - batch->kind[i].new_rows -
						   batch->kind[i].changed;
	}
	for (int i = 0; i < batch->repeat_count; i++) {
		if (batch->repeats[i].answer == STORE_OFFER_DUPLICATE)
			batch->counts.duplicate++;
		else
			batch->counts.refused++;
	}
	batch->counts.unchanged -= batch->repeat_count;
	if (batch->repeat == STORE_REPEAT_LAST)
		batch->counts.unchanged -= batch->counts.duplicate;
	if (batch->repeat_count > 0)
		qsort(batch->repeats, (size_t)batch->repeat_count, sizeof(batch->repeats[0]),
			by_ordinal);
	batch->compared = batch->offered;
	batch->offered = 0;
	batch->phase = BATCH_PASS_TWO;
	batch->events.compared(batch->events.arg);
}

/* Parties that are not named any more ----------------------------------------------------------------------------- */

static void step_pruned(struct store_batch *batch)
{
	batch->counts.closed += batch->affected;
	step_compared(batch);
}

static void step_prune(struct store_batch *batch)
{
	struct sql_params params = SQL_PARAMS_INIT;
	int party = kind_number(kind_find("party"));

	if (!batch->whole_parents || batch->kind[party].direct) {
		step_compared(batch);
		return;
	}
	sql_param_int(&params, batch->number);
	sql_param_int(&params, party);
	sql_param_int(&params, kind_number(kind_find("award")));
	sql_param_int(&params, kind_number(kind_find("contract")));
	batch_call(batch, sql_text_party_prune, &params, NULL, step_pruned);
}

/* One kind after the other: close, compare, merge ------------------------------------------------------------------ */

static void next_kind(struct store_batch *batch)
{
	batch->at++;
	step_kind(batch);
}

static void step_merge(struct store_batch *batch)
{
	struct sql_params params = SQL_PARAMS_INIT;

	if (too_many(batch))
		return;
	if (batch->astray) {
		batch_go_astray(batch);
		return;
	}
	if (batch->kind[batch->at].changed == 0) {
		next_kind(batch);
		return;
	}
	sql_param_int(&params, batch->number);
	sql_param_int(&params, batch->at);
	batch_call(batch, batch_statements[batch->at].merge, &params, NULL, next_kind);
}

static void row_differs(void *arg, const struct sql_row *row)
{
	struct store_batch *batch = arg;
	int64_t ordinal = sql_row_int(row, 0);

	if (ordinal < 0 || ordinal >= batch->offered)
		BUG("ordinal %lld of %lld", (long long)ordinal, (long long)batch->offered);
	if (sql_row_bool(row, 3)) {
		batch->astray = true;
		return;
	}
	if (sql_row_bool(row, 2)) {
		batch_note(batch, ordinal, 0, STORE_OFFER_FOREIGN);
		return;
	}
	batch->wanted[ordinal / 8] |= (uint8_t)(1 << ordinal % 8);
	if (sql_row_bool(row, 1))
		batch->kind[batch->at].changed++;
	else
		batch->kind[batch->at].new_rows++;
}

static void step_compare(struct store_batch *batch)
{
	struct sql_params params = SQL_PARAMS_INIT;

	if (batch->kind[batch->at].narrow == 0) {
		next_kind(batch);
		return;
	}
	sql_param_int(&params, batch->at);
	if (batch->kind[batch->at].owner >= 0 || kind_table[batch->at]->organisation)
		sql_param_int(&params, batch->source_id);
	/* Organisations are always offered whole: a source may outrank another. */
	if (kind_table[batch->at]->organisation)
		sql_param_bool(&params, batch->names_only);
	else
		sql_param_bool(&params, batch->differs);
	batch_stream(batch, batch_statements[batch->at].compare, &params, row_differs, step_merge);
}

static void step_closed(struct store_batch *batch)
{
	batch->counts.closed += batch->affected;
	step_compare(batch);
}

/* A row that was refused without a readable key may be any row of the source: which ones are missing is not known. */
static bool keeps_all(const struct store_batch *batch)
{
	const char *kind = kind_table[batch->at]->name;

	if (!batch->unread && !batch->kind[batch->at].unread)
		return false;
	log_warn("batch",
		"source %s sent rows whose key cannot be read: no missing %s row is closed",
		batch->source, kind);
	return true;
}

/* The first kind from batch->at on that was offered and was not a first load. */
static void step_kind(struct store_batch *batch)
{
	struct sql_params params = SQL_PARAMS_INIT;

	while (batch->at < KIND_COUNT &&
		(batch->kind[batch->at].direct ||
			(!batch->kind[batch->at].offered && !batch->kind[batch->at].vanished)))
		batch->at++;
	if (batch->at == KIND_COUNT) {
		step_prune(batch);
		return;
	}
	bool vanished = batch->kind[batch->at].vanished;
	if (!vanished && (!batch->complete || keeps_all(batch))) {
		step_compare(batch);
		return;
	}
	sql_param_int(&params, batch->number);
	sql_param_int(&params, batch->at);
	sql_param_int(&params, batch->source_id);
	sql_param_bool(&params, batch->differs || vanished);
	batch_call(batch, batch_statements[batch->at].close, &params, NULL, step_closed);
}

static void step_repeats_known(struct store_batch *batch)
{
	batch->at = 0;
	batch->wanted = mem_zero((size_t)batch->offered / 8 + 1, 1);
	step_kind(batch);
}

static void step_earlier_dropped(struct store_batch *batch)
{
	batch->counts.duplicate += batch->affected;
	step_repeats_known(batch);
}

static void row_repeat(void *arg, const struct sql_row *row)
{
	batch_note(arg, sql_row_int(row, 0), sql_row_int(row, 1),
		sql_row_bool(row, 2) ? STORE_OFFER_DUPLICATE : STORE_OFFER_CLASH);
}

static void step_repeats_listed(struct store_batch *batch)
{
	if (!too_many(batch))
		step_repeats_known(batch);
}

static void step_repeats(struct store_batch *batch)
{
	if (batch->repeat == STORE_REPEAT_LAST)
		batch_call(batch, sql_text_incoming_repeats_last, NULL, NULL, step_earlier_dropped);
	else
		batch_stream(
			batch, sql_text_incoming_repeats, NULL, row_repeat, step_repeats_listed);
}

static void step_analyzed(struct store_batch *batch)
{
	if (batch->differs)
		batch_doubts(batch, step_repeats);
	else
		step_repeats(batch);
}

static void step_analyze(struct store_batch *batch)
{
	batch_call(batch, sql_text_incoming_analyze, NULL, NULL, step_analyzed);
}

void batch_compare_start(struct store_batch *batch)
{
	batch_copy_flush(batch, step_analyze);
}
