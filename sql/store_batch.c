#include "sql/store_batch_own.h"

#include <string.h>

#include "core/mem.h"
#include "sql/array.h"
#include "sql/copy_binary.h"
#include "sql/copy_text.h"
#include "sql/embed.h"
#include "sql/link.h"

enum { DEADLINE_MS = 60 * 60 * 1000, NOT_OFFERED = -1, FILES_TEXT_MAX = 1 << 20 };
enum { COMMON_COLUMNS = 5, INCOMING_COLUMNS = 6 };

#define UNIQUE_VIOLATION "23505"
#define STATEMENTS(kind)                                                                           \
	{                                                                                          \
		sql_text_##kind##_copy, sql_text_##kind##_compare, sql_text_##kind##_merge,        \
			sql_text_##kind##_close                                                    \
	}
const struct batch_statements batch_statements[KIND_COUNT] = {
	STATEMENTS(unit),
	STATEMENTS(supplier),
	STATEMENTS(budget_item),
	STATEMENTS(notice),
	STATEMENTS(award),
	STATEMENTS(contract),
	STATEMENTS(party),
	STATEMENTS(amendment),
	STATEMENTS(event),
	STATEMENTS(obligation),
	STATEMENTS(payment),
	STATEMENTS(dispute),
	STATEMENTS(complaint),
	STATEMENTS(repayment_plan),
	STATEMENTS(year_mark),
	STATEMENTS(register_entry),
};

/* Running statements ------------------------------------------------------------------------------------------- */

static void on_done(void *arg, const struct sql_outcome *outcome)
{
	struct store_batch *batch = arg;

	if (outcome->err.code != ERR_NONE) {
		batch_fail(batch, outcome);
		return;
	}
	batch->affected = outcome->affected;
	batch->next(batch);
}

static void call(struct store_batch *batch, const char *text, const struct sql_params *params,
	sql_row_fn row, void (*next)(struct store_batch *batch), bool stream)
{
	struct sql_call sql = { .text = text,
		.params = params,
		.row = row,
		.done = on_done,
		.arg = batch,
		.deadline_ms = batch->deadline_ms,
		.stream = stream };

	batch->next = next;
	sql_tx_call(batch->tx, &sql);
}

void batch_call(struct store_batch *batch, const char *text, const struct sql_params *params,
	sql_row_fn row, void (*next)(struct store_batch *batch))
{
	call(batch, text, params, row, next, false);
}

void batch_stream(struct store_batch *batch, const char *text, const struct sql_params *params,
	sql_row_fn row, void (*next)(struct store_batch *batch))
{
	call(batch, text, params, row, next, true);
}

void batch_free(struct store_batch *batch)
{
	for (int i = 0; i < batch->file_count; i++) {
		free(batch->files[i].name);
		free(batch->files[i].kind);
		free(batch->files[i].format);
		free(batch->files[i].sha256);
	}
	batch_copy_free(&batch->copy);
	batch_base_free(batch);
	free(batch->files);
	free(batch->wanted);
	free(batch->repeats);
	free(batch->cursor);
	free(batch->source);
	free(batch->source_kind);
	free(batch->program);
	free(batch->guard_argument);
	free(batch->profile);
	free(batch);
}

void batch_fail(struct store_batch *batch, const struct sql_outcome *outcome)
{
	struct store_batch_events events = batch->events;
	struct err err = outcome->err;
	bool unknown = outcome->unknown && batch->committing;
	bool first_pass = batch->phase == BATCH_PASS_ONE || batch->phase == BATCH_COMPARING;
	bool again = batch->astray ||
		     (first_pass && !batch->careful && strcmp(err.sqlstate, UNIQUE_VIOLATION) == 0);

	if (batch->tx != NULL)
		sql_tx_abandon(batch->tx);
	batch_free(batch);
	events.failed(events.arg, &err, again, unknown);
}

void store_batch_abandon(struct store_batch *batch)
{
	if (batch == NULL)
		return;
	if (batch->committing) {
		batch->abandoned = true; /* freed when the answer comes */
		return;
	}
	if (batch->tx != NULL)
		sql_tx_abandon(batch->tx);
	else
		sql_tx_begin_cancel(batch->link, batch);
	batch_free(batch);
}

/* Opening: each step runs one statement and names the next step. -------------------------------------------------- */

static void step_opened(struct store_batch *batch)
{
	batch->phase = BATCH_PASS_ONE;
	batch->events.opened(batch->events.arg, batch->number, batch->secret);
}

