/* A database source over the weeks: changes from the watermark on, and what was deleted once everything is compared. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "lib/pg.h"
#include "lib/pull.h"
#include "lib/pulled.h"

Test(pull_pg_ledger, a_deleted_row_is_closed_by_the_next_comparison_and_not_before, .timeout = 60)
{
	struct pull pull;
	struct source_config config = pulled_config("postgres");
	char query[DIR_PATH_MAX + 16];

	pull_setup(&pull);
	dir_write(pull.data, "q.sql",
		"SELECT voucher_no, amount_yuan, id AS mark FROM public.v WHERE id > "
		"coalesce($1::int, 0)");
	snprintf(query, sizeof(query), "%s/q.sql", pull.data);
	config.dsn = (char *)pg_db_dsn(pull.db);
	config.query_path = query;
	config.watermark = (char *)"mark";
	config.compare_ms = 24 * 3600 * 1000;
	pg_exec(pull.db,
		"CREATE TABLE public.v (id serial, voucher_no text, amount_yuan numeric);"
		"INSERT INTO public.v (voucher_no, amount_yuan) VALUES ('A', 1), ('B', 2)");
	pull_run(&pull, &config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	pg_exec(pull.db, "DELETE FROM public.v WHERE voucher_no = 'A';"
			 "INSERT INTO public.v (voucher_no, amount_yuan) VALUES ('C', 3)");
	pull_run(&pull, &config, NULL);
	cr_expect_eq(pull.report.counts.new_rows, 1);
	cr_expect_eq(pull.report.counts.closed, 0);
	cr_expect_str_eq(pg_text(pull.db, "SELECT string_agg(voucher_no, '' ORDER BY voucher_no) "
					  "FROM payment"),
		"ABC");
	pg_exec(pull.db, "UPDATE batch SET committed_at = committed_at - interval '25 hours'");
	pull_run(&pull, &config, NULL);
	cr_expect_eq(pull.report.counts.closed, 1);
	cr_expect_eq(pull.report.counts.unchanged, 2);
	cr_expect_str_eq(pg_text(pull.db, "SELECT string_agg(voucher_no, '' ORDER BY voucher_no) "
					  "FROM payment"),
		"BC");
	cr_expect_str_eq(pg_text(pull.db, "SELECT voucher_no FROM payment_history"), "A");
	pull_run(&pull, &config, NULL);
	cr_expect(pull.report.unchanged_at_source, "the next pull is from the watermark on again");
	pull_teardown(&pull);
}

Test(pull_pg_ledger, rules_that_changed_make_the_whole_source_count_again, .timeout = 60)
{
	struct pull pull;
	struct source_config config = pulled_config("postgres");
	char query[DIR_PATH_MAX + 16];
	static char *rules[] = { (char *)"= 重新对照 -> payee_name", NULL };

	pull_setup(&pull);
	dir_write(pull.data, "q.sql",
		"SELECT voucher_no, amount_yuan, id AS mark FROM public.v WHERE id > "
		"coalesce($1::int, 0)");
	snprintf(query, sizeof(query), "%s/q.sql", pull.data);
	config.dsn = (char *)pg_db_dsn(pull.db);
	config.query_path = query;
	config.watermark = (char *)"mark";
	pg_exec(pull.db,
		"CREATE TABLE public.v (id serial, voucher_no text, amount_yuan numeric);"
		"INSERT INTO public.v (voucher_no, amount_yuan) VALUES ('A', 1), ('B', 2)");
	pull_run(&pull, &config, NULL);
	pull_run(&pull, &config, NULL);
	cr_assert(pull.report.unchanged_at_source, "the watermark holds");
	config.map = rules;
	pull_run(&pull, &config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	cr_expect_eq(pull.report.counts.changed, 2, "what was read by other rules is read again");
	cr_expect_str_eq(pg_text(pull.db, "SELECT string_agg(payee_name, ',') FROM payment"),
		"重新对照,重新对照");
	pull_run(&pull, &config, NULL);
	cr_expect(pull.report.unchanged_at_source);
	pull_teardown(&pull);
}
