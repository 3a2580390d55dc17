#include "checks/quota_part.h"

#include <stdlib.h>
#include <string.h>

#include "checks/sums.h"
#include "core/err.h"
#include "core/mem.h"

void quota_parts_free(struct quota_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		free(parts->items[i].questions);
	free(parts->items);
	*parts = (struct quota_parts){ 0 };
}

/* Numbers -------------------------------------------------------------------------------------- */

static int band_numbers(struct band *band, int64_t **at)
{
	at[0] = &band->sme_lower;
	at[1] = &band->sme_upper;
	at[2] = &band->small_micro_lower;
	at[3] = &band->small_micro_upper;
	at[4] = &band->unknown;
	return 5;
}

/* Those that are no figures. */
enum { REST_NUMBERS = QUOTA_PART_NUMBERS - FIGURES_NUMBERS };

static void rest_numbers(struct band *plan, struct band *award, struct band *paid,
	struct scope_prospect *prospect, int64_t *ret_at[REST_NUMBERS])
{
	int n = band_numbers(plan, ret_at);

	n += band_numbers(award, ret_at + n);
	n += band_numbers(paid, ret_at + n);
	for (int month = 0; month <= PROSPECT_MONTHS; month++) {
		ret_at[n++] = &prospect->reservable[month];
		ret_at[n++] = &prospect->nameable[month];
	}
	ret_at[n++] = &prospect->reservable_items;
	ret_at[n++] = &prospect->nameable_items;
	ret_at[n++] = &prospect->uncounted;
	ret_at[n++] = &prospect->items_before;
	if (n != REST_NUMBERS)
		BUG("a part has %d numbers beside its figures", n);
}

void quota_part_numbers(struct quota_part *part, int64_t *ret_at[QUOTA_PART_NUMBERS])
{
	figures_numbers(&part->figures, ret_at);
	rest_numbers(
		&part->plan, &part->award, &part->paid, &part->prospect, ret_at + FIGURES_NUMBERS);
}

/* Judge ---------------------------------------------------------------------------------------- */

struct quota_part *quota_parts_add(struct quota_parts *parts, const char *unit_code)
{
	struct quota_part *part;

	MEM_GROW(parts->items, parts->count, parts->capacity);
	part = &parts->items[parts->count++];
	*part = (struct quota_part){ .unit_code = unit_code };
	return part;
}

static void take_questions(struct quota_part *part, const struct year_bands *bands)
{
	part->questions = mem_zero(BAND_QUESTIONS_SHOWN, sizeof(*part->questions));
	for (size_t i = 0; i < bands->question_count && part->question_count < BAND_QUESTIONS_SHOWN;
		i++)
		if (strcmp(bands->questions[i].scope, part->figures.scope) == 0)
			part->questions[part->question_count++] = bands->questions[i];
}

void quota_parts_judge(
	struct quota_parts *parts, const struct quota_frame *frame, const struct unit_rows *rows)
{
	struct facts_index *index = facts_index_new(rows->facts);
	struct packages packages;
	struct open_items open;
	struct year_figures figures;
	struct year_bands bands;
	struct year_prospect prospect;

	figures_judge_rows(frame->law, index, frame->units, frame->fiscal_year, frame->as_of,
		rows->paid_of_contract, &figures);
	packages_make(index, frame->units, frame->fiscal_year, frame->as_of, &packages);
	bands_judge(frame->law, index, frame->units, &figures, &packages, rows->paid_of_contract,
		&bands);
	open_items_judge(frame->law->registers, frame->units, &packages, frame->as_of, &open);
	prospect_judge(rows->facts, frame->units, &figures, &open, &prospect);
	for (size_t i = 0; i < figures.department_count; i++) {
		struct quota_part *part = quota_parts_add(parts, rows->unit_code);

		part->figures = figures.departments[i];
		part->plan = bands.departments[i].plan;
		part->award = bands.departments[i].award;
		part->paid = bands.departments[i].paid;
		part->prospect = prospect.departments[i];
		take_questions(part, &bands);
	}
	prospect_free(&prospect);
	open_items_free(&open);
	bands_free(&bands);
	packages_free(&packages);
	figures_free(&figures);
	facts_index_free(index);
}

/* Total ---------------------------------------------------------------------------------------- */

