/* Members quota, notice and awards. */
#include "checks/snapshot_parts.h"

#include "checks/sums.h"

enum { PERCENT_HUNDREDTHS = 10000 };

static void write_verdict(struct json_out *out, struct quota_verdict verdict)
{
	json_text(out, "sme_status", quota_status_name(verdict.sme));
	json_text(out, "small_micro_status", quota_status_name(verdict.small_micro));
}

/* The verdict of the upper end says whether the unknowns could turn it. */
static void write_band(struct json_out *out, const struct band *band, const char *unknown_key,
	struct quota_sums upper, struct quota_floor floor)
{
	upper.sme = band->sme_upper;
	upper.small_micro = band->small_micro_upper;
	json_object_begin(out, "band");
	json_int(out, unknown_key, band->unknown);
	json_fen(out, "sme_lower_fen", band->sme_lower);
	json_fen(out, "sme_upper_fen", band->sme_upper);
	json_fen(out, "small_micro_lower_fen", band->small_micro_lower);
	json_fen(out, "small_micro_upper_fen", band->small_micro_upper);
	json_text(out, "sme_status_upper", quota_status_name(quota_judge(floor, upper).sme));
	json_object_end(out);
}

static void write_plan(struct json_out *out, const struct scope_figures *scope,
	const struct band *band, struct quota_floor floor)
{
	struct quota_verdict verdict = quota_judge(floor, scope->plan);

	json_object_begin(out, "plan");
	json_fen(out, "strict_base_fen", scope->plan.strict_base);
	json_fen(out, "adjusted_base_fen", scope->plan.adjusted_base);
	json_fen(out, "sme_fen", scope->plan.sme);
	json_fen(out, "small_micro_fen", scope->plan.small_micro);
	json_int(out, "items", scope->plan_items);
	write_verdict(out, verdict);
	json_fen(out, "sme_gap_fen", verdict.sme_gap);
	json_fen(out, "sme_gap_adjusted_fen", verdict.sme_gap_adjusted);
	json_fen(out, "small_micro_gap_fen", verdict.small_micro_gap);
	json_fen(out, "small_micro_gap_at_target_fen", verdict.small_micro_gap_at_target);
	write_band(out, band, "unknown_items", scope->plan, floor);
	json_object_end(out);
}

/* Side by side, beside the headline, which is the latest approved. */
static void write_snapshots(
	struct json_out *out, const struct scope_figures *scope, struct quota_floor floor)
{
	json_object_begin(out, "snapshots");
	for (int kind = 0; kind < SNAPSHOT_KINDS; kind++) {
		const struct snapshot_sums *snapshot = &scope->snapshots[kind];

		json_object_begin(out, figures_snapshot_name((enum snapshot_kind)kind));
		json_fen(out, "strict_base_fen", snapshot->sums.strict_base);
		json_fen(out, "adjusted_base_fen", snapshot->sums.adjusted_base);
		json_fen(out, "sme_fen", snapshot->sums.sme);
		json_fen(out, "small_micro_fen", snapshot->sums.small_micro);
		json_int(out, "items", snapshot->items);
		json_int(out, "own_items", snapshot->own_items);
		write_verdict(out, quota_judge(floor, snapshot->sums));
		json_object_end(out);
	}
	json_object_end(out);
}

static void write_basis(
	struct json_out *out, const struct quota_sums *sums, struct quota_floor floor)
{
	json_fen(out, "base_fen", sums->strict_base);
	json_fen(out, "sme_fen", sums->sme);
	json_fen(out, "small_micro_fen", sums->small_micro);
	write_verdict(out, quota_judge(floor, *sums));
}

static void write_award(struct json_out *out, const struct scope_figures *scope,
	const struct band *band, struct quota_floor floor)
{
	json_object_begin(out, "award");
	write_basis(out, &scope->award, floor);
	json_int(out, "contracts", scope->award_contracts);
	write_band(out, band, "unknown_contracts", scope->award, floor);
	json_object_end(out);
}

static void write_q4(
	struct json_out *out, const struct scope_figures *scope, struct quota_floor floor)
{
	json_object_begin(out, "q4");
	json_object_begin(out, "goods_services");
	write_basis(out, &scope->q4_goods_services, floor);
	json_object_end(out);
	json_object_begin(out, "works");
	write_basis(out, &scope->q4_works, floor);
	json_object_end(out);
	json_int(out, "below_threshold_not_reserved_items", scope->q4_below_not_reserved);
	json_object_end(out);
}

const struct scope_bands *quota_view_bands(
	const struct quota_view *view, const struct scope_figures *scope)
{
	const struct year_bands *bands = &view->outlook->bands;

	return *scope->scope ? &bands->departments[scope - view->figures->departments]
			     : &bands->district;
}

