/* Readers of delimited text: the canonical directory (one file per record kind, strict mapping) and one table with a
 * configured mapping. place is the record number, the header included: what a spreadsheet shows as row. */
#ifndef SETASIDE_COLLECTORS_READER_CSV_H
#define SETASIDE_COLLECTORS_READER_CSV_H

#include "collectors/reader.h"

extern const struct reader_type reader_canonical;
extern const struct reader_type reader_csv;

/* "payment" for "some/where/payment.csv"; NULL when the name is of no record kind. */
const struct kind *reader_canonical_kind(const char *name);

#endif
