/* Puts the rows of a golden district into the ledger of a test database as one batch, by plain SQL: for tests of what
 * comes after the import. Rows whose print is unchanged stay, others move to history, missing ones are closed when
 * complete. The collectors have their own tests. */
#ifndef SETASIDE_TESTS_DISTRICT_H
#define SETASIDE_TESTS_DISTRICT_H

#include <stdbool.h>
#include <stdint.h>

struct pg_db;

/* folder under tests/golden: "district", "corner". Returns the batch number. */
int64_t district_load(struct pg_db *db, const char *folder, bool complete);
/* An empty batch of a source called test: a place for rows that a test writes itself. Returns its number. */
int64_t district_batch(struct pg_db *db);

#endif
