#include "lib/district.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/mem.h"
#include "lib/golden.h"
#include "lib/pg.h"
#include "sql/kind.h"

enum { SQL_BYTES_MAX = 64 << 20 };

int64_t district_batch(struct pg_db *db)
{
	pg_exec(db,
		"INSERT INTO source (name, kind) VALUES ('test', 'import') ON CONFLICT DO NOTHING;"
		"INSERT INTO batch (batch_id, source_id, started_at, committed_at) SELECT "
		"coalesce(max(batch_id), 0) + 1,"
		" (SELECT source_id FROM source WHERE name = 'test'), now(), clock_timestamp() "
		"FROM batch");
	return pg_int(db, "SELECT max(batch_id) FROM batch");
}

static void add_quoted(struct buf *sql, const char *value)
{
	buf_add_char(sql, '\'');
	for (; *value; value++) {
		if (*value == '\'')
			buf_add_char(sql, '\'');
		buf_add_char(sql, *value);
	}
	buf_add_char(sql, '\'');
}

static const char *cell_of(
	const struct golden *golden, size_t row, const struct kind_column *column)
{
	const char *cell = "";

	if (column->csv && golden_has_column(golden, column->csv))
		cell = golden_cell(golden, row, column->csv);
	if (!*cell && column->fallback)
		cell = column->fallback;
	return cell;
}

static void add_value(struct buf *sql, const struct kind_column *column, const char *cell)
{
	bool text = column->type == KIND_TEXT || column->type == KIND_CODE ||
		    column->type == KIND_WORD || column->type == KIND_MONTH;

	if (!*cell && !text) {
		buf_add_text(sql, "NULL");
		return;
	}
	if (column->type == KIND_FEN)
		buf_add_text(sql, "100*");
	if (column->type == KIND_PPM)
		buf_add_text(sql, "10000*");
	if (column->type == KIND_FEN || column->type == KIND_PPM || column->type == KIND_INT) {
		buf_add_text(sql, cell);
		return;
	}
	add_quoted(sql, cell);
	if (column->type == KIND_DATE)
		buf_add_text(sql, "::date");
	if (column->type == KIND_BOOL)
		buf_add_text(sql, "::boolean");
}

/* The occurrence of a row among those of its natural key, in file order. Quadratic, but the files are small. */
static int occurrence_of(const struct golden *golden, size_t row, const struct kind *kind)
{
	int occurrence = 1;

	for (size_t before = 0; before < row; before++) {
		bool same = true;
		for (int i = 0; i < kind->count && same; i++) {
			const struct kind_column *column = &kind->columns[i];
			if ((column->flags & KIND_KEY) && !(column->flags & KIND_OCCURRENCE))
				same = strcmp(cell_of(golden, before, column),
					       cell_of(golden, row, column)) == 0;
		}
		occurrence += same;
	}
	return occurrence;
}

static void add_row(struct buf *sql, const struct golden *golden, size_t row,
	const struct kind *kind, int64_t batch)
{
	char occurrence[16];
	struct buf key = { 0 }, all = { 0 };

	buf_init(&key, 65536);
	buf_init(&all, 65536);
	snprintf(occurrence, sizeof(occurrence), "%d", 1);
	for (int i = 0; i < kind->count; i++)
		if (kind->columns[i].flags & KIND_OCCURRENCE)
			snprintf(occurrence, sizeof(occurrence), "%d",
				occurrence_of(golden, row, kind));
	for (int i = 0; i < kind->count; i++) {
		const struct kind_column *column = &kind->columns[i];
		const char *cell =
			column->flags & KIND_OCCURRENCE ? occurrence : cell_of(golden, row, column);
		buf_format(&all, "|%s", cell);
		if (column->flags & (KIND_KEY | KIND_OCCURRENCE))
			buf_format(&key, "|%s", cell);
	}
	buf_add_text(sql, "(md5(");
	add_quoted(sql, key.data);
	buf_add_text(sql, ")::uuid,md5(");
	add_quoted(sql, all.data);
	buf_format(sql, ")::uuid,%" PRId64 ",%zu,NULL::jsonb", batch, row + 2);
	for (int i = 0; i < kind->count; i++) {
		const struct kind_column *column = &kind->columns[i];
		buf_add_char(sql, ',');
		add_value(sql, column,
			column->flags & KIND_OCCURRENCE ? occurrence
							: cell_of(golden, row, column));
	}
	buf_add_char(sql, ')');
	buf_free(&key);
	buf_free(&all);
}

static void load_kind(
	struct pg_db *db, const char *path, const struct kind *kind, int64_t batch, bool complete)
{
	struct golden *golden = golden_open(path);
	struct buf sql = { 0 };

	buf_init(&sql, SQL_BYTES_MAX);
	buf_format(
		&sql, "CREATE TEMP TABLE incoming AS SELECT * FROM %s WITH NO DATA;", kind->name);
	for (size_t row = 0; row < golden_rows(golden); row++) {
		buf_add_text(&sql, row ? "," : "INSERT INTO incoming VALUES ");
		add_row(&sql, golden, row, kind, batch);
	}
	buf_format(&sql,
		"; WITH old AS (DELETE FROM %s t WHERE %s EXISTS (SELECT FROM incoming i WHERE "
		"i.key = t.key"
		" AND i.print <> t.print) RETURNING *) INSERT INTO %s_history SELECT *, %" PRId64
		" FROM old;",
		kind->name,
		complete ? "NOT EXISTS (SELECT FROM incoming i WHERE i.key = t.key) OR" : "",
		kind->name, batch);
	buf_format(&sql,
		"INSERT INTO %s SELECT * FROM incoming i WHERE NOT EXISTS (SELECT FROM %s t WHERE "
		"t.key = i.key);"
		"DROP TABLE incoming",
		kind->name, kind->name);
	cr_assert(!sql.failed, "rows of %s do not fit", path);
	pg_exec(db, sql.data);
	buf_free(&sql);
	golden_free(golden);
}

int64_t district_load(struct pg_db *db, const char *folder, bool complete)
{
	int64_t batch = district_batch(db);

	for (int i = 0; kind_table[i]; i++) {
		_cleanup_free_ char *path = mem_format("%s/%s.csv", folder, kind_table[i]->name);
		_cleanup_free_ char *full =
			mem_format("%s/tests/golden/%s", SETASIDE_SOURCE_DIR, path);
		if (access(full, R_OK) == 0)
			load_kind(db, path, kind_table[i], batch, complete);
	}
	return batch;
}
