/* Which row of the suppliers speaks for a contract: size at signing (Z-5, G-32).
 *
 * A supplier whose size was told once, or always alike, has one row. One whose size changed has, beside its own row, one
 * of each state: figures of a year speak for signings from the year after it (Z-2), a statement without a year for those
 * from the day it came; the last word on the same year corrects it. A contract takes the latest state that speaks for its
 * signing day; if none does, the one that was told first: what is told later of later years changes nothing. Without a
 * signing day it takes the supplier's own row. Name, deemed status and control are today's in every row. */
#ifndef SETASIDE_CHECKS_SUPPLIER_ROWS_H
#define SETASIDE_CHECKS_SUPPLIER_ROWS_H

#include <stdint.h>

#include "checks/facts.h"
#include "core/map.h"

struct supplier_rows {
	const struct facts *facts; /* borrowed: must not grow */
	struct map own;            /* uscc -> its own row */
	uint32_t *next;            /* by row: the next of the same supplier, MAP_NONE ends */
};

/* Rows in any order. Free with supplier_rows_free(). */
void supplier_rows_make(const struct facts *facts, struct supplier_rows *ret_rows);
void supplier_rows_free(struct supplier_rows *rows);

/* The supplier's own row, where the list of all of its rows begins; MAP_NONE: not in the register. */
uint32_t supplier_rows_first(const struct supplier_rows *rows, const char *uscc);
/* The row that says its size at signing; MAP_NONE: not in the register. */
uint32_t supplier_rows_of_contract(
	const struct supplier_rows *rows, const struct contract_fact *contract);

/* Whether what the row says was so, by its own account, on that day (false too if it gives neither year nor day). */
bool supplier_size_spoke(const struct supplier_fact *supplier, day_t signed_on);

#endif
