/* Rows of a JSON document as a workbook (XLSX), with the columns of daemon/tabulate.h. */
#ifndef SETASIDE_DAEMON_TABULATE_XLSX_H
#define SETASIDE_DAEMON_TABULATE_XLSX_H

#include "core/err.h"
#include "daemon/tabulate.h"

/* Writes the file row by row, in constant memory. Texts are never formulas or links. ERR_IO, or ERR_LIMIT past the rows
 * that a sheet can hold. */
int tab_write_xlsx(const char *path, const struct tab_column *columns, int count,
	const json_t *rows, struct err *err);
/* One sheet for each part, named by its caption; ends with caption NULL. */
int tab_write_xlsx_parts(const char *path, const struct tab_part *parts, struct err *err);

#endif
