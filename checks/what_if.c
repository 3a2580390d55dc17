#include "checks/what_if.h"

#include <stdlib.h>
#include <string.h>

#include "checks/index.h"
#include "checks/package.h"
#include "checks/snapshot_parts.h"
#include "core/mem.h"

/* Changes on a copy --------------------------------------------------------------------------- */

struct applying {
	const struct what_if_question *question;
	const struct facts_index *index;
	const struct packages *packages; /* of the facts before */
	struct facts *changed;
	size_t number; /* of the change in work, from 1 */
};

static const struct budget_item_fact *find_item(
	const struct applying *applying, const struct change *change)
{
	struct contract_fact key = { .unit_code = change->unit_code,
		.project_code = change->project_code,
		.package_no = change->package_no };

	return package_item(applying->packages, &key);
}

static void change_item(struct budget_item_fact *item, const struct change *change, day_t as_of)
{
	day_t on = change->on == DAY_NONE ? as_of : change->on;

	switch (change->kind) {
	case CHANGE_RESERVE:
		item->reserve_form = change->form;
		item->reserved_for = change->reserved_for;
		item->required_share_ppm = change->share_ppm;
		item->withdrawn_on = DAY_NONE;
		break;
	case CHANGE_NAME:
		item->reserved_for = RESERVED_FOR_SMALL_MICRO;
		break;
	case CHANGE_SHARE:
		item->required_share_ppm = change->share_ppm;
		break;
	case CHANGE_EXEMPT:
		item->exemption_code = change->exemption_code;
		item->exemption_reason = change->exemption_reason;
		item->exemption_approver = change->exemption_approver;
		item->exemption_on = on;
		break;
	case CHANGE_WITHDRAW:
		item->withdrawn_on = on;
		break;
	case CHANGE_BUDGET:
		item->budget_fen = change->budget_fen;
		break;
	case CHANGE_CONTRACT_SHARE:
	case CHANGE_KINDS:
	default:
		BUG("a change of kind %d is not one of a budget row", (int)change->kind);
	}
}

static int apply_to_item(const struct applying *applying, const struct change *change,
	bool *ret_feasible, struct err *err)
{
	const struct facts *facts = applying->question->facts;
	const struct budget_item_fact *item = find_item(applying, change);

	if (!item)
		return err_set(err, ERR_DATA,
			"change %zu: no budget row %s/%s/%s is effective in %d on that day",
			applying->number, change->unit_code, change->project_code,
			change->package_no, applying->question->fiscal_year);
	*ret_feasible = !package_taken(applying->packages, item);
	change_item(&applying->changed->budget_items.items[item - facts->budget_items.items],
		change, applying->question->as_of);
	return 0;
}

static int apply_to_contract(
	const struct applying *applying, const struct change *change, struct err *err)
{
	uint32_t row = map_get(&applying->index->contracts, change->contract_no);

	if (row == MAP_NONE)
		return err_set(err, ERR_DATA, "change %zu: no contract %s is known",
			applying->number, change->contract_no);
	struct contract_fact *contract = &applying->changed->contracts.items[row];
	contract->sme_share_ppm = change->share_ppm;
	contract->small_micro_share_ppm = change->small_micro_share_ppm;
	return 0;
}

static void *copy_of(const void *items, size_t count, size_t size)
{
	void *copy = mem_zero(count + 1, size);

	if (count > 0)
		memcpy(copy, items, count * size);
	return copy;
}

static int apply_all(
	struct applying *applying, const struct what_if *what_if, bool *feasible, struct err *err)
{
	for (size_t i = 0; i < what_if->count; i++) {
		const struct change *change = &what_if->items[i];
		bool possible = true;
		applying->number = i + 1;
		int result = change->kind == CHANGE_CONTRACT_SHARE
				     ? apply_to_contract(applying, change, err)
				     : apply_to_item(applying, change, &possible, err);

		if (result < 0)
			return -1;
		if (feasible)
			feasible[i] = possible;
	}
	return 0;
}

int what_if_apply(const struct what_if_question *question, const struct what_if *what_if,
	struct facts *ret_changed, bool *feasible, struct err *err)
{
	const struct facts *facts = question->facts;
	struct facts_index *index = facts_index_new(facts);
	struct unit_tree *units = unit_tree_new(facts);
	struct packages packages;
	struct applying applying = { question, index, &packages, ret_changed, 0 };
	int result;

	*ret_changed = *facts;
	ret_changed->budget_items.items = copy_of(facts->budget_items.items,
		facts->budget_items.count, sizeof(*facts->budget_items.items));
	ret_changed->contracts.items = copy_of(
		facts->contracts.items, facts->contracts.count, sizeof(*facts->contracts.items));
	packages_make(index, units, question->fiscal_year, question->as_of, &packages);
	result = apply_all(&applying, what_if, feasible, err);
	packages_free(&packages);
	unit_tree_free(units);
	facts_index_free(index);
	if (result < 0)
		what_if_release(ret_changed);
	return result;
}

void what_if_release(struct facts *changed)
{
	free(changed->budget_items.items);
	free(changed->contracts.items);
	*changed = (struct facts){ 0 };
}

/* Both states --------------------------------------------------------------------------------- */

struct state {
	struct facts_index *index;
	struct unit_tree *units;
	struct year_figures figures;
	struct year_outlook outlook;
};

