/* A real feed over HTTP and from a file, into the ledger and on to the award-basis band. */
#include <criterion/criterion.h>
#include <event2/event.h>
#include <stdio.h>

#include "collectors/source.h"
#include "core/fetch.h"
#include "core/mem.h"
#include "lib/httpd.h"
#include "lib/pull_rig.h"
#include "lib/rows.h"

TestSuite(real_feeds, .init = pull_rig_over_http, .fini = pull_rig_tear_down, .timeout = 120);

static void expect_new(int64_t fresh)
{
	const struct store_batch_counts *counts = &pull.report.counts;

	cr_assert_not(pull.failed, "%s", pull.err.text);
	cr_expect_eq(counts->new_rows, fresh, "%lld new", (long long)counts->new_rows);
	cr_expect_eq(counts->changed + counts->closed + counts->refused + counts->duplicate, 0);
}

/* Distinct awards: of the 59 that the releases state, two stand in two releases and count once, as the newer one. */
static void expect_uk_ledger(void)
{
	EXPECT("SELECT concat_ws(' ', count(*), sum(amount_fen), string_agg(DISTINCT currency, "
	       "',')) FROM award",
		"57 12186925640 GBP");
	EXPECT("SELECT concat_ws(' ', count(*), count(budget_fen), sum(budget_fen)) FROM notice",
		"100 76 139029359754");
	EXPECT("SELECT concat_ws(' ', (SELECT count(*) FROM unit), (SELECT count(*) FROM "
	       "supplier), "
	       "(SELECT count(*) FROM party))",
		"75 70 70");
	EXPECT("SELECT concat_ws(' ', count(*), sum(amount_fen), sum(sme_lower_fen), "
	       "sum(sme_upper_fen), "
	       "sum(awards_unknown_scale), string_agg(DISTINCT currency, ',')) FROM v_award_share",
		"42 12186925640 6302913765 6820539459 12 GBP");
	EXPECT("SELECT count(*) FROM v_award_share WHERE sme_lower_fen > sme_upper_fen OR "
	       "(unknown_fen > 0 AND sme_upper_fen = 0)",
		"0");
}

static const int uk_rows = 57 + 100 + 75 + 70 + 70;

Test(real_feeds, the_uk_feed_over_http_fills_the_ledger_and_a_second_pull_changes_nothing)
{
	size_t length = 0, empty_length = 0;
	char *page = rows_real("ocds/uk-contracts-finder-page.json", &length);
	char *empty = rows_real("ocds/uk-contracts-finder-page-empty.json", &empty_length);

	if (!page || !empty) {
		printf("skipped: no real data\n");
		free(page);
		free(empty);
		return;
	}
	struct httpd_answer first = { .body = page, .length = length, .way = HTTPD_CHUNKED };
	struct httpd_answer last = { .body = empty, .length = empty_length };
	struct httpd_route routes[] = { { "/feed", &first, 1 },
		{ "/Published/Notices/OCDS/"
		  "Search?publishedFrom=2025-01-20T23:00:00&publishedTo=2025-01-23T23:00:00&limit="
		  "100&"
		  "cursor="
		  "cHVibGlzaGVkRnJvbT0yMDI1LTAxLTIwVDIzOjAwOjAwfHB1Ymxpc2hlZFRvPTIwMjUtMDEtMjNUMjM6"
		  "MDA6MDB8bGltaXQ9MTAw"
		  "fG5leHRDdXJzb3I9NzAxMDE3",
			&last, 1 },
		{ NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct source_config config = pull_rig_feed(httpd_url(httpd, "/feed"));

	pull_run(&pull, &config, NULL);
	expect_new(uk_rows);
	cr_expect_eq(pull.report.counts.skipped, 2);
	expect_uk_ledger();
	EXPECT("SELECT count(*) FROM batch_file", "2");
	pull_run(&pull, &config, NULL);
	expect_new(0);
	cr_expect_eq(pull.report.counts.unchanged, uk_rows);
	expect_uk_ledger();
	httpd_stop(httpd);
	free(page);
	free(empty);
}

Test(real_feeds, the_uk_lines_from_a_file_give_the_same_ledger)
{
	size_t length = 0;
	char *lines = rows_real("ocds/uk-contracts-finder-releases.jsonl", &length);
	char *path = mem_format("%s/releases.jsonl", pull.data);
	struct source_config config = pulled_config("file");

	if (!lines) {
		printf("skipped: no real data\n");
		free(path);
		return;
	}
	FILE *file = fopen(path, "we");
	cr_assert_eq(fwrite(lines, 1, length, file), length);
	fclose(file);
	config.format = "ocds";
	config.record = (char *)"";
	config.path = path;
	pull_run(&pull, &config, NULL);
	expect_new(uk_rows);
	cr_expect_eq(pull.report.counts.skipped, 4);
	expect_uk_ledger();
	pull_run(&pull, &config, NULL);
	expect_new(0);
	free(lines);
	free(path);
}
