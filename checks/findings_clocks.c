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

static void of_signing(const struct looking *l, const struct contract_fact *contract)
{
	const struct notice_fact *award = looking_notice(
		l, NOTICE_AWARD, contract->project_code, contract->package_no, contract->signed_on);
	day_t due = award ? signing_due(l->law, award->published_on) : DAY_NONE;

	if (due != DAY_NONE && contract->signed_on > due)
		LOOKING_CONTRACT(l, contract, "contract-signed-late", "N-2",
			FINDING_DAY("award_notice_on", award->published_on),
			FINDING_DAY("due_on", due), FINDING_DAY("signed_on", contract->signed_on));
}

/* Projects and packages that some contract names, of whatever year: an award of December is signed in January. */
static struct map contracted_packages(const struct looking *l)
{
	const struct facts *facts = l->index->facts;
	struct map contracted = MAP_INIT;

	map_reserve(&contracted, facts->contracts.count);
	for (size_t i = 0; i < facts->contracts.count; i++) {
		const struct contract_fact *contract = &facts->contracts.items[i];

		if (day_known(contract->signed_on, l->as_of) != DAY_NONE)
			map_put2(&contracted, contract->project_code, contract->package_no, 1);
	}
	return contracted;
}

static void of_unsigned_packages(const struct looking *l)
{
	const struct plan_rows *rows = &l->packages->items;
	struct map contracted = contracted_packages(l);

	for (size_t i = 0; i < rows->count; i++) {
		const struct budget_item_fact *item =
			&l->index->facts->budget_items.items[rows->rows[i]];
		const struct notice_fact *award = looking_notice(
			l, NOTICE_AWARD, item->project_code, item->package_no, l->as_of);
		const struct notice_fact *end = looking_notice(
			l, NOTICE_TERMINATION, item->project_code, item->package_no, l->as_of);
		day_t due;

		if (!award || (end && end->published_on >= award->published_on) ||
			map_get2(&contracted, item->project_code, item->package_no) != MAP_NONE ||
			map_get2(&contracted, item->project_code, "") != MAP_NONE)
			continue;
		due = signing_due(l->law, award->published_on);
		if (due != DAY_NONE && l->as_of > due)
			looking_item(l, item, "contract-not-signed", "N-2",
				(struct finding_value[FINDING_VALUES_MAX]){
					FINDING_DAY("award_notice_on", award->published_on),
					FINDING_DAY("due_on", due) });
	}
	map_free(&contracted);
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

static void of_publishing(const struct looking *l, const struct publishing *publishing,
	const struct contract_fact *contract)
{
	const struct notice_fact *notice = looking_notice(
		l, NOTICE_CONTRACT, contract->project_code, contract->package_no, l->as_of);
	day_t due = publishing_due(l->law, contract->signed_on);

	if (due == DAY_NONE)
		return;
	if (notice && notice->published_on > due)
		LOOKING_CONTRACT(l, contract, "contract-published-late", "N-2",
			FINDING_DAY("signed_on", contract->signed_on), FINDING_DAY("due_on", due),
			FINDING_DAY("published_on", notice->published_on));
	else if (!notice && l->as_of > due && publishes(publishing, contract))
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
	l->fn(l->arg, &(struct data_finding){ "yearly-notice-late", "N-1", "year", subject,
			      department, NUMBER_NONE, { FINDING_DAY("due_on", due) } });
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
