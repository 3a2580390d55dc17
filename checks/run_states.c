/* Groups: read a piece, judge it, write what differs, observe what is overdue; then the next piece. */
#include "checks/run_own.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/mem.h"

enum { FEW_GROUPS = 64 };

enum { READ_DEADLINE_MS = 900000 };

static void next_piece(struct check_run *run);

static void drop_piece(struct check_run *run)
{
	observations_free(run->observing);
	judgement_free(run->judging);
	group_piece_free(run->piece);
	run->observing = NULL;
	run->judging = NULL;
	run->piece = NULL;
	run->written_count = run->gone_count = 0;
	run->groups_written_count = run->groups_gone_count = 0;
}

/* Compare ------------------------------------------------------------------------------------- */

static bool in_year(const struct check_run *run, const struct obligation_state *state)
{
	day_t signed_on = run->piece->ledger.facts->contracts.items[state->contract].signed_on;
	return signed_on == DAY_NONE || day_year(signed_on) == day_year(run->report.as_of);
}

static void note_written(struct check_run *run, size_t index)
{
	MEM_GROW(run->written, run->written_count, run->written_capacity);
	run->written[run->written_count++] = (uint32_t)index;
	run->paid_touched = run->paid_touched || in_year(run, judgement_state(run->judging, index));
}

static void note_gone(struct check_run *run, const char *obligation_no)
{
	MEM_GROW(run->gone, run->gone_count, run->gone_capacity);
	run->gone[run->gone_count++] = obligation_no;
	run->paid_touched = true;
}

/* States that are new, changed and gone in the piece. */
static void compare_states(struct check_run *run)
{
	const struct group_piece *piece = run->piece;
	const struct state_key *keys = judgement_keys(run->judging);
	size_t count = judgement_count(run->judging);
	struct map judged = MAP_INIT;
	bool *known = mem_zero(count + 1, sizeof(*known));

	map_reserve(&judged, count);
	for (size_t i = 0; i < count; i++)
		map_put(&judged, keys[i].obligation_no, (uint32_t)i);
	for (size_t i = 0; i < piece->state_count; i++) {
		const struct state_record *record = &piece->states[i];
		uint32_t at = map_get(&judged, record->obligation_no);
		if (at == MAP_NONE) {
			note_gone(run, record->obligation_no);
			continue;
		}
		known[at] = strcmp(record->print, keys[at].print) == 0;
	}
	for (size_t i = 0; i < count; i++)
		if (!known[i])
			note_written(run, i);
	free(known);
	map_free(&judged);
}

static void note_group_gone(struct check_run *run, const struct group_record *record)
{
	MEM_GROW(run->groups_gone, run->groups_gone_count, run->groups_gone_capacity);
	run->groups_gone[run->groups_gone_count++] = (struct group_key){
		.unit_code = record->unit_code,
		.supplier_uscc = record->supplier_uscc,
	};
}

static void note_group_written(struct check_run *run, size_t index)
{
	MEM_GROW(run->groups_written, run->groups_written_count, run->groups_written_capacity);
	run->groups_written[run->groups_written_count++] = (uint32_t)index;
}

/* Groups that are new, changed and gone in the piece; true if a state of one of them may differ. */
static bool compare_groups(struct check_run *run)
{
	const struct group_piece *piece = run->piece;
	const struct group_key *keys = judgement_groups(run->judging);
	size_t count = judgement_group_count(run->judging);
	struct map judged = MAP_INIT;
	bool *known = mem_zero(count + 1, sizeof(*known));
	size_t equal = 0;

	for (size_t i = 0; i < count; i++)
		map_put2(&judged, keys[i].unit_code, keys[i].supplier_uscc, (uint32_t)i);
	for (size_t i = 0; i < piece->record_count; i++) {
		const struct group_record *record = &piece->records[i];
		uint32_t at = map_get2(&judged, record->unit_code, record->supplier_uscc);
		if (at == MAP_NONE) {
			note_group_gone(run, record);
			continue;
		}
		/* Without states a record of their prints says nothing. */
		if (!run->opened.any_state || strcmp(record->print, keys[at].print) != 0)
			continue;
		equal++;
		known[at] = record->next_change_on == keys[at].next_change_on;
	}
	for (size_t i = 0; i < count; i++)
		if (!known[i])
			note_group_written(run, i);
	free(known);
	map_free(&judged);
	return equal < count || run->groups_gone_count > 0;
}

