/* The journal of tries: what it keeps over the end of the program that wrote it. */
#include "alerts/journal.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[32], path[64];

static void begin(void)
{
	snprintf(directory, sizeof(directory), "/tmp/ss-journal.XXXXXX");
	cr_assert_not_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/tries", directory);
}

static void end(void)
{
	unlink(path);
	rmdir(directory);
}

static struct journal *open_it(void)
{
	struct err err = ERR_INIT;
	struct journal *journal = journal_open(directory, &err);

	cr_assert_not_null(journal, "%s", err.text);
	return journal;
}

static int count(const struct journal *journal, enum journal_phase phase)
{
	int n = 0;

	for (int i = 0; i < JOURNAL_NOTES; i++)
		n += journal_at(journal, i)->phase == (uint32_t)phase;
	return n;
}

/* One message in each phase, and one that is forgotten. Returns the place of the answered one. */
static int write_four(void)
{
	struct journal *journal = open_it();
	struct journal_note answer = { .flags = JOURNAL_FAULT,
		.wait_ms = 700,
		.finished_at_us = 12,
		.bytes = 34,
		.requests = 2,
		.class = "retry-later",
		.state = "retry",
		.answer = "HTTP 503 try again" };
	int place = JOURNAL_NONE;

	for (int i = 0; i < 4; i++) {
		place = journal_lease(journal, 100 + i, 5, 1, 1);
		if (i > 0)
			journal_send(journal, place, 11);
		if (i > 1)
			journal_answer(journal, place, &answer);
		if (i == 2)
			journal_forget(journal, place);
	}
	cr_expect_eq(journal_room(journal), JOURNAL_NOTES - 3);
	journal_close(journal);
	return place;
}

Test(journal, keeps_each_note_as_it_was_for_the_next_program, .init = begin, .fini = end)
{
	int place = write_four();
	struct journal *journal = open_it();
	const struct journal_note *note = journal_at(journal, place);

	cr_expect_eq(journal_room(journal), JOURNAL_NOTES - 3);
	cr_expect_eq(count(journal, JOURNAL_LEASED), 1);
	cr_expect_eq(count(journal, JOURNAL_SENDING), 1);
	cr_expect_eq(note->phase, JOURNAL_ANSWERED);
	cr_expect_eq(note->message_id, 103);
	cr_expect_eq(note->lease_epoch, 5);
	cr_expect_eq(note->wait_ms, 700);
	cr_expect_eq(note->requests, 2);
	cr_expect_eq(note->flags, JOURNAL_FAULT);
	cr_expect_str_eq(note->state, "retry");
	cr_expect_str_eq(note->answer, "HTTP 503 try again");
	journal_close(journal);
}

Test(journal, keeps_how_many_parts_of_what_was_on_its_way_had_arrived, .init = begin, .fini = end)
{
	struct journal *journal = open_it();
	int place = journal_lease(journal, 100, 5, 0, 4);

	journal_send(journal, place, 11);
	journal_part(journal, place, 3);
	journal_close(journal);
	journal = open_it();
	cr_expect_eq(journal_at(journal, place)->phase, JOURNAL_SENDING);
	cr_expect_eq(journal_at(journal, place)->parts_done, 3);
	cr_expect_eq(journal_at(journal, place)->message_id, 100);
	journal_close(journal);
}

static void overwrite(off_t at, const char *bytes)
{
	int fd = open(path, O_WRONLY);

	cr_assert_eq(pwrite(fd, bytes, strlen(bytes), at), (ssize_t)strlen(bytes));
	close(fd);
}

Test(journal, trusts_no_note_of_another_boot, .init = begin, .fini = end)
{
	struct journal *journal;

	write_four();
	overwrite(32, "another boot");
	journal = open_it();
	cr_expect_eq(count(journal, JOURNAL_SENDING), 3);
	cr_expect_eq(journal_room(journal), JOURNAL_NOTES - 3);
	journal_close(journal);
}

Test(journal, takes_a_file_of_another_layout_for_empty, .init = begin, .fini = end)
{
	struct journal *journal;

	write_four();
	overwrite(0, "setaside tries 0");
	journal = open_it();
	cr_expect_eq(journal_room(journal), JOURNAL_NOTES);
	journal_close(journal);
}

Test(journal, is_held_by_one_program_at_a_time, .init = begin, .fini = end)
{
	struct journal *journal = open_it();
	struct err err = ERR_INIT;

	cr_expect_null(journal_open(directory, &err));
	cr_expect_eq(err.code, ERR_IO);
	cr_expect_not_null(strstr(err.text, "lock"));
	journal_close(journal);
	journal = open_it();
	journal_close(journal);
}

Test(journal, says_where_it_cannot_be_made)
{
	struct err err = ERR_INIT;

	cr_expect_null(journal_open("/nonexistent/setaside", &err));
	cr_expect_eq(err.code, ERR_IO);
	cr_expect_not_null(strstr(err.text, "/nonexistent/setaside/tries"));
}
