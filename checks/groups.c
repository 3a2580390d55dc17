/* Eight cursors in one order. A row goes into the piece of its group's number, so a cursor may run ahead of the others: what
 * it brought for later pieces waits there. A piece is complete once every cursor has passed it; then the next one is asked
 * for, so that it is on its way while this one is judged. */
#include "checks/groups.h"

#include <stdlib.h>
#include <string.h>

#include "checks/load_rows.h"
#include "checks/register_book.h"
#include "core/mem.h"
#include "sql/embed.h"
#include "sql/job.h"

enum { GROUPS_OF_PIECE = 64, READ_DEADLINE_MS = 600000, STRAY_KEY = 13 };

struct group_list {
	const char *declare, *fetch;
	void (*fact)(struct facts *facts, const struct sql_row *row, int first);
	void (*take)(struct group_piece *piece, const struct sql_row *row); /* without fact */
};
static void take_payment(struct group_piece *piece, const struct sql_row *row);
static void take_record(struct group_piece *piece, const struct sql_row *row);
static const struct group_list lists[] = {
	{ sql_text_group_contract, sql_text_group_contract_fetch, .fact = fact_row_contract },
	{ sql_text_group_amendment, sql_text_group_amendment_fetch, .fact = fact_row_amendment },
	{ sql_text_group_event, sql_text_group_event_fetch, .fact = fact_row_event },
	{ sql_text_group_obligation, sql_text_group_obligation_fetch, .fact = fact_row_obligation },
	{ sql_text_group_dispute, sql_text_group_dispute_fetch, .fact = fact_row_dispute },
	{ sql_text_group_payment, sql_text_group_payment_fetch, .take = take_payment },
	{ sql_text_group_supplier, sql_text_group_supplier_fetch, .fact = fact_row_supplier },
	{ sql_text_group_supplier_size, sql_text_group_supplier_size_fetch,
		.fact = fact_row_supplier },
	{ sql_text_group_record, sql_text_group_record_fetch, .take = take_record },
};
enum { LIST_COUNT = sizeof(lists) / sizeof(lists[0]) };

struct group_cursor {
	struct groups *groups;
	const struct group_list *list;
	int64_t passed; /* number of the last group seen; after the end: past all */
	int64_t rows;   /* of the fetch under way */
};

struct groups {
	struct sql_tx *tx;
	const struct ledger *ledger;
	int64_t count;
	struct group_cursor cursors[LIST_COUNT];
	bool declared;
	int waiting;                 /* statements under way that have to end */
	int64_t at;                  /* number of the piece that is next */
	struct group_piece **pieces; /* from `at` on; NULL = nothing came for it yet */
	size_t piece_count, piece_capacity;
	groups_done_fn
		done; /* NULL: nobody waits for the next piece, which may be on its way all the same */
	void *arg;
	struct group_piece *asked; /* whose states are on their way; its receiver's all the time */
	groups_done_fn states_done;
	void *states_arg;
	struct err err;
};

void group_piece_free(struct group_piece *piece)
{
	if (!piece)
		return;
	facts_free(piece->ledger.facts);
	free(piece->records);
	free(piece->states);
	map_free(&piece->strays);
	free(piece);
}

/* The units come along: kinds and departments are read from them. */
static void copy_units(struct facts *facts, const struct facts *from)
{
	for (size_t i = 0; i < from->units.count; i++)
		*facts_add_unit(facts) = from->units.items[i]; /* texts are the run's ledger's */
}

static struct group_piece *piece_new(const struct ledger *ledger, int64_t first)
{
	struct group_piece *piece = mem_zero(1, sizeof(*piece));
	piece->ledger = *ledger;
	piece->ledger.facts = facts_new();
	piece->first = first;
	piece->ledger.paid_of_contract = NULL;
	copy_units(piece->ledger.facts, ledger->facts);
	return piece;
}

