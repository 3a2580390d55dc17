/* The quota figures of a year as rows of quota_figure: the bodies are the very members of the snapshot, so a page, a mail
 * and a document read one figure. */
#ifndef SETASIDE_CHECKS_QUOTA_ROWS_H
#define SETASIDE_CHECKS_QUOTA_ROWS_H

#include "checks/load.h"
#include "core/buf.h"

/* Appends a JSON array as figure_set.figures of sql/store_check.h wants it. */
int quota_rows_write(const struct ledger *ledger, day_t as_of, int fiscal_year, struct buf *rows,
	struct err *err);

#endif
