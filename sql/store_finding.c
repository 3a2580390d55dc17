#include "sql/store_finding.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "sql/copy_binary.h"
#include "sql/embed.h"
#include "sql/job.h"
#include "sql/pump.h"

enum { STEP_DEADLINE_MS = 300000, SEEN_COLUMNS = 11, MANY_CHANGES = 5000 };

struct finding_store {
	int64_t changes; /* of this run */
	struct event_base *base;
	struct sql_tx *tx;
	struct pump *pump;
	bool made; /* the temporary tables finding_seen and judged_subject */

	/* The step under way. */
	struct finding_set set;
	char *judged;
	finding_changed_fn changed_fn;
	finding_done_fn done_fn;
	message_queued_fn queued_fn;
	void *arg;
	int64_t messages;
};

struct finding_store *finding_store_new(struct event_base *base, struct sql_tx *tx)
{
	struct finding_store *store = mem_zero(1, sizeof(*store));
	store->base = base;
	store->tx = tx;
	return store;
}

void finding_store_free(struct finding_store *store)
{
	if (!store)
		return;
	pump_free(store->pump);
	free(store->judged);
	free(store);
}

static void call(struct finding_store *store, const char *text, const struct sql_params *params,
	sql_row_fn row, sql_done_fn done)
{
	sql_tx_call(store->tx, &(struct sql_call){
				       .text = text,
				       .params = params,
				       .row = row,
				       .done = done,
				       .arg = store,
				       .deadline_ms = STEP_DEADLINE_MS,
				       .stream = row != NULL,
			       });
}

static void finish(struct finding_store *store, const struct err *err)
{
	finding_done_fn done = store->done_fn;
	free(store->judged);
	store->judged = NULL;
	store->done_fn = NULL;
	done(store->arg, err && err->code ? err : NULL);
}

/* Apply --------------------------------------------------------------------------------------- */

static void on_change(void *arg, const struct sql_row *row)
{
	struct finding_store *store = arg;
	struct finding_change change = {
		.finding_id = sql_row_int(row, 0),
		.seq = sql_row_int(row, 1),
		.event = sql_row_text(row, 2),
		.rule_id = sql_row_text(row, 3),
		.code = sql_row_text(row, 4),
		.subject_kind = sql_row_text(row, 5),
		.subject = sql_row_text(row, 6),
		.unit_code = sql_row_text(row, 7),
		.department = sql_row_text(row, 8),
		.severity = sql_row_text(row, 9),
		.amount = sql_row_int_or(row, 10, 0),
		.amount_before = sql_row_int_or(row, 11, FINDING_NO_AMOUNT),
		.held = sql_row_bool(row, 12),
		.doubted = sql_row_bool(row, 13),
	};
	store->changes++;
	store->changed_fn(store->arg, &change);
}

static void on_analyzed(void *arg, const struct sql_outcome *outcome)
{
	finish(arg, &outcome->err);
}

static void on_changes(void *arg, const struct sql_outcome *outcome)
{
	struct finding_store *store = arg;
	if (!outcome->err.code && store->changes >= MANY_CHANGES)
		call(store, sql_text_finding_analyze, NULL, NULL, on_analyzed);
	else
		finish(store, &outcome->err);
}

static void on_applied(void *arg, const struct sql_outcome *outcome)
{
	struct finding_store *store = arg;
	struct sql_params params = SQL_PARAMS_INIT;
	if (outcome->err.code) {
		finish(store, &outcome->err);
		return;
	}
	sql_param_int(&params, store->set.run_id);
	sql_param_bool(&params, store->set.own_only);
	store->changes = 0;
	call(store, sql_text_finding_changes, &params, on_change, on_changes);
}

static void apply(struct finding_store *store)
{
	struct sql_params params = SQL_PARAMS_INIT;
	sql_param_int(&params, store->set.run_id);
	sql_param_day(&params, store->set.as_of);
	sql_param_text(&params, store->judged);
	call(store, sql_text_finding_apply, &params, NULL, on_applied);
}

/* The rows of a piece or of the rest are there. */
static void go_on(struct finding_store *store)
{
	if (store->changed_fn)
		apply(store);
	else
		finish(store, NULL);
}

static void on_pumped(void *arg, const struct sql_outcome *outcome)
{
	struct finding_store *store = arg;
	pump_free(store->pump);
	store->pump = NULL;
	if (outcome->err.code)
		finish(store, &outcome->err);
	else
		go_on(store);
}

