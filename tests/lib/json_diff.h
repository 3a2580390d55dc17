/* Says exactly where two JSON documents differ: one line per difference, "path: expected X, found
 * Y". */
#ifndef SETASIDE_TESTS_JSON_DIFF_H
#define SETASIDE_TESTS_JSON_DIFF_H

#include <jansson.h>
#include <stdio.h>

struct json_diff_rules {
	const char *set_member; /* arrays under this member are compared as sets ("flags"); NULL =
				   none */
	const char *id_members; /* rows are named in paths by this member ("obligation_no") */
	int limit;              /* lines printed; differences past it are only counted */
};
/* Members that only the found document has are no difference: a product may add some. Returns the
 * number. */
int json_diff(
	const json_t *expected, const json_t *found, const struct json_diff_rules *rules, FILE *to);

#endif
