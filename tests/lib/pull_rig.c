#include "lib/pull_rig.h"

#include <criterion/criterion.h>
#include <inttypes.h>

#include "core/fetch.h"

struct pull pull;

void pull_rig_set_up(void)
{
	pull_setup(&pull);
}

void pull_rig_over_http(void)
{
	fetch_global_init();
	pull_setup(&pull);
	pull.env.collector.fetch = fetch_new(pull.base, NULL);
}

void pull_rig_tear_down(void)
{
	struct fetch *fetch = pull.env.collector.fetch;

	if (fetch)
		fetch_free(fetch);
	pull_teardown(&pull);
	if (fetch)
		fetch_global_free();
}

static void expect_whole(void)
{
	const struct store_batch_counts *counts = &pull.report.counts;

	cr_assert_not(pull.failed, "%s", pull.err.text);
	cr_assert_eq(counts->read, counts->new_rows + counts->changed + counts->unchanged +
					   counts->refused + counts->duplicate + counts->skipped);
}

void pull_rig_import(bool complete)
{
	pull_import(&pull, complete);
	expect_whole();
}

void pull_rig_import_as(const char *source)
{
	struct source_config config;

	source_config_import(&config, source, pull.data, false);
	pull_run(&pull, &config, NULL);
	source_config_free(&config);
	expect_whole();
}

void pull_rig_expect(
	int64_t fresh, int64_t changed, int64_t unchanged, int64_t closed, int64_t refused)
{
	const struct store_batch_counts *counts = &pull.report.counts;

	cr_assert_not(pull.failed, "%s", pull.err.text);
	cr_assert_eq(counts->new_rows, fresh, "%" PRId64 " new", counts->new_rows);
	cr_assert_eq(counts->changed, changed, "%" PRId64 " changed", counts->changed);
	cr_assert_eq(counts->unchanged, unchanged, "%" PRId64 " unchanged", counts->unchanged);
	cr_assert_eq(counts->closed, closed, "%" PRId64 " closed", counts->closed);
	cr_assert_eq(counts->refused, refused, "%" PRId64 " refused", counts->refused);
}

struct source_config pull_rig_feed(const char *url)
{
	static char *loopback[] = { (char *)"127.0.0.0/8", NULL };
	struct source_config config = pulled_config("http");

	config.format = "ocds";
	config.record = (char *)"";
	config.url = (char *)url;
	config.next = (char *)"links.next";
	config.allow = loopback;
	config.plain_http = true;
	return config;
}
