/* The newest version of each group of rows (an award with its parties, a contract, …) seen in one batch.
 *
 * Releases come in any order and repeat: by release date, later beats earlier, and of equal dates the one that came
 * later. So groups wait here until a process, or the last file, is read. Memory is the packed rows of the winners, below a ceiling;
 * a feed larger than that is pulled in several batches (pages_max of the source). */
#ifndef SETASIDE_COLLECTORS_OCDS_HOLD_H
#define SETASIDE_COLLECTORS_OCDS_HOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "sql/kind.h"

struct ocds_hold;
struct ocds_hold *ocds_hold_new(size_t ceiling);
void ocds_hold_free(struct ocds_hold *hold);
void ocds_hold_reset(struct ocds_hold *hold); /* forgets all groups */

/* Begins a group; rows added next belong to it and, from the first one on, replace an older version. False: a newer
 * version is held, add nothing. *ret_replaced: an older version will go. */
bool ocds_hold_begin(struct ocds_hold *hold, const char *name, int64_t instant, bool *ret_replaced);
/* Copies the row. ERR_LIMIT at the ceiling. */
int ocds_hold_row(struct ocds_hold *hold, int file_no, const struct kind_row *row, struct err *err);

/* Hands out the rows of one kind, group by group in the order of first appearance. *cursor starts at 0; at most `budget`
 * groups are looked at; true while there are more. A negative answer of each() ends it with *ret_status. */
typedef int (*ocds_hold_fn)(void *arg, int file_no, struct kind_row *row, struct err *err);
bool ocds_hold_each(struct ocds_hold *hold, const struct kind *kind, int64_t *cursor, int budget,
	ocds_hold_fn each, void *arg, int *ret_status, struct err *err);

/* The name of a group and how new it is; false for one that has no rows. Lent. */
bool ocds_hold_group(const struct ocds_hold *hold, int64_t at, const char **ret_name,
	size_t *ret_length, int64_t *ret_instant);
int64_t ocds_hold_groups(const struct ocds_hold *hold);

#endif
