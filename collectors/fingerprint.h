/* Keyed 128-bit hashes of canonical rows: the primary keys of the ledger and the test for "unchanged".
 *
 * XXH3-128 with a secret derived from installation.hash_secret, so that equal values of two installations do not show
 * as equal hashes. The serialisation is unambiguous: every value is marked null or given, texts carry their length, and
 * the kind's name comes first. The key hash covers the KIND_KEY columns (occurrence included), the print all columns
 * and extra. Place and batch are in neither. The first four bytes of a key are not hash but the last nine digits of its
 * numbers: a source brings its rows mostly in the order of their numbers, and an index that meets neighbours one after
 * the other costs a third of one that is hit at random. The 96 bits left are still beyond chance and, keyed, beyond
 * whoever writes the numbers. Deterministic over hosts and versions: values are written little-endian,
 * and a change of this order would make every row "changed" once. Not shared between threads. */
#ifndef SETASIDE_COLLECTORS_FINGERPRINT_H
#define SETASIDE_COLLECTORS_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "sql/kind.h"

/* Goes on with the last nine digits of numbers (0 at the beginning) by the digits of a text. */
uint32_t fingerprint_near(uint32_t number, const char *text, size_t length);

enum { FINGERPRINT_ROW_MAX = 16 * 1024 * 1024 }; /* ceiling of one serialised row */

struct fingerprint;
struct fingerprint *fingerprint_new(const uint8_t *secret, size_t count);
void fingerprint_free(struct fingerprint *fingerprint);
/* ERR_LIMIT when the row is longer than FINGERPRINT_ROW_MAX. */
int fingerprint_row(struct fingerprint *fingerprint, const struct kind_row *row,
	struct kind_hash *ret_key, struct kind_hash *ret_print, struct err *err);
/* The key alone; without_occurrence leaves that column out (what occurrences are counted by). */
int fingerprint_key(struct fingerprint *fingerprint, const struct kind_row *row,
	bool without_occurrence, struct kind_hash *ret_key, struct err *err);

#endif
