/* Remote sources all the way into the ledger: what fails changes nothing, what comes again changes nothing. */
#include <criterion/criterion.h>
#include <event2/event.h>
#include <fcntl.h>
#include <unistd.h>

#include "collectors/source.h"
#include "core/mem.h"
#include "lib/httpd.h"
#include "lib/pull_rig.h"

TestSuite(feeds, .init = pull_rig_over_http, .fini = pull_rig_tear_down, .timeout = 120);

#define NOTHING                                                                                    \
	EXPECT("SELECT (SELECT count(*) FROM batch) + (SELECT count(*) FROM award) + (SELECT "     \
	       "count(*) FROM quarantine)",                                                        \
		"0")

static struct source_config feed(struct httpd *httpd, const char *path)
{
	return pull_rig_feed(httpd_url(httpd, path));
}

#define SUPPLIERS_BOTH "{\"id\":\"S1\"},{\"id\":\"S2\"}"
#define RELEASE(ocid, date, amount, suppliers)                                                     \
	"{\"ocid\":\"" ocid "\",\"id\":\"r-" date "\",\"date\":\"" date                            \
	"\",\"buyer\":{\"id\":\"B1\"},\"awards\":[{"                                               \
	"\"id\":\"a\",\"status\":\"active\",\"value\":{\"amount\":" amount                         \
	",\"currency\":\"CNY\"},\"suppliers\":[" suppliers "]}]}"
#define PAGE(releases, next) "{\"links\":{\"next\":\"" next "\"},\"releases\":[" releases "]}"

