#include "sql/dsn.h"

#include <criterion/criterion.h>

static struct sql_dsn *parse(const char *text, bool foreign)
{
	struct err err = ERR_INIT;
	struct sql_dsn *dsn = sql_dsn_new(text, "store", foreign, 29500, &err);

	cr_assert(dsn, "%s", err.text);
	return dsn;
}

static void expect(const char *text, const char *keyword, const char *value)
{
	struct sql_dsn *dsn = parse(text, false);

	cr_assert_str_eq(sql_dsn_get(dsn, keyword), value, "%s of %s is \"%s\"", keyword, text,
		sql_dsn_get(dsn, keyword));
	sql_dsn_free(dsn);
}

Test(dsn, a_remote_server_must_prove_itself_unless_the_string_says_otherwise)
{
	expect("host=db.example dbname=x", "sslmode", "verify-full");
	expect("host=10.1.2.3 dbname=x", "sslmode", "verify-full");
	expect("postgresql://db.example/x", "sslmode", "verify-full");
	expect("host=/run/postgresql,db.example dbname=x", "sslmode", "verify-full");
	expect("host=db.example hostaddr=10.1.2.3 dbname=x", "sslmode", "verify-full");
	expect("host=db.example dbname=x sslmode=prefer", "sslmode", "prefer");
}

Test(dsn, a_server_on_this_machine_needs_no_certificate)
{
	expect("host=/run/postgresql dbname=x", "sslmode", "");
	expect("host=localhost dbname=x", "sslmode", "");
	expect("host=127.0.0.1 dbname=x", "sslmode", "");
	expect("host=::1 dbname=x", "sslmode", "");
	expect("host=@abstract dbname=x", "sslmode", "");
	expect("dbname=x", "sslmode", "");
}

Test(dsn, what_every_session_needs_is_added_and_what_was_given_is_kept)
{
	struct sql_dsn *dsn = parse("dbname=x options='-c work_mem=1MB' keepalives_idle=5 "
				    "application_name=theirs",
		false);

	cr_assert(strstr(sql_dsn_get(dsn, "options"), "-c work_mem=1MB"));
	cr_assert(strstr(sql_dsn_get(dsn, "options"), "timezone=Asia/Shanghai"));
	cr_assert(strstr(sql_dsn_get(dsn, "options"), "statement_timeout=29500"));
	cr_assert_str_eq(sql_dsn_get(dsn, "keepalives_idle"), "5");
	cr_assert_str_eq(sql_dsn_get(dsn, "keepalives_count"), "3");
	cr_assert_str_eq(sql_dsn_get(dsn, "application_name"), "setaside store");
	sql_dsn_free(dsn);
}

Test(dsn, a_source_database_gets_no_start_up_options)
{
	struct sql_dsn *dsn = parse("dbname=x", true);

	cr_assert_str_eq(sql_dsn_get(dsn, "options"), "");
	cr_assert_str_eq(sql_dsn_get(dsn, "client_encoding"), "UTF8");
	sql_dsn_free(dsn);
}

Test(dsn, a_service_is_refused_because_libpq_would_look_its_host_up)
{
	struct err err = ERR_INIT;

	cr_assert_null(sql_dsn_new("service=ledger", "store", false, 1, &err));
	cr_assert_eq(err.code, ERR_USAGE);
}
