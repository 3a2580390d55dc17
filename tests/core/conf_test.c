#include "core/conf.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"

static const char *const KINDS[] = { "file", "http", "postgres", NULL };
static const struct conf_key TOP[] = {
	{ .name = "state",
		.type = CONF_TEXT,
		.fallback = "/var/lib/setaside",
		.help = "directory" },
	{ .name = "jurisdiction",
		.type = CONF_TEXT,
		.flags = CONF_REQUIRED,
		.help = "the district" },
	{ .name = NULL },
};
static const struct conf_key DATABASE[] = {
	{ .name = "dsn",
		.type = CONF_TEXT,
		.flags = CONF_REQUIRED | CONF_NO_RELOAD,
		.help = "where" },
	{ .name = NULL },
};
static const struct conf_key SOURCE[] = {
	{ .name = "kind",
		.type = CONF_WORD,
		.words = KINDS,
		.flags = CONF_REQUIRED,
		.help = "how" },
	{ .name = "every",
		.type = CONF_DURATION,
		.fallback = "5min",
		.min = 1000,
		.max = INT64_MAX },
	{ .name = "most", .type = CONF_SIZE, .fallback = "10MiB", .min = 1, .max = 1 << 30 },
	{ .name = "retries", .type = CONF_INT, .fallback = "3", .min = 0, .max = 9 },
	{ .name = "complete", .type = CONF_BOOL, .fallback = "no" },
	{ .name = "map", .type = CONF_LIST, .min = 0, .max = 3 },
	{ .name = "password-file", .type = CONF_SECRET },
	{ .name = NULL },
};
static const struct conf_section SECTIONS[] = {
	{ "", false, TOP, "" },
	{ "database", false, DATABASE, "" },
	{ "source", true, SOURCE, "" },
	{ .name = NULL },
};

static const char *const MINIMAL = "database { dsn = \"host=/run/postgresql dbname=setaside\" }\n"
				   "state = \"/var/lib/x\"   # original bytes\n"
				   "jurisdiction = \"beijing-xicheng\"\n";

static struct conf *parse(const char *text, struct conf_errors *errors)
{
	return conf_parse("a.conf", text, strlen(text), SECTIONS, errors);
}

/* Every expected line must occur, in order, and nothing else. */
static void expect_errors(const char *text, const char *const *expected)
{
	struct conf_errors errors = CONF_ERRORS_INIT;
	struct conf *conf = parse(text, &errors);
	cr_expect_null(conf);
	int i = 0;
	for (; expected[i]; i++)
		cr_expect_str_eq(i < errors.count ? errors.line[i] : "(none)", expected[i]);
	cr_expect_eq(errors.total, i, "%d errors, %d expected", errors.total, i);
	conf_errors_free(&errors);
}
#define EXPECT_ERRORS(text, ...) expect_errors(text, (const char *const[]){ __VA_ARGS__, NULL })

Test(conf, first_three_lines_alone_are_valid)
{
	struct conf_errors errors = CONF_ERRORS_INIT;
	struct conf *conf = parse(MINIMAL, &errors);
	cr_assert_not_null(conf);
	const struct conf_block *top = conf_block(conf, "", 0);
	cr_expect_str_eq(conf_text(top, "state"), "/var/lib/x");
	cr_expect_str_eq(conf_text(top, "jurisdiction"), "beijing-xicheng");
	cr_expect_eq(conf_block_count(conf, "source"), 0);
	cr_expect_str_eq(conf_text(conf_block(conf, "database", 0), "dsn"),
		"host=/run/postgresql dbname=setaside");
	conf_free(conf);
}

Test(conf, typed_values_defaults_and_titles_are_read)
{
	struct conf_errors errors = CONF_ERRORS_INIT;
	struct conf *conf =
		parse("jurisdiction = x\n"
		      "source \"季度 表\" {\n kind = http\n every = 2h\n most = 64KiB\n"
		      " complete = yes\n map = { \"欠款金额(万元) -> amount_yuan\", \"b\" }\n"
		      " password-file = \"/etc/secret\"\n}\n"
		      "source \"b\" { kind = file }\n",
			&errors);
	cr_assert_not_null(conf);
	cr_assert_eq(conf_block_count(conf, "source"), 2);
	const struct conf_block *a = conf_block(conf, "source", 0);
	const struct conf_block *b = conf_block(conf, "source", 1);
	cr_expect_str_eq(conf_block_title(a), "季度 表");
	cr_expect_eq(conf_word(a, "kind"), 1);
	cr_expect_eq(conf_int(a, "every"), 7200000);
	cr_expect_eq(conf_int(a, "most"), 65536);
	cr_expect_eq(conf_int(a, "retries"), 3);
	cr_expect(conf_bool(a, "complete"));
	cr_expect_eq(conf_list_count(a, "map"), 2);
	cr_expect_str_eq(conf_list_item(a, "map", 0), "欠款金额(万元) -> amount_yuan");
	cr_expect_str_eq(conf_secret_path(a, "password-file"), "/etc/secret");
	cr_expect_eq(conf_int(b, "every"), 300000);
	cr_expect_not(conf_given(b, "every"));
	cr_expect_not(conf_bool(b, "complete"));
	cr_expect_eq(conf_list_count(b, "map"), 0);
	cr_expect_null(conf_secret_path(b, "password-file"));
	conf_free(conf);
}

