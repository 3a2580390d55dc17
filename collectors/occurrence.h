/* Counts rows of an equal key in the order they come (KIND_OCCURRENCE, golden G-10), from 1.
 *
 * 20 bytes for each different key. Memory stays at 10 MiB however many keys there are (twice that while the table grows):
 * what goes beyond stands in a nameless file (spool_nameless), 160 MiB large at four million keys. Above `ceiling`
 * different keys ERR_LIMIT; ERR_IO when the file cannot be written or read. */
#ifndef SETASIDE_COLLECTORS_OCCURRENCE_H
#define SETASIDE_COLLECTORS_OCCURRENCE_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "sql/kind.h"

struct occurrence;
struct occurrence *occurrence_new(size_t ceiling);
void occurrence_free(struct occurrence *occurrence);
/* Forgets every key. */
void occurrence_reset(struct occurrence *occurrence);
int occurrence_next(struct occurrence *occurrence, const struct kind_hash *key, int64_t *ret_number,
	struct err *err);

#endif
