#include "collectors/drop_folder.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "collectors/drop_memory.h"
#include "core/mem.h"
#include "lib/pg.h"
#include "lib/pull.h"
#include "lib/pulled.h"

enum { HOUR_S = 3600, MINUTE_MS = 60 * 1000, NOBODY = 65534 };
#define HEADER "voucher_no,unit_code,payee_name,amount_yuan,cleared_on\n"

static struct pull pull;
static struct source_config config;
static struct drop_memory *memory;

static void set_up(void)
{
	pull_setup(&pull);
	memory = drop_memory_new();
	pull.env.collector.drops = memory;
	config = pulled_config("file");
	config.path = pull.data;
	config.settle_ms = MINUTE_MS;
}

static void tear_down(void)
{
	drop_memory_free(memory);
	pull_teardown(&pull);
}

TestSuite(drop_folder, .init = set_up, .fini = tear_down, .timeout = 120);

static void drop(const char *name, const char *text, int hours_old)
{
	struct timespec times[2] = { { .tv_sec = time(NULL) - hours_old * HOUR_S } };
	char path[2 * DIR_PATH_MAX];

	dir_write(pull.data, name, text);
	snprintf(path, sizeof(path), "%s/%s", pull.data, name);
	times[1] = times[0];
	cr_assert_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

static bool there(const char *name)
{
	char path[2 * DIR_PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", pull.data, name);
	return access(path, F_OK) == 0;
}

static struct drop_file next(const char *marker)
{
	struct drop_options options = {
		.directory = pull.data, .settle_ms = MINUTE_MS, .marker = marker, .memory = memory
	};
	struct drop_file file;
	struct err err = ERR_INIT;

	cr_assert_eq(drop_folder_next(&options, &file, &err), 0, "%s", err.text);
	return file;
}

#define EXPECT_NEXT(name_)                                                                         \
	do {                                                                                       \
		struct drop_file file_ = next("");                                                 \
		cr_expect_str_eq(file_.origin.name, name_);                                        \
	} while (0)

Test(drop_folder, what_office_programs_leave_behind_is_no_file)
{
	drop("~$付款.xlsx", "lock", 9);
	drop("Thumbs.db", "x", 9);
	drop("desktop.ini", "x", 9);
	drop(".DS_Store", "x", 9);
	drop("a.csv.part", "x", 9);
	EXPECT_NEXT("");
	drop("付款.xlsx", "x", 1);
	EXPECT_NEXT("付款.xlsx");
}

Test(drop_folder, a_file_that_failed_comes_after_all_others_until_it_is_written_anew)
{
	drop("old.csv", "x", 9);
	drop("new.csv", "x", 1);
	struct drop_file old = next("");
	cr_assert_str_eq(old.origin.name, "old.csv");
	cr_assert_eq(old.waiting, 2);

	drop_memory_failed(memory, pull.data, "old.csv", &old.origin.info, "no permission");
	EXPECT_NEXT("new.csv");
	cr_expect_eq(next("").waiting, 1);
	_cleanup_free_ char *path = mem_format("%s/new.csv", pull.data);
	cr_assert_eq(unlink(path), 0);
	EXPECT_NEXT("old.csv");
	cr_expect_eq(next("").waiting, 0, "it would be tried at once again, for ever");

	drop("new.csv", "x", 1);
	drop("old.csv", "longer", 9);
	EXPECT_NEXT("old.csv");
}

Test(drop_folder, with_a_marker_a_file_is_whole_when_the_marker_is_there)
{
	drop("m.csv", HEADER "V1,026,甲,1.00,2026-03-01\n", 0);
	cr_expect_str_eq(next(".ok").origin.name, "");
	drop("m.csv.ok", "", 0);
	cr_expect_str_eq(next(".ok").origin.name, "m.csv");
	config.marker = (char *)".ok";
	pull_run(&pull, &config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	cr_expect(there("done/m.csv"));
	cr_expect_not(there("m.csv.ok"), "the next file of the name would be taken unfinished");
}

/* Of files of others the kernel does not say whether somebody writes them. */
static int look_as_nobody(const char *name, int64_t settle_ms)
{
	struct drop_options options = {
		.directory = pull.data, .settle_ms = settle_ms, .marker = ""
	};
	struct drop_file file;
	struct err err = ERR_INIT;

	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		bool looked = setresuid(NOBODY, NOBODY, NOBODY) == 0 &&
			      drop_folder_next(&options, &file, &err) == 0;
		bool taken = looked && strcmp(file.origin.name, name) == 0;
		/* 1 = taken; 2 = within a minute; 3 = within ten */
		_exit(!looked ? 9 : taken ? 1 : file.ready_in_ms <= MINUTE_MS ? 2 : 3);
	}
	int status = 0;
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Test(drop_folder, a_file_of_another_account_must_be_left_alone_for_longer)
{
	if (geteuid() != 0)
		cr_skip("needs root to become somebody else");
	cr_assert_eq(chmod(pull.data, 0755), 0);
	drop("w.csv", HEADER, 1);
	EXPECT_NEXT("w.csv");
	cr_expect_eq(look_as_nobody("w.csv", MINUTE_MS), 2, "its times can be set back by anyone");
	cr_expect_eq(look_as_nobody("w.csv", 0), 1);
	drop("w.csv", HEADER "V1,0", 1);
	cr_expect_eq(look_as_nobody("w.csv", MINUTE_MS), 3, "the last line has no end");
	drop("w.csv", "PK\3\4 and so on\n", 1);
	cr_expect_eq(look_as_nobody("w.csv", MINUTE_MS), 3, "the container has no end");
	drop("w.csv", "PK\3\4 and so on PK\5\6 end", 1);
	cr_expect_eq(look_as_nobody("w.csv", MINUTE_MS), 2);
}

Test(drop_folder, names_are_shown_as_text_whatever_their_bytes)
{
	char *shown = drop_folder_shown("\xd6\xa7\xb8\xb6\n支付.csv");

	cr_expect_str_eq(shown, "%D6%A7%B8%B6%0A支付.csv");
	free(shown);
}

Test(drop_folder, a_file_with_a_name_in_another_encoding_is_taken)
{
	drop("\xd6\xa7\xb8\xb6.csv", HEADER "V1,026,甲,1.00,2026-03-01\n", 1);
	pull_run(&pull, &config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	cr_expect_str_eq(pg_text(pull.db, "SELECT name FROM batch_file"), "%D6%A7%B8%B6.csv");
	cr_expect(there("done/\xd6\xa7\xb8\xb6.csv"));
}

static void put_newer(void *arg, const struct source_progress *progress)
{
	char from[2 * DIR_PATH_MAX], to[2 * DIR_PATH_MAX];
	bool *put = arg;

	(void)progress;
	if (*put)
		return;
	*put = true;
	drop(".newer", HEADER "V2,026,甲,2.00,2026-03-02\n", 1);
	snprintf(from, sizeof(from), "%s/.newer", pull.data);
	snprintf(to, sizeof(to), "%s/m.csv", pull.data);
	cr_assert_eq(rename(from, to), 0);
}

Test(drop_folder, a_file_that_comes_under_the_name_of_the_one_being_read_is_read_next)
{
	bool put = false;
	struct source_options options = { .progress = put_newer, .arg = &put };

	drop("m.csv", HEADER "V1,026,甲,1.00,2026-03-01\n", 2);
	pull_run(&pull, &config, &options);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	cr_assert(put);
	cr_expect(there("m.csv"), "the newer file was moved away unread");
	cr_expect_not(there("done/m.csv.receipt.json"));
	cr_expect(pull.report.more);

	pull_run(&pull, &config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	cr_expect_str_eq(
		pg_text(pull.db,
			"SELECT string_agg(voucher_no, ' ' ORDER BY voucher_no) FROM payment"),
		"V1 V2");
	cr_expect(there("done/m.csv"));
	cr_expect_not(there("m.csv"));
}

Test(drop_folder, a_refused_file_that_was_replaced_meanwhile_is_left_as_well)
{
	bool put = false;
	struct source_options options = { .progress = put_newer, .arg = &put };

	drop("m.csv", "<html>", 2);
	pull_run(&pull, &config, &options);
	cr_assert(pull.failed);
	cr_expect(there("m.csv"));
	cr_expect_not(there("refused/m.csv"));
	cr_expect(pull.report.more);
}

Test(drop_folder, of_a_drop_folder_nothing_is_complete)
{
	struct err err = ERR_INIT;

	config.complete = true;
	struct source_run *run = source_run_start(&pull.env, &config, NULL, NULL, NULL, &err);
	cr_assert_not_null(run);
	source_run_cancel(run);
	drop("a.csv", HEADER, 1);
	pull_run(&pull, &config, NULL);
	cr_assert(pull.failed);
	cr_expect_not_null(
		strstr(pull.err.text, "would close the rows of all others"), "%s", pull.err.text);
}
