/* The reading surface: sql/views/. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "lib/district.h"
#include "lib/pg.h"
#include "sql/kind.h"

static struct pg_db *db;

static void set_up(void)
{
	db = pg_db_new();
}

static void tear_down(void)
{
	pg_db_free(db);
}

TestSuite(views, .init = set_up, .fini = tear_down);

Test(views, every_column_of_every_view_says_what_it_holds)
{
	cr_assert_str_eq(
		pg_text(db, "SELECT coalesce(string_agg(c.relname || '.' || a.attname, ' '), '') "
			    "FROM pg_class c"
			    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
			    " WHERE c.relnamespace = 'setaside'::regnamespace AND c.relkind = 'v'"
			    " AND coalesce(col_description(c.oid, a.attnum), '') = ''"),
		"");
	cr_assert_gt(pg_int(db, "SELECT count(*) FROM pg_views WHERE schemaname = 'setaside'"), 35);
}

Test(views, every_view_reads_with_the_rights_of_its_caller)
{
	cr_assert_str_eq(
		pg_text(db, "SELECT coalesce(string_agg(relname, ' '), '') FROM pg_class"
			    " WHERE relnamespace = 'setaside'::regnamespace AND relkind = 'v'"
			    " AND NOT coalesce(reloptions, '{}') @> '{security_invoker=true}'"),
		"");
}

Test(views, amounts_name_their_unit)
{
	cr_assert_str_eq(
		pg_text(db, "SELECT coalesce(string_agg(c.relname || '.' || a.attname, ' '), '') "
			    "FROM pg_class c"
			    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
			    " WHERE c.relnamespace = 'setaside'::regnamespace AND c.relkind = 'v'"
			    " AND a.attname LIKE '%\\_fen' AND col_description(c.oid, a.attnum) !~ "
			    "'fen|hundredths'"),
		"");
}

Test(views, every_kind_has_a_view_and_can_be_read_at_any_batch)
{
	int64_t first = district_load(db, "district", true);
	int64_t second = district_load(db, "corner", true); /* closes every row of the first */

	for (int i = 0; kind_table[i]; i++) {
		const char *kind = kind_table[i]->name;
		_cleanup_free_ char *now = mem_format("SELECT count(*) FROM v_%s", kind);
		_cleanup_free_ char *then =
			mem_format("SELECT count(*) FROM %s_at(%d)", kind, (int)second);
		_cleanup_free_ char *old =
			mem_format("SELECT count(*) FROM %s_at(%d)", kind, (int)first);
		_cleanup_free_ char *none = mem_format("SELECT count(*) FROM %s_at(0)", kind);
		_cleanup_free_ char *history = mem_format("SELECT count(*) FROM %s_history", kind);
		cr_assert_eq(pg_int(db, now), pg_int(db, then), "%s", kind);
		cr_assert_eq(pg_int(db, old), pg_int(db, history), "%s", kind);
		cr_assert_eq(pg_int(db, none), 0, "%s", kind);
	}
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM contract_history"), 600);
}

Test(views, a_row_is_at_a_batch_from_its_first_to_before_its_last)
{
	int64_t batch[3];

	for (int i = 0; i < 3; i++)
		batch[i] = district_batch(db);
	pg_exec(db, "INSERT INTO amendment VALUES (md5('k')::uuid, md5('2')::uuid, 3, 1, NULL, "
		    "'C', NULL, 1, 300, 'CNY');"
		    "INSERT INTO amendment_history VALUES (md5('k')::uuid, md5('1')::uuid, 1, 1, "
		    "NULL, 'C', NULL, 1, 100,"
		    " 'CNY', 3)");
	for (int i = 0; i < 3; i++) {
		_cleanup_free_ char *sql =
			mem_format("SELECT amount_change_fen FROM amendment_at(%d)", (int)batch[i]);
		cr_assert_eq(pg_int(db, sql), i < 2 ? 100 : 300);
	}
}

Test(views, the_functions_are_inlined_so_that_filters_reach_the_indexes)
{
	pg_exec(db, "SET enable_seqscan = off");
	pg_exec(db, "CREATE FUNCTION plan_of(q text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE "
		    "line text; whole text := '';"
		    " BEGIN FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || q LOOP whole := whole || "
		    "line || E'\\n'; END LOOP;"
		    " RETURN whole; END $$");
	cr_assert(strstr(
		pg_text(db,
			"SELECT plan_of('SELECT * FROM payment_at(1) WHERE voucher_no = ''x''')"),
		"payment_voucher"));
}

