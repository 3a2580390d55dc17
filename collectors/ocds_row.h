/* Filling one ledger row by column names. A name that the kind does not have is BUG(). Private to collectors/ocds*.c. */
#ifndef SETASIDE_COLLECTORS_OCDS_ROW_H
#define SETASIDE_COLLECTORS_OCDS_ROW_H

#include "sql/kind.h"

/* All values null or empty. */
void ocds_row_begin(struct kind_row *row, const char *kind, int64_t place);
void ocds_row_text(struct kind_row *row, const char *column, const char *text); /* lent */
void ocds_row_number(struct kind_row *row, const char *column, int64_t number);
void ocds_row_day(struct kind_row *row, const char *column, day_t day); /* DAY_NONE = null */
/* Tells rows apart as the keys of their kind do. */
uint64_t ocds_row_key(const struct kind_row *row);

#endif
