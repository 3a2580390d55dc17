/* The clocks of procurement (N-1, N-2). A year that the calendar does not hold, and a notice that the records do not
 * hold, claim nothing: only what is there is judged, and what is missing only where the same unit's others are there. */
#include "checks/findings_procurement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

enum { DECEMBER = 12, LAST_DAY = 31, SUBJECT_MAX = 512 };

/* N-2, signing -------------------------------------------------------------------------------- */

/* GPL 46: the last day for the contract after an award notice, rolled to a working day; DAY_NONE = not known. */
static day_t signing_due(const struct law *law, day_t award)
{
	day_t due = award + (day_t)parameter_near(law->parameters, PARAM_N2_SIGN, award);

	return day_roll(law->calendar, due, &due) == DAY_OK ? due : DAY_NONE;
}

/* The days of a contract's year up to a day, from the approval of its project's budget on when that was before. */
static struct package_days days_of_contract(
	const struct looking *l, const struct contract_fact *contract, day_t by)
{
	struct package_days days = { contract->unit_code, contract->project_code,
		contract->package_no, DAY_NONE, by };
	const uint32_t *rows;
	day_t last;

	if (package_items(l->packages, contract->unit_code, contract->project_code, &rows) == 0 ||
		!package_span(l->packages, &l->index->facts->budget_items.items[rows[0]],
			&days.from, &last))
		day_from_civil(day_year(contract->signed_on), 1, 1, &days.from);
	return days;
}

/* The award notice that a contract was signed after. A project that is not in its year's budget carries out an earlier one:
 * its award may be of the year before, unless another contract was signed after it in that year. */
static const struct notice_fact *award_of(
	const struct looking *l, const struct contract_fact *contract)
{
	struct package_days days = days_of_contract(l, contract, contract->signed_on);
	const struct notice_fact *award = looking_notice(l, NOTICE_AWARD, &days);
	const uint32_t *rows;

	if (award ||
		package_items(l->packages, contract->unit_code, contract->project_code, &rows) > 0)
		return award;
	days.by = days.from - 1;
	if (!day_from_civil(day_year(days.by), 1, 1, &days.from))
		return NULL;
	award = looking_notice(l, NOTICE_AWARD, &days);
	if (award)
		days.from = award->published_on;
	return award && !looking_signed(l, &days) ? award : NULL;
}

static void of_signing(const struct looking *l, const struct contract_fact *contract)
{
	const struct notice_fact *award = award_of(l, contract);
	day_t due = award ? signing_due(l->law, award->published_on) : DAY_NONE;

	if (due != DAY_NONE && contract->signed_on > due)
		LOOKING_CONTRACT(l, contract, "contract-signed-late", "N-2",
			FINDING_DAY("award_notice_on", award->published_on),
			FINDING_DAY("due_on", due), FINDING_DAY("signed_on", contract->signed_on));
}

/* An award of December is signed, or falls, in January: what became of it is looked for after the year, too. */
static void of_unsigned_item(const struct looking *l, const struct budget_item_fact *item)
{
	struct package_days days = looking_days_of_item(l, item), since = days;
	const struct notice_fact *award = looking_notice(l, NOTICE_AWARD, &days);
	day_t due;

	since.by = l->as_of;
	if (!award || looking_signed(l, &since))
		return;
	since.from = award->published_on;
	if (looking_notice(l, NOTICE_TERMINATION, &since))
		return;
	due = signing_due(l->law, award->published_on);
	if (due != DAY_NONE && l->as_of > due)
		looking_item(l, item, "contract-not-signed", "N-2",
			(struct finding_value[FINDING_VALUES_MAX]){
				FINDING_DAY("award_notice_on", award->published_on),
				FINDING_DAY("due_on", due) });
}

static void of_unsigned_packages(const struct looking *l)
{
	const struct plan_rows *rows = &l->packages->items;

	for (size_t i = 0; i < rows->count; i++)
		of_unsigned_item(l, &l->index->facts->budget_items.items[rows->rows[i]]);
}

/* N-2, publishing ----------------------------------------------------------------------------- */

/* From when on the records hold contract notices of a unit. */
struct publishing {
	struct map units; /* unit -> place in since */
	day_t *since;
	size_t count, capacity;
};

static struct publishing publishing_units(const struct facts *facts)
{
	struct publishing publishing = { .units = MAP_INIT };

	for (size_t i = 0; i < facts->notices.count; i++) {
		const struct notice_fact *notice = &facts->notices.items[i];
		uint32_t place;

		if (notice->kind != NOTICE_CONTRACT || !*notice->unit_code ||
			notice->published_on == DAY_NONE)
			continue;
		place = map_put(&publishing.units, notice->unit_code, (uint32_t)publishing.count);
		if (place == MAP_NONE) {
			MEM_GROW(publishing.since, publishing.count, publishing.capacity);
			publishing.since[publishing.count++] = notice->published_on;
		} else if (notice->published_on < publishing.since[place]) {
			publishing.since[place] = notice->published_on;
		}
	}
	return publishing;
}

static bool publishes(const struct publishing *publishing, const struct contract_fact *contract)
{
	uint32_t place = map_get(&publishing->units, contract->unit_code);

	return place != MAP_NONE && contract->signed_on >= publishing->since[place];
}

