/* What every row must keep before it may enter the ledger, whatever brought it: the table's own limits and the refusals
 * of the profile that look at one row alone. */
#ifndef SETASIDE_COLLECTORS_RECORD_CHECK_H
#define SETASIDE_COLLECTORS_RECORD_CHECK_H

#include <stdbool.h>

#include "sql/kind.h"

enum { RECORD_CODE_MAX = 512 }; /* bytes of a KIND_CODE: they are indexed */

struct record_fault {
	const struct kind_column *column;
	const char *code;   /* static */
	const char *reason; /* static */
};

/* True if the row may pass; else the first fault. Pure. */
bool record_check(const struct kind_row *row, struct record_fault *ret);

#endif
