/* The quota figures of a year as rows of quota_figure: the bodies are the very members of the snapshot, so a page, a mail
 * and a document read one figure. Rows are compared by their prints, so that only those go out that differ. */
#ifndef SETASIDE_CHECKS_QUOTA_ROWS_H
#define SETASIDE_CHECKS_QUOTA_ROWS_H

#include "checks/load.h"
#include "checks/quota_part.h"
#include "core/buf.h"
#include "sql/array.h"

struct quota_rows;
struct quota_rows *quota_rows_new(void);
void quota_rows_free(struct quota_rows *rows);
/* What is on record of a scope; check_print_fn of sql/store_check.h. All before the write. */
void quota_rows_known(void *rows, const char *scope, const char *print);
/* ERR_LIMIT when an amount is past the range or the text above its ceiling. */
int quota_rows_write(struct quota_rows *rows, const struct ledger *ledger,
	const struct unit_tree *units, const struct quota_year *year, struct err *err);

/* After the write, as figure_set of sql/store_check.h wants them; the rows'. */
const char *quota_rows_figures(const struct quota_rows *rows);
const char *quota_rows_scopes(struct quota_rows *rows);

#endif