static void put_text(struct copy_bytes *out, const char *text)
{
	copy_binary_text(out, text, strlen(text));
}

/* In the order of copy/finding_seen_copy.sql. */
static void put_seen(void *arg, struct copy_bytes *out, size_t index)
{
	struct finding_store *store = arg;
	struct finding_seen seen = { 0 };
	store->set.fill(store->set.fill_arg, index, &seen);
	const char *head[] = { seen.rule_id, seen.code, seen.subject_kind, seen.subject,
		seen.unit_code, seen.department, seen.severity };
	copy_binary_row(out, SEEN_COLUMNS);
	for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++)
		put_text(out, head[i]);
	copy_binary_int64(out, seen.amount);
	put_text(out, seen.currency);
	put_text(out, seen.print);
	copy_binary_json(out, seen.evidence, strlen(seen.evidence));
}

static void pump_seen(struct finding_store *store)
{
	if (store->set.count == 0) {
		go_on(store);
		return;
	}
	store->pump = pump_start(store->base, store->tx,
		&(struct pump_call){
			.text = sql_text_finding_seen_copy,
			.count = store->set.count,
			.row = put_seen,
			.done = on_pumped,
			.arg = store,
			.deadline_ms = STEP_DEADLINE_MS,
		});
}

static void on_made_all(void *arg, const struct sql_outcome *outcome)
{
	struct finding_store *store = arg;
	if (outcome->err.code) {
		finish(store, &outcome->err);
		return;
	}
	store->made = true;
	pump_seen(store);
}

static void take(struct finding_store *store, const struct finding_set *set,
	finding_changed_fn changed, finding_done_fn done, void *arg)
{
	if (store->done_fn || store->queued_fn)
		BUG("two steps of one run at once");
	store->set = *set;
	store->changed_fn = changed;
	store->done_fn = done;
	store->arg = arg;
}

static void on_made(void *arg, const struct sql_outcome *outcome)
{
	struct finding_store *store = arg;
	if (outcome->err.code)
		finish(store, &outcome->err);
	else
		call(store, sql_text_judged_subject_make, NULL, NULL, on_made_all);
}

void finding_store_put(
	struct finding_store *store, const struct finding_set *set, finding_done_fn done, void *arg)
{
	if (set->count == 0)
		BUG("a piece of findings without any");
	take(store, set, NULL, done, arg);
	if (store->made)
		pump_seen(store);
	else
		call(store, sql_text_finding_seen_make, NULL, NULL, on_made);
}

void finding_store_apply(struct finding_store *store, const struct finding_set *set,
	finding_changed_fn changed, finding_done_fn done, void *arg)
{
	take(store, set, changed, done, arg);
	store->judged = mem_text(set->judged);
	store->set.judged = store->judged;
	if (store->made)
		pump_seen(store);
	else
		call(store, sql_text_finding_seen_make, NULL, NULL, on_made);
}

/* Messages ------------------------------------------------------------------------------------ */

static void on_queued_row(void *arg, const struct sql_row *row)
{
	struct finding_store *store = arg;
	store->messages = sql_row_int(row, 0);
}

static void on_queued(void *arg, const struct sql_outcome *outcome)
{
	struct finding_store *store = arg;
	message_queued_fn done = store->queued_fn;
	store->queued_fn = NULL;
	done(store->arg, outcome->err.code ? &outcome->err : NULL, store->messages);
}

void finding_store_message(struct finding_store *store, const struct message_draft *draft,
	message_queued_fn done, void *arg)
{
	struct sql_params params = SQL_PARAMS_INIT;
	if (store->done_fn || store->queued_fn)
		BUG("two steps of one run at once");
	store->queued_fn = done;
	store->arg = arg;
	store->messages = 0;
	sql_param_int(&params, draft->run_id);
	sql_param_text(&params, draft->case_key);
	sql_param_text(&params, draft->event);
	sql_param_text(&params, draft->rule_id);
	sql_param_text(&params, draft->severity);
	sql_param_text(&params, draft->unit_code);
	sql_param_text(&params, draft->department);
	sql_param_text(&params, draft->payload);
	sql_param_text(&params, draft->codes);
	sql_param_text(&params, draft->subject);
	sql_param_day(&params, draft->as_of);
	sql_param_bool(&params, draft->once_a_day);
	call(store, sql_text_message_queue, &params, on_queued_row, on_queued);
}
