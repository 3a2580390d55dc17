#include "lib/ledger_change.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/buf.h"
#include "core/mem.h"
#include "lib/pg.h"

static uint64_t state = 1;

uint64_t ledger_history(uint64_t number)
{
	const char *seed = getenv("SETASIDE_SEED");

	return seed ? strtoull(seed, NULL, 10) + number : number;
}

void ledger_seed(uint64_t seed)
{
	state = seed * 2654435761U + 1;
}

/* xorshift64* */
unsigned ledger_below(unsigned limit)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (unsigned)((state * 2685821657736338717ULL) >> 33) % limit;
}

char *ledger_filled(const char *text, const char *day, unsigned number)
{
	struct buf out;
	char *result;

	buf_init(&out, 65536);
	for (; *text; text++) {
		if (text[0] == '$' && text[1] == 'D')
			buf_add_text(&out, day);
		else if (text[0] == '$' && text[1] == 'R')
			buf_format(&out, "%u", number);
		else {
			buf_add_char(&out, *text);
			continue;
		}
		text++;
	}
	result = mem_text(out.data ? out.data : "");
	buf_free(&out);
	return result;
}

void ledger_change(
	struct pg_db *db, const struct ledger_change *change, int64_t batch, const char *day)
{
	unsigned number = 1000 + ledger_below(1000000);
	const char *set = change->copy ? change->copy : change->set;
	_cleanup_free_ char *what = ledger_filled(set ? set : "", day, number);
	_cleanup_free_ char *pick = mem_format("CREATE TEMP TABLE moved AS SELECT * FROM %s "
					       "ORDER BY md5(key::text || '%u') LIMIT %u",
		change->kind, number, 1 + ledger_below(3));
	_cleanup_free_ char *end =
		mem_format("INSERT INTO %s_history SELECT m.*, %" PRId64 " FROM moved m;"
			   "DELETE FROM %s k USING moved m WHERE m.key = k.key",
			change->kind, batch, change->kind);
	_cleanup_free_ char *key = mem_format(", key = md5(key::text || '%u')::uuid", number);
	_cleanup_free_ char *again = mem_format("UPDATE moved SET batch_id = %" PRId64
						", print = md5(print::text || '%u')::uuid%s%s%s;"
						"INSERT INTO %s SELECT * FROM moved",
		batch, number, change->copy ? key : "", set ? ", " : "", what, change->kind);

	pg_exec(db, pick);
	/* Copies get one number: only one of them is made. */
	if (change->copy)
		pg_exec(db,
			"DELETE FROM moved WHERE key <> (SELECT min(key::text) FROM moved)::uuid");
	else
		pg_exec(db, end);
	if (set)
		pg_exec(db, again);
	pg_exec(db, "DROP TABLE moved");
}

void ledger_any_change(struct pg_db *db, const struct ledger_change *changes, size_t count,
	int64_t batch, const char *day)
{
	ledger_change(db, &changes[ledger_below((unsigned)count)], batch, day);
}

void ledger_any_statement(struct pg_db *db, const char *const *statements, size_t count,
	const char *day, unsigned number)
{
	_cleanup_free_ char *sql =
		ledger_filled(statements[ledger_below((unsigned)count)], day, number);

	pg_exec(db, sql);
}

void ledger_any_entry(
	struct pg_db *db, const char *const *statements, size_t count, const char *day)
{
	ledger_any_statement(db, statements, count, day, 1000 + ledger_below(1000000));
}
