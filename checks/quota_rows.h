/* The quota figures of a year as rows of quota_figure: the bodies are the very members of the snapshot, so a page, a mail
 * and a document read one figure. */
#ifndef SETASIDE_CHECKS_QUOTA_ROWS_H
#define SETASIDE_CHECKS_QUOTA_ROWS_H

#include "checks/load.h"
#include "checks/quota_part.h"
#include "core/buf.h"

/* Appends a JSON array as figure_set.figures of sql/store_check.h wants it; the district comes first. ERR_LIMIT when an
 * amount is past the range or the text above the ceiling of rows. */
int quota_rows_write(const struct ledger *ledger, const struct unit_tree *units,
	const struct quota_year *year, struct buf *rows, struct err *err);

#endif
