/* Phase, outlook, forecast, what to find out, and the list of open items. */
#include "checks/snapshot_parts.h"

#include "checks/forecast.h"
#include "checks/words.h"
#include "core/map.h"

#include <string.h>

void write_phase(struct json_out *out, const struct year_outlook *outlook)
{
	json_text(out, "phase", quota_phase_name(outlook->phase.phase));
	json_text(out, "phase_words", quota_phase_words(outlook->phase.phase));
	json_int(out, "departments_expected", outlook->phase.expected);
	json_int(out, "departments_waiting", outlook->phase.waiting);
	json_day(out, "closed_on", outlook->phase.closed_on);
	json_text(out, "closed_by", outlook->phase.closed_by);
	json_day(out, "last_day", outlook->last_day);
	if (outlook->missing_year) {
		json_int(out, "calendar_missing_year", outlook->missing_year);
		json_day(out, "last_day_at_most", outlook->last_day_at_most);
	}
}

static void write_quiet(struct json_out *out, unsigned quiet)
{
	json_array_begin(out, "quiet");
	for (int bit = 0; bit < QUIET_COUNT; bit++)
		if (quiet & 1u << bit)
			json_text(out, NULL, outlook_quiet_name(bit));
	json_array_end(out);
}

static void write_target(struct json_out *out, const char *key, const struct outlook_target *target)
{
	json_object_begin(out, key);
	json_fen(out, "base_fen", target->base);
	json_fen(out, "needed_fen", target->needed);
	json_fen(out, "reached_fen", target->reached);
	json_fen(out, "upper_fen", target->upper);
	json_fen(out, "gap_fen", target->gap);
	json_fen(out, "capacity_fen", target->capacity);
	json_text(out, "outlook", quota_outlook_name(target->outlook));
	json_day(out, "last_day", target->last_day);
	if (target->workdays_left >= 0)
		json_int(out, "workdays_left", target->workdays_left);
	if (target->last_day == DAY_NONE && target->last_day_at_most != DAY_NONE)
		json_day(out, "last_day_at_most", target->last_day_at_most);
	write_quiet(out, target->quiet);
	json_object_end(out);
}

static void write_projection(struct json_out *out, const struct forecast *forecast)
{
	char room[FORECAST_TEXT_MAX];

	if (!forecast->possible) {
		json_null_value(out, "projection");
		return;
	}
	json_object_begin(out, "projection");
	json_fen(out, "decided_fen", forecast->decided);
	json_int(out, "reserved_ppm", forecast->reserved_ppm);
	json_fen(out, "sme_fen", forecast->sme);
	json_fen(out, "small_micro_fen", forecast->small_micro);
	json_text(out, "sme_status", quota_status_name(forecast->verdict.sme));
	json_text(out, "small_micro_status", quota_status_name(forecast->verdict.small_micro));
	json_array_begin(out, "assumptions");
	for (int i = 0; i < FORECAST_ASSUMPTIONS; i++)
		json_text(out, NULL, forecast_assumption(forecast, i, room));
	json_array_end(out);
	json_object_end(out);
}

static void write_forecast(struct json_out *out, const struct quota_view *view,
	const struct scope_figures *figures, const struct scope_outlook *scope)
{
	struct forecast forecast = forecast_judge(view->law, view->outlook, figures, scope);

	json_object_begin(out, "forecast");
	json_fen(out, "to_reserve_fen", scope->to_reserve);
	json_fen(out, "to_reserve_small_micro_fen", scope->to_reserve_small_micro);
	json_fen(out, "reservable_fen", scope->reservable);
	json_int(out, "reservable_items", scope->reservable_items);
	json_fen(out, "nameable_fen", scope->nameable);
	json_int(out, "nameable_items", scope->nameable_items);
	write_projection(out, &forecast);
	json_object_end(out);
}

static void write_subject(struct json_out *out, const struct band_question *question)
{
	json_text(out, "unit_code", question->unit_code);
	if (band_question_is_plan(question->kind)) {
		json_text(out, "project_code", question->project_code);
		json_text(out, "package_no", question->package_no);
	} else {
		json_text(out, "contract_no", question->contract_no);
		json_text(out, "supplier_uscc", question->supplier_uscc);
	}
}