Test(feeds, a_feed_that_ends_early_leaves_the_ledger_as_it_was)
{
	struct httpd_answer good = { .body = PAGE(RELEASE("o1", "2026-03-01", "5", SUPPLIERS_BOTH),
					     "/2") };
	struct httpd_answer second[] = {
		{ .body = PAGE(RELEASE("o2", "2026-03-01", "6", "{\"id\":\"S1\"}"), ""),
			.way = HTTPD_EARLY_END },
		{ .body = "<html>maintenance</html>" }, { .status = 404 },
		{ .body = PAGE(RELEASE("o2", "2026-03-01", "6", "{\"id\":\"S1\"}"), "") }
	};
	struct httpd_route routes[] = { { "/1", &good, 1 }, { "/2", second, 4 },
		{ NULL, NULL, 0 } };
	static const char *const words[] = { "page 2", "not-json", "status 404" };
	struct httpd *httpd = httpd_start(routes);
	struct source_config config = feed(httpd, "/1");

	for (int i = 0; i < 3; i++) {
		pull_run(&pull, &config, NULL);
		cr_assert(pull.failed, "pull %d was taken", i);
		cr_expect(strstr(pull.err.text, words[i]), "%s", pull.err.text);
		NOTHING;
	}
	pull_run(&pull, &config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	EXPECT("SELECT string_agg(award_id || ' ' || amount_fen, ',' ORDER BY award_id) FROM award",
		"o1/a 500,o2/a 600");
	EXPECT("SELECT count(*) FROM party", "3");
	httpd_stop(httpd);
}

/* The standard merges lists of objects by identifier: a later release adds, it does not drop. */
Test(feeds, releases_that_come_together_are_merged_whatever_their_order)
{
	struct httpd_answer both = {
		.body = PAGE(RELEASE("o1", "2026-03-02", "7.5", "{\"id\":\"S2\"}") "," RELEASE(
				     "o1", "2026-03-01", "5", SUPPLIERS_BOTH),
			"")
	};
	struct httpd_route routes[] = { { "/", &both, 1 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct source_config config = feed(httpd, "/");

	pull_run(&pull, &config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	EXPECT("SELECT string_agg(award_id || ' ' || amount_fen, ',') FROM award", "o1/a 750");
	EXPECT("SELECT string_agg(supplier_id, ',' ORDER BY seq) FROM party", "S1,S2");
	httpd_stop(httpd);
}

/* A feed that is read backwards, or a page that comes late: it says how things stood, and what nothing newer says. */
Test(feeds, an_older_release_that_comes_alone_later_does_not_undo_a_newer_one)
{
	struct httpd_answer pages[] = {
		{ .body = PAGE(RELEASE("o1", "2026-03-02", "7.5", "{\"id\":\"S2\"}"), "") },
		{ .body = PAGE(RELEASE("o1", "2026-03-01", "5", SUPPLIERS_BOTH) "," RELEASE(
				       "o2", "2026-03-01", "6", "{\"id\":\"S1\"}"),
			  "") },
		{ .body = PAGE(RELEASE("o1", "2026-03-01", "5", SUPPLIERS_BOTH) "," RELEASE(
				       "o1", "2026-03-02", "7.5", "{\"id\":\"S2\"}"),
			  "") },
		{ .body = PAGE(RELEASE("o1", "2026-03-03", "9", "{\"id\":\"S2\"}"), "") },
	};
	struct httpd_route routes[] = { { "/", pages, 4 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct source_config config = feed(httpd, "/");

	pull_run(&pull, &config, NULL);
	pull_run(&pull, &config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	cr_expect_eq(pull.report.counts.skipped, 1);
	EXPECT("SELECT string_agg(award_id || ' ' || amount_fen, ',' ORDER BY award_id) FROM award",
		"o1/a 750,o2/a 600");
	EXPECT("SELECT count(*) FROM award_history", "0");
	EXPECT("SELECT string_agg(supplier_id, ',' ORDER BY seq) FROM party WHERE parent_no = "
	       "'o1/a'",
		"S1,S2");
	/* Both again: nothing new. */
	pull_run(&pull, &config, NULL);
	EXPECT("SELECT amount_fen FROM award WHERE award_id = 'o1/a'", "750");
	EXPECT("SELECT string_agg(supplier_id, ',' ORDER BY seq) FROM party WHERE parent_no = "
	       "'o1/a'",
		"S1,S2");
	pull_run(&pull, &config, NULL);
	EXPECT("SELECT amount_fen FROM award WHERE award_id = 'o1/a'", "900");
	EXPECT("SELECT count(DISTINCT process) FROM release_known WHERE file_no > 0", "2");
	EXPECT("SELECT count(*) FROM release_known WHERE file_no > 0", "4");
	httpd_stop(httpd);
}

/* By the standard's merge rules: a list of objects is added to, what is not named stays. */
Test(feeds, a_newer_release_changes_the_award_and_keeps_what_earlier_batches_brought)
{
	struct httpd_answer answers[] = {
		{ .body = PAGE(RELEASE("o1", "2026-03-01", "5", SUPPLIERS_BOTH), "") },
		{ .body = PAGE(RELEASE("o1", "2026-03-02", "7.5", "{\"id\":\"S2\"}"), "") }
	};
	struct httpd_route routes[] = { { "/", answers, 2 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct source_config config = feed(httpd, "/");

	pull_run(&pull, &config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	EXPECT("SELECT count(*) FROM party", "2");
	pull_run(&pull, &config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	EXPECT("SELECT amount_fen FROM award", "750");
	EXPECT("SELECT string_agg(seq || supplier_id, ',' ORDER BY seq) FROM party", "1S1,2S2");
	EXPECT("SELECT amount_fen || ' to ' || to_batch FROM award_history", "500 to 2");
	EXPECT("SELECT count(*) FROM party_history", "0");
	pull_run(&pull, &config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	cr_expect_eq(pull.report.counts.new_rows + pull.report.counts.changed +
			     pull.report.counts.closed,
		0);
	httpd_stop(httpd);
}

Test(feeds, an_amount_of_three_decimals_goes_to_quarantine_with_its_release)
{
	struct httpd_answer one = {
		.body = PAGE(RELEASE("o1", "2026-03-01", "5.001", SUPPLIERS_BOTH) "," RELEASE(
				     "o2", "2026-03-01", "6.00", SUPPLIERS_BOTH),
			"")
	};
	struct httpd_route routes[] = { { "/", &one, 1 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct source_config config = feed(httpd, "/");

	pull_run(&pull, &config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	cr_expect_eq(pull.report.counts.refused, 1);
	EXPECT("SELECT concat_ws('|', kind, field, value, code, left(row_text, 14)) FROM "
	       "quarantine",
		"award|awards.value.amount|5.001|amount-too-precise|{\"ocid\":\"o1\",\"");
	EXPECT("SELECT string_agg(award_id, ',') FROM award", "o2/a");
	httpd_stop(httpd);
}

Test(feeds, a_document_that_did_not_change_makes_no_batch)
{
	struct httpd_answer answers[] = {
		{ .body = PAGE(RELEASE("o1", "2026-03-01", "5", SUPPLIERS_BOTH), ""),
			.headers = "ETag: \"7\"\r\n" },
		{ .status = 304 }
	};
	struct httpd_route routes[] = { { "/", answers, 2 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct source_config config = feed(httpd, "/");

	pull_run(&pull, &config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	pull_run(&pull, &config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	cr_assert(pull.report.unchanged_at_source);
	EXPECT("SELECT count(*) FROM batch", "1");
	httpd_stop(httpd);
}

static void write_query(char path[], const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

Test(feeds, a_foreign_database_is_read_by_watermark_through_a_mapping)
{
	static char *map[] = { (char *)"凭证号 -> voucher_no", (char *)"合同号 -> contract_no",
		(char *)"金额 -> amount_yuan unit=yuan", (char *)"清算日期 -> cleared_on",
		(char *)"at -> -", NULL };
	struct pg_db *foreign = pg_db_new_empty();
	struct source_config config = pulled_config("postgres");
	char path[] = "/tmp/setaside-query-XXXXXX";

	close(mkstemp(path));
	pg_exec(foreign, "CREATE TABLE public.pay (no text, c text, amount numeric, day date, at "
			 "timestamptz DEFAULT now());"
			 "INSERT INTO public.pay VALUES ('V1', 'C1', 10.50, '2026-03-02'), ('V2', "
			 "'C1', 0.01, '2026-03-03'),"
			 "('V3', 'C2', 1.001, NULL), ('V4', 'C\"2,', 7, NULL)");
	write_query(path, "SELECT no AS \"凭证号\", c AS \"合同号\", amount AS \"金额\", day AS "
			  "\"清算日期\", at FROM public.pay "
			  "WHERE at > coalesce($1::timestamptz, '-infinity') - interval '1 hour' "
			  "ORDER BY no");
	config.dsn = (char *)pg_db_dsn(foreign);
	config.query_path = path;
	config.watermark = (char *)"at";
	config.map = map;
	pull_run(&pull, &config, NULL);
	pull_rig_expect(3, 0, 0, 0, 1);
	EXPECT("SELECT string_agg(concat_ws(' ', voucher_no, contract_no, amount_fen, cleared_on), "
	       "';' ORDER BY voucher_no) "
	       "FROM payment",
		"V1 C1 1050 2026-03-02;V2 C1 1 2026-03-03;V4 C\"2, 700");
	EXPECT("SELECT (code || ' ' || row_text) LIKE 'amount-too-precise V3,C2,1.001,%' FROM "
	       "quarantine",
		"t");
	pg_exec(foreign, "UPDATE public.pay SET amount = 11, at = now() WHERE no = 'V1'");
	pull_run(&pull, &config, NULL);
	pull_rig_expect(0, 1, 2, 0, 1);
	EXPECT("SELECT amount_fen FROM payment WHERE voucher_no = 'V1'", "1100");
	EXPECT("SELECT amount_fen FROM payment_history WHERE voucher_no = 'V1'", "1050");
	cr_expect_str_eq(
		pull.report.watermark, pg_text(foreign, "SELECT max(at)::text FROM public.pay"));
	write_query(
		path, "SELECT no, 1/0 AS x, at FROM public.pay WHERE $1::timestamptz IS NOT NULL");
	pull_run(&pull, &config, NULL);
	cr_assert(pull.failed);
	cr_expect(strstr(pull.err.text, "division by zero"), "%s", pull.err.text);
	EXPECT("SELECT count(*) FROM batch", "2");
	unlink(path);
	pg_db_free(foreign);
}
