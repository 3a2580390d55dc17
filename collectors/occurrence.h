/* Counts rows of an equal key in the order they come (KIND_OCCURRENCE, golden G-10), from 1.
 *
 * 24 bytes for each different key, twice that while the table grows; above `ceiling` different keys ERR_LIMIT. */
#ifndef SETASIDE_COLLECTORS_OCCURRENCE_H
#define SETASIDE_COLLECTORS_OCCURRENCE_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "sql/kind.h"

struct occurrence;
struct occurrence *occurrence_new(size_t ceiling);
void occurrence_free(struct occurrence *occurrence);
void occurrence_reset(struct occurrence *occurrence);
int occurrence_next(struct occurrence *occurrence, const struct kind_hash *key, int64_t *ret_number,
	struct err *err);

#endif