/* GPR 50: within working days of the signing; DAY_NONE = not known. */
static day_t publishing_due(const struct law *law, day_t signed_on)
{
	int days = (int)parameter_near(law->parameters, PARAM_N2_PUBLISH, signed_on);
	day_t due;

	return day_add_working(law->calendar, signed_on, days, DAY_NONE, &due) == DAY_OK ? due
											 : DAY_NONE;
}

/* A notice after another contract of the package was signed may be of that one: it is not said of this one that it was
 * late. */
static void of_late_publishing(const struct looking *l, const struct contract_fact *contract,
	day_t due, const struct notice_fact *notice)
{
	struct package_days between = { contract->unit_code, contract->project_code,
		contract->package_no, contract->signed_on + 1, notice->published_on };

	if (!looking_signed(l, &between))
		LOOKING_CONTRACT(l, contract, "contract-published-late", "N-2",
			FINDING_DAY("signed_on", contract->signed_on), FINDING_DAY("due_on", due),
			FINDING_DAY("published_on", notice->published_on));
}

static void of_publishing(const struct looking *l, const struct publishing *publishing,
	const struct contract_fact *contract)
{
	day_t due = publishing_due(l->law, contract->signed_on);
	const struct notice_fact *notice;
	struct package_days days;

	if (due == DAY_NONE || l->as_of <= due)
		return;
	days = days_of_contract(l, contract, due);
	if (looking_notice(l, NOTICE_CONTRACT, &days))
		return;
	days.from = due + 1;
	days.by = l->as_of;
	notice = looking_notice(l, NOTICE_CONTRACT, &days);
	if (notice)
		of_late_publishing(l, contract, due, notice);
	else if (publishes(publishing, contract))
		LOOKING_CONTRACT(l, contract, "contract-not-published", "N-2",
			FINDING_DAY("signed_on", contract->signed_on), FINDING_DAY("due_on", due));
}

static void of_contracts(const struct looking *l)
{
	struct publishing publishing = publishing_units(l->index->facts);

	for (size_t i = 0; i < l->packages->contract_count; i++) {
		const struct contract_fact *contract =
			&l->index->facts->contracts.items[l->packages->contracts[i]];

		of_signing(l, contract);
		of_publishing(l, &publishing, contract);
	}
	map_free(&publishing.units);
	free(publishing.since);
}

/* N-1 ----------------------------------------------------------------------------------------- */

static bool notice_published(const struct looking *l, const char *department)
{
	const struct facts *facts = l->index->facts;

	for (size_t i = 0; i < facts->year_marks.count; i++) {
		const struct year_mark_fact *mark = &facts->year_marks.items[i];

		if (mark->mark == MARK_NOTICE_PUBLISHED && mark->fiscal_year == l->fiscal_year &&
			day_known(mark->marked_on, l->as_of) != DAY_NONE &&
			(!*mark->unit_code || strcmp(mark->unit_code, department) == 0))
			return true;
	}
	return false;
}

static void of_department(const struct looking *l, const char *department, day_t due)
{
	char subject[SUBJECT_MAX];

	snprintf(subject, sizeof(subject), "%d/%s", l->fiscal_year, department);
	l->fn(l->arg,
		&(struct data_finding){ "yearly-notice-late", "N-1", "year", subject, department,
			NUMBER_NONE, REGULATION_NONE, { FINDING_DAY("due_on", due) } });
}

/* The last day for the notices of a year; DAY_NONE = not known. */
static day_t yearly_due(const struct law *law, int fiscal_year)
{
	day_t end, due;

	if (!day_from_civil(fiscal_year, DECEMBER, LAST_DAY, &end))
		return DAY_NONE;
	due = end + (day_t)parameter_near(law->parameters, PARAM_N1_NOTICE, end);
	return day_roll(law->calendar, due, &due) == DAY_OK ? due : DAY_NONE;
}

/* 46, article 18: every department with a budget in the year. The day is our own, so this only reminds. */
static void of_yearly_notices(const struct looking *l)
{
	const struct plan_rows *rows = &l->packages->items;
	struct map seen = MAP_INIT;
	day_t due = yearly_due(l->law, l->fiscal_year);

	if (due == DAY_NONE || l->as_of <= due)
		return;
	for (size_t i = 0; i < rows->count; i++) {
		const struct budget_item_fact *item =
			&l->index->facts->budget_items.items[rows->rows[i]];
		const char *department =
			unit_tree_department(l->units, item->unit_code, item->approved_on);

		if (strcmp(department, DEPARTMENT_UNKNOWN) != 0 &&
			map_put(&seen, department, 1) == MAP_NONE &&
			!notice_published(l, department))
			of_department(l, department, due);
	}
	map_free(&seen);
}

void findings_of_clocks(const struct looking *looking)
{
	of_contracts(looking);
	of_unsigned_packages(looking);
	of_yearly_notices(looking);
}

static bool ended(day_t due, day_t after, day_t as_of)
{
	return due != DAY_NONE && due >= after && due < as_of;
}

bool findings_term_ended(const struct law *law, day_t begun, day_t after, day_t as_of)
{
	return ended(signing_due(law, begun), after, as_of) ||
	       ended(publishing_due(law, begun), after, as_of);
}

bool findings_notices_late(const struct law *law, int fiscal_year, day_t as_of)
{
	day_t due = yearly_due(law, fiscal_year);

	return due != DAY_NONE && as_of > due;
}
