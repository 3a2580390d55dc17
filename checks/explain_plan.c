/* Budget rows: plan basis and the over-threshold base of Q-4. */
#include "checks/explain_parts.h"

#include <string.h>

#include "checks/explain_reason.h"
#include "checks/words.h"
#include "core/mem.h"

static void write_values(struct json_out *out, const struct budget_item_fact *item)
{
	json_object_begin(out, "values");
	json_fen(out, "budget_fen", item->budget_fen);
	json_text(out, "class", words_of_procurement_class(item->class));
	json_text(out, "reserve_form", words_of_reserve_form(item->reserve_form));
	json_text(out, "reserved_for",
		item->reserved_for == RESERVED_FOR_SME           ? "sme"
		: item->reserved_for == RESERVED_FOR_SMALL_MICRO ? "small_micro"
								 : "");
	if (item->required_share_ppm != NUMBER_NONE)
		json_int(out, "required_share_ppm", item->required_share_ppm);
	if (item->reserved_fen != NUMBER_NONE)
		json_fen(out, "reserved_fen", item->reserved_fen);
	if (item->reserved_small_micro_fen != NUMBER_NONE)
		json_fen(out, "reserved_small_micro_fen", item->reserved_small_micro_fen);
	json_day(out, "withdrawn_on", item->withdrawn_on);
	json_text(out, "exemption_code", item->exemption_code);
	json_text(out, "exemption_reason", item->exemption_reason);
	json_text(out, "exemption_approver", item->exemption_approver);
	json_day(out, "exemption_on", item->exemption_on);
	json_object_end(out);
}

static void begin_row(const struct explaining *e, const struct budget_item_fact *item, bool counted)
{
	json_line(e->out);
	json_object_begin(e->out, NULL);
	json_text(e->out, "unit_code", item->unit_code);
	json_text(e->out, "project_code", item->project_code);
	json_text(e->out, "package_no", item->package_no);
	json_text(e->out, "name", item->name);
	json_text(e->out, "snapshot", figures_snapshot_name(item->snapshot));
	json_day(e->out, "approved_on", item->approved_on);
	json_fen(e->out, "budget_fen", item->budget_fen);
	json_text(e->out, "reserve_form", words_of_reserve_form(item->reserve_form));
	json_bool(e->out, "counted", counted);
}

static void end_row(const struct explaining *e, const struct budget_item_fact *item,
	const struct plan_part *part, struct reasons *reasons)
{
	if (explain_item_entries(e, item, part))
		reasons_add_corrected(reasons);
	reasons_write(e->out, reasons);
	write_values(e->out, item);
	json_object_end(e->out);
}

static void write_adds(const struct explaining *e, const struct plan_part *part)
{
	json_fen(e->out, "strict_base_fen", part->strict);
	json_fen(e->out, "adjusted_base_fen", part->adjusted);
	json_fen(e->out, "sme_fen", part->sme);
	json_fen(e->out, "small_micro_fen", part->small_micro);
}

/* How a row is told: to which part of the figure it belongs ("" = there is one only), and what it adds. */
struct plan_telling {
	const char *part;
	void (*adds)(const struct explaining *e, const struct budget_item_fact *item,
		const struct plan_part *part, bool counted);
};

static void write_row_and_band(const struct explaining *e, const struct budget_item_fact *item,
	const struct plan_part *part, bool counted)
{
	struct band band = { 0 };
	enum band_question_kind kind;

	if (counted)
		band = band_of_item(e->law, e->index, e->units, e->packages, item, e->as_of, &kind);
	write_adds(e, part);
	json_fen(e->out, "sme_upper_fen", band.sme_upper);
	json_fen(e->out, "small_micro_upper_fen", band.small_micro_upper);
}

static void write_mixed(const struct explaining *e, const struct budget_item_fact *item,
	const struct plan_part *part, bool counted)
{
	(void)item;
	(void)counted;
	json_fen(e->out, "plan_sme_fen", part->sme);
	json_fen(e->out, "award_small_micro_fen", 0);
}

static void write_row(const struct explaining *e, const struct budget_item_fact *item, bool counted,
	const struct plan_telling *telling)
{
	struct plan_part part = { 0 };
	struct reasons reasons;

	if (counted) {
		part = plan_item_judge(e->law->registers, item, e->as_of);
		reasons = reasons_of_item(item, &part, e->as_of);
	} else {
		reasons = reasons_of_lost_item(item, e->as_of);
	}
	begin_row(e, item, counted);
	if (*telling->part)
		json_text(e->out, "part", telling->part);
	json_object_begin(e->out, "adds");
	telling->adds(e, item, &part, counted);
	json_object_end(e->out);
	end_row(e, item, &part, &reasons);
}

/* A row without a day of approval belongs to the department of the as-of day, to be shown at all.
 */
static const char *department_of_item(
	const struct explaining *e, const struct budget_item_fact *item)
{
	day_t day = item->approved_on == DAY_NONE ? e->as_of : item->approved_on;

	return unit_tree_department(e->units, item->unit_code, day);
}