Test(conf, an_unknown_key_is_named_with_the_nearest_known_one)
{
	EXPECT_ERRORS("jurisdiction = x\nsource \"a\" {\n  kind = file\n  evry = 5min\n}\n",
		"a.conf:4: source: unknown key \"evry\", did you mean every?");
	EXPECT_ERRORS("jurisdiction = x\nsuorce \"a\" { }\n",
		"a.conf:2: unknown key \"suorce\", did you mean source?");
	EXPECT_ERRORS("jurisdiction = x\ndatabase { zzzzzzzz = 1 }\n",
		"a.conf:2: database: unknown key \"zzzzzzzz\", known here: dsn");
}

Test(conf, a_key_given_twice_is_refused)
{
	EXPECT_ERRORS("jurisdiction = x\nsource \"a\" {\n kind = file\n kind = http\n}\n",
		"a.conf:4: kind is given twice (first on line 3), keep one of them");
	EXPECT_ERRORS("jurisdiction = x\nsource \"a\" {\n kind = file\n map = {\"a\",\n\"b\"}\n "
		      "map = {\"c\"}\n}\n",
		"a.conf:6: map is given twice (first on line 4), keep one of them");
}

Test(conf, appending_to_a_list_is_not_a_second_assignment)
{
	struct conf_errors errors = CONF_ERRORS_INIT;
	struct conf *conf =
		parse("jurisdiction = x\nsource \"a\" { kind = file map = {\"a\"} map += {\"b\"} }",
			&errors);
	cr_assert_not_null(conf);
	cr_expect_eq(conf_list_count(conf_block(conf, "source", 0), "map"), 2);
	conf_free(conf);
}

Test(conf, a_title_or_an_untitled_block_given_twice_is_refused)
{
	EXPECT_ERRORS(
		"jurisdiction = x\nsource \"a\" { kind = file }\nsource \"a\" { kind = http }\n",
		"a.conf:3: found duplicate title 'a'; every block of a kind needs its own name");
	EXPECT_ERRORS("jurisdiction = x\ndatabase { dsn = \"a\" }\ndatabase { }\n",
		"a.conf:3: a second database block (the first ends on line 2), merge them into "
		"one");
}

Test(conf, all_value_errors_of_a_file_come_out_together)
{
	EXPECT_ERRORS("source \"a\" {\n kind = ftp\n every = 5\n most = 3GiB\n retries = 10\n"
		      " complete = perhaps\n map = {\"1\",\"2\",\"3\",\"4\"}\n password-file = "
		      "\"hunter2\"\n}\n",
		"a.conf:1: jurisdiction is missing, it must be a text (the district)",
		"a.conf:2: source \"a\": kind \"ftp\" is not known, write one of: file, http, "
		"postgres",
		"a.conf:3: source \"a\": every is \"5\", it must be a duration such as 30s, 5min, "
		"2h or 1d",
		"a.conf:4: source \"a\": most is 3GiB, it must lie between 1 and 1073741824 bytes",
		"a.conf:5: source \"a\": retries is 10, it must lie between 0 and 9",
		"a.conf:6: source \"a\": complete is \"perhaps\", it must be yes or no",
		"a.conf:7: source \"a\": map has 4 elements, it must have between 0 and 3",
		"a.conf:8: source \"a\": password-file is not an absolute path, write /… or "
		"credential:NAME; "
		"the secret itself never stands in this file");
}

Test(conf, a_missing_required_key_names_the_line_of_its_block)
{
	EXPECT_ERRORS("jurisdiction = x\n\nsource \"b\" {\n}\n",
		"a.conf:3: source \"b\": kind is missing, it must be a word (how)");
}

Test(conf, broken_syntax_says_where_and_what_would_be_right)
{
	EXPECT_ERRORS("jurisdiction x\n",
		"a.conf:1: missing equal sign after option 'jurisdiction'; write key = value");
	EXPECT_ERRORS("jurisdiction = x\nsource \"a\" { kind = file\n",
		"a.conf:3: the file ends inside the block source, close it with }");
	EXPECT_ERRORS("jurisdiction = x\n/* note\n",
		"a.conf:3: a comment or a quote that was opened is not closed");
	EXPECT_ERRORS("jurisdiction = x\n}\n",
		"a.conf:2: unexpected closing brace; there is one } too many");
}

Test(conf, text_that_is_not_utf8_is_refused_with_its_line)
{
	EXPECT_ERRORS("jurisdiction = x\nstate = \"\xb1\xb1\"\n",
		"a.conf:2: the text is not UTF-8 here (byte 27), save the file as UTF-8");
}

