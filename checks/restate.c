/* Both sides are sorted by natural key and walked together. */
#include "checks/restate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/figures.h"
#include "checks/package.h"
#include "checks/restate_field.h"
#include "core/mem.h"

struct side {
	const struct restate_side *given;
	struct facts_index *index;
	struct unit_tree *units;
	struct year_figures figures;
	struct packages packages;
	fen_t *paid;         /* by contract row */
	uint32_t *contracts; /* counted, by number */
	size_t contract_count;
};

struct comparing {
	const struct restate_question *question;
	struct side before, after;
	struct json_out *out;
};

/* Sides --------------------------------------------------------------------------------------- */

static int compare_numbers(const void *a, const void *b, void *facts)
{
	const struct contract_fact *rows = ((const struct facts *)facts)->contracts.items;

	return strcmp(
		rows[*(const uint32_t *)a].contract_no, rows[*(const uint32_t *)b].contract_no);
}

static void side_make(
	const struct restate_question *question, const struct restate_side *given, struct side *ret)
{
	*ret = (struct side){ .given = given,
		.index = facts_index_new(given->facts),
		.units = unit_tree_new(given->facts) };
	ret->paid = figures_paid_on(&(struct arrears_question){
		given->law, ret->index, ret->units, question->as_of, question->as_of, false });
	figures_judge(given->law, ret->index, ret->units, question->fiscal_year, question->as_of,
		ret->paid, &ret->figures);
	packages_make(
		ret->index, ret->units, question->fiscal_year, question->as_of, &ret->packages);
	ret->contract_count = ret->packages.contract_count;
	ret->contracts = mem_zero(ret->contract_count + 1, sizeof(uint32_t));
	memcpy(ret->contracts, ret->packages.contracts, ret->contract_count * sizeof(uint32_t));
	if (ret->contract_count > 1)
		qsort_r(ret->contracts, ret->contract_count, sizeof(uint32_t), compare_numbers,
			(void *)given->facts);
}

static void side_free(struct side *side)
{
	free(side->contracts);
	free(side->paid);
	packages_free(&side->packages);
	figures_free(&side->figures);
	unit_tree_free(side->units);
	facts_index_free(side->index);
}

/* What a row adds ----------------------------------------------------------------------------- */

/* department NULL: the row is not there. */
struct part {
	const char *department;
	struct quota_sums sums;
	const struct register_entry *exemption, *deemed, *size; /* of the register, if any */
};

static struct part part_of_item(
	const struct comparing *c, const struct side *side, const struct budget_item_fact *item)
{
	struct plan_part part;

	if (!item)
		return (struct part){ 0 };
	part = plan_item_judge(side->given->law->registers, item, c->question->as_of);
	return (struct part){ figures_department_of_item(side->units, item),
		{ part.strict, part.adjusted, part.sme, part.small_micro },
		part.exempt ? part.entry : NULL, NULL, NULL };
}

static struct part part_of_contract(
	const struct comparing *c, const struct side *side, uint32_t row)
{
	struct award_part part;

	if (row == MAP_NONE)
		return (struct part){ 0 };
	part = award_item_judge(side->given->law, side->index, side->units, row,
		c->question->fiscal_year, c->question->as_of);
	return (struct part){ figures_department_of_contract(
				      side->units, &side->given->facts->contracts.items[row]),
		{ part.amount, part.amount, part.sme, part.small_micro }, NULL, part.deemed,
		part.size };
}

/* On paid basis a contract is there once something is paid on it. */
static struct part paid_part_of_contract(
	const struct comparing *c, const struct side *side, uint32_t row)
{
	struct part part = part_of_contract(c, side, row);
	struct award_part award;
	fen_t paid = row == MAP_NONE ? 0 : side->paid[row];

	if (paid == 0)
		return (struct part){ 0 };
	award = award_item_judge(side->given->law, side->index, side->units, row,
		c->question->fiscal_year, c->question->as_of);
	part.sums = (struct quota_sums){ paid, paid, award_share_of(paid, award.sme_share),
		award_share_of(paid, award.small_micro_share) };
	return part;
}

static bool same_part(const struct part *a, const struct part *b)
{
	return a->department && b->department && strcmp(a->department, b->department) == 0 &&
	       memcmp(&a->sums, &b->sums, sizeof(a->sums)) == 0;
}

/* Writing ------------------------------------------------------------------------------------- */

static void write_sums(struct json_out *out, const char *key, const struct quota_sums *sums)
{
	json_object_begin(out, key);
	json_fen(out, "strict_base_fen", sums->strict_base);
	json_fen(out, "adjusted_base_fen", sums->adjusted_base);
	json_fen(out, "sme_fen", sums->sme);
	json_fen(out, "small_micro_fen", sums->small_micro);
	json_object_end(out);
}

