#include "checks/quota_run.h"

#include <event2/event.h>
#include <stdlib.h>

#include "core/buf.h"
#include "core/clock.h"
#include "core/mem.h"
#include "sql/store_quota_part.h"

enum { SLICE_US = 8000, PARTS_BYTES_MAX = 128 << 20 };

struct quota_run {
	struct quota_run_question question;
	char *touched;
	struct ledger
		ledger; /* law and frame are lent from the question's, facts are the year's own */
	struct unit_tree *units; /* of these facts */
	struct load *load;
	struct event *turn;
	struct unit_split *split;
	size_t next_unit;
	struct quota_parts parts;
	struct quota_part_store *store;
	struct quota_year year;
	struct err err; /* of a part that could not be read */
	quota_run_done_fn done;
	void *arg;
};

void quota_run_free(struct quota_run *run)
{
	if (!run)
		return;
	load_cancel(run->load);
	if (run->turn)
		event_free(run->turn);
	unit_split_free(run->split);
	unit_tree_free(run->units);
	quota_part_store_free(run->store);
	quota_year_free(&run->year);
	quota_parts_free(&run->parts);
	facts_free(run->ledger.facts);
	free(run->ledger.paid_of_contract);
	free(run->touched);
	free(run);
}

static void fail(struct quota_run *run, const struct err *err)
{
	run->done(run->arg, err, NULL);
}

static struct quota_frame frame_of(const struct quota_run *run)
{
	return (struct quota_frame){
		.law = &run->question.ledger->law,
		.facts = run->ledger.facts,
		.units = run->units,
		.fiscal_year = run->question.fiscal_year,
		.as_of = run->question.as_of,
	};
}

/* Total ---------------------------------------------------------------------------------------- */

static void total(struct quota_run *run)
{
	struct quota_frame frame = frame_of(run);

	quota_parts_total(&run->parts, &frame, &run->year);
	run->done(run->arg, NULL, &run->year);
}

static void on_part(void *arg, const struct quota_part_row *row)
{
	struct quota_run *run = arg;

	if (!run->err.code)
		quota_parts_read(&run->parts, run->ledger.facts, row->unit_code, row->department,
			row->numbers, row->questions, &run->err);
}

static void on_read(void *arg, const struct err *err)
{
	struct quota_run *run = arg;

	if (err || run->err.code)
		fail(run, err ? err : &run->err);
	else
		total(run);
}

static void on_kept(void *arg, const struct err *err)
{
	struct quota_run *run = arg;

	if (err)
		fail(run, err);
	else if (run->touched)
		quota_part_store_read(
			run->store, run->question.fiscal_year, run->touched, on_part, on_read, run);
	else
		total(run);
}

static void keep(struct quota_run *run)
{
	struct buf text;
	struct json_out out;

	buf_init(&text, PARTS_BYTES_MAX);
	json_out_init(&out, &text, NULL, NULL);
	json_array_begin(&out, NULL);
	for (size_t i = 0; i < run->parts.count; i++)
		quota_part_write(&out, &run->parts.items[i]);
	json_array_end(&out);
	if (json_finish(&out) < 0) {
		err_set(&run->err, ERR_LIMIT, "the sums of %zu units do not fit", run->parts.count);
		fail(run, &run->err);
	} else {
		quota_part_store_keep(run->store, run->question.fiscal_year, run->touched,
			text.data, on_kept, run);
	}
	buf_free(&text);
}

/* Judge ---------------------------------------------------------------------------------------- */

static void judge_unit(struct quota_run *run)
{
	struct quota_frame frame = frame_of(run);
	struct unit_rows rows;

	unit_split_take(run->split, run->next_unit++, &rows);
	quota_parts_judge(&run->parts, &frame, &rows);
	unit_rows_free(&rows);
}

static void on_turn(evutil_socket_t fd, short what, void *arg)
{
	struct quota_run *run = arg;
	int64_t end = clock_steady_us() + SLICE_US;

	(void)fd;
	(void)what;
	while (run->next_unit < unit_split_count(run->split)) {
		judge_unit(run);
		if (clock_steady_us() >= end) {
			event_add(run->turn, &(struct timeval){ 0, 0 });
			return;
		}
	}
	if (run->question.keep)
		keep(run);
	else
		total(run);
}

static void on_loaded(void *arg, const struct err *err, struct ledger *ledger)
{
	struct quota_run *run = arg;

	(void)ledger; /* it is ours */
	run->load = NULL;
	if (err) {
		fail(run, err);
		return;
	}
	run->split = unit_split_new(&run->ledger);
	event_add(run->turn, &(struct timeval){ 0, 0 });
}

/* The year's marks name units, and who is topmost is listed. */
static void copy_units(struct facts *facts, const struct facts *from)
{
	for (size_t i = 0; i < from->units.count; i++)
		*facts_add_unit(facts) =
			from->units.items[i]; /* texts are the question's ledger's */
}

struct quota_run *quota_run_start(
	const struct quota_run_question *question, quota_run_done_fn done, void *arg)
{
	struct quota_run *run = mem_zero(1, sizeof(*run));

	if (question->touched && !question->keep)
		BUG("parts are read that nobody keeps");
	run->question = *question;
	run->touched = question->touched ? mem_text(question->touched) : NULL;
	run->done = done;
	run->arg = arg;
	run->ledger = *question->ledger;
	run->ledger.facts = facts_new();
	run->ledger.paid_of_contract = NULL;
	copy_units(run->ledger.facts, question->ledger->facts);
	run->units = unit_tree_new(run->ledger.facts);
	run->store = quota_part_store_new(question->tx);
	run->turn = event_new(question->base, -1, 0, on_turn, run);
	if (!run->turn)
		BUG("no memory for an event");
	run->load = load_year_start(
		question->tx, &run->ledger, question->fiscal_year, run->touched, on_loaded, run);
	return run;
}