static void row_empty_kind(void *arg, const struct sql_row *row)
{
	struct store_batch *batch = arg;
	const struct kind *kind = kind_find(sql_row_text(row, 0));

	if (kind == NULL)
		BUG("batch_empty_kinds.sql names a kind that is none: %s", sql_row_text(row, 0));
	struct batch_kind_state *state = &batch->kind[kind_number(kind)];
	state->empty = sql_row_bool(row, 1);
	state->direct = state->empty && !batch->careful;
}

static void step_empty_kinds(struct store_batch *batch)
{
	batch_call(batch, sql_text_batch_empty_kinds, NULL, row_empty_kind, step_opened);
}

static void step_gone(struct store_batch *batch)
{
	batch_call(batch, sql_text_gone_make, NULL, NULL, step_empty_kinds);
}

static void step_refused(struct store_batch *batch)
{
	batch_call(batch, sql_text_batch_refused, NULL, NULL, step_gone);
}

static void step_delta(struct store_batch *batch)
{
	batch_call(batch, sql_text_batch_delta, NULL, NULL, step_refused);
}

static void step_incoming(struct store_batch *batch)
{
	batch_call(batch, sql_text_batch_incoming, NULL, NULL, step_delta);
}

static int hex_digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

static void row_opened(void *arg, const struct sql_row *row)
{
	struct store_batch *batch = arg;
	const char *hex = sql_row_text(row, 1);

	batch->number = sql_row_int(row, 0);
	if (sql_row_length(row, 1) < 2 * (size_t)STORE_SECRET_BYTES)
		BUG("installation.hash_secret is shorter than %d bytes", STORE_SECRET_BYTES);
	for (int i = 0; i < STORE_SECRET_BYTES; i++)
		batch->secret[i] =
			(uint8_t)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
}

static void row_source(void *arg, const struct sql_row *row)
{
	struct store_batch *batch = arg;

	batch->source_id = sql_row_int(row, 0);
}

static void step_open(struct store_batch *batch)
{
	struct sql_params params = SQL_PARAMS_INIT;

	sql_param_int(&params, batch->source_id);
	sql_param_bool(&params, batch->complete);
	sql_param_text(&params, batch->program);
	batch_call(batch, sql_text_batch_open, &params, row_opened, step_incoming);
}

static void step_source(struct store_batch *batch)
{
	struct sql_params params = SQL_PARAMS_INIT;

	sql_param_text(&params, batch->source);
	sql_param_text(&params, batch->source_kind);
	batch_call(batch, sql_text_batch_source, &params, row_source, step_open);
}

static void step_guarded(struct store_batch *batch)
{
	if (batch->guard_err.code != ERR_NONE)
		batch_fail(batch, &(struct sql_outcome){ .err = batch->guard_err });
	else
		step_source(batch);
}

static void row_guard(void *arg, const struct sql_row *row)
{
	struct store_batch *batch = arg;

	err_set(&batch->guard_err, ERR_REFUSED, "%s", sql_row_text(row, 0));
}

static void step_guard(struct store_batch *batch)
{
	struct sql_params params = SQL_PARAMS_INIT;

	if (batch->guard == NULL) {
		step_source(batch);
		return;
	}
	sql_param_text(&params, batch->guard_argument);
	batch_call(batch, batch->guard, &params, row_guard, step_guarded);
}

static void step_plan(struct store_batch *batch)
{
	batch_call(batch, sql_text_batch_plan, NULL, NULL, step_guard);
}

static void on_begun(void *arg, struct sql_tx *tx, const struct sql_outcome *outcome)
{
	struct store_batch *batch = arg;

	batch->tx = tx;
	if (outcome->err.code != ERR_NONE) {
		batch->tx = NULL;
		batch_fail(batch, outcome);
		return;
	}
	batch_call(batch, sql_text_writer_lock_take, NULL, NULL, step_plan);
}

struct store_batch *store_batch_open(struct sql_link *link,
	const struct store_batch_options *options, const struct store_batch_events *events,
	struct err *err)
{
	struct store_batch *batch = mem_zero(1, sizeof(*batch));

