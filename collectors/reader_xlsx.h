/* Reader of workbooks: one sheet per file, with a configured mapping. place is the row number of the sheet.
 *
 * A workbook is opened when its last byte is there, so what is torn shows in end(); the rows follow in finish(), in
 * bounded pieces. Until then the packed files are held, below 256 MiB in all. */
#ifndef SETASIDE_COLLECTORS_READER_XLSX_H
#define SETASIDE_COLLECTORS_READER_XLSX_H

#include "collectors/reader.h"

extern const struct reader_type reader_xlsx;

#endif