Test(conf, a_file_that_is_not_there_is_one_error)
{
	struct conf_errors errors = CONF_ERRORS_INIT;
	cr_expect_null(conf_read("/nonexistent/a.conf", SECTIONS, &errors));
	cr_assert_eq(errors.total, 1);
	cr_expect_str_eq(errors.line[0],
		"/nonexistent/a.conf:1: cannot be opened: No such file or directory");
	conf_errors_free(&errors);
}

Test(conf, more_errors_than_are_kept_are_still_counted)
{
	struct conf_errors errors = CONF_ERRORS_INIT;
	char text[8192] = "jurisdiction = x\n";
	for (int i = 0; i < 60; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "source \"s%d\" { }\n",
			i);
	cr_expect_null(parse(text, &errors));
	cr_expect_eq(errors.total, 60);
	cr_expect_eq(errors.count, 50);
	conf_errors_free(&errors);
}

Test(conf, modules_add_their_own_errors_with_line_and_block)
{
	struct conf_errors errors = CONF_ERRORS_INIT;
	struct conf *conf = parse("jurisdiction = x\nsource \"a\" {\n kind = file\n}\n", &errors);
	cr_assert_not_null(conf);
	const struct conf_block *block = conf_block(conf, "source", 0);
	cr_expect_eq(conf_complain(&errors, block, "kind", "a file source needs a path"), -1);
	conf_complain(&errors, block, "every", "too often");
	cr_expect_str_eq(errors.line[0], "a.conf:3: source \"a\": a file source needs a path");
	cr_expect_str_eq(errors.line[1], "a.conf:2: source \"a\": too often");
	conf_errors_free(&errors);
	conf_free(conf);
}

Test(conf, blocks_are_compared_key_by_key)
{
	struct conf_errors errors = CONF_ERRORS_INIT;
	struct conf *conf = parse("jurisdiction = x\n"
				  "source \"a\" { kind = file map = {\"x\"} }\n"
				  "source \"b\" { kind = file map = {\"x\"} every = 5min }\n"
				  "source \"c\" { kind = file map = {\"y\"} }\n",
		&errors);
	cr_assert_not_null(conf);
	const struct conf_key *key = NULL;
	cr_expect(conf_block_equal(
		conf_block(conf, "source", 0), conf_block(conf, "source", 1), &key));
	cr_expect_null(key);
	cr_expect_not(conf_block_equal(
		conf_block(conf, "source", 0), conf_block(conf, "source", 2), &key));
	cr_expect_str_eq(key->name, "map");
	conf_free(conf);
}

Test(conf, a_credential_is_looked_up_in_the_directory_that_systemd_names)
{
	struct conf_errors errors = CONF_ERRORS_INIT;
	setenv("CREDENTIALS_DIRECTORY", "/run/creds", 1);
	struct conf *conf = parse("jurisdiction = x\nsource \"a\" { kind = file password-file = "
				  "\"credential:db\" }\n",
		&errors);
	cr_assert_not_null(conf);
	cr_expect_str_eq(
		conf_secret_path(conf_block(conf, "source", 0), "password-file"), "/run/creds/db");
	conf_free(conf);
	EXPECT_ERRORS("jurisdiction = x\nsource \"a\" { kind = file password-file = "
		      "\"credential:../x\" }\n",
		"a.conf:2: source \"a\": password-file names no credential, write credential:NAME "
		"as in "
		"LoadCredential=");
}

static char *secret_of(const char *bytes, size_t count, struct err *err)
{
	char path[] = "/tmp/conf_secret_XXXXXX";
	int fd = mkstemp(path);
	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, bytes, count), (ssize_t)count);
	close(fd);
	char *secret = conf_secret_read(path, err);
	unlink(path);
	return secret;
}

Test(conf, a_secret_is_the_first_line_without_its_end)
{
	struct err err = ERR_INIT;
	char *secret = secret_of("s3cret\r\nsecond\n", 15, &err);
	cr_assert_not_null(secret);
	cr_expect_str_eq(secret, "s3cret");
	conf_secret_free(secret);
}

Test(conf, an_empty_or_binary_or_missing_secret_is_an_error)
{
	struct err err = ERR_INIT;
	cr_expect_null(secret_of("\n", 1, &err));
	cr_expect_eq(err.code, ERR_USAGE);
	err_clear(&err);
	cr_expect_null(secret_of("a\0b\n", 4, &err));
	err_clear(&err);
	cr_expect_null(conf_secret_read("/nonexistent/secret", &err));
	cr_expect_eq(err.code, ERR_USAGE);
}

Test(conf, durations_and_sizes_are_strict)
{
	int64_t n = -1;
	cr_expect(conf_duration_parse("250ms", &n) && n == 250);
	cr_expect(conf_duration_parse("1d", &n) && n == 86400000);
	cr_expect(conf_size_parse("2GiB", &n) && n == 2147483648);
	n = 7;
	cr_expect_not(conf_duration_parse("5 min", &n));
	cr_expect_not(conf_duration_parse("min", &n));
	cr_expect_not(conf_duration_parse("-5s", &n));
	cr_expect_not(conf_duration_parse("9223372036854775807d", &n));
	cr_expect_not(conf_size_parse("10MB", &n));
	cr_expect_eq(n, 7);
}
