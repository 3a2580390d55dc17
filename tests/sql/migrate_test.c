#include "sql/migrate.h"

#include <criterion/criterion.h>
#include <event2/event.h>

#include "lib/pg.h"
#include "sql/embed.h"
#include "sql/link.h"

enum { PATIENCE_MS = 60000 };

static struct event_base *base;
static struct pg_db *db;

struct told {
	bool done;
	int calls, version, applied;
	struct err err;
};

static void on_migrated(void *arg, const struct err *err, int version, int applied)
{
	struct told *told = arg;

	told->done = true;
	told->calls++;
	told->version = version;
	told->applied = applied;
	told->err = *err;
}

static void on_checked(void *arg, const struct err *err, int version)
{
	on_migrated(arg, err, version, 0);
}

static struct sql_link *open_link(void)
{
	struct sql_link_options options = { .dsn = pg_db_dsn(db), .name = "migrate", .once = true };
	struct err err = ERR_INIT;
	struct sql_link *link = sql_link_new(base, &options, &err);

	cr_assert(link, "%s", err.text);
	return link;
}

static struct told migrate(bool with_roles)
{
	struct sql_link *link = open_link();
	struct told told = { .err = ERR_INIT };

	sql_migrate(link, with_roles, on_migrated, &told);
	pg_loop_until(base, &told.done, PATIENCE_MS);
	sql_link_free(link);
	return told;
}

static struct told check(void)
{
	struct sql_link *link = open_link();
	struct told told = { .err = ERR_INIT };

	sql_schema_check(link, on_checked, &told);
	pg_loop_until(base, &told.done, PATIENCE_MS);
	sql_link_free(link);
	return told;
}

static void set_up(void)
{
	base = pg_loop_new();
	db = pg_db_new_empty();
}

static void tear_down(void)
{
	pg_db_free(db);
	pg_loop_free(base);
}

TestSuite(migrate, .init = set_up, .fini = tear_down, .timeout = 120);

Test(migrate, an_empty_database_gets_every_migration_and_all_views)
{
	struct told told = migrate(false);

	cr_assert_eq(told.err.code, ERR_NONE, "%s", told.err.text);
	cr_assert_eq(told.version, sql_schema_version_wanted());
	cr_assert_eq(told.applied, pg_int(db, "SELECT count(*) FROM schema_migration"));
	cr_assert_str_eq(pg_text(db, "SELECT sha256 FROM schema_view"), sql_views_sha256);
	cr_assert_eq(check().err.code, ERR_NONE);
}

Test(migrate, a_second_run_does_nothing)
{
	int64_t views;
	struct told told;

	migrate(false);
	views = pg_int(
		db, "SELECT coalesce(max(oid::bigint), 0) FROM pg_class WHERE relkind = 'v'");
	told = migrate(false);
	cr_assert_eq(told.err.code, ERR_NONE, "%s", told.err.text);
	cr_assert_eq(told.applied, 0);
	cr_assert_eq(
		pg_int(db,
			"SELECT coalesce(max(oid::bigint), 0) FROM pg_class WHERE relkind = 'v'"),
		views);
}

Test(migrate, two_at_once_apply_every_file_once)
{
	struct sql_link *link[2] = { open_link(), open_link() };
	struct told told[2] = { { .err = ERR_INIT }, { .err = ERR_INIT } };

	for (int i = 0; i < 2; i++)
		sql_migrate(link[i], true, on_migrated, &told[i]);
	for (int i = 0; i < 2; i++) {
		pg_loop_until(base, &told[i].done, PATIENCE_MS);
		cr_assert_eq(told[i].err.code, ERR_NONE, "%s", told[i].err.text);
		cr_assert_eq(told[i].version, sql_schema_version_wanted());
		sql_link_free(link[i]);
	}
	cr_assert_eq(told[0].applied + told[1].applied,
		pg_int(db, "SELECT count(*) FROM schema_migration"));
}