struct groups *groups_new(struct sql_tx *tx, const struct ledger *ledger, int64_t count)
{
	struct groups *groups = mem_zero(1, sizeof(*groups));
	groups->tx = tx;
	groups->ledger = ledger;
	groups->count = count;
	for (int i = 0; i < LIST_COUNT; i++)
		groups->cursors[i] =
			(struct group_cursor){ .groups = groups, .list = &lists[i], .passed = -1 };
	return groups;
}

void groups_free(struct groups *groups)
{
	if (!groups)
		return;
	for (size_t i = 0; i < groups->piece_count; i++)
		group_piece_free(groups->pieces[i]);
	free(groups->pieces);
	free(groups);
}

/* Rows ---------------------------------------------------------------------------------------- */

static struct group_piece *piece_of(struct groups *groups, int64_t group)
{
	size_t place = (size_t)(group / GROUPS_OF_PIECE - groups->at);
	while (groups->piece_count <= place) {
		MEM_GROW(groups->pieces, groups->piece_count, groups->piece_capacity);
		groups->pieces[groups->piece_count++] = NULL;
	}
	if (!groups->pieces[place])
		groups->pieces[place] =
			piece_new(groups->ledger, (groups->at + (int64_t)place) * GROUPS_OF_PIECE);
	return groups->pieces[place];
}

/* The digits of an uuid. */
static void take_print(char room[33], const char *text)
{
	size_t used = 0;
	for (; *text && used < 32; text++)
		if (*text != '-')
			room[used++] = *text;
	room[used] = '\0';
}

static void take_record(struct group_piece *piece, const struct sql_row *row)
{
	struct facts *facts = piece->ledger.facts;
	struct group_record *record;
	MEM_GROW(piece->records, piece->record_count, piece->record_capacity);
	record = &piece->records[piece->record_count++];
	record->unit_code = facts_text(facts, sql_row_text(row, 1));
	record->supplier_uscc = facts_text(facts, sql_row_text(row, 2));
	record->next_change_on = sql_row_day(row, 3);
	take_print(record->print, sql_row_text(row, 4));
}

static void take_payment(struct group_piece *piece, const struct sql_row *row)
{
	const char *key = sql_row_text(row, STRAY_KEY);
	if (*key) {
		if (map_get(&piece->strays, key) != MAP_NONE)
			return;
		map_put(&piece->strays, facts_text(piece->ledger.facts, key), 0);
	}
	fact_row_payment(piece->ledger.facts, row, 1);
}

static void on_row(void *arg, const struct sql_row *row)
{
	struct group_cursor *cursor = arg;
	struct group_piece *piece;
	cursor->passed = sql_row_int(row, 0);
	cursor->rows++;
	piece = piece_of(cursor->groups, cursor->passed);
	if (cursor->list->fact)
		cursor->list->fact(piece->ledger.facts, row, 1);
	else
		cursor->list->take(piece, row);
}

/* Statements ---------------------------------------------------------------------------------- */

static void go_on(struct groups *groups);

static void call(struct groups *groups, const char *text, const struct sql_params *params,
	sql_row_fn row, sql_done_fn done, void *arg)
{
	groups->waiting++;
	sql_tx_call(groups->tx, &(struct sql_call){
					.text = text,
					.params = params,
					.row = row,
					.done = done,
					.arg = arg,
					.deadline_ms = READ_DEADLINE_MS,
					.stream = row != NULL,
				});
}

static void answered(struct groups *groups, const struct sql_outcome *outcome)
{
	if (outcome->err.code && !groups->err.code)
		groups->err = outcome->err;
	if (--groups->waiting == 0)
		go_on(groups);
}

static void on_declared(void *arg, const struct sql_outcome *outcome)
{
	answered(arg, outcome);
}

static void on_fetched(void *arg, const struct sql_outcome *outcome)
{
	struct group_cursor *cursor = arg;
	if (!outcome->err.code && cursor->rows == 0)
		cursor->passed = INT64_MAX;
	answered(cursor->groups, outcome);
}