Test(views, reference_data_are_those_of_the_shared_tables)
{
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM v_calendar_day"), 108);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM v_lpr"), 86);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM v_size_standard"), 60);
	cr_assert_eq(pg_int(db, "SELECT one_year_ppm FROM v_lpr WHERE published_on = '2019-08-20'"),
		42500);
	pg_exec(db, "UPDATE lpr SET to_batch = 2 WHERE published_on = '2019-08-20';"
		    "INSERT INTO lpr VALUES ('2019-08-20', 1, 'x', 2, NULL)");
	cr_assert_eq(
		pg_int(db, "SELECT one_year_ppm FROM lpr_at(1) WHERE published_on = '2019-08-20'"),
		42500);
	cr_assert_eq(
		pg_int(db, "SELECT one_year_ppm FROM lpr_at(2) WHERE published_on = '2019-08-20'"),
		1);
}

Test(views, the_nearest_jurisdiction_states_a_parameter_as_a_whole)
{
	const char *sql = "SELECT string_agg(value, ' ' ORDER BY valid_from) FROM "
			  "rule_parameter_for(0, 'beijing-xicheng')"
			  " WHERE rule_id = 'P-2' AND name = 'public_term_days'";

	cr_assert_str_eq(
		pg_text(db, sql), "30 30", "one period for each version of the regulation");
	pg_exec(db, "INSERT INTO rule_parameter VALUES ('beijing', 'P-2', 'public_term_days', "
		    "'2026-01-01', NULL, '20', 'day')");
	cr_assert_str_eq(pg_text(db, sql), "20");
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM rule_parameter_for(0, 'atlantis')"), 0);
}

static void award(const char *id, const char *status, const char *amount, const char *currency)
{
	_cleanup_free_ char *sql =
		mem_format("INSERT INTO award VALUES (md5('%s')::uuid, md5('%s')::uuid, 1, 1, "
			   "NULL, '%s', 'p', 'B1', 'Buyer', '', '%s',"
			   " '2026-01-01', %s, '%s')",
			id, id, id, status, amount, currency);
	pg_exec(db, sql);
}

static void party(const char *award_id, int seq, const char *size, const char *share)
{
	_cleanup_free_ char *sql =
		mem_format("INSERT INTO party VALUES (md5('%s/%d')::uuid, md5('x')::uuid, 1, 1, "
			   "NULL, 'award', '%s', %d, 'supplier', 's', '',"
			   " '', '%s', '', %s, NULL, NULL)",
			award_id, seq, award_id, seq, size, share);
	pg_exec(db, sql);
}

Test(views, an_award_counts_once_and_unknown_scale_widens_the_band)
{
	award("sme", "active", "1000", "GBP");
	party("sme", 1, "SME", "NULL");
	party("sme", 2, "S", "NULL");
	award("large", "active", "500", "GBP");
	party("large", 1, "L", "NULL");
	award("unknown", "active", "200", "GBP");
	party("unknown", 1, "", "NULL");
	award("nobody", "active", "30", "GBP");
	award("mixed", "active", "100", "GBP");
	party("mixed", 1, "S", "600000");
	party("mixed", 2, "L", "400000");
	cr_assert_str_eq(pg_text(db, "SELECT concat_ws(' ', buyer, awards, awards_unknown_scale, "
				     "amount_fen, sme_lower_fen,"
				     " sme_upper_fen, small_micro_lower_fen, "
				     "small_micro_upper_fen) FROM v_award_share"),
		"B1 5 2 1830 1000 1330 0 1330");
}

Test(views, cancelled_awards_are_out_and_currencies_stay_apart)
{
	award("a", "cancelled", "1000", "GBP");
	award("b", "unsuccessful", "1000", "GBP");
	award("c", "active", "7", "GBP");
	award("d", "active", "9", "CNY");
	award("e", "active", "NULL", "CNY");
	cr_assert_str_eq(
		pg_text(db,
			"SELECT string_agg(currency || ':' || amount_fen || '/' || awards || '/' ||"
			" awards_without_amount, ' ' ORDER BY currency) FROM v_award_share"),
		"CNY:9/2/1 GBP:7/1/0");
}

Test(views, a_moment_is_the_last_batch_committed_by_then)
{
	district_batch(db);
	district_batch(db);
	pg_exec(db, "UPDATE batch SET committed_at = '2026-01-01 10:00+08' WHERE batch_id = 1;"
		    "UPDATE batch SET committed_at = '2026-01-02 10:00+08' WHERE batch_id = 2");
	cr_assert_eq(pg_int(db, "SELECT known_batch_at('2026-01-01 09:59:59+08')"), 0);
	cr_assert_eq(pg_int(db, "SELECT known_batch_at('2026-01-01 10:00+08')"), 1);
	cr_assert_eq(pg_int(db, "SELECT known_batch_at('2026-01-02')"), 1);
	cr_assert_eq(pg_int(db, "SELECT known_batch_at('infinity')"), 2);
}