static void write_three(
	struct json_out *out, const struct quota_sums *before, const struct quota_sums *after)
{
	struct quota_sums difference = { after->strict_base - before->strict_base,
		after->adjusted_base - before->adjusted_base, after->sme - before->sme,
		after->small_micro - before->small_micro };

	write_sums(out, "before", before);
	write_sums(out, "after", after);
	write_sums(out, "difference", &difference);
}

static void begin_row(const struct comparing *c, const char *basis, const char *key,
	const struct part *before, const struct part *after)
{
	json_line(c->out);
	json_object_begin(c->out, NULL);
	json_text(c->out, "basis", basis);
	json_text(c->out, "scope", after->department ? after->department : before->department);
	json_text(c->out, "scope_before", before->department ? before->department : "");
	json_text(c->out, "key", key);
	json_text(c->out, "change",
		!before->department  ? "added"
		: !after->department ? "removed"
				     : "changed");
	write_three(c->out, &before->sums, &after->sums);
}

static void compare_item(const struct comparing *c, const struct budget_item_fact *before,
	const struct budget_item_fact *after)
{
	struct part from = part_of_item(c, &c->before, before);
	struct part to = part_of_item(c, &c->after, after);
	const struct budget_item_fact *item = after ? after : before;
	_cleanup_free_ char *key = NULL;

	if (same_part(&from, &to))
		return;
	key = mem_format("%s/%s/%s", item->unit_code, item->project_code, item->package_no);
	begin_row(c, "plan", key, &from, &to);
	restate_item_fields(c->out, &(struct restate_item){ before, from.exemption },
		&(struct restate_item){ after, to.exemption });
	json_object_end(c->out);
}

static fen_t paid_on(const struct side *side, uint32_t row, bool paid)
{
	if (!paid)
		return NUMBER_NONE;
	return row == MAP_NONE ? 0 : side->paid[row];
}

static void compare_contract(const struct comparing *c, uint32_t before, uint32_t after, bool paid)
{
	struct part (*part_of)(const struct comparing *, const struct side *, uint32_t) =
		paid ? paid_part_of_contract : part_of_contract;
	struct part from = part_of(c, &c->before, before);
	struct part to = part_of(c, &c->after, after);
	struct restate_contract old = { c->before.index, before, from.deemed, from.size,
		paid_on(&c->before, before, paid) };
	struct restate_contract new = { c->after.index, after, to.deemed, to.size,
		paid_on(&c->after, after, paid) };

	if (same_part(&from, &to) || (!from.department && !to.department))
		return;
	begin_row(c, paid ? "paid" : "award",
		after == MAP_NONE ? c->before.given->facts->contracts.items[before].contract_no
				  : c->after.given->facts->contracts.items[after].contract_no,
		&from, &to);
	/* A contract that no longer counts is still known, mostly: its fields say why. */
	restate_contract_fields(c->out, &old, &new);
	json_object_end(c->out);
}

/* Walks --------------------------------------------------------------------------------------- */

static int compare_packages(const struct budget_item_fact *a, const struct budget_item_fact *b)
{
	int order = plan_compare_project(a, b);

	return order ? order : strcmp(a->package_no, b->package_no);
}

static void walk_items(const struct comparing *c)
{
	const struct plan_rows *old = &c->before.packages.items, *new = &c->after.packages.items;
	size_t i = 0, j = 0;

	while (i < old->count || j < new->count) {
		const struct budget_item_fact *a =
			i < old->count ? &c->before.given->facts->budget_items.items[old->rows[i]]
				       : NULL;
		const struct budget_item_fact *b =
			j < new->count ? &c->after.given->facts->budget_items.items[new->rows[j]]
				       : NULL;
		int order = !a ? 1 : !b ? -1 : compare_packages(a, b);

		compare_item(c, order <= 0 ? a : NULL, order >= 0 ? b : NULL);
		i += order <= 0;
		j += order >= 0;
	}
}

static void walk_contracts(const struct comparing *c, bool paid)
{
	const struct contract_fact *old = c->before.given->facts->contracts.items;
	const struct contract_fact *new = c->after.given->facts->contracts.items;
	size_t i = 0, j = 0;

	while (i < c->before.contract_count || j < c->after.contract_count) {
		uint32_t a = i < c->before.contract_count ? c->before.contracts[i] : MAP_NONE;
		uint32_t b = j < c->after.contract_count ? c->after.contracts[j] : MAP_NONE;
		int order = a == MAP_NONE   ? 1
			    : b == MAP_NONE ? -1
					    : strcmp(old[a].contract_no, new[b].contract_no);

		compare_contract(c, order <= 0 ? a : MAP_NONE, order >= 0 ? b : MAP_NONE, paid);
		i += order <= 0;
		j += order >= 0;
	}
}

