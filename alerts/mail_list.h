/* The list of a message as a workbook (XLSX): what a person sorts, filters and hands on.
 *
 * Suspected overdue rows, rows that fall due soon, and the cases of a digest, each a sheet; above every list stand its
 * reference, as-of day, on what data it rests and that it is a calculation. Pure: equal payloads give equal bytes, so a
 * retry is the same mail. Texts are cells of type string, never formulas or links, whatever they begin with. A payload has
 * at most 200 rows of a kind. The library makes a dozen small temporary files, some milliseconds: not worth it for a
 * single row, and a full disk is a reason to send without the list, not to send nothing. */
#ifndef SETASIDE_ALERTS_MAIL_LIST_H
#define SETASIDE_ALERTS_MAIL_LIST_H

#include <stdint.h>

#include "alerts/wording.h"
#include "core/buf.h"

/* How many rows there are to list. */
int mail_list_rows(const struct payload *payload);
/* Appends the workbook. made_at (Unix seconds) stands in its properties. ERR_IO when it cannot be built, ERR_LIMIT
 * past out's ceiling. */
int mail_list_write(const struct payload *payload, const char *ref, int64_t made_at,
	const struct wording_options *options, struct buf *out, struct err *err);

#endif
