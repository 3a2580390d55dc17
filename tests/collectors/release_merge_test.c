/* Releases that come batch by batch: the ledger ends as if they had come together, whatever their order. */
#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <unistd.h>

#include "collectors/source.h"
#include "core/mem.h"
#include "lib/pull_rig.h"

static char path[DIR_PATH_MAX + 16];

static void set_up(void)
{
	pull_rig_set_up();
	snprintf(path, sizeof(path), "%s/lines.jsonl", pull.data);
}

TestSuite(release_merge, .init = set_up, .fini = pull_rig_tear_down, .timeout = 240);

/* One process in four releases; # stands for the number of the process. They say together: two suppliers of the award, a
 * contract that loses its second payment and its obligation, and an organisation that is renamed. */
enum { RELEASES = 4, LINE_MAX_BYTES = 4096 };
static const char *const releases[RELEASES] = {
	"{\"ocid\":\"p-#\",\"id\":\"r1\",\"date\":\"2026-01-01T00:00:00Z\",\"tag\":[\"award\"],"
	"\"buyer\":{\"id\":\"B#\"},\"parties\":[{\"id\":\"B#\",\"name\":\"old\",\"roles\":["
	"\"buyer\"]},"
	"{\"id\":\"S#\",\"name\":\"one\",\"roles\":[\"supplier\"]}],\"tender\":{\"id\":\"t\","
	"\"title\":"
	"\"first\"},\"awards\":[{\"id\":\"a\",\"title\":\"kept\",\"value\":{\"amount\":5,"
	"\"currency\":"
	"\"CNY\"},\"suppliers\":[{\"id\":\"S#\"}]},{\"id\":\"b\"}]}",
	"{\"ocid\":\"p-#\",\"id\":\"r2\",\"date\":\"2026-02-01T00:00:00Z\",\"tag\":[\"contract\"],"
	"\"contracts\":[{\"id\":\"c\",\"awardID\":\"a\",\"value\":{\"amount\":70,\"currency\":"
	"\"CNY\"},"
	"\"milestones\":[{\"id\":\"m\",\"type\":\"payment\",\"dueDate\":\"2026-09-01\",\"value\":{"
	"\"amount\":30,\"currency\":\"CNY\"}}],\"implementation\":{\"transactions\":[{\"id\":\"1\","
	"\"date\":"
	"\"2026-02-03\",\"value\":{\"amount\":7,\"currency\":\"CNY\"}}]}}]}",
	"{\"ocid\":\"p-#\",\"id\":\"r3\",\"date\":\"2026-03-01T00:00:00Z\",\"tag\":["
	"\"awardUpdate\"],"
	"\"awards\":[{\"id\":\"a\",\"status\":\"active\",\"suppliers\":[{\"id\":\"T#\",\"name\":"
	"\"two\"}]}],"
	"\"contracts\":[{\"id\":\"c\",\"dateSigned\":\"2026-02-02\",\"milestones\":[{\"id\":\"m\","
	"\"value\":"
	"null}]}]}",
	"{\"ocid\":\"p-#\",\"id\":\"r4\",\"date\":\"2026-04-01T00:00:00Z\",\"tag\":["
	"\"contractUpdate\"],"
	"\"parties\":[{\"id\":\"B#\",\"name\":\"new\",\"roles\":[\"buyer\"]}],\"contracts\":[{"
	"\"id\":\"c\","
	"\"value\":{\"amount\":75},\"implementation\":{\"transactions\":null}}]}",
};

static struct source_config lines(const char *name)
{
	struct source_config config = pulled_config("file");

	config.name = (char *)name;
	config.format = "ocds";
	config.record = (char *)"";
	config.path = path;
	return config;
}

/* Adds a release of a process to the file that is collected next. */
static void add(FILE *file, const char *text, int process)
{
	for (; *text; text++) {
		if (*text == '#')
			fprintf(file, "%d", process);
		else
			fputc(*text, file);
	}
	fputc('\n', file);
}

