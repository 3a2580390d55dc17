#include "checks/restatement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/figures.h"
#include "checks/load.h"
#include "checks/restate.h"
#include "core/mem.h"

enum { DOCUMENT_BYTES_MAX = 256 << 20, MONTHS = 12, MOMENT_MAX = 48 };

/* Ledgers are read at moment[0], moment[1], … and handed to take, one by one. */
struct restatement {
	struct sql_link *link;
	struct load *load;
	day_t as_of;
	int fiscal_year;
	char *jurisdiction;
	char *moment[MONTHS]; /* NULL = now */
	day_t day[MONTHS];    /* trend: the legal date of each */
	int count, next;
	struct ledger *before;
	struct buf text;
	struct json_out out;
	/* Takes ledger over. */
	int (*take)(struct restatement *r, struct ledger *ledger, struct err *err);
	restatement_done_fn done;
	void *arg;
};

static void restatement_free(struct restatement *r)
{
	for (int i = 0; i < r->count; i++)
		free(r->moment[i]);
	ledger_free(r->before);
	buf_free(&r->text);
	free(r->jurisdiction);
	free(r);
}

static void finish(struct restatement *r, const struct err *err)
{
	restatement_done_fn done = r->done;
	void *arg = r->arg;
	struct err fault = err ? *err : (struct err)ERR_INIT;
	struct buf text = r->text;

	r->text = (struct buf){ 0 };
	restatement_free(r);
	if (err)
		done(arg, &fault, NULL, 0);
	else
		done(arg, NULL, text.data, text.used);
	buf_free(&text);
}

static void on_loaded(void *arg, const struct err *err, struct ledger *ledger);

static int load_next(struct restatement *r, struct err *err)
{
	r->load = load_start(r->link,
		&(struct load_request){
			.known_at = r->moment[r->next],
			.known_batch = -1,
			.jurisdiction = r->jurisdiction,
		},
		on_loaded, r, err);
	return r->load ? 0 : -1;
}

static void on_loaded(void *arg, const struct err *err, struct ledger *ledger)
{
	struct restatement *r = arg;
	struct err fault = ERR_INIT;

	r->load = NULL;
	if (err) {
		finish(r, err);
		return;
	}
	if (r->take(r, ledger, &fault) < 0) {
		finish(r, &fault);
		return;
	}
	r->next++;
	if (r->next == r->count)
		finish(r, NULL);
	else if (load_next(r, &fault) < 0)
		finish(r, &fault);
}

static struct restatement *restatement_new(struct sql_link *link,
	const struct restatement_request *request, restatement_done_fn done, void *arg)
{
	struct restatement *r = mem_zero(1, sizeof(*r));

	r->link = link;
	r->as_of = request->as_of == DAY_NONE ? day_today() : request->as_of;
	r->fiscal_year = request->fiscal_year ? request->fiscal_year : day_year(r->as_of);
	r->jurisdiction = mem_text(request->jurisdiction);
	r->done = done;
	r->arg = arg;
	buf_init(&r->text, DOCUMENT_BYTES_MAX);
	json_out_init(&r->out, &r->text, NULL, NULL);
	return r;
}

static struct restatement *begin(struct restatement *r, struct err *err)
{
	if (load_next(r, err) == 0)
		return r;
	restatement_free(r);
	return NULL;
}

/* Restatement --------------------------------------------------------------------------------- */

static int take_for_restatement(struct restatement *r, struct ledger *ledger, struct err *err)
{
	struct restate_question question = { .fiscal_year = r->fiscal_year, .as_of = r->as_of };
	int result;

	if (!r->before) {
		r->before = ledger;
		return 0;
	}
	question.before = (struct restate_side){ &r->before->law, r->before->facts,
		r->before->known_batch, r->before->known_at };
	question.after = (struct restate_side){ &ledger->law, ledger->facts, ledger->known_batch,
		ledger->known_at };
	result = restate_write(&question, &r->out, err);
	ledger_free(ledger);
	return result;
}

struct restatement *restatement_start(struct sql_link *link,
	const struct restatement_request *request, restatement_done_fn done, void *arg,
	struct err *err)
{
	struct restatement *r = restatement_new(link, request, done, arg);

	r->take = take_for_restatement;
	r->moment[0] = mem_text(request->known_before);
	r->moment[1] = request->known_after ? mem_text(request->known_after) : NULL;
	r->count = 2;
	return begin(r, err);
}

/* Trend --------------------------------------------------------------------------------------- */

static void write_scope(struct json_out *out, const struct scope_figures *scope)
{
	json_object_begin(out, NULL);
	json_text(out, "scope", *scope->scope ? scope->scope : "district");
	json_fen(out, "strict_base_fen", scope->plan.strict_base);
	json_fen(out, "adjusted_base_fen", scope->plan.adjusted_base);
	json_fen(out, "sme_fen", scope->plan.sme);
	json_fen(out, "small_micro_fen", scope->plan.small_micro);
	json_object_end(out);
}

static void write_point(struct restatement *r, const struct ledger *ledger)
{
	struct facts_index *index = facts_index_new(ledger->facts);
	struct unit_tree *units = unit_tree_new(ledger->facts);
	struct year_figures figures;

	figures_judge(&ledger->law, index, units, r->fiscal_year, r->day[r->next], NULL, &figures);
	json_line(&r->out);
	json_object_begin(&r->out, NULL);
	json_day(&r->out, "as_of", r->day[r->next]);
	json_int(&r->out, "known_batch", ledger->known_batch);
	json_array_begin(&r->out, "scopes");
	write_scope(&r->out, &figures.district);
	for (size_t i = 0; i < figures.department_count; i++)
		write_scope(&r->out, &figures.departments[i]);
	json_array_end(&r->out);
	json_object_end(&r->out);
	figures_free(&figures);
	unit_tree_free(units);
	facts_index_free(index);
}

static int take_for_trend(struct restatement *r, struct ledger *ledger, struct err *err)
{
	if (r->next == 0) {
		json_object_begin(&r->out, NULL);
		json_int(&r->out, "fiscal_year", r->fiscal_year);
		json_array_begin(&r->out, "points");
	}
	if (ledger->known_batch > 0)
		write_point(r, ledger);
	ledger_free(ledger);
	if (r->next + 1 < r->count)
		return 0;
	json_array_end(&r->out);
	json_object_end(&r->out);
	if (json_finish(&r->out) < 0 || r->out.out_of_range)
		return err_set(err, ERR_LIMIT, "the trend does not fit");
	return 0;
}

/* Each month's last day, as known when that day ended in Shanghai; the last point is as_of itself. */
static void add_months(struct restatement *r)
{
	for (int month = 1; month <= MONTHS; month++) {
		day_t first = DAY_NONE, last;
		char text[DAY_TEXT_MAX];

		day_from_civil(r->fiscal_year, month, 1, &first);
		if (first > r->as_of)
			return;
		last = day_add_months(first, 1) - 1;
		r->day[r->count] = last < r->as_of ? last : r->as_of;
		r->moment[r->count] =
			mem_format("%s 23:59:59.999999+08:00", day_text(r->day[r->count], text));
		r->count++;
	}
}

struct restatement *trend_start(struct sql_link *link, const struct restatement_request *request,
	restatement_done_fn done, void *arg, struct err *err)
{
	struct restatement *r = restatement_new(link, request, done, arg);

	r->take = take_for_trend;
	add_months(r);
	if (r->count == 0) {
		err_set(err, ERR_USAGE, "the year %d has not begun on that day", r->fiscal_year);
		restatement_free(r);
		return NULL;
	}
	return begin(r, err);
}