Test(migrate, an_edited_file_is_an_error_that_names_it)
{
	struct told told;

	migrate(false);
	pg_exec(db, "UPDATE schema_migration SET sha256 = repeat('0', 64) WHERE number = 1");
	told = migrate(false);
	cr_assert_eq(told.err.code, ERR_DB);
	cr_assert(strstr(told.err.text, sql_migrations[0].stem), "%s", told.err.text);
	cr_assert(strstr(told.err.text, "edited"), "%s", told.err.text);
}

Test(migrate, a_newer_database_is_left_alone)
{
	struct told told;

	migrate(false);
	pg_exec(db, "INSERT INTO schema_migration (number, name, sha256, program) "
		    "VALUES (9999, '9999_future', '', 'later')");
	told = migrate(false);
	cr_assert_eq(told.err.code, ERR_DB);
	cr_assert(strstr(told.err.text, "9999_future"), "%s", told.err.text);
	told = check();
	cr_assert_eq(told.version, 9999);
	cr_assert(strstr(told.err.text, "newer"), "%s", told.err.text);
}

/* The last file fails because its first table is there already: the ones before stay, itself
 * leaves nothing. */
Test(migrate, a_file_that_fails_is_named_and_leaves_nothing)
{
	struct told told;

	pg_exec(db, "CREATE SCHEMA setaside; CREATE TABLE setaside.delivery ()");
	told = migrate(false);
	cr_assert_eq(told.err.code, ERR_DB);
	cr_assert_str_eq(told.err.sqlstate, "42P07");
	cr_assert(strstr(told.err.text, "0002_"), "%s", told.err.text);
	cr_assert_eq(told.version, 1);
	cr_assert_eq(told.applied, 1);
	cr_assert_str_eq(pg_text(db, "SELECT to_regclass('finding')"), "");
	pg_exec(db, "DROP TABLE setaside.delivery");
	told = migrate(false);
	cr_assert_eq(told.err.code, ERR_NONE, "%s", told.err.text);
	cr_assert_eq(told.version, sql_schema_version_wanted());
}

Test(migrate, changed_views_are_made_again_and_leftovers_go)
{
	migrate(false);
	pg_exec(db, "CREATE VIEW v_leftover AS SELECT 1 AS one;"
		    "CREATE FUNCTION leftover() RETURNS int LANGUAGE sql AS 'SELECT one FROM "
		    "v_leftover';"
		    "UPDATE schema_view SET sha256 = 'another'");
	cr_assert(strstr(check().err.text, "views"));
	cr_assert_eq(migrate(false).err.code, ERR_NONE);
	cr_assert_str_eq(pg_text(db, "SELECT to_regclass('v_leftover')"), "");
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM pg_proc WHERE proname = 'leftover'"), 0);
	cr_assert_eq(check().err.code, ERR_NONE);
}

Test(migrate, somebody_elses_view_on_ours_is_not_dropped)
{
	struct told told;

	migrate(false);
	pg_exec(db, "CREATE VIEW v_ours AS SELECT 1 AS one;"
		    "CREATE VIEW public.theirs AS SELECT * FROM v_ours;"
		    "UPDATE schema_view SET sha256 = 'another'");
	told = migrate(false);
	cr_assert_eq(told.err.code, ERR_DB);
	cr_assert(strstr(told.err.text, "theirs"), "%s", told.err.text);
	cr_assert_eq(pg_int(db, "SELECT one FROM public.theirs"), 1);
}

Test(migrate, a_database_without_schema_says_what_to_do)
{
	struct told told = check();

	cr_assert_eq(told.err.code, ERR_DB);
	cr_assert_eq(told.version, 0);
	cr_assert(strstr(told.err.text, "setaside migrate"), "%s", told.err.text);
}

Test(migrate, an_older_schema_says_what_to_do)
{
	struct told told;

	migrate(false);
	pg_exec(db, "DELETE FROM schema_migration WHERE number > 1");
	told = check();
	cr_assert_eq(told.version, 1);
	cr_assert(strstr(told.err.text, "setaside migrate"), "%s", told.err.text);
}