/* Observe and store --------------------------------------------------------------------------- */

static void on_observed(void *arg, const struct err *err)
{
	struct check_run *run = arg;
	if (err) {
		run_roll_back(run, err);
		return;
	}
	drop_piece(run);
	next_piece(run);
}

/* Under another law every overdue obligation is looked at again; else the finding of a state that did not change stands. */
static void observe(struct check_run *run)
{
	size_t count = judgement_count(run->judging);
	run->observing = observations_new(
		&run->piece->ledger, run->judging, run->report.as_of, day_year(run->report.as_of));
	if (run->observe_all) {
		for (uint32_t i = 0; i < count; i++)
			observations_add_states(run->observing, &i, 1);
	} else {
		observations_add_states(run->observing, run->written, run->written_count);
	}
	if (observations_count(run->observing) == 0) {
		on_observed(run, NULL);
		return;
	}
	finding_store_put(run->findings,
		&(struct finding_set){
			.run_id = run->opened.run_id,
			.as_of = run->report.as_of,
			.count = observations_count(run->observing),
			.fill = observations_fill,
			.fill_arg = run->observing,
		},
		on_observed, run);
}

static void on_groups_put(void *arg, const struct err *err, int64_t written, int64_t removed)
{
	struct check_run *run = arg;
	(void)written;
	(void)removed;
	if (err)
		run_roll_back(run, err);
	else
		observe(run);
}

static void put_groups(struct check_run *run)
{
	if (run->groups_written_count + run->groups_gone_count == 0) {
		observe(run);
		return;
	}
	check_store_groups_put(run->store,
		&(struct group_changes){
			.keys = judgement_groups(run->judging),
			.written = run->groups_written,
			.written_count = run->groups_written_count,
			.gone = run->groups_gone,
			.gone_count = run->groups_gone_count,
		},
		on_groups_put, run);
}

static void on_put(void *arg, const struct err *err, int64_t written, int64_t removed)
{
	struct check_run *run = arg;
	(void)written;
	(void)removed;
	if (err)
		run_roll_back(run, err);
	else
		put_groups(run);
}

static void put_states(struct check_run *run)
{
	compare_states(run);
	if (run->written_count + run->gone_count == 0) {
		put_groups(run);
		return;
	}
	check_store_states_put(run->store,
		&(struct state_changes){
			.keys = judgement_keys(run->judging),
			.fill = judgement_fill,
			.fill_arg = run->judging,
			.written = run->written,
			.written_count = run->written_count,
			.gone = run->gone,
			.gone_count = run->gone_count,
		},
		on_put, run);
}

static void on_records(void *arg, const struct err *err, struct group_piece *piece)
{
	struct check_run *run = arg;
	(void)piece;
	if (err)
		run_roll_back(run, err);
	else
		put_states(run);
}

static void on_judged(struct check_run *run)
{
	run->report.obligations += (int64_t)judgement_count(run->judging);
	if (!compare_groups(run))
		put_groups(run);
	else if (run->opened.any_state)
		groups_states(run->groups, run->piece, on_records, run);
	else
		put_states(run);
}

/* Pieces -------------------------------------------------------------------------------------- */

static void on_exchanged(void *arg, const struct err *err, int64_t written, int64_t removed)
{
	struct check_run *run = arg;
	if (err) {
		run_roll_back(run, err);
		return;
	}
	run->report.states_written = written;
	run->report.states_removed = removed;
	run_figures_start(run);
}

