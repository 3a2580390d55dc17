#include "checks/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/day_names.h"
#include "checks/load_rows.h"
#include "checks/lpr.h"
#include "checks/register_book.h"
#include "checks/size.h"
#include "core/map.h"
#include "core/mem.h"
#include "sql/embed.h"
#include "sql/job.h"

enum { READ_DEADLINE_MS = 600000, CITATIONS_MAX = 256 };

struct citation {
	char *rule_id, *name, *text, *jurisdiction;
	day_t valid_from;
};

struct ledger_parts {
	struct parameters parameters;
	struct day_calendar *calendar;
	struct day_names *day_names;
	struct lpr_table *lpr;
	struct size_standard *sizes;
	struct register_book *registers;
	struct citation *citations;
	size_t citation_count, citation_cap;
};

struct load_plan;
struct load {
	struct sql_link *link;
	struct sql_tx *tx;
	struct ledger *ledger;
	char *known_at, *jurisdiction;
	day_t told_before;
	int64_t known_batch;
	bool found; /* the jurisdiction */
	const struct load_plan *plan;
	size_t step;
	/* plan_year */
	int fiscal_year;
	const char *units;       /* array literal, lent; NULL = all */
	struct map contract_row; /* by number, once an amount comes that was paid */

	struct err err; /* the first row that means nothing */
	load_done_fn done;
	void *arg;
};

/* Ledger ------------------------------------------------------------------------------------ */

static struct ledger *ledger_new(void)
{
	struct ledger *ledger = mem_zero(1, sizeof(*ledger));
	struct ledger_parts *parts = mem_zero(1, sizeof(*parts));
	ledger->facts = facts_new();
	ledger->reviews = review_book_new();
	ledger->before = told_before_new();
	ledger->parts = parts;
	parameters_clear(&parts->parameters);
	parts->calendar = day_calendar_new();
	parts->day_names = day_names_new();
	parts->lpr = lpr_new();
	parts->sizes = size_standard_new();
	parts->registers = register_book_new();
	ledger->law = (struct law){
		.parameters = &parts->parameters,
		.calendar = parts->calendar,
		.day_names = parts->day_names,
		.lpr = parts->lpr,
		.sizes = parts->sizes,
		.registers = parts->registers,
	};
	return ledger;
}

void ledger_free(struct ledger *ledger)
{
	if (!ledger)
		return;
	struct ledger_parts *parts = ledger->parts;
	for (size_t i = 0; i < parts->citation_count; i++) {
		free(parts->citations[i].rule_id);
		free(parts->citations[i].name);
		free(parts->citations[i].text);
		free(parts->citations[i].jurisdiction);
	}
	free(parts->citations);
	day_calendar_free(parts->calendar);
	day_names_free(parts->day_names);
	lpr_free(parts->lpr);
	size_standard_free(parts->sizes);
	register_book_free(parts->registers);
	facts_free(ledger->facts);
	free(ledger->paid_of_contract);
	review_book_free(ledger->reviews);
	told_before_free(ledger->before);
	free(parts);
	free(ledger);
}

const char *ledger_citation(const struct ledger *ledger, const char *rule_id, const char *name)
{
	for (size_t i = 0; i < ledger->parts->citation_count; i++) {
		const struct citation *citation = &ledger->parts->citations[i];
		if (strcmp(citation->rule_id, rule_id) == 0 && strcmp(citation->name, name) == 0)
			return citation->text;
	}
	return "";
}

const char *ledger_source(const struct ledger *ledger, const char *rule_id, const char *name,
	day_t valid_from, const char **ret_jurisdiction)
{
	for (size_t i = 0; i < ledger->parts->citation_count; i++) {
		const struct citation *citation = &ledger->parts->citations[i];
		if (strcmp(citation->rule_id, rule_id) != 0 || strcmp(citation->name, name) != 0 ||
			citation->valid_from != valid_from)
			continue;
		*ret_jurisdiction = citation->jurisdiction;
		return citation->text;
	}
	*ret_jurisdiction = "";
	return "";
}

