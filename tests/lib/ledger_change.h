/* Random changes of a test database's ledger, as batches bring them: for tests in which what changed is judged by itself. */
#ifndef SETASIDE_TESTS_LEDGER_CHANGE_H
#define SETASIDE_TESTS_LEDGER_CHANGE_H

#include <stddef.h>
#include <stdint.h>

struct pg_db;

/* The seed of a history: its number, counted from SETASIDE_SEED when that is set. */
uint64_t ledger_history(uint64_t number);
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
/* One of the list, at random. */
void ledger_any_change(struct pg_db *db, const struct ledger_change *changes, size_t count,
	int64_t batch, const char *day);
/* A statement of the list, at random, with $D and $R filled in. */
void ledger_any_statement(struct pg_db *db, const char *const *statements, size_t count,
	const char *day, unsigned number);
/* The same with a number of its own for $R. */
void ledger_any_entry(
	struct pg_db *db, const char *const *statements, size_t count, const char *day);

/* Statements for such lists. An entry of a register that comes with the last batch: the columns behind its number follow.
 * And all entries go. */
#define LEDGER_ENTRY                                                                               \
	"INSERT INTO register_entry SELECT md5('e$R')::uuid, md5('e$R')::uuid, (SELECT "           \
	"max(batch_id) FROM batch), 1, NULL, 'E$R', "
#define LEDGER_ENTRIES_GO                                                                          \
	"WITH gone AS (DELETE FROM register_entry RETURNING *), kept AS (INSERT INTO "             \
	"register_entry_history SELECT g.*, (SELECT max(batch_id) FROM batch) FROM gone g) "       \
	"SELECT count(*) FROM gone"

#endif