/* No change touches an obligation or a payment: what is paid is the same before and after. */
static struct state state_judge(
	const struct what_if_question *question, const struct facts *facts, const fen_t *paid)
{
	struct state state = { .index = facts_index_new(facts), .units = unit_tree_new(facts) };

	figures_judge(question->law, state.index, state.units, question->fiscal_year,
		question->as_of, paid, &state.figures);
	outlook_judge(
		question->law, state.index, state.units, &state.figures, paid, &state.outlook);
	return state;
}

static fen_t *paid_before(const struct what_if_question *question)
{
	struct facts_index *index = facts_index_new(question->facts);
	struct unit_tree *units = unit_tree_new(question->facts);
	fen_t *paid = figures_paid_on(&(struct arrears_question){
		question->law, index, units, question->as_of, question->as_of, false });

	unit_tree_free(units);
	facts_index_free(index);
	return paid;
}

static void state_free(struct state *state)
{
	outlook_free(&state->outlook);
	figures_free(&state->figures);
	unit_tree_free(state->units);
	facts_index_free(state->index);
}

/* Every sum of the scope, its bands and what is open: equal means nothing about it changed. */
static bool same_scope(const struct state *before, const struct state *after,
	const struct scope_figures *a, const struct scope_figures *b)
{
	const struct year_bands *x = &before->outlook.bands, *y = &after->outlook.bands;
	size_t i = (size_t)(a - before->figures.departments);
	size_t j = (size_t)(b - after->figures.departments);
	struct scope_figures left = *a, right = *b;

	left.scope = right.scope = NULL; /* equal codes, perhaps two copies */
	return memcmp(&left, &right, sizeof(left)) == 0 &&
	       memcmp(&x->departments[i].plan, &y->departments[j].plan, sizeof(struct band)) == 0 &&
	       memcmp(&x->departments[i].award, &y->departments[j].award, sizeof(struct band)) ==
		       0 &&
	       memcmp(&x->departments[i].paid, &y->departments[j].paid, sizeof(struct band)) == 0 &&
	       before->outlook.departments[i].reservable ==
		       after->outlook.departments[j].reservable &&
	       before->outlook.departments[i].nameable == after->outlook.departments[j].nameable;
}

static void write_pair(struct json_out *out, const char *key,
	const struct what_if_question *question, const struct state *before,
	const struct state *after, const struct scope_figures *a, const struct scope_figures *b)
{
	struct quota_view from = { question->law, question->facts, &before->figures,
		&before->outlook };
	struct quota_view to = { question->law, after->index->facts, &after->figures,
		&after->outlook };

	json_line(out);
	json_object_begin(out, key);
	json_line(out);
	write_scope(out, "before", &from, a);
	json_line(out);
	write_scope(out, "after", &to, b);
	json_object_end(out);
}

static void write_scopes(struct json_out *out, const struct what_if_question *question,
	const struct state *before, const struct state *after)
{
	json_object_begin(out, "scopes");
	write_pair(out, "district", question, before, after, &before->figures.district,
		&after->figures.district);
	for (size_t i = 0; i < before->figures.department_count; i++) {
		const struct scope_figures *a = &before->figures.departments[i];
		const struct scope_figures *b = figures_department(&after->figures, a->scope);

		if (!same_scope(before, after, a, b))
			write_pair(out, a->scope, question, before, after, a, b);
	}
	json_object_end(out);
}

static void write_changes(struct json_out *out, const struct what_if *what_if, const bool *feasible)
{
	json_array_begin(out, "changes");
	for (size_t i = 0; i < what_if->count; i++) {
		const struct change *change = &what_if->items[i];

		json_line(out);
		json_object_begin(out, NULL);
		json_text(out, "do", change_kind_name(change->kind));
		if (change->kind == CHANGE_CONTRACT_SHARE) {
			json_text(out, "contract_no", change->contract_no);
		} else {
			json_text(out, "unit_code", change->unit_code);
			json_text(out, "project_code", change->project_code);
			json_text(out, "package_no", change->package_no);
		}
		json_bool(out, "feasible", feasible[i]);
		if (!feasible[i])
			json_text(out, "note", "已公告或已签订合同，实际不能再调整预留");
		json_object_end(out);
	}
	json_array_end(out);
}

int what_if_write(const struct what_if_question *question, const struct what_if *what_if,
	struct json_out *out, struct err *err)
{
	_cleanup_free_ bool *feasible = mem_zero(what_if->count + 1, sizeof(bool));
	struct facts changed;
	struct state before, after;
	fen_t *paid;

	if (what_if_apply(question, what_if, &changed, feasible, err) < 0)
		return -1;
	paid = paid_before(question);
	before = state_judge(question, question->facts, paid);
	after = state_judge(question, &changed, paid);
	free(paid);
	json_object_begin(out, NULL);
	json_day(out, "as_of", question->as_of);
	json_int(out, "fiscal_year", question->fiscal_year);
	json_line(out);
	write_changes(out, what_if, feasible);
	json_line(out);
	write_scopes(out, question, &before, &after);
	json_line(out);
	json_object_end(out);
	state_free(&before);
	state_free(&after);
	what_if_release(&changed);
	if (json_finish(out) < 0 || out->out_of_range)
		return err_set(err, ERR_LIMIT, "the figures do not fit");
	return 0;
}