void write_scope(struct json_out *out, const char *key, const struct quota_view *view,
	const struct scope_figures *scope)
{
	int year = view->figures->fiscal_year;
	struct quota_floor floor = quota_floor_of(view->law, year, !*scope->scope);
	const struct scope_bands *bands = quota_view_bands(view, scope);

	json_object_begin(out, key);
	json_text(out, "rule", floor.rule_id);
	json_int(out, "sme_floor_ppm", floor.sme_ppm);
	json_int(out, "small_micro_floor_ppm", floor.small_micro_ppm);
	write_plan(out, scope, &bands->plan, floor);
	write_snapshots(out, scope, floor);
	write_award(out, scope, &bands->award, floor);
	json_object_begin(out, "paid");
	write_basis(out, &scope->paid, floor);
	write_band(out, &bands->paid, "unknown_contracts", scope->paid, floor);
	json_object_end(out);
	json_object_begin(out, "mixed");
	json_fen(out, "plan_sme_fen", scope->plan.sme);
	json_fen(out, "award_small_micro_fen", scope->award.small_micro);
	json_object_end(out);
	write_q4(out, scope, quota_floor_of_q4(view->law, year));
	write_outlook(out, view, scope);
	json_object_end(out);
}

void write_quota(struct json_out *out, const char *key, const struct quota_view *view)
{
	const struct year_figures *figures = view->figures;

	json_object_begin(out, key);
	write_phase(out, view->outlook);
	json_line(out);
	write_scope(out, "district", view, &figures->district);
	json_object_begin(out, "departments");
	for (size_t i = 0; i < figures->department_count; i++) {
		json_line(out);
		write_scope(out, figures->departments[i].scope, view, &figures->departments[i]);
	}
	json_object_end(out);
	json_object_end(out);
}

static void write_form(struct json_out *out, int form, const struct form_sums *sums)
{
	json_object_begin(out, figures_form_name(form));
	json_int(out, "contracts", sums->contracts);
	json_fen(out, "contract_fen", sums->contract);
	json_fen(out, "sme_fen", sums->sme);
	json_fen(out, "small_micro_fen", sums->small_micro);
	json_object_end(out);
}

void write_notice_scope(struct json_out *out, const char *key, const struct scope_figures *scope)
{
	int64_t contracts = 0;
	fen_t reserved = 0, percent;

	for (int form = 0; form < FORM_COUNT; form++) {
		contracts += scope->forms[form].contracts;
		sum_add(&reserved, scope->forms[form].contract);
	}
	json_object_begin(out, key);
	json_fen(out, "plan_sme_fen", scope->plan.sme);
	json_fen(out, "plan_small_micro_fen", scope->plan.small_micro);
	json_fen(out, "plan_base_fen", scope->plan.strict_base);
	json_int(out, "reserved_contracts", contracts);
	json_fen(out, "reserved_contract_fen", reserved);
	json_fen(out, "sme_fen", scope->award.sme);
	json_fen(out, "small_micro_fen", scope->award.small_micro);
	if (scope->award.sme > 0 &&
		money_round_div((wide_t)scope->award.small_micro * PERCENT_HUNDREDTHS,
			scope->award.sme, &percent))
		json_int(out, "small_micro_percent_hundredths", percent);
	else
		json_null_value(out, "small_micro_percent_hundredths");
	for (int form = 0; form < FORM_COUNT; form++) {
		/* The notice has four columns; the fifth appears only where amounts came without a
		 * form. */
		if (form != FORM_UNSTATED || scope->forms[form].contracts > 0)
			write_form(out, form, &scope->forms[form]);
	}
	json_object_end(out);
}

void write_notice(struct json_out *out, const char *key, const struct year_figures *figures)
{
	json_object_begin(out, key);
	json_int(out, "fiscal_year", figures->fiscal_year);
	json_day(out, "counted_at", figures->as_of);
	json_object_begin(out, "departments");
	for (size_t i = 0; i < figures->department_count; i++) {
		if (!figures_present(&figures->departments[i]))
			continue;
		json_line(out);
		write_notice_scope(out, figures->departments[i].scope, &figures->departments[i]);
	}
	json_object_end(out);
	json_line(out);
	write_notice_scope(out, "district", &figures->district);
	json_object_end(out);
}

void write_awards(struct json_out *out, const char *key, const struct award_bands *bands)
{
	json_array_begin(out, key);
	for (size_t i = 0; i < bands->count; i++) {
		const struct award_band *band = &bands->items[i];

		json_line(out);
		json_object_begin(out, NULL);
		json_text(out, band->by_name ? "buyer_name" : "unit_code", band->buyer);
		json_text(out, "currency", band->currency);
		json_int(out, "awards", band->awards);
		json_int(out, "awards_with_value", band->valued);
		json_fen(out, "base_fen", band->base);
		json_fen(out, "sme_lower_fen", band->sme_lower);
		json_fen(out, "sme_upper_fen", band->sme_upper);
		json_fen(out, "small_micro_lower_fen", band->small_micro_lower);
		json_fen(out, "small_micro_upper_fen", band->small_micro_upper);
		json_object_end(out);
	}
	json_array_end(out);
}