/* Scopes and law ------------------------------------------------------------------------------ */

static void write_scope_pair(const struct comparing *c, const char *scope,
	const struct scope_figures *before, const struct scope_figures *after)
{
	static const struct scope_figures nothing = { .scope = "" };
	const struct scope_figures *a = before ? before : &nothing, *b = after ? after : &nothing;

	const struct {
		const char *name;
		const struct quota_sums *from, *to;
	} bases[] = {
		{ "plan", &a->plan, &b->plan },
		{ "award", &a->award, &b->award },
		{ "paid", &a->paid, &b->paid },
	};

	for (size_t basis = 0; basis < sizeof(bases) / sizeof(bases[0]); basis++) {
		const struct quota_sums *from = bases[basis].from, *to = bases[basis].to;

		if (*scope && memcmp(from, to, sizeof(*from)) == 0)
			continue;
		json_line(c->out);
		json_object_begin(c->out, NULL);
		json_text(c->out, "scope", *scope ? scope : "district");
		json_text(c->out, "basis", bases[basis].name);
		write_three(c->out, from, to);
		json_object_end(c->out);
	}
}

static void write_scopes(const struct comparing *c)
{
	const struct year_figures *old = &c->before.figures, *new = &c->after.figures;
	size_t i = 0, j = 0;

	json_array_begin(c->out, "scopes");
	write_scope_pair(c, "", &old->district, &new->district);
	while (i < old->department_count || j < new->department_count) {
		const struct scope_figures *a =
			i < old->department_count ? &old->departments[i] : NULL;
		const struct scope_figures *b =
			j < new->department_count ? &new->departments[j] : NULL;
		int order = !a ? 1 : !b ? -1 : strcmp(a->scope, b->scope);
		const char *scope = a && order <= 0 ? a->scope : b ? b->scope : "";

		write_scope_pair(c, scope, order <= 0 ? a : NULL, order >= 0 ? b : NULL);
		i += order <= 0;
		j += order >= 0;
	}
	json_array_end(c->out);
}

static void write_parameter(struct json_out *out, const char *key, int64_t value)
{
	if (value == PARAMETER_NONE)
		json_null_value(out, key);
	else
		json_int(out, key, value);
}

static void write_law(const struct comparing *c)
{
	day_t first = DAY_NONE;

	day_from_civil(c->question->fiscal_year, 1, 1, &first);
	json_array_begin(c->out, "parameters");
	for (int i = 0; i < PARAM_COUNT; i++) {
		int64_t a =
			parameter_near(c->before.given->law->parameters, (enum parameter)i, first);
		int64_t b =
			parameter_near(c->after.given->law->parameters, (enum parameter)i, first);

		if (a == b)
			continue;
		json_object_begin(c->out, NULL);
		json_text(c->out, "rule", parameter_defs[i].rule_id);
		json_text(c->out, "name", parameter_defs[i].name);
		write_parameter(c->out, "before", a);
		write_parameter(c->out, "after", b);
		json_object_end(c->out);
	}
	json_array_end(c->out);
}

static void write_known(struct json_out *out, const char *key, const struct restate_side *side)
{
	json_object_begin(out, key);
	json_int(out, "batch", side->known_batch);
	json_text(out, "at", side->known_at);
	json_object_end(out);
}

int restate_write(const struct restate_question *question, struct json_out *out, struct err *err)
{
	struct comparing c = { .question = question, .out = out };

	side_make(question, &question->before, &c.before);
	side_make(question, &question->after, &c.after);
	json_object_begin(out, NULL);
	json_day(out, "as_of", question->as_of);
	json_int(out, "fiscal_year", question->fiscal_year);
	write_known(out, "known_before", &question->before);
	write_known(out, "known_after", &question->after);
	write_law(&c);
	json_line(out);
	write_scopes(&c);
	json_line(out);
	json_array_begin(out, "rows");
	walk_items(&c);
	walk_contracts(&c, false);
	walk_contracts(&c, true);
	json_line(out);
	json_array_end(out);
	json_object_end(out);
	side_free(&c.before);
	side_free(&c.after);
	if (json_finish(out) < 0 || out->out_of_range)
		return err_set(err, ERR_LIMIT, "the restatement does not fit");
	return 0;
}