static void total_figures(
	const struct quota_parts *parts, const struct quota_frame *frame, struct year_figures *ret)
{
	_cleanup_free_ const struct scope_figures **scopes =
		mem_alloc((parts->count + 1) * sizeof(*scopes));

	for (size_t i = 0; i < parts->count; i++)
		scopes[i] = &parts->items[i].figures;
	figures_total(frame->facts, frame->units, frame->fiscal_year, frame->as_of, scopes,
		parts->count, ret);
}

static void add_rest(
	struct scope_bands *bands, struct scope_prospect *prospect, const struct quota_part *part)
{
	struct quota_part copy = *part;
	int64_t *to[REST_NUMBERS], *from[REST_NUMBERS];

	rest_numbers(&bands->plan, &bands->award, &bands->paid, prospect, to);
	rest_numbers(&copy.plan, &copy.award, &copy.paid, &copy.prospect, from);
	for (int i = 0; i < REST_NUMBERS; i++)
		sum_add(to[i], *from[i]);
}

static void add_questions(struct year_bands *bands, const struct quota_part *part)
{
	for (size_t i = 0; i < part->question_count; i++) {
		MEM_GROW(bands->questions, bands->question_count, bands->question_capacity);
		bands->questions[bands->question_count++] = part->questions[i];
	}
}

/* A part of a department that is not listed (only rows of the year before, or without a day) enters the district alone. */
static void total_rest(const struct quota_parts *parts, const struct year_figures *figures,
	struct year_bands *bands, struct year_prospect *prospect)
{
	for (size_t i = 0; i < parts->count; i++) {
		const struct quota_part *part = &parts->items[i];
		const struct scope_figures *scope =
			figures_department(figures, part->figures.scope);

		add_rest(&bands->district, &prospect->district, part);
		add_questions(bands, part);
		if (scope)
			add_rest(&bands->departments[scope - figures->departments],
				&prospect->departments[scope - figures->departments], part);
	}
	if (bands->question_count > 1)
		qsort(bands->questions, bands->question_count, sizeof(*bands->questions),
			band_question_order);
}

void quota_parts_total(
	const struct quota_parts *parts, const struct quota_frame *frame, struct quota_year *ret)
{
	struct year_bands *bands = &ret->outlook.bands;
	struct year_prospect prospect;
	size_t count;

	*ret = (struct quota_year){ 0 };
	total_figures(parts, frame, &ret->figures);
	count = ret->figures.department_count;
	bands->district.scope = "";
	bands->departments = mem_zero(count + 1, sizeof(*bands->departments));
	bands->department_count = count;
	for (size_t i = 0; i < count; i++)
		bands->departments[i].scope = ret->figures.departments[i].scope;
	prospect = (struct year_prospect){
		.departments = mem_zero(count + 1, sizeof(*prospect.departments)),
		.department_count = count,
	};
	total_rest(parts, &ret->figures, bands, &prospect);
	outlook_finish(
		frame->law, frame->facts, frame->units, &ret->figures, &prospect, &ret->outlook);
	prospect_free(&prospect);
}

void quota_year_free(struct quota_year *year)
{
	figures_free(&year->figures);
	outlook_free(&year->outlook);
}

/* Text ----------------------------------------------------------------------------------------- */

static void write_question(struct json_out *out, const struct band_question *question)
{
	json_array_begin(out, NULL);
	json_text(out, NULL, band_question_name(question->kind));
	json_int(out, NULL, question->sme);
	json_int(out, NULL, question->small_micro);
	json_text(out, NULL, question->project_code);
	json_text(out, NULL, question->package_no);
	json_text(out, NULL, question->contract_no);
	json_text(out, NULL, question->supplier_uscc);
	json_array_end(out);
}

void quota_part_write(struct json_out *out, const struct quota_part *part)
{
	struct quota_part copy = *part;
	int64_t *at[QUOTA_PART_NUMBERS];

	quota_part_numbers(&copy, at);
	json_object_begin(out, NULL);
	json_text(out, "unit_code", part->unit_code);
	json_text(out, "department", part->figures.scope);
	json_array_begin(out, "numbers");
	for (int i = 0; i < QUOTA_PART_NUMBERS; i++)
		json_int(out, NULL, *at[i]);
	json_array_end(out);
	json_array_begin(out, "questions");
	for (size_t i = 0; i < part->question_count; i++)
		write_question(out, &part->questions[i]);
	json_array_end(out);
	json_object_end(out);
}
