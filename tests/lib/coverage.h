/* Tables that say by which test a rule is held: "P-2" is applied in checks/due.c, and dd-001 of due_date.csv fails without it.
 * A row whose file does not name the rule, or whose test or case is not there, fails. For tests only. */
#ifndef SETASIDE_TESTS_COVERAGE_H
#define SETASIDE_TESTS_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>

struct covered {
	const char *rule;   /* "Q-1", "G-10", "31-4" */
	const char *source; /* the file that applies it and names it */
	const char *test;   /* the file of the test, or of a table of cases */
	const char *named; /* in it: the name of a test, a word in quotes, or a cell of the table */
};

void coverage_expect(const struct covered *rows, size_t count);
bool coverage_has(const struct covered *rows, size_t count, const char *rule);

#endif
