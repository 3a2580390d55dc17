#include "checks/quota_rows.h"

#include <string.h>

#include "checks/snapshot_parts.h"

/* Name of the department's unit on the as-of day, else the last one it had; "" for "?". */
static const char *scope_name(const struct ledger *ledger, const struct unit_tree *units,
	const struct scope_figures *scope, day_t as_of)
{
	const struct unit_fact *unit = unit_tree_row(units, scope->scope, as_of);
	const struct facts *facts = ledger->facts;

	for (size_t i = facts->units.count; !unit && i-- > 0;)
		if (strcmp(facts->units.items[i].unit_code, scope->scope) == 0)
			unit = &facts->units.items[i];
	return unit ? unit->name : "";
}

static void write_row(const struct quota_view *view, const struct scope_figures *scope,
	const char *name, struct json_out *out)
{
	bool district = !*scope->scope;
	struct quota_floor floor = quota_floor_of(view->law, view->figures->fiscal_year, district);
	struct quota_verdict verdict = quota_judge(floor, scope->plan);

	json_object_begin(out, NULL);
	json_text(out, "scope", district ? "district" : scope->scope);
	json_text(out, "name", name);
	json_text(out, "rule_id", floor.rule_id);
	json_text(out, "currency", "CNY");
	json_fen(out, "strict_base_fen", scope->plan.strict_base);
	json_fen(out, "adjusted_base_fen", scope->plan.adjusted_base);
	json_fen(out, "sme_fen", scope->plan.sme);
	json_fen(out, "small_micro_fen", scope->plan.small_micro);
	json_text(out, "sme_status", quota_status_name(verdict.sme));
	json_text(out, "small_micro_status", quota_status_name(verdict.small_micro));
	json_fen(out, "sme_gap_fen", verdict.sme_gap);
	write_scope(out, "body", view, scope);
	json_object_end(out);
}

int quota_rows_write(const struct ledger *ledger, const struct unit_tree *units,
	const struct quota_year *year, struct buf *rows, struct err *err)
{
	const struct year_figures *figures = &year->figures;
	struct quota_view view = { &ledger->law, ledger->facts, figures, &year->outlook };
	struct json_out out;

	json_out_init(&out, rows, NULL, NULL);
	json_array_begin(&out, NULL);
	write_row(&view, &figures->district, ledger->jurisdiction_name, &out);
	for (size_t i = 0; i < figures->department_count; i++) {
		const struct scope_figures *scope = &figures->departments[i];
		write_row(&view, scope, scope_name(ledger, units, scope, figures->as_of), &out);
	}
	json_array_end(&out);
	if (json_finish(&out) < 0 || out.out_of_range)
		return err_set(err, ERR_LIMIT,
			"the quota figures of %d do not fit: an amount past the range, or too many "
			"scopes",
			figures->fiscal_year);
	return 0;
}
