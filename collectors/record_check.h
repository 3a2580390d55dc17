/* What every row must keep before it may enter the ledger, whatever brought it: the table's own limits and the refusals
 * of the profile that look at one row alone. */
#ifndef SETASIDE_COLLECTORS_RECORD_CHECK_H
#define SETASIDE_COLLECTORS_RECORD_CHECK_H

#include <stdbool.h>

#include "sql/kind.h"

enum { RECORD_CODE_MAX = 512 }; /* bytes of a KIND_CODE: they are indexed */

/* A hundred trillion yuan, and a hundred million percent: what is larger is another column's number (an account, a
 * code), and a handful of such rows would leave every sum of the district without a value. */
#define RECORD_FEN_MAX INT64_C(10000000000000000)
#define RECORD_PPM_MAX INT64_C(1000000000000)

struct record_fault {
	const struct kind_column *column;
	const char *code;   /* static */
	const char *reason; /* static */
};

/* True if the row may pass; else the first fault. Pure. */
bool record_check(const struct kind_row *row, struct record_fault *ret);

#endif