/* Rows of the law, in the column order of the .sql file of the same name --------------------- */

static void take_known(struct load *load, const struct sql_row *row)
{
	struct ledger *ledger = load->ledger;
	load->found = true;
	ledger->known_batch = sql_row_int(row, 0);
	snprintf(ledger->known_at, sizeof(ledger->known_at), "%s", sql_row_text(row, 1));
	ledger->state_version = sql_row_int(row, 2);
	ledger->demonstration = sql_row_bool(row, 3);
	snprintf(ledger->jurisdiction, sizeof(ledger->jurisdiction), "%s", load->jurisdiction);
	snprintf(ledger->jurisdiction_name, sizeof(ledger->jurisdiction_name), "%s",
		sql_row_text(row, 4));
}

static void take_calendar(struct load *load, const struct sql_row *row)
{
	enum day_kind kind =
		strcmp(sql_row_text(row, 1), "workday") == 0 ? DAY_KIND_WORKDAY : DAY_KIND_HOLIDAY;
	if (!day_calendar_add(load->ledger->parts->calendar, sql_row_day(row, 0), kind))
		err_set(&load->err, ERR_DATA, "the calendar names %s twice", sql_row_text(row, 0));
	if (kind == DAY_KIND_HOLIDAY)
		day_names_add(
			load->ledger->parts->day_names, sql_row_day(row, 0), sql_row_text(row, 2));
}

static void take_lpr(struct load *load, const struct sql_row *row)
{
	lpr_add(load->ledger->parts->lpr, sql_row_day(row, 0), sql_row_int(row, 1));
}

static void take_size(struct load *load, const struct sql_row *row)
{
	size_standard_add(load->ledger->parts->sizes, sql_row_text(row, 0), sql_row_text(row, 1),
		sql_row_text(row, 2), sql_row_text(row, 3), sql_row_int(row, 4),
		sql_row_int(row, 5), sql_row_int(row, 6), &load->err);
}

static void take_parameter(struct load *load, const struct sql_row *row)
{
	struct ledger_parts *parts = load->ledger->parts;
	parameters_take(&parts->parameters, sql_row_text(row, 0), sql_row_text(row, 1),
		sql_row_day(row, 2), sql_row_day(row, 3), sql_row_text(row, 4), &load->err);
	if (parts->citation_count == CITATIONS_MAX)
		return;
	MEM_GROW(parts->citations, parts->citation_count, parts->citation_cap);
	parts->citations[parts->citation_count++] = (struct citation){
		.rule_id = mem_text(sql_row_text(row, 0)),
		.name = mem_text(sql_row_text(row, 1)),
		.text = mem_text(sql_row_text(row, 5)),
		.jurisdiction = mem_text(sql_row_text(row, 6)),
		.valid_from = sql_row_day(row, 2),
	};
}

static void take_register(struct load *load, const struct sql_row *row)
{
	/* The book copies. */
	register_book_add(load->ledger->parts->registers,
		&(struct register_entry){
			.entry_no = sql_row_text(row, 0),
			.name = register_name_of(sql_row_text(row, 1)),
			.fiscal_year = (int)sql_row_int_or(row, 2, 0),
			.unit_code = sql_row_text(row, 3),
			.project_code = sql_row_text(row, 4),
			.package_no = sql_row_text(row, 5),
			.supplier_uscc = sql_row_text(row, 6),
			.contract_no = sql_row_text(row, 7),
			.field = sql_row_text(row, 8),
			.value = sql_row_text(row, 9),
			.value_ppm = sql_row_int_or(row, 10, NUMBER_NONE),
			.reason = sql_row_text(row, 11),
			.evidence = sql_row_text(row, 12),
			.approver = sql_row_text(row, 13),
			.valid_from = sql_row_day(row, 14),
			.valid_to = sql_row_day(row, 15),
			.withdrawn_on = sql_row_day(row, 16),
		});
}

