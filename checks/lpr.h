/* The 1-year loan prime rate by publication day (P-7, G-43). */
#ifndef SETASIDE_CHECKS_LPR_H
#define SETASIDE_CHECKS_LPR_H

#include <stddef.h>
#include <stdint.h>

#include "core/day.h"

struct lpr_table;
struct lpr_table *lpr_new(void);
void lpr_free(struct lpr_table *table);
/* Rows may come in any order; the last row added for a day wins. */
void lpr_add(struct lpr_table *table, day_t published_on, int64_t one_year_ppm);
/* The rate published last on or before day (publication day included; after the last row the last
 * row holds); -1 when day lies before the first row or the table is empty. */
int64_t lpr_at(const struct lpr_table *table, day_t day);

#endif