Test(migrate, the_reading_role_reads_and_writes_nothing)
{
	cr_assert_eq(migrate(true).err.code, ERR_NONE);
	pg_exec(db, "SET ROLE setaside_read");
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM contract"), 0);
	cr_assert_eq(pg_int(db, "SELECT has_table_privilege('contract', 'INSERT')::int"), 0);
	cr_assert_eq(pg_int(db, "SELECT has_table_privilege('installation', 'SELECT')::int"), 0);
}

Test(migrate, the_program_role_writes_rows_and_changes_no_table)
{
	cr_assert_eq(migrate(true).err.code, ERR_NONE);
	pg_exec(db, "SET ROLE setaside_daemon");
	pg_exec(db, "INSERT INTO source (name, kind) VALUES ('x', 'file')");
	cr_assert_eq(pg_int(db, "SELECT has_schema_privilege('setaside', 'CREATE')::int"), 0);
	cr_assert_eq(
		pg_int(db, "SELECT has_table_privilege('schema_migration', 'UPDATE')::int"), 0);
}

Test(migrate, the_program_role_has_the_indexes_of_states_made_once)
{
	static const char *const indexes =
		"SELECT count(*) FROM pg_indexes WHERE tablename = 'obligation_state'";

	cr_assert_eq(migrate(true).err.code, ERR_NONE);
	pg_exec(db, "SET ROLE setaside_daemon");
	cr_assert_eq(pg_int(db, indexes), 0);
	pg_exec(db, "SELECT state_index_make()");
	cr_assert_eq(pg_int(db, indexes), 3);
	pg_exec(db, "SELECT state_index_make()");
	cr_assert_eq(pg_int(db, indexes), 3);
}

Test(migrate, a_database_that_is_not_there_is_an_error_of_its_own)
{
	struct sql_link_options options = {
		.dsn = "host=/nonexistent dbname=x", .name = "migrate", .once = true
	};
	struct sql_link *link = sql_link_new(base, &options, NULL);
	struct told told = { .err = ERR_INIT };

	sql_migrate(link, false, on_migrated, &told);
	pg_loop_until(base, &told.done, PATIENCE_MS);
	sql_link_free(link);
	cr_assert_eq(told.err.code, ERR_DB_DOWN);
	cr_assert_eq(err_exit_status(told.err.code), 3);
}

Test(migrate, the_databases_of_other_tests_hold_the_migrated_schema)
{
	struct pg_db *one = pg_db_new(), *two = pg_db_new();

	pg_exec(one, "INSERT INTO source (name, kind) VALUES ('x', 'file')");
	cr_assert_eq(pg_int(two, "SELECT count(*) FROM source"), 0);
	cr_assert_eq(pg_int(two, "SELECT max(number) FROM schema_migration"),
		sql_schema_version_wanted());
	pg_db_free(one);
	pg_db_free(two);
}

Test(migrate, a_closed_link_is_told_on_the_loop)
{
	struct sql_link *link = open_link();
	struct told migrated = { .err = ERR_INIT }, checked = { .err = ERR_INIT };

	sql_link_close(link, "the test closes it");
	sql_migrate(link, false, on_migrated, &migrated);
	sql_schema_check(link, on_checked, &checked);
	cr_assert_not(migrated.done || checked.done, "told inside the call");
	pg_loop_until(base, &checked.done, PATIENCE_MS);
	cr_assert_neq(checked.err.code, ERR_NONE);
	cr_assert(migrated.done);
	cr_assert_neq(migrated.err.code, ERR_NONE);
	sql_link_free(link);
}

/* The migrator drops all views and functions before it makes those of sql/views. */
Test(migrate, migrations_create_no_view_and_no_function)
{
	static const char *const words[] = { "CREATE VIEW", "CREATE OR REPLACE", "CREATE FUNCTION",
		"CREATE PROCEDURE", "CREATE MATERIALIZED VIEW" };

	for (int i = 0; sql_migrations[i].stem; i++)
		for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++)
			cr_assert_null(strcasestr(sql_migrations[i].text, words[w]), "%s: %s",
				sql_migrations[i].stem, words[w]);
}
