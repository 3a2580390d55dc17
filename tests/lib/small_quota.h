/* A district of two departments without projects, for tests of the set-aside that look at one rule,
 * and everything judged on a day. Amounts are fen. */
#ifndef SETASIDE_TESTS_SMALL_QUOTA_H
#define SETASIDE_TESTS_SMALL_QUOTA_H

#include "checks/outlook.h"
#include "lib/facts_csv.h"

enum { QUOTA_YEAR = 2026 };

/* Organs "100" and "200", and "101", an institution under "100"; valid always. facts_free. */
struct facts *quota_facts(void);
/* A budget row of the year, approved on 15 January, services, unreserved. Good until the next. */
struct budget_item_fact *quota_item(
	struct facts *facts, const char *unit_code, const char *project_code, fen_t budget);
/* The same, wholly reserved. */
struct budget_item_fact *quota_reserved(struct facts *facts, const char *unit_code,
	const char *project_code, fen_t budget, enum reserved_for reserved_for);
/* A contract of the project, signed on 1 March, unreserved, supplier unknown. */
struct contract_fact *quota_contract(
	struct facts *facts, const char *unit_code, const char *project_code, fen_t amount);

/* All that is judged of the facts; the facts must not grow while it is there. */
struct quota_case {
	struct facts_index *index;
	struct unit_tree *units;
	struct year_figures figures;
	struct year_outlook outlook;
};
/* as_of: "2026-06-30". The paid basis stays at zero. */
struct quota_case quota_case_judge(
	const struct law *law, const struct facts *facts, const char *as_of);
/* The same with what was paid, by contract row; lent for the call. */
struct quota_case quota_case_judge_paid(
	const struct law *law, const struct facts *facts, const char *as_of, const fen_t *paid);
void quota_case_free(struct quota_case *judged);
/* "" is the district; aborts if there is none of that code. */
const struct scope_figures *quota_case_figures(const struct quota_case *judged, const char *scope);
const struct scope_outlook *quota_case_outlook(const struct quota_case *judged, const char *scope);

#endif
