/* One package of a project, reserved, and its contract: what findings about procurement are tried on. Init and fini of
 * their suites; one a test. For tests only. */
#ifndef SETASIDE_TESTS_ONE_PACKAGE_H
#define SETASIDE_TESTS_ONE_PACKAGE_H

#include "checks/findings.h"
#include "lib/days.h"
#include "lib/small_quota.h"

struct one_package {
	struct law_csv *csv;
	struct facts *
		facts; /* of small_quota.h: package "1" of project "A" of unit "100", 10,000.00 yuan */
	struct contract_fact *contract; /* the package's; good until another one is added */
};
extern struct one_package package;

void package_set_up(void);
void package_tear_down(void);

struct package_found {
	const char *code;
	int count;
	const char *act; /* of the last one; NULL: none */
};
/* What findings_of_procurement says of the code in a fiscal year, and how often. */
struct package_found package_find(const char *code, int fiscal_year, const char *as_of);
int package_count_of_year(const char *code, int fiscal_year, const char *as_of);
/* Of QUOTA_YEAR. */
int package_count(const char *code, const char *as_of);

/* A notice about a package of the project ("" names none). */
void package_notice(enum notice_kind kind, const char *package_no, const char *published);

#endif