	batch->link = link;
	batch->events = *events;
	batch->source = mem_text(options->source);
	batch->source_kind = mem_text(options->source_kind);
	batch->program = mem_text(options->program);
	batch->guard = options->guard;
	batch->guard_argument = options->guard_argument ? mem_text(options->guard_argument) : NULL;
	batch->complete = options->complete;
	batch->whole_parents = options->whole_parents;
	batch->names_only = options->names_only;
	batch->careful = options->careful;
	batch->repeat = options->repeat;
	batch->deadline_ms = options->deadline_ms > 0 ? options->deadline_ms : DEADLINE_MS;
	for (int i = 0; i < KIND_COUNT; i++)
		batch->kind[i].owner =
			kind_table[i]->owner != NULL
				? kind_column_find(kind_table[i], kind_table[i]->owner)
				: -1;
	if (sql_tx_begin(link, SQL_TX_WRITE, batch->deadline_ms, on_begun, batch, err) < 0) {
		batch_free(batch);
		return NULL;
	}
	return batch;
}

static void row_repeats(void *arg, const struct sql_row *row)
{
	struct store_batch *batch = arg;

	batch->again = true;
	batch->counts.read = sql_row_int(row, 0);
	batch->counts.unchanged = sql_row_int(row, 1);
	batch->counts.refused = sql_row_int(row, 2);
	batch->counts.duplicate = sql_row_int(row, 3);
	batch->counts.skipped = sql_row_int(row, 4);
}

static void step_answer(struct store_batch *batch)
{
	batch->answer(batch->events.arg, batch->again);
}

void store_batch_repeats(struct store_batch *batch, void (*answer)(void *arg, bool repeats))
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct sql_array files;

	sql_array_init(&files, FILES_TEXT_MAX);
	for (int i = 0; i < batch->file_count; i++) {
		_cleanup_free_ char *file =
			mem_format("%s %s", batch->files[i].name, batch->files[i].sha256);
		sql_array_add_text(&files, file);
	}
	batch->answer = answer;
	sql_param_int(&params, batch->number);
	sql_param_int(&params, batch->source_id);
	sql_param_text(&params, batch->program);
	sql_param_bool(&params, batch->complete);
	sql_param_text(
		&params, sql_array_text(&files)); /* NULL, too many files: equal to nothing */
	batch_call(batch, sql_text_batch_repeats, &params, row_repeats, step_answer);
	sql_array_free(&files);
}

/* Offering rows --------------------------------------------------------------------------------------------------- */

void store_batch_file(struct store_batch *batch, const struct store_file *file)
{
	MEM_GROW(batch->files, batch->file_count, batch->file_capacity);
	batch->files[batch->file_count++] = (struct batch_file){ .file_no = file->file_no,
		.name = mem_text(file->name),
		.kind = mem_text(file->kind != NULL ? file->kind->name : ""),
		.format = mem_text(file->format),
		.sha256 = mem_text(file->sha256),
		.bytes = file->bytes };
	if (file->kind != NULL)
		batch->kind[kind_number(file->kind)].offered = true;
}

static void send_wide(struct store_batch *batch, int number, const struct kind_row *row,
	const struct kind_hash *key, const struct kind_hash *print)
{
	struct copy_bytes *out = &batch->copy.filling[number];

	copy_binary_row(out, COMMON_COLUMNS + row->kind->count);
	copy_binary_hash(out, key);
	copy_binary_hash(out, print);
	copy_binary_int64(out, batch->number);
	copy_binary_int64(out, row->place);
	if (row->extra != NULL)
		copy_binary_json(out, row->extra, strlen(row->extra));
	else
		copy_binary_null(out);
	for (int i = 0; i < row->kind->count; i++)
		copy_binary_value(out, &row->kind->columns[i], &row->value[i]);
	batch_copy_row_done(batch, number);
}

static void send_narrow(struct store_batch *batch, int number, const struct kind_hash *key,
	const struct kind_hash *print, int64_t ordinal, int64_t place,
	const struct kind_value *owner)
{
	struct copy_bytes *out = &batch->copy.filling[BATCH_STREAM_INCOMING];

	copy_binary_row(out, INCOMING_COLUMNS);
	copy_binary_int16(out, (int16_t)number);
	copy_binary_hash(out, key);
	copy_binary_hash(out, print);
	copy_binary_int64(out, ordinal);
	copy_binary_int64(out, place);
	copy_binary_text(out, owner != NULL ? owner->text : "", owner != NULL ? owner->length : 0);
	batch_copy_row_done(batch, BATCH_STREAM_INCOMING);
}

/* Answers for an ordinal that repeats an earlier row; the list is in the order of the ordinals. */
static const struct batch_repeat *repeat_of(struct store_batch *batch, int64_t ordinal)
{
	while (batch->repeat_at < batch->repeat_count &&
		batch->repeats[batch->repeat_at].ordinal < ordinal)
		batch->repeat_at++;
	if (batch->repeat_at == batch->repeat_count ||
		batch->repeats[batch->repeat_at].ordinal != ordinal)
		return NULL;
	return &batch->repeats[batch->repeat_at];
}