/* What narrows the scope's bands most, first. */
static void write_find_out(
	struct json_out *out, const struct quota_view *view, const struct scope_figures *scope)
{
	const struct year_bands *bands = &view->outlook->bands;
	const struct scope_bands *own = quota_view_bands(view, scope);
	int left = BAND_QUESTIONS_SHOWN;

	json_array_begin(out, "find_out");
	for (size_t i = 0; i < bands->question_count && left > 0; i++) {
		const struct band_question *question = &bands->questions[i];

		if (*scope->scope && strcmp(question->scope, scope->scope) != 0)
			continue;
		left--;
		json_object_begin(out, NULL);
		json_text(out, "what", band_question_name(question->kind));
		json_text(out, "words", band_question_words(question->kind));
		write_subject(out, question);
		json_fen(out, "narrows_sme_fen", question->sme);
		json_fen(out, "narrows_small_micro_fen", question->small_micro);
		json_object_end(out);
	}
	json_array_end(out);
	/* Every row with something to find out asks one question. */
	json_int(out, "find_out_total", own->plan.unknown + own->award.unknown);
}

void write_outlook(
	struct json_out *out, const struct quota_view *view, const struct scope_figures *figures)
{
	const struct year_outlook *outlook = view->outlook;
	const struct scope_outlook *scope =
		*figures->scope ? &outlook->departments[figures - view->figures->departments]
				: &outlook->district;

	json_text(out, "phase", quota_phase_name(outlook->phase.phase));
	json_text(out, "outlook", quota_outlook_name(scope->outlook));
	json_text(out, "outlook_words", quota_outlook_words(outlook->phase.phase, scope->outlook));
	json_int(out, "coverage_ppm", scope->coverage_ppm);
	json_object_begin(out, "targets");
	write_target(out, "sme", &scope->sme);
	write_target(out, "small_micro", &scope->small_micro);
	json_object_end(out);
	write_forecast(out, view, figures, scope);
	write_find_out(out, view, figures);
}

/* The last row of a unit that names somebody; the texts are the facts'. */
static struct map contacts_of(const struct facts *facts)
{
	struct map contacts = MAP_INIT;

	for (size_t i = 0; i < facts->units.count; i++)
		if (*facts->units.items[i].contact)
			map_set(&contacts, facts->units.items[i].unit_code, (uint32_t)i);
	return contacts;
}

static void write_open_item(struct json_out *out, const struct facts *facts,
	const struct map *contacts, const struct open_item *open, int rank)
{
	const struct budget_item_fact *item = &facts->budget_items.items[open->row];
	uint32_t unit = map_get(contacts, item->unit_code);

	if (unit == MAP_NONE) /* then the department's */
		unit = map_get(contacts, open->scope);

	json_line(out);
	json_object_begin(out, NULL);
	json_text(out, "department", open->scope);
	json_int(out, "rank", rank);
	json_text(out, "unit_code", item->unit_code);
	json_text(out, "project_code", item->project_code);
	json_text(out, "package_no", item->package_no);
	json_text(out, "name", item->name);
	json_text(out, "class", words_of_procurement_class(item->class));
	json_fen(out, "budget_fen", item->budget_fen);
	json_text(out, "action", open->nameable ? "name-small-micro" : "reserve");
	json_fen(out, "adds_fen", open->amount);
	json_day(out, "planned_on", open->planned_on);
	json_day(out, "plan_filed_on", open->filed ? item->plan_filed_on : DAY_NONE);
	json_day(out, "notice_on", item->notice_on); /* planned: it has not come yet */
	json_text(out, "contact", unit == MAP_NONE ? "" : facts->units.items[unit].contact);
	json_object_end(out);
}

void write_open_items(struct json_out *out, const char *key, const struct quota_view *view)
{
	const struct open_items *open = &view->outlook->open;

	struct map contacts = contacts_of(view->facts);
	int rank = 0;

	json_array_begin(out, key);
	for (size_t i = 0; i < open->count; i++) {
		if (i == 0 || strcmp(open->items[i].scope, open->items[i - 1].scope) != 0)
			rank = 0;
		write_open_item(out, view->facts, &contacts, &open->items[i], ++rank);
	}
	map_free(&contacts);
	json_line(out);
	json_array_end(out);
}
