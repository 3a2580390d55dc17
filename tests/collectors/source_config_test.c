#include "collectors/source_config.h"
#include "core/mem.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct conf_section *sections(void)
{
	static struct conf_section list[2];

	list[0] = source_section;
	return list;
}

/* Reads one block; returns what it complained of (NULL = nothing). */
static const char *read(const char *text, struct source_config *ret)
{
	static char complaint[1024];
	struct conf_errors errors = CONF_ERRORS_INIT;
	struct conf *conf = conf_parse("test.conf", text, strlen(text), sections(), &errors);
	int result = -1;

	if (conf != NULL)
		result = source_config_read(conf_block(conf, "source", 0), ret, &errors);
	snprintf(complaint, sizeof(complaint), "%s", errors.count > 0 ? errors.line[0] : "");
	cr_assert_eq(result == 0, errors.count == 0, "%s", complaint);
	conf_errors_free(&errors);
	conf_free(conf);
	return result == 0 ? NULL : complaint;
}

static void expect_complaint(const char *text, const char *expected)
{
	struct source_config config;
	const char *complaint = read(text, &config);

	cr_assert_not_null(complaint, "it was taken");
	cr_assert_not_null(strstr(complaint, expected), "%s", complaint);
}

Test(source_config, a_file_source_with_a_mapping_is_read_whole)
{
	struct source_config config;
	const char *complaint = read("source \"spend\" { kind = file format = csv record = payment "
				     "path = \"/srv/x.csv\" "
				     "every = 5min map = { \"Amount -> amount_yuan unit=yuan\", "
				     "\"= GBP -> currency\" } }",
		&config);

	cr_assert_null(complaint, "%s", complaint);
	cr_assert_str_eq(config.name, "spend");
	cr_assert_str_eq(config.kind, "file");
	cr_assert_str_eq(config.format, "csv");
	cr_assert_str_eq(config.record, "payment");
	cr_assert_eq(config.every_ms, 300000);
	cr_assert_str_eq(config.map[1], "= GBP -> currency");
	cr_assert_null(config.map[2]);
	cr_assert_not(config.complete);
	cr_assert_eq(config.delimiter, ',');
	source_config_free(&config);
}

Test(source_config, what_a_kind_needs_is_asked_for)
{
	expect_complaint("source \"a\" { kind = file format = canonical }", "path");
	expect_complaint("source \"a\" { kind = file format = csv path = \"/x\" }", "record");
	expect_complaint("source \"a\" { format = csv path = \"/x\" }", "kind");
	expect_complaint("source \"a\" { kind = file format = csv record = paymnt path = \"/x\" }",
		"paymnt");
}

Test(source_config, a_url_that_carries_a_secret_belongs_into_a_file)
{
	static const char http[] = "source \"a\" { kind = http format = ocds ";
	char text[256];

	snprintf(text, sizeof(text), "%surl = \"https://p.example/x?a=1&AppKey=s3\" }", http);
	expect_complaint(text, "\"appkey\" looks like a secret");
	snprintf(text, sizeof(text), "%s}", http);
	expect_complaint(text, "url-file");
	snprintf(text, sizeof(text),
		"%surl = \"https://p.example/x?keyword=1\" next = a cursor = b "
		"cursor-param = c }",
		http);
	expect_complaint(text, "exclude one another");
}

Test(source_config, nan_is_refused_unless_a_json_source_says_otherwise)
{
	struct source_config config;
	const char *json =
		"source \"lots\" { kind = file format = json record = award path = \"/x\" ";
	_cleanup_free_ char *plain = mem_format("%s}", json);
	_cleanup_free_ char *absent = mem_format("%s nan = absent }", json);
	_cleanup_free_ char *zero = mem_format("%s nan = zero }", json);

	cr_assert_null(read(plain, &config));
	cr_expect_not(config.nan_absent);
	source_config_free(&config);
	cr_assert_null(read(absent, &config));
	cr_expect(config.nan_absent);
	source_config_free(&config);
	expect_complaint(zero, "zero");
	expect_complaint("source \"a\" { kind = file format = ocds path = \"/x\" nan = absent }",
		"nan = absent is for format json, this is ocds");
}

Test(source_config, what_grows_from_a_watermark_is_not_everything)
{
	expect_complaint(
		"source \"treasury\" { kind = postgres record = payment dsn = \"dbname=x\" "
		"query-file = \"/q.sql\" watermark = \"id\" complete = yes }",
		"remove complete or watermark");
}

Test(source_config, the_files_of_a_drop_folder_are_not_everything_each)
{
	struct source_config config;

	expect_complaint("source \"a\" { kind = file format = csv record = payment path = \"/tmp\" "
			 "complete = yes }",
		"each file of a drop folder would close the rows of all others");
	const char *complaint = read(
		"source \"a\" { kind = file format = canonical path = \"/tmp\" complete = yes }",
		&config);
	cr_assert_null(complaint, "%s", complaint);
	source_config_free(&config);
}

Test(source_config, quote_and_lines_of_the_header_are_read)
{
	struct source_config config;
	const char *complaint = read("source \"a\" { kind = file format = csv record = payment "
				     "path = \"/x\" quote = \"'\" header-lines = 3 }",
		&config);

	cr_assert_null(complaint, "%s", complaint);
	cr_expect_eq(config.quote, '\'');
	cr_expect_eq(config.header_lines, 3);
	source_config_free(&config);
	expect_complaint("source \"a\" { kind = file format = csv record = payment path = \"/x\" "
			 "header-lines = 6 }",
		"header-lines");
}

Test(source_config, a_wrong_mapping_rule_is_quoted_with_file_and_line)
{
	expect_complaint("source \"a\" { kind = file format = csv record = payment path = \"/x\"\n"
			 "map = { \"Amount -> amuont_yuan\" } }",
		"amuont_yuan");
	expect_complaint("source \"a\" { kind = file format = csv record = payment path = \"/x\"\n"
			 "map = { \"Amount -> amuont_yuan\" } }",
		"test.conf:2:");
}

Test(source_config, an_import_needs_nothing_else)
{
	struct source_config config;

	source_config_import(&config, "import", "/data", true);
	cr_assert_str_eq(config.format, "canonical");
	cr_assert(config.complete);
	cr_assert_eq(config.every_ms, 0);
	source_config_free(&config);
	source_config_free(&config);
}

Test(source_config, a_watermark_on_rows_that_are_numbered_by_their_order_is_refused)
{
	struct source_config config;

	expect_complaint("source \"a\" { kind = postgres record = amendment dsn = \"host=x\" "
			 "query-file = \"/q.sql\" watermark = \"at\" }",
		"amendment rows of one key are told apart by their order");
	const char *complaint = read(
		"source \"a\" { kind = postgres record = amendment dsn = \"host=x\" query-file = "
		"\"/q.sql\" complete = yes }",
		&config);
	cr_assert_null(complaint, "%s", complaint);
	source_config_free(&config);
}

Test(source_config, what_is_expected_of_a_source_follows_from_its_period)
{
	struct source_config config;
	const char *complaint =
		read("source \"a\" { kind = file format = ocds path = \"/x\" every = "
		     "10min shrink = 50 data-within = 35d }",
			&config);

	cr_assert_null(complaint, "%s", complaint);
	cr_expect_eq(config.late_after_ms, 30 * 60 * 1000);
	cr_expect_eq(config.data_within_ms, INT64_C(35) * 86400 * 1000);
	cr_expect_eq(config.shrink_percent, 50);
	cr_expect_not(config.may_be_empty);
	source_config_free(&config);
}