static enum store_offer offer_again(struct store_batch *batch, int number,
	const struct kind_row *row, const struct kind_hash *key, const struct kind_hash *print,
	int64_t *ret_first)
{
	int64_t ordinal = batch->offered++;

	if (ordinal >= batch->compared)
		BUG("pass 2 offers more rows than pass 1");
	const struct batch_repeat *repeat = repeat_of(batch, ordinal);
	if (repeat != NULL) {
		if (ret_first != NULL)
			*ret_first = repeat->first_place;
		return repeat->answer;
	}
	if (!(batch->wanted[ordinal / 8] & 1 << ordinal % 8))
		return STORE_OFFER_SKIPPED;
	send_wide(batch, number, row, key, print);
	return STORE_OFFER_TAKEN;
}

enum store_offer store_batch_offer(struct store_batch *batch, const struct kind_row *row,
	const struct kind_hash *key, const struct kind_hash *print, int64_t *ret_first)
{
	int number = kind_number(row->kind);
	struct batch_kind_state *state = &batch->kind[number];

	if (batch->phase == BATCH_PASS_TWO) {
		if (state->direct)
			return STORE_OFFER_SKIPPED;
		return offer_again(batch, number, row, key, print, ret_first);
	}
	if (batch->phase != BATCH_PASS_ONE)
		BUG("a row is offered in phase %d", (int)batch->phase);
	state->offered = true;
	if (state->direct) {
		state->new_rows++;
		send_wide(batch, number, row, key, print);
	} else {
		state->narrow++;
		send_narrow(batch, number, key, print, batch->offered++, row->place,
			state->owner >= 0 ? &row->value[state->owner] : NULL);
	}
	return STORE_OFFER_TAKEN;
}

static void field(struct copy_bytes *out, const char *text)
{
	copy_text_field(out, text != NULL ? text : "", text != NULL ? strlen(text) : 0);
}

void store_batch_refuse(struct store_batch *batch, const struct store_refusal *refusal)
{
	struct copy_bytes *out = &batch->copy.filling[BATCH_STREAM_REFUSED];

	field(out, refusal->kind != NULL ? refusal->kind->name : "");
	field(out, refusal->file);
	copy_text_int(out, refusal->place);
	field(out, refusal->field);
	field(out, refusal->value);
	field(out, refusal->code);
	field(out, refusal->reason);
	field(out, refusal->row_text);
	copy_text_hash(out, refusal->key);
	copy_text_end(out);
	batch_copy_row_done(batch, BATCH_STREAM_REFUSED);
	if (batch->phase != BATCH_PASS_ONE)
		return; /* a repeat: counted when it was found */
	batch->counts.refused++;
	if (refusal->kind == NULL)
		batch->unread = true;
	else if (refusal->key == NULL)
		batch->kind[kind_number(refusal->kind)].unread = true;
	if (refusal->kind != NULL && refusal->key != NULL &&
		!batch->kind[kind_number(refusal->kind)].direct)
		send_narrow(batch, kind_number(refusal->kind), refusal->key, NULL, NOT_OFFERED, 0,
			NULL);
}

void store_batch_compare(struct store_batch *batch)
{
	batch->phase = BATCH_COMPARING;
	batch_compare_start(batch);
}

bool store_batch_pass_two(const struct store_batch *batch)
{
	for (int i = 0; i < KIND_COUNT; i++) {
		if (!batch->kind[i].direct && batch->kind[i].new_rows + batch->kind[i].changed > 0)
			return true;
	}
	return batch->repeat_count > 0;
}

void store_batch_counts(const struct store_batch *batch, struct store_batch_counts *ret)
{
	*ret = batch->counts;
}

void store_batch_commit(struct store_batch *batch, const struct store_batch_counts *counts,
	const struct store_cursor *cursor, bool rehearsal)
{
	batch->phase = BATCH_ENDING;
	batch->counts.read = counts->read;
	batch->counts.skipped = counts->skipped;
	batch->counts.bytes = counts->bytes;
	batch->profile = counts->profile ? mem_text(counts->profile) : NULL;
	batch->rehearsal = rehearsal;
	if (cursor != NULL) {
		batch->cursor = mem_alloc(sizeof(*cursor));
		*batch->cursor = *cursor;
	}
	batch_finish_start(batch);
}