static void declare(struct groups *groups)
{
	for (int i = 0; i < LIST_COUNT; i++)
		call(groups, lists[i].declare, NULL, NULL, on_declared, groups);
	groups->declared = true;
}

/* Asks every cursor that has not passed the piece for more rows; false when all have. */
static bool fetch(struct groups *groups)
{
	int64_t next = (groups->at + 1) * GROUPS_OF_PIECE;
	bool asked = false;
	for (int i = 0; i < LIST_COUNT; i++) {
		struct group_cursor *cursor = &groups->cursors[i];
		if (cursor->passed >= next)
			continue;
		cursor->rows = 0;
		call(groups, cursor->list->fetch, NULL, on_row, on_fetched, cursor);
		asked = true;
	}
	return asked;
}

/* done is the last thing that happens: it may ask for more, or free everything. */
static void finish(struct groups *groups, struct group_piece *piece)
{
	groups_done_fn done = groups->done;
	groups->done = NULL;
	done(groups->arg, groups->err.code ? &groups->err : NULL, piece);
}

/* The piece that is complete; an empty one if nothing at all came for it. */
static struct group_piece *take_piece(struct groups *groups)
{
	struct group_piece *piece = NULL;
	if (groups->piece_count > 0) {
		piece = groups->pieces[0];
		groups->piece_count--;
		memmove(groups->pieces, groups->pieces + 1,
			groups->piece_count * sizeof(struct group_piece *));
	}
	groups->at++;
	if (piece)
		register_book_correct(groups->ledger->law.registers, piece->ledger.facts);
	return piece ? piece : piece_new(groups->ledger, (groups->at - 1) * GROUPS_OF_PIECE);
}

static void go_on(struct groups *groups)
{
	struct group_piece *piece;
	if (!groups->done)
		return;
	if (groups->err.code || groups->at * GROUPS_OF_PIECE >= groups->count) {
		finish(groups, NULL);
		return;
	}
	if (fetch(groups))
		return;
	piece = take_piece(groups);
	/* The server reads on while this piece is judged. */
	if (groups->at * GROUPS_OF_PIECE < groups->count)
		fetch(groups);
	finish(groups, piece);
}

static void on_nothing(void *arg, const struct sql_outcome *outcome)
{
	answered(arg, outcome);
}

void groups_next(struct groups *groups, groups_done_fn done, void *arg)
{
	groups->done = done;
	groups->arg = arg;
	if (!groups->declared)
		declare(groups);
	else if (groups->waiting == 0)
		call(groups, sql_text_heartbeat, NULL, NULL, on_nothing, groups);
}

/* States on record ----------------------------------------------------------------------------- */

static void on_state(void *arg, const struct sql_row *row)
{
	struct groups *groups = arg;
	struct group_piece *piece = groups->asked;
	struct state_record *record;
	MEM_GROW(piece->states, piece->state_count, piece->state_capacity);
	record = &piece->states[piece->state_count++];
	record->obligation_no = facts_text(piece->ledger.facts, sql_row_text(row, 0));
	take_print(record->print, sql_row_text(row, 1));
}

static void on_states(void *arg, const struct sql_outcome *outcome)
{
	struct groups *groups = arg;
	groups->states_done(
		groups->states_arg, outcome->err.code ? &outcome->err : NULL, groups->asked);
}

void groups_states(struct groups *groups, struct group_piece *piece, groups_done_fn done, void *arg)
{
	struct sql_params params = SQL_PARAMS_INIT;
	groups->states_done = done;
	groups->states_arg = arg;
	groups->asked = piece;
	sql_param_int(&params, piece->first);
	sql_param_int(&params, piece->first + GROUPS_OF_PIECE);
	sql_tx_call(groups->tx, &(struct sql_call){
					.text = sql_text_group_state,
					.params = &params,
					.row = on_state,
					.done = on_states,
					.arg = groups,
					.deadline_ms = READ_DEADLINE_MS,
					.stream = true,
				});
}
