#include "lib/one_package.h"

#include <string.h>

struct one_package package;

void package_set_up(void)
{
	package.csv = law_csv_read();
	package.facts = quota_facts();
	quota_reserved(package.facts, "100", "A", 1000000, RESERVED_FOR_SME)->package_no = "1";
	package.contract = quota_contract(package.facts, "100", "A", 1000000);
	package.contract->package_no = "1";
	package.contract->reserve_form = RESERVE_PACKAGE;
	package.contract->declared_size = SIZE_SMALL;
}

void package_tear_down(void)
{
	facts_free(package.facts);
	law_csv_free(package.csv);
}

static void on_finding(void *arg, const struct data_finding *finding)
{
	struct package_found *found = arg;

	if (strcmp(finding->code, found->code) != 0)
		return;
	found->count++;
	found->act = NULL;
	for (int i = 0; i < FINDING_VALUES_MAX && finding->values[i].name; i++)
		if (strcmp(finding->values[i].name, "act") == 0)
			found->act = finding->values[i].text;
}

struct package_found package_find(const char *code, int fiscal_year, const char *as_of)
{
	struct facts_index *index = facts_index_new(package.facts);
	struct unit_tree *units = unit_tree_new(package.facts);
	struct package_found found = { .code = code };

	findings_of_procurement(
		&package.csv->law, index, units, fiscal_year, day(as_of), on_finding, &found);
	unit_tree_free(units);
	facts_index_free(index);
	return found;
}

int package_count_of_year(const char *code, int fiscal_year, const char *as_of)
{
	return package_find(code, fiscal_year, as_of).count;
}

int package_count(const char *code, const char *as_of)
{
	return package_count_of_year(code, QUOTA_YEAR, as_of);
}

void package_notice(enum notice_kind kind, const char *package_no, const char *published)
{
	struct notice_fact *row = facts_add_notice(package.facts);

	row->unit_code = "100";
	row->project_code = "A";
	row->package_no = package_no;
	row->kind = kind;
	row->published_on = day(published);
}