static void write_lines(
	const struct source_config *config, const int *order, int from, int until, int process)
{
	FILE *file = fopen(config->path, "w");

	cr_assert_not_null(file);
	for (int i = from; i < until; i++)
		add(file, releases[order[i]], process);
	fclose(file);
}

static void collect(const struct source_config *config)
{
	pull_run(&pull, config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
}

/* Everything the ledger says of a process, without its number. */
static char *ledger_of(int process)
{
	char *sql = mem_format(
		"SELECT string_agg(line, E'\\n' ORDER BY line) FROM (SELECT "
		"replace(replace(replace("
		"replace((j - 'key' - 'print' - 'batch_id' - 'place')::text, 'p-%1$d\"', 'P\"'), "
		"'p-%1$d/', "
		"'P/'), 'S%1$d\"', 'S\"'), '%1$d\"', '\"') AS line FROM ("
		"SELECT to_jsonb(a) AS j FROM award a WHERE a.award_id LIKE 'p-%1$d/%%' UNION ALL "
		"SELECT to_jsonb(p) FROM party p WHERE p.parent_no LIKE 'p-%1$d/%%' UNION ALL "
		"SELECT to_jsonb(n) FROM notice n WHERE n.notice_id LIKE 'p-%1$d/%%' UNION ALL "
		"SELECT to_jsonb(c) FROM contract c WHERE c.contract_no LIKE 'p-%1$d/%%' UNION ALL "
		"SELECT to_jsonb(o) FROM obligation o WHERE o.contract_no LIKE 'p-%1$d/%%' UNION "
		"ALL "
		"SELECT to_jsonb(y) FROM payment y WHERE y.contract_no LIKE 'p-%1$d/%%' UNION ALL "
		"SELECT to_jsonb(u) FROM unit u WHERE u.unit_code = 'B%1$d' UNION ALL "
		"SELECT to_jsonb(s) FROM supplier s WHERE s.uscc IN ('S%1$d', 'T%1$d')) all_rows) "
		"lines",
		process);
	char *text = mem_text(pg_text(pull.db, sql));

	free(sql);
	return text;
}

/* The next order of 0..3, false after the last one. */
static bool permute(int *order)
{
	int i = RELEASES - 2, j = RELEASES - 1;

	while (i >= 0 && order[i] > order[i + 1])
		i--;
	if (i < 0)
		return false;
	while (order[j] < order[i])
		j--;
	int swap = order[i];
	order[i] = order[j];
	order[j] = swap;
	for (int low = i + 1, high = RELEASES - 1; low < high; low++, high--) {
		swap = order[low];
		order[low] = order[high];
		order[high] = swap;
	}
	return true;
}

static void expect_same(const char *expected, int process, const int *order)
{
	char *got = ledger_of(process);

	cr_expect_str_eq(got, expected, "order %d%d%d%d:\n%s\nbut together:\n%s", order[0],
		order[1], order[2], order[3], got, expected);
	free(got);
}

Test(release_merge, every_order_and_every_batch_of_its_own_gives_what_all_at_once_gives)
{
	struct source_config config = lines("feed");
	int order[RELEASES] = { 0, 1, 2, 3 }, process = 100;

	write_lines(&config, order, 0, RELEASES, process);
	collect(&config);
	char *together = ledger_of(process);
	cr_expect(strstr(together, "\"kept\""), "%s", together);
	cr_expect(strstr(together, "7500"), "%s", together);
	do {
		process++;
		for (int i = 0; i < RELEASES; i++) {
			write_lines(&config, order, i, i + 1, process);
			collect(&config);
		}
		expect_same(together, process, order);
	} while (permute(order));
	cr_expect_eq(process, 124);
	free(together);
}

Test(release_merge, every_split_in_two_gives_what_all_at_once_gives)
{
	struct source_config config = lines("feed");
	int order[RELEASES] = { 0, 1, 2, 3 }, process = 100;

	write_lines(&config, order, 0, RELEASES, process);
	collect(&config);
	char *together = ledger_of(process);
	do {
		int at = 1 + ++process % (RELEASES - 1);
		write_lines(&config, order, 0, at, process);
		collect(&config);
		write_lines(&config, order, at, RELEASES, process);
		collect(&config);
		expect_same(together, process, order);
	} while (permute(order));
	free(together);
}

Test(release_merge, what_a_later_release_removes_goes_to_history)
{
	struct source_config config = lines("feed");
	const int order[RELEASES] = { 0, 1, 2, 3 };

	for (int i = 0; i < RELEASES; i++) {
		write_lines(&config, order, i, i + 1, 7);
		collect(&config);
	}
	EXPECT("SELECT count(*) FROM payment", "0");
	EXPECT("SELECT amount_fen || ' ' || batch_id || '-' || to_batch FROM payment_history",
		"700 2-4");
	EXPECT("SELECT amount_fen || ' ' || batch_id || '-' || to_batch FROM obligation_history",
		"3000 2-3");
	EXPECT("SELECT string_agg(amount_fen::text, ',' ORDER BY batch_id) FROM contract_history",
		"7000,7000");
	EXPECT("SELECT name FROM unit", "new");
	/* The same again brings nothing. */
	write_lines(&config, order, 1, 3, 7);
	collect(&config);
	cr_expect_eq(pull.report.counts.new_rows + pull.report.counts.changed +
			     pull.report.counts.closed,
		0);
}

/* The archive is what the ledger relies on: with a hole in it nothing is guessed. */
static void with_archived_file_spoiled(void (*spoil)(const char *name), const char *word)
{
	struct source_config config = lines("feed");
	const int order[RELEASES] = { 0, 1, 2, 3 };
	char *pattern = mem_format("%s/originals/*/*.zst", pull.state);
	glob_t found;

	write_lines(&config, order, 0, 1, 7);
	collect(&config);
	cr_assert_eq(glob(pattern, 0, NULL, &found), 0, "%s", pattern);
	cr_assert_eq(found.gl_pathc, 1);
	spoil(found.gl_pathv[0]);
	char *before = ledger_of(7);
	write_lines(&config, order, 2, 3, 7);
	pull_run(&pull, &config, NULL);
	cr_assert(pull.failed);
	cr_expect(strstr(pull.err.text, "an earlier release of process p-7 cannot be read again"),
		"%s", pull.err.text);
	cr_expect(strstr(pull.err.text, word), "%s", pull.err.text);
	char *after = ledger_of(7);
	cr_expect_str_eq(after, before);
	EXPECT("SELECT count(*) FROM batch", "1");
	/* Other processes are collected as ever. */
	write_lines(&config, order, 0, 1, 8);
	collect(&config);
	EXPECT("SELECT count(*) FROM award WHERE award_id LIKE 'p-8/%'", "2");
	globfree(&found);
	free(pattern);
	free(before);
	free(after);
}

static void cut(const char *name)
{
	cr_assert_eq(truncate(name, 40), 0);
}

static void overwrite(const char *name)
{
	FILE *file = fopen(name, "r+");

	fseek(file, 60, SEEK_SET);
	fputs("no longer what it was", file);
	fclose(file);
}

static void take_away(const char *name)
{
	cr_assert_eq(unlink(name), 0);
}

Test(release_merge, an_archived_file_that_is_cut_short_fails_the_batch_and_names_the_process)
{
	with_archived_file_spoiled(cut, "zst");
}

Test(release_merge, an_archived_file_that_was_overwritten_fails_the_batch_and_names_the_process)
{
	with_archived_file_spoiled(overwrite, "zst");
}

Test(release_merge, an_archived_file_that_is_gone_fails_the_batch_and_names_the_process)
{
	with_archived_file_spoiled(take_away, "No such file");
}

Test(release_merge, a_place_that_holds_something_else_fails_the_batch_and_names_the_process)
{
	struct source_config config = lines("feed");
	const int order[RELEASES] = { 0, 1, 2, 3 };

	write_lines(&config, order, 0, 2, 7);
	collect(&config);
	pg_exec(pull.db, "UPDATE release_known SET release = release + 1 WHERE file_no > 0");
	write_lines(&config, order, 2, 3, 7);
	pull_run(&pull, &config, NULL);
	cr_assert(pull.failed);
	cr_expect(strstr(pull.err.text, "process p-7"), "%s", pull.err.text);
	cr_expect(strstr(pull.err.text, "is not this release"), "%s", pull.err.text);
	EXPECT("SELECT count(*) FROM batch", "1");
}

/* What its publisher compiled stands for what is older; a later release is merged into it, in whichever order they come. */
Test(release_merge, a_compiled_release_is_the_base_of_later_ones)
{
	static const char record[] =
		"{\"records\":[{\"ocid\":\"p-#\",\"releases\":[{\"url\":\"http://"
		"x\"}],\"compiledRelease\":{\"ocid\":\"p-#\","
		"\"id\":\"c\",\"date\":\"2026-03-01T00:00:00Z\",\"tag\":[\"compiled\"],\"awards\":["
		"{\"id\":\"a\","
		"\"title\":\"compiled\",\"value\":{\"amount\":6,\"currency\":\"CNY\"}}]}}]}";
	static const char later[] = "{\"ocid\":\"p-#\",\"id\":\"r9\",\"date\":\"2026-05-01T00:00:"
				    "00Z\",\"awards\":[{\"id\":\"a\","
				    "\"status\":\"active\"}]}";
	const char *const texts[] = { record, later, releases[0] };
	static const int orders[][3] = { { 0, 1, 2 }, { 1, 0, 2 }, { 2, 1, 0 }, { 1, 2, 0 } };
	struct source_config config = lines("feed");

	for (int i = 0; i < 4; i++) {
		for (int j = 0; j < 3; j++) {
			FILE *file = fopen(config.path, "w");
			add(file, texts[orders[i][j]], 7 + i);
			fclose(file);
			collect(&config);
		}
		char *sql =
			mem_format("SELECT title || ' ' || status || ' ' || amount_fen FROM award "
				   "WHERE award_id LIKE 'p-%d/a'",
				7 + i);
		EXPECT(sql, "compiled active 600");
		free(sql);
	}
	EXPECT("SELECT count(*) FROM award", "4");
}

/* The first `count` processes in two releases each and the one behind them in all four; the third one's last word may
 * differ. Every order but the first is written backwards, so that no file is the one before. */
static void deliver(const struct source_config *config, int count, bool backwards, bool changed)
{
	FILE *file = fopen(config->path, "w");

	cr_assert_not_null(file);
	for (int i = 0; i <= count; i++) {
		int process = backwards ? count - i : i,
		    releases_of = process < count ? 2 : RELEASES;
		for (int j = 0; j < releases_of; j++) {
			if (!(changed && process == 2 && j == 1)) {
				add(file, releases[j], process);
				continue;
			}
			char *text = mem_text(releases[j]);
			memcpy(strstr(text, "70"), "71", 2);
			add(file, text, process);
			free(text);
		}
	}
	fclose(file);
}

static void spoil_archive(void)
{
	char *pattern = mem_format("%s/originals/*/*.zst", pull.state);
	glob_t found;

	cr_assert_eq(glob(pattern, 0, NULL, &found), 0, "%s", pattern);
	for (size_t i = 0; i < found.gl_pathc; i++)
		overwrite(found.gl_pathv[i]);
	globfree(&found);
	free(pattern);
}

/* Earlier originals are not even there to be read. */
Test(release_merge, everything_delivered_again_is_not_read_again)
{
	enum { PROCESSES = 40 };
	struct source_config config = lines("feed");

	deliver(&config, PROCESSES, false, false);
	collect(&config);
	int64_t given = pull.report.counts.new_rows;
	char *before = ledger_of(PROCESSES);
	EXPECT("SELECT sum(rows_given) + (SELECT count(*) FROM unit) + (SELECT count(*) FROM "
	       "supplier) = "
	       "(SELECT rows_new FROM batch) FROM release_known",
		"t");
	spoil_archive();
	deliver(&config, PROCESSES, true, false);
	collect(&config);
	cr_expect_gt(pull.report.known, 0);
	cr_expect_eq(pull.report.counts.read, pull.report.known);
	cr_expect_eq(pull.report.counts.unchanged, pull.report.known);
	cr_expect_eq(pull.report.counts.new_rows + pull.report.counts.changed +
			     pull.report.counts.closed,
		0);
	cr_expect_leq(pull.report.known, given);
	char *after = ledger_of(PROCESSES);
	cr_expect_str_eq(after, before);
	free(before);
	free(after);
}

Test(release_merge, of_everything_delivered_again_only_a_changed_process_is_read)
{
	enum { PROCESSES = 40 };
	struct source_config config = lines("feed");

	deliver(&config, PROCESSES, false, false);
	collect(&config);
	deliver(&config, PROCESSES, true, false);
	collect(&config);
	int64_t known = pull.report.known, read = pull.report.counts.read;
	deliver(&config, PROCESSES, false, true);
	collect(&config);
	cr_expect_eq(pull.report.counts.changed, 1);
	cr_expect_lt(pull.report.known, known);
	cr_expect_gt(pull.report.known, known * 9 / 10);
	/* The notice of its other release is not among what is read; its organisations are. */
	cr_expect_geq(pull.report.counts.read, read - 2);
	cr_expect_lt(pull.report.counts.read, read + 10);
	EXPECT("SELECT amount_fen FROM contract WHERE contract_no = 'p-2/c'", "7100");
	EXPECT("SELECT count(*) FROM contract_history", "1");
	/* And back: the ledger is what it was. */
	deliver(&config, PROCESSES, true, false);
	collect(&config);
	EXPECT("SELECT amount_fen FROM contract WHERE contract_no = 'p-2/c'", "7000");
}

/* Each of these makes rows doubtful that an earlier batch gave: then everything is read. */
Test(release_merge, what_may_not_stand_as_it_stood_is_read_again)
{
	struct source_config config = lines("feed");
	static const char *const doubts[] = {
		"UPDATE batch SET program = 'another one'",
		"INSERT INTO source (name, kind) VALUES ('other', 'file'); INSERT INTO batch "
		"(batch_id, source_id, "
		"started_at, committed_at, complete, program, rows_changed) SELECT max(batch_id) + "
		"1, (SELECT "
		"source_id FROM source WHERE name = 'other'), now(), now(), false, 'x', 1 FROM "
		"batch",
		"UPDATE release_known SET print = 0",
	};

	for (size_t i = 0; i < sizeof(doubts) / sizeof(doubts[0]); i++) {
		deliver(&config, 5, i % 2 == 0, false);
		collect(&config);
		pg_exec(pull.db, doubts[i]);
		deliver(&config, 5, i % 2 != 0, false);
		collect(&config);
		cr_expect_eq(pull.report.known, 0, "%s", doubts[i]);
		cr_expect_eq(pull.report.counts.new_rows + pull.report.counts.changed +
				     pull.report.counts.closed,
			0, "%s", doubts[i]);
		deliver(&config, 5, i % 2 == 0, false);
		collect(&config);
		cr_expect_gt(pull.report.known, 0, "%s", doubts[i]);
	}
}

/* A release that was refused in part is refused again, whole ones beside it are not read. */
Test(release_merge, a_release_that_was_refused_in_part_is_read_again)
{
	struct source_config config = lines("feed");

	for (int i = 0; i < 2; i++) {
		FILE *file = fopen(config.path, "w");
		add(file, releases[0], 1 + i);
		add(file,
			"{\"ocid\":\"p-#\",\"id\":\"r1\",\"date\":\"2026-01-01T00:00:00Z\","
			"\"awards\":[{\"id\":\"a\"},{"
			"\"id\":\"b\",\"value\":{\"amount\":\"much\"}}]}",
			9);
		add(file, releases[0], 2 - i);
		fclose(file);
		collect(&config);
		cr_expect_eq(pull.report.counts.refused, 1);
		cr_expect_eq(pull.report.known > 0, i == 1);
	}
}