static void find_contracts(struct load *load)
{
	const struct facts *facts = load->ledger->facts;

	load->ledger->paid_of_contract = mem_zero(facts->contracts.count + 1, sizeof(fen_t));
	map_reserve(&load->contract_row, facts->contracts.count);
	for (size_t i = 0; i < facts->contracts.count; i++)
		map_put(&load->contract_row, facts->contracts.items[i].contract_no, (uint32_t)i);
}

static void take_paid(struct load *load, const struct sql_row *row)
{
	uint32_t contract;

	if (!load->ledger->paid_of_contract)
		find_contracts(load);
	contract = map_get(&load->contract_row, sql_row_text(row, 0));
	if (contract != MAP_NONE)
		load->ledger->paid_of_contract[contract] = sql_row_int(row, 1);
}

static void take_review(struct load *load, const struct sql_row *row)
{
	/* The book copies. */
	char *number = (char *)sql_row_text(row, 0), *reviewer = (char *)sql_row_text(row, 2);
	review_book_add(load->ledger->reviews,
		&(struct review){
			.obligation_no = number,
			.verdict = review_verdict_parse(sql_row_text(row, 1)),
			.reviewer = reviewer,
			.reviewed_on = sql_row_day(row, 3),
			.overdue_since = sql_row_day(row, 4),
			.overdue = sql_row_int(row, 5),
		});
}

static void take_before(struct load *load, const struct sql_row *row)
{
	struct told_before *before = load->ledger->before;

	if (!*sql_row_text(row, 0))
		before->day = sql_row_day(row, 4);
	else
		told_before_add(before, sql_row_text(row, 0), sql_row_text(row, 1),
			sql_row_int(row, 2), sql_row_bool(row, 3));
}

/* The steps ----------------------------------------------------------------------------------- */

struct load_step {
	const char *text;
	void (*take)(struct load *load, const struct sql_row *row);
	void (*fact)(struct facts *facts, const struct sql_row *row, int first); /* without take */
};

static void next_step(struct load *load);

static const struct load_step law_steps[] = {
	{ .text = sql_text_load_known,
		.take = take_known }, /* $1 time, $2 batch, $3 jurisdiction */
	{ .text = sql_text_load_parameter, .take = take_parameter },
	{ .text = sql_text_load_calendar, .take = take_calendar },
	{ .text = sql_text_load_lpr, .take = take_lpr },
	{ .text = sql_text_load_size, .take = take_size },
	{ .text = sql_text_load_register, .take = take_register },
	{ .text = sql_text_load_unit, .fact = fact_row_unit },
	{ .text = sql_text_load_review, .take = take_review },
};
static const struct load_step fact_steps[] = {
	{ .text = sql_text_load_supplier, .fact = fact_row_supplier },
	{ .text = sql_text_load_budget_item, .fact = fact_row_budget_item },
	{ .text = sql_text_load_contract, .fact = fact_row_contract },
	{ .text = sql_text_load_amendment, .fact = fact_row_amendment },
	{ .text = sql_text_load_event, .fact = fact_row_event },
	{ .text = sql_text_load_obligation, .fact = fact_row_obligation },
	{ .text = sql_text_load_dispute, .fact = fact_row_dispute },
	{ .text = sql_text_load_payment, .fact = fact_row_payment },
	{ .text = sql_text_load_complaint, .fact = fact_row_complaint },
	{ .text = sql_text_load_award, .fact = fact_row_award },
	{ .text = sql_text_load_declared, .fact = fact_row_declared },
	{ .text = sql_text_load_debt_note, .fact = fact_row_debt_note },
	{ .text = sql_text_load_plan, .fact = fact_row_plan },
	{ .text = sql_text_load_year_mark, .fact = fact_row_year_mark },
	{ .text = sql_text_load_notice, .fact = fact_row_notice },
	{ .text = sql_text_load_contract_party, .fact = fact_row_contract_party },
	{ .text = sql_text_load_before, .take = take_before }, /* $2 a day or null */
};
static const struct load_step year_steps[] = {
	{ .text = sql_text_load_figure_supplier, .fact = fact_row_supplier },
	{ .text = sql_text_load_figure_budget_item, .fact = fact_row_budget_item },
	{ .text = sql_text_load_figure_before, .fact = fact_row_before },
	{ .text = sql_text_load_figure_contract, .fact = fact_row_contract },
	{ .text = sql_text_load_figure_amendment, .fact = fact_row_amendment },
	{ .text = sql_text_load_figure_notice, .fact = fact_row_notice },
	{ .text = sql_text_load_figure_mark, .fact = fact_row_year_mark },
	{ .text = sql_text_load_figure_paid, .take = take_paid },
};
#define STEPS(list) sizeof(list) / sizeof((list)[0])