static void write_lost_rows(const struct explaining *e, const struct plan_telling *telling)
{
	const struct facts *facts = e->index->facts;
	const struct plan_rows *rows = &e->packages->items;
	_cleanup_free_ bool *effective = mem_zero(facts->budget_items.count + 1, sizeof(bool));

	for (size_t i = 0; i < rows->count; i++)
		effective[rows->rows[i]] = true;
	for (size_t i = 0; i < facts->budget_items.count; i++) {
		const struct budget_item_fact *item = &facts->budget_items.items[i];

		if (!effective[i] && item->fiscal_year == e->fiscal_year &&
			explain_in_scope(e, department_of_item(e, item)))
			write_row(e, item, false, telling);
	}
}

static void write_rows(const struct explaining *e, const struct plan_telling *telling)
{
	const struct plan_rows *rows = &e->packages->items;

	for (size_t i = 0; i < rows->count; i++) {
		const struct budget_item_fact *item =
			&e->index->facts->budget_items.items[rows->rows[i]];

		if (explain_in_scope(e, department_of_item(e, item)))
			write_row(e, item, true, telling);
	}
	write_lost_rows(e, telling);
}

void explain_plan_rows(const struct explaining *e)
{
	write_rows(e, &(struct plan_telling){ "", write_row_and_band });
}

void explain_mixed_plan_rows(const struct explaining *e)
{
	write_rows(e, &(struct plan_telling){ "plan", write_mixed });
}

/* Budget snapshots ---------------------------------------------------------------------------- */

static void write_snapshot_row(const struct explaining *e, const struct budget_item_fact *item,
	enum snapshot_kind kind, bool chosen)
{
	struct plan_part part = { 0 };
	struct reasons reasons;

	if (chosen)
		part = plan_item_judge(e->law->registers, item, e->as_of);
	reasons = reasons_of_snapshot(item, &part, kind, chosen, e->as_of);
	begin_row(e, item, chosen);
	json_object_begin(e->out, "adds");
	write_adds(e, &part);
	json_object_end(e->out);
	end_row(e, item, &part, &reasons);
}

static void write_snapshot_rows(const struct explaining *e, enum snapshot_kind kind)
{
	const struct facts *facts = e->index->facts;
	const struct plan_rows *rows = &e->packages->items;
	_cleanup_free_ struct plan_snapshots *packages =
		plan_snapshot_rows(facts, rows, e->fiscal_year, e->as_of);
	_cleanup_free_ bool *chosen = mem_zero(facts->budget_items.count + 1, sizeof(bool));

	for (size_t i = 0; i < rows->count; i++)
		if (packages[i].row[kind] != PLAN_NO_ROW)
			chosen[packages[i].row[kind]] = true;
	for (size_t i = 0; i < facts->budget_items.count; i++) {
		const struct budget_item_fact *item = &facts->budget_items.items[i];

		if (item->fiscal_year == e->fiscal_year &&
			explain_in_scope(e, department_of_item(e, item)))
			write_snapshot_row(e, item, kind, chosen[i]);
	}
}

void explain_initial_rows(const struct explaining *e)
{
	write_snapshot_rows(e, SNAPSHOT_INITIAL);
}

void explain_adjusted_rows(const struct explaining *e)
{
	write_snapshot_rows(e, SNAPSHOT_ADJUSTED);
}

void explain_final_rows(const struct explaining *e)
{
	write_snapshot_rows(e, SNAPSHOT_FINAL);
}

/* Q-4 ----------------------------------------------------------------------------------------- */

static enum q4_reason q4_reason_of(const struct plan_project *project,
	const struct budget_item_fact *item, const struct plan_part *part)
{
	if (part->exempt)
		return Q4_EXEMPT;
	if (project->over)
		return Q4_OVER;
	return plan_reserved_wholly(item, part) ? Q4_BELOW_RESERVED : Q4_BELOW_NOT_RESERVED;
}

static void write_q4_row(const struct explaining *e, const struct plan_project *project,
	const struct budget_item_fact *item)
{
	struct plan_part part = plan_item_judge(e->law->registers, item, e->as_of);
	struct reasons reasons = reasons_of_item(item, &part, e->as_of);
	enum q4_reason reason = q4_reason_of(project, item, &part);
	bool counted = reason == Q4_OVER;

	reasons_add_q4(&reasons, reason);
	begin_row(e, item, counted);
	json_text(e->out, "part", project->works ? "works" : "goods_services");
	json_object_begin(e->out, "adds");
	json_fen(e->out, "base_fen", counted ? part.strict : 0);
	json_fen(e->out, "sme_fen", counted ? part.sme : 0);
	json_fen(e->out, "small_micro_fen", counted ? part.small_micro : 0);
	json_int(e->out, "below_threshold_not_reserved_items", reason == Q4_BELOW_NOT_RESERVED);
	json_object_end(e->out);
	end_row(e, item, &part, &reasons);
}

void explain_q4_rows(const struct explaining *e)
{
	const struct facts *facts = e->index->facts;
	const struct plan_rows *rows = &e->packages->items;

	for (size_t i = 0; i < rows->count;) {
		struct plan_project project = figures_project(e->law, facts, rows, i);

		for (size_t j = 0; j < project.count; j++) {
			const struct budget_item_fact *item =
				&facts->budget_items.items[project.rows[j]];

			if (explain_in_scope(e, department_of_item(e, item)))
				write_q4_row(e, &project, item);
		}
		i += project.count;
	}
}
