/* The law as data: what every judge may look at besides the facts. Borrowed, read-only, shared by
 * all judges of a run. */
#ifndef SETASIDE_CHECKS_LAW_H
#define SETASIDE_CHECKS_LAW_H

#include "checks/parameters.h"
#include "core/day.h"

struct size_standard; /* checks/size.h */
struct lpr_table;     /* checks/lpr.h */
struct register_book; /* checks/register_book.h */
struct day_names;     /* checks/day_names.h */

struct law {
	const struct parameters *parameters;
	const struct day_calendar *calendar;
	const struct day_names *day_names; /* NULL = none is known */
	const struct lpr_table *lpr;
	const struct size_standard *sizes;
	const struct register_book *registers; /* NULL = nothing is on record */
};

#endif