/* Which lists, one after the other. */
struct load_plan {
	struct {
		const struct load_step *steps;
		size_t count;
	} parts[2];
};
static const struct load_plan plan_all = { { { law_steps, STEPS(law_steps) },
	{ fact_steps, STEPS(fact_steps) } } };
static const struct load_plan plan_law = { { { law_steps, STEPS(law_steps) } } };
static const struct load_plan plan_year = { { { year_steps, STEPS(year_steps) } } };

static bool at_end(const struct load *load)
{
	return load->step == load->plan->parts[0].count + load->plan->parts[1].count;
}

static const struct load_step *step_of(const struct load *load)
{
	const struct load_plan *plan = load->plan;
	if (load->step < plan->parts[0].count)
		return &plan->parts[0].steps[load->step];
	return &plan->parts[1].steps[load->step - plan->parts[0].count];
}

static bool at_step(const struct load *load, const char *text)
{
	return step_of(load)->text == text;
}

static void load_free(struct load *load)
{
	map_free(&load->contract_row);
	if (load->plan != &plan_year) /* else it is the caller's all the time */
		ledger_free(load->ledger);
	free(load->known_at);
	free(load->jurisdiction);
	free(load);
}

static void finish(struct load *load)
{
	struct ledger *ledger = load->ledger;
	struct err err = load->err;
	load_done_fn done = load->done;
	void *arg = load->arg;
	if (err.code == ERR_NONE)
		load->ledger = NULL; /* the receiver's */
	load_free(load);
	done(arg, err.code ? &err : NULL, err.code ? NULL : ledger);
}

/* A transaction of our own wrote nothing: how it ends makes no difference to anybody. */
static void end_read(struct load *load)
{
	if (load->link)
		sql_tx_rollback(load->tx, NULL, NULL);
	load->tx = NULL;
	finish(load);
}

static void on_row(void *arg, const struct sql_row *row)
{
	struct load *load = arg;
	const struct load_step *step = step_of(load);
	if (load->err.code != ERR_NONE)
		return;
	if (step->take)
		step->take(load, row);
	else
		step->fact(load->ledger->facts, row, 0);
}

static void check_step(struct load *load)
{
	if (load->err.code == ERR_NONE && at_step(load, sql_text_load_known) && !load->found)
		err_set(&load->err, ERR_USAGE, "jurisdiction \"%s\" is not known to the ledger",
			load->jurisdiction);
	if (load->err.code == ERR_NONE && at_step(load, sql_text_load_parameter))
		parameters_check(&load->ledger->parts->parameters, &load->err);
}

