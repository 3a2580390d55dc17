#include "checks/tell_quota.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

/* One fiscal year that is looked at. */
struct told_year {
	const struct year_figures *figures;
	const struct year_outlook *outlook;
	struct quota_tell_limits limits;
};

/* What is on record of one scope. */
struct scope_record {
	int fiscal_year;
	char *scope;
	struct quota_told told;
	int64_t sme_finding, small_micro_finding;
};

struct tell_quotas {
	const struct tell_context *context;
	struct scope_record *records;
	size_t record_count, record_cap;

	const struct quota_year *past; /* NULL: nothing can be told of it */
	bool started;
	struct told_year years[2];
	size_t year_count, year, scope; /* where next() goes on; scope 0 is the district */

	/* Lent by the last next(). */
	struct quota_told_row kept;
	struct tell_quota quota;
	struct tell_change changes[2];
};

struct tell_quotas *tell_quotas_new(const struct tell_context *context)
{
	struct tell_quotas *quotas = mem_zero(1, sizeof(*quotas));
	quotas->context = context;
	return quotas;
}

/* Both changes share their texts. */
static void free_changes(struct tell_quotas *quotas)
{
	struct tell_change *change = &quotas->changes[0];
	free(change->subject);
	free(change->unit_code);
	free(change->department);
	free(change->rule_id);
}

void tell_quotas_free(struct tell_quotas *quotas)
{
	if (!quotas)
		return;
	for (size_t i = 0; i < quotas->record_count; i++)
		free(quotas->records[i].scope);
	free(quotas->records);
	free_changes(quotas);
	free(quotas);
}

static struct quota_told told_of(const struct quota_told_row *row)
{
	struct quota_told told = { .ever = row->told_on != DAY_NONE };
	if (!told.ever)
		return told;
	if (!quota_grade_of_name(row->grade, &told.grade))
		BUG("a grade %s in table quota_told", row->grade);
	told.open = row->open;
	told.told_on = row->told_on;
	told.sme_gap = row->sme_gap;
	told.small_micro_gap = row->small_micro_gap;
	return told;
}

void tell_quotas_take(struct tell_quotas *quotas, const struct quota_told_row *row)
{
	MEM_GROW(quotas->records, quotas->record_count, quotas->record_cap);
	quotas->records[quotas->record_count++] = (struct scope_record){
		.fiscal_year = row->fiscal_year,
		.scope = mem_text(row->scope),
		.told = told_of(row),
		.sme_finding = row->sme_finding,
		.small_micro_finding = row->small_micro_finding,
	};
}

void tell_quotas_past(struct tell_quotas *quotas, const struct quota_year *past)
{
	quotas->past = past;
}

static void add_year(struct tell_quotas *quotas, const struct quota_year *year)
{
	if (!year)
		return;
	quotas->years[quotas->year_count++] = (struct told_year){
		&year->figures,
		&year->outlook,
		quota_tell_limits_of(&quotas->context->ledger->law, year->figures.fiscal_year),
	};
}

/* One scope ------------------------------------------------------------------------------------ */

/* An empty one when there is nothing on record. */
static struct scope_record find_record(
	const struct tell_quotas *quotas, int fiscal_year, const char *scope)
{
	for (size_t i = 0; i < quotas->record_count; i++)
		if (quotas->records[i].fiscal_year == fiscal_year &&
			strcmp(quotas->records[i].scope, scope) == 0)
			return quotas->records[i];
	return (struct scope_record){ .fiscal_year = fiscal_year };
}

static enum tell_event tell_event_of(enum quota_event event)
{
	switch (event) {
	case QUOTA_OPENED:
		return TELL_OPENED;
	case QUOTA_REOPENED:
		return TELL_REOPENED;
	case QUOTA_CLOSED:
		return TELL_CLOSED;
	default:
		return TELL_UPDATED;
	}
}