static void on_strays(void *arg, const struct err *err, int64_t written, int64_t removed)
{
	struct check_run *run = arg;
	(void)written;
	(void)removed;
	if (err)
		run_roll_back(run, err);
	else
		check_store_states_end(run->store, on_exchanged, run);
}

/* What the reader put on record of stray payments went with its transaction: where it differs, it is found again where it
 * stays, together with the states. */
static void end_states(struct check_run *run)
{
	bool second = run->reading != NULL;
	run_states_stop(run);
	if (second && check_store_strays_differ(run->reading_store))
		check_store_strays(run->store, on_strays, run);
	else
		check_store_states_end(run->store, on_exchanged, run);
	if (second && run->reader_back)
		run->reader_back(run->arg, run->report.as_of);
}

static void on_piece(void *arg, const struct err *err, struct group_piece *piece)
{
	struct check_run *run = arg;
	if (err) {
		run_roll_back(run, err);
		return;
	}
	if (!piece) {
		end_states(run);
		return;
	}
	run->piece = piece;
	run_judge(run, judgement_new(&piece->ledger, run->report.as_of), on_judged);
}

static void next_piece(struct check_run *run)
{
	groups_next(run->groups, on_piece, run);
}

static void on_table(void *arg, const struct err *err, int64_t written, int64_t removed)
{
	struct check_run *run = arg;
	(void)written;
	(void)removed;
	if (err)
		run_roll_back(run, err);
	else if (run->groups)
		next_piece(run);
	else
		end_states(run);
}

static void on_groups(void *arg, const struct err *err, int64_t count, int64_t removed)
{
	struct check_run *run = arg;
	(void)removed;
	if (err) {
		run_roll_back(run, err);
		return;
	}
	if (count > 0)
		run->groups = groups_new(run->reading ? run->reading : run->tx, run->ledger, count);
	check_store_states_begin(run->store, !run->opened.any_state, run->report.as_of,
		run->opened.run_id, on_table, run);
}

/* The reader ---------------------------------------------------------------------------------- */

void run_states_stop(struct check_run *run)
{
	if (run->reading_begins)
		sql_tx_begin_cancel(run->reader, run);
	if (run->reading)
		sql_tx_abandon(run->reading);
	run->reading_begins = false;
	run->reading = NULL;
}

/* No second session to be had: one does both. */
static void on_reading(void *arg, struct sql_tx *tx, const struct sql_outcome *outcome)
{
	struct check_run *run = arg;
	run->reading_begins = false;
	if (outcome->err.code) {
		log_warn("evaluate", "no second session to read with: %s", outcome->err.text);
		check_store_groups(run->store, &run->choice, on_groups, run);
		return;
	}
	run->reading = tx;
	run->reading_store = check_store_new(run->base, tx);
	check_store_groups(run->reading_store, &run->choice, on_groups, run);
}

/* The ledger stands still while the writer's lock is ours: what another session sees of it is what this one would. It
 * makes temporary tables, so it is not a read-only one. */
static void begin_reading(struct check_run *run)
{
	struct err err = ERR_INIT;
	if (sql_tx_begin(run->reader, SQL_TX_WRITE, READ_DEADLINE_MS, on_reading, run, &err) == 0)
		run->reading_begins = true;
	else
		check_store_groups(run->store, &run->choice, on_groups, run);
}

void run_states_start(struct check_run *run)
{
	const struct check_opened *opened = &run->opened;
	run->choice = (struct group_choice){
		/* Nothing to compare with, or something that reaches everything. */
		.all = run->full_wanted || !opened->alike || run->report.as_of < opened->last_as_of,
		.after = opened->last_batch,
		.last_day = opened->last_as_of,
		.as_of = run->report.as_of,
	};
	run->observe_all = !opened->alike;
	/* Few groups are read sooner than another session is ready. */
	if (run->choice.all && run->reader)
		begin_reading(run);
	else
		check_store_groups(run->store, &run->choice, on_groups, run);
}