static void on_step_done(void *arg, const struct sql_outcome *outcome)
{
	struct load *load = arg;
	if (outcome->err.code) {
		load->err = outcome->err;
		/* Class 22: the only text that PostgreSQL parses here is the time we were given. */
		if (at_step(load, sql_text_load_known) && load->known_at &&
			strncmp(outcome->err.sqlstate, "22", 2) == 0) {
			err_clear(&load->err);
			err_set(&load->err, ERR_USAGE, "\"%s\" is not a time", load->known_at);
		}
	}
	check_step(load);
	load->step++;
	if (!load->err.code && at_end(load))
		register_book_correct(load->ledger->law.registers, load->ledger->facts);
	if (load->err.code || at_end(load))
		end_read(load);
	else
		next_step(load);
}

static void next_step(struct load *load)
{
	struct sql_params params = SQL_PARAMS_INIT;
	if (at_step(load, sql_text_load_known)) {
		sql_param_text(&params, load->known_at);
		sql_param_int(&params, load->known_batch);
		sql_param_text(&params, load->jurisdiction);
	} else {
		sql_param_int(&params, load->ledger->known_batch);
		if (at_step(load, sql_text_load_parameter))
			sql_param_text(&params, load->jurisdiction);
		if (at_step(load, sql_text_load_before))
			sql_param_day(&params, load->told_before);
		if (load->plan == &plan_year) {
			sql_param_int(&params, load->fiscal_year);
			sql_param_text(&params, load->units);
		}
	}
	sql_tx_call(
		load->tx, &(struct sql_call){
				  .text = step_of(load)->text,
				  .params = &params,
				  .row = on_row,
				  .done = on_step_done,
				  .arg = load,
				  .deadline_ms = READ_DEADLINE_MS,
				  .stream = true,
				  /* One unit's rows or all: the plans have nothing in common. */
				  .anew = load->plan == &plan_year,
			  });
}

static void on_begun(void *arg, struct sql_tx *tx, const struct sql_outcome *outcome)
{
	struct load *load = arg;
	load->tx = tx;
	if (outcome->err.code) {
		load->tx = NULL;
		load->err = outcome->err;
		finish(load);
		return;
	}
	next_step(load);
}

static struct load *load_new(const struct load_plan *plan, load_done_fn done, void *arg)
{
	struct load *load = mem_zero(1, sizeof(*load));
	load->plan = plan;
	load->done = done;
	load->arg = arg;
	return load;
}

static void load_ask(struct load *load, const struct load_request *request)
{
	load->ledger = ledger_new();
	load->known_at = request->known_at ? mem_text(request->known_at) : NULL;
	load->known_batch = request->known_batch;
	load->jurisdiction = mem_text(request->jurisdiction);
	load->told_before = request->told_before;
}

struct load *load_start(struct sql_link *link, const struct load_request *request,
	load_done_fn done, void *arg, struct err *err)
{
	struct load *load = load_new(request->law_only ? &plan_law : &plan_all, done, arg);
	load->link = link;
	load_ask(load, request);
	if (sql_tx_begin(link, SQL_TX_SNAPSHOT, READ_DEADLINE_MS, on_begun, load, err) < 0) {
		load_free(load);
		return NULL;
	}
	return load;
}

struct load *load_law_start(
	struct sql_tx *tx, const struct load_request *request, load_done_fn done, void *arg)
{
	struct load *load = load_new(&plan_law, done, arg);
	load->tx = tx;
	load_ask(load, request);
	next_step(load);
	return load;
}

struct load *load_year_start(struct sql_tx *tx, struct ledger *ledger, int fiscal_year,
	const char *units, load_done_fn done, void *arg)
{
	struct load *load = load_new(&plan_year, done, arg);
	load->tx = tx;
	load->ledger = ledger;
	load->fiscal_year = fiscal_year;
	load->units = units;
	next_step(load);
	return load;
}

void load_cancel(struct load *load)
{
	if (!load)
		return;
	if (!load->link) {
		load_free(load);
		return;
	}
	if (load->tx)
		sql_tx_abandon(load->tx);
	else
		sql_tx_begin_cancel(load->link, load);
	load_free(load);
}