/* The findings that the message is about: of the targets that are short, or all when none is any more. */
static size_t fill_findings(struct tell_quotas *quotas, const struct scope_record *record,
	const struct scope_outlook *outlook, bool closed)
{
	size_t count = 0;
	if (record->sme_finding && (closed || outlook->sme.gap > 0))
		quotas->changes[count++].finding_id = record->sme_finding;
	if (record->small_micro_finding && (closed || outlook->small_micro.gap > 0))
		quotas->changes[count++].finding_id = record->small_micro_finding;
	return count;
}

static void fill_changes(struct tell_quotas *quotas, const struct told_year *year,
	const char *scope, enum quota_grade grade)
{
	int fiscal_year = year->outlook->fiscal_year;
	bool district = strcmp(scope, UNIT_DISTRICT) == 0;
	struct quota_floor floor =
		quota_floor_of(&quotas->context->ledger->law, fiscal_year, district);
	free_changes(quotas);
	quotas->changes[0] = (struct tell_change){
		.what = TELL_QUOTA,
		.subject = mem_format("plan/%s/%d", scope, fiscal_year),
		.unit_code = mem_text(scope),
		.department = mem_text(district ? "" : scope),
		.rule_id = mem_text(floor.rule_id),
		.severity = quota_grade_severity(grade),
		.amount_before = FINDING_NO_AMOUNT,
	};
	quotas->changes[1] = quotas->changes[0];
}

static void keep(struct tell_quotas *quotas, const struct told_year *year, const char *scope,
	const struct quota_told *told)
{
	quotas->kept = (struct quota_told_row){
		.fiscal_year = year->outlook->fiscal_year,
		.scope = scope,
		.told_on = told->told_on,
		.open = told->open,
		.grade = quota_grade_name(told->grade),
		.sme_gap = told->sme_gap,
		.small_micro_gap = told->small_micro_gap,
	};
}

/* Whether something is to be told of the scope; then the view is filled. */
static bool tell_scope(struct tell_quotas *quotas, const struct told_year *year,
	const struct scope_outlook *outlook, const struct scope_figures *figures,
	struct tell_case_view *view)
{
	const char *scope = *outlook->scope ? outlook->scope : UNIT_DISTRICT;
	struct scope_record record = find_record(quotas, year->outlook->fiscal_year, scope);
	struct quota_tell_facts now = { year->outlook->phase.phase, quotas->context->as_of,
		&outlook->sme, &outlook->small_micro };
	struct quota_decision decision = quota_tell_decide(&year->limits, &now, &record.told);
	/* "?" holds rows without a department: a gap in the records, nobody's shortfall. */
	if (decision.event == QUOTA_SILENT || strcmp(scope, DEPARTMENT_UNKNOWN) == 0)
		return false;
	fill_changes(quotas, year, scope, decision.grade);
	keep(quotas, year, scope, &decision.told);
	quotas->quota = (struct tell_quota){
		.year = year->outlook,
		.outlook = outlook,
		.figures = figures,
		.before = record.told,
		.grade = decision.grade,
	};
	*view = (struct tell_case_view){
		.changes = quotas->changes,
		.count = fill_findings(quotas, &record, outlook, decision.event == QUOTA_CLOSED),
		.event = tell_event_of(decision.event),
		.quota = &quotas->quota,
	};
	return true;
}

bool tell_quotas_next(struct tell_quotas *quotas, struct tell_case_view *ret_view,
	const struct quota_told_row **ret_kept)
{
	if (!quotas->started) {
		quotas->started = true;
		add_year(quotas, quotas->past);
		add_year(quotas, quotas->context->year);
	}
	while (quotas->year < quotas->year_count) {
		const struct told_year *year = &quotas->years[quotas->year];
		size_t scope = quotas->scope++;
		bool told;
		if (scope > year->outlook->department_count) {
			quotas->year++;
			quotas->scope = 0;
			continue;
		}
		told = scope == 0 ? tell_scope(quotas, year, &year->outlook->district,
					    &year->figures->district, ret_view)
				  : tell_scope(quotas, year, &year->outlook->departments[scope - 1],
					    &year->figures->departments[scope - 1], ret_view);
		if (told) {
			*ret_kept = &quotas->kept;
			return true;
		}
	}
	return false;
}
