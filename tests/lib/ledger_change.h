/* Random changes of a test database's ledger, as batches bring them: for tests in which what changed is judged by itself. */
#ifndef SETASIDE_TESTS_LEDGER_CHANGE_H
#define SETASIDE_TESTS_LEDGER_CHANGE_H

#include <stdint.h>

struct pg_db;

/* The same seed gives the same numbers. */
void ledger_seed(uint64_t seed);
unsigned ledger_below(unsigned limit);

/* One kind of change. $D stands for the day of evaluation, $R for a number of its own. */
struct ledger_change {
	const char *kind;
	const char *set; /* NULL: the rows end */
	const char
		*copy; /* the rows stay, and a copy with a key of its own comes: what else is set */
};
/* Makes it on one to three rows: old versions move to history, new ones carry the batch. */
void ledger_change(
	struct pg_db *db, const struct ledger_change *change, int64_t batch, const char *day);
/* The text with $D and $R filled in; free. */
char *ledger_filled(const char *text, const char *day, unsigned number);

#endif
