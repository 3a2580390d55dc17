#include "collectors/archive.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/mem.h"
#include "lib/dir.h"
#include "lib/pg.h"

static char directory[DIR_PATH_MAX];
static struct event_base *base;
static struct archive *archive;
static struct err err;

static struct archive_entry stored;
static struct err stored_err;
static bool stored_done;

static void setup(void)
{
	err = (struct err)ERR_INIT;
	dir_make(directory);
	base = event_base_new();
	archive = archive_new(base, directory, 0, &err);
	cr_assert_not_null(archive, "%s", err.text);
}

static void teardown(void)
{
	archive_free(archive);
	event_base_free(base);
	dir_remove(directory);
}

TestSuite(archive, .init = setup, .fini = teardown);

static void on_stored(void *arg, const struct archive_entry *entry, const struct err *fault)
{
	(void)arg;
	stored = *entry;
	stored_err = fault != NULL ? *fault : (struct err)ERR_INIT;
	stored_done = true;
}

static void finish(struct archive_writer *writer)
{
	stored_done = false;
	archive_commit(writer, on_stored, NULL);
	cr_assert_not(stored_done, "done was called inside archive_commit");
	pg_loop_until(base, &stored_done, 10000);
}

static void store(const void *bytes, size_t count)
{
	struct archive_writer *writer = archive_begin(archive, &err);

	cr_assert_not_null(writer, "%s", err.text);
	cr_assert_eq(archive_write(writer, bytes, count, &err), 0, "%s", err.text);
	finish(writer);
}

/* Path of the one stored file. */
static void only_file(char path[256])
{
	char pattern[512];
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/originals/[0-9a-f]*/*.zst", directory);
	cr_assert_eq(glob(pattern, 0, NULL, &found), 0);
	cr_assert_eq(found.gl_pathc, 1);
	snprintf(path, 256, "%s", found.gl_pathv[0]);
	globfree(&found);
}

static ssize_t read_all(const char *sha256, char *room, size_t size)
{
	struct archive_reader *reader = archive_open(archive, sha256, &err);
	size_t used = 0;
	ssize_t count;

	if (reader == NULL)
		return -1;
	while ((count = archive_read(
			reader, room + used, size - used < 1000 ? size - used : 1000, &err)) > 0)
		used += (size_t)count;
	archive_close(reader);
	return count < 0 ? -1 : (ssize_t)used;
}

Test(archive, gives_back_the_bytes_under_their_sha256)
{
	char room[16];

	store("abc", 3);
	cr_assert_eq(stored_err.code, ERR_NONE, "%s", stored_err.text);
	cr_assert_str_eq(
		stored.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	cr_assert_eq(stored.bytes, 3);
	cr_assert_eq(read_all(stored.sha256, room, sizeof(room)), 3, "%s", err.text);
	cr_assert_arr_eq(room, "abc", 3);
	char path[256], tail[128];
	only_file(path);
	snprintf(tail, sizeof(tail), "/originals/ba/%s.zst", stored.sha256);
	cr_assert_not_null(strstr(path, tail));
}

Test(archive, streams_large_content_in_pieces)
{
	size_t size = 3 * 1024 * 1024;
	_cleanup_free_ char *bytes = mem_alloc(size);
	_cleanup_free_ char *back = mem_alloc(size + 1);
	struct archive_writer *writer = archive_begin(archive, &err);
	uint32_t noise = 1;

	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)((noise = noise * 1664525u + 1013904223u) >> 24);
	for (size_t at = 0; at < size; at += 65536)
		cr_assert_eq(archive_write(writer, bytes + at, 65536, &err), 0);
	finish(writer);
	cr_assert_eq(read_all(stored.sha256, back, size + 1), (ssize_t)size, "%s", err.text);
	cr_assert_eq(memcmp(bytes, back, size), 0);
}

Test(archive, keeps_equal_content_once_and_empty_content_too)
{
	char room[4];

	store("same", 4);
	int64_t used = archive_used(archive);
	cr_assert_gt(used, 0);
	store("same", 4);
	cr_assert_eq(stored.stored, 0);
	cr_assert_eq(archive_used(archive), used);
	store("", 0);
	cr_assert_eq(read_all(stored.sha256, room, sizeof(room)), 0, "%s", err.text);
}

Test(archive, says_when_the_stored_bytes_are_not_the_original_ones)
{
	char path[256], room[4096];

	store("the first content of some length", 32);
	char sha256[ARCHIVE_SHA_TEXT];
	memcpy(sha256, stored.sha256, sizeof(sha256));
	only_file(path);
	struct stat info;
	cr_assert_eq(stat(path, &info), 0);
	cr_assert_eq(truncate(path, info.st_size - 3), 0);
	cr_assert_eq(read_all(sha256, room, sizeof(room)), -1);
	cr_assert_not_null(strstr(err.text, "damaged"), "%s", err.text);

	/* A whole file of other content under this name. */
	cr_assert_eq(unlink(path), 0);
	store("other content", 13);
	char other[256];
	only_file(other);
	cr_assert_eq(rename(other, path), 0);
	err = (struct err)ERR_INIT;
	cr_assert_eq(read_all(sha256, room, sizeof(room)), -1);
	cr_assert_not_null(strstr(err.text, "another SHA-256"), "%s", err.text);
}

/* Every byte of the file on disk, turned over: reading says so, with the hash and without it. */
Test(archive, damage_is_found_without_the_hash_too)
{
	char path[256], room[4096], sha256[ARCHIVE_SHA_TEXT];
	struct stat info;

	store("some content, some content, and some more", 41);
	memcpy(sha256, stored.sha256, sizeof(sha256));
	only_file(path);
	cr_assert_eq(stat(path, &info), 0);
	int fd = open(path, O_RDWR);
	for (off_t at = 0; at < info.st_size; at++) {
		unsigned char byte;
		cr_assert_eq(pread(fd, &byte, 1, at), 1);
		byte ^= 0xff;
		cr_assert_eq(pwrite(fd, &byte, 1, at), 1);
		struct archive_reader *reader = archive_open_unhashed(archive, sha256, &err);
		ssize_t count = 0, length = 0;
		while ((count = archive_read(
				reader, room + length, sizeof(room) - (size_t)length, &err)) > 0)
			length += count;
		archive_close(reader);
		/* A bit that means nothing may be turned: then the content is right. */
		cr_expect(count < 0 || memcmp(room, "some content, some content, and some more",
					       41) == 0,
			"byte %d", (int)at);
		cr_expect(at < 8 || count < 0, "byte %d", (int)at);
		byte ^= 0xff;
		cr_assert_eq(pwrite(fd, &byte, 1, at), 1);
	}
	close(fd);
}

Test(archive, refuses_names_that_are_no_hash_and_unknown_ones)
{
	cr_assert_null(archive_open(archive, "../../etc/passwd", &err));
	cr_assert_eq(err.code, ERR_DATA);
	err = (struct err)ERR_INIT;
	cr_assert_null(archive_open(
		archive, "0000000000000000000000000000000000000000000000000000000000000000", &err));
	cr_assert_eq(err.code, ERR_IO);
}

Test(archive, respects_its_quota_and_leaves_nothing_behind)
{
	char pattern[512];
	_cleanup_free_ char *bytes = mem_alloc(1024 * 1024);
	uint32_t noise = 7;
	glob_t found;

	for (size_t i = 0; i < 1024 * 1024; i++)
		bytes[i] = (char)((noise = noise * 1664525u + 1013904223u) >> 24);
	archive_free(archive);
	archive = archive_new(base, directory, 100000, &err);
	struct archive_writer *writer = archive_begin(archive, &err);
	cr_assert_eq(archive_write(writer, bytes, 1024 * 1024, &err), -1);
	cr_assert_eq(err.code, ERR_LIMIT);
	archive_abort(writer);
	snprintf(pattern, sizeof(pattern), "%s/originals/tmp-*", directory);
	cr_assert_eq(glob(pattern, 0, NULL, &found), GLOB_NOMATCH);
}

Test(archive, removes_what_a_crash_left_but_not_what_is_being_written)
{
	char left[512];
	struct archive_writer *writer = archive_begin(archive, &err);

	cr_assert_eq(archive_write(writer, "x", 1, &err), 0);
	snprintf(left, sizeof(left), "%s/originals/tmp-crash1", directory);
	close(open(left, O_CREAT | O_WRONLY, 0600));
	struct archive *second = archive_new(base, directory, 0, &err);
	cr_assert_not_null(second);
	cr_assert_neq(access(left, F_OK), 0);
	finish(writer);
	cr_assert_eq(stored_err.code, ERR_NONE, "%s", stored_err.text);
	archive_free(second);
}

Test(archive, an_abort_during_the_sync_calls_nobody)
{
	struct archive_writer *writer = archive_begin(archive, &err);

	cr_assert_eq(archive_write(writer, "y", 1, &err), 0);
	stored_done = false;
	archive_commit(writer, on_stored, NULL);
	archive_abort(writer);
	event_base_loop(base, EVLOOP_NONBLOCK);
	cr_assert_not(stored_done);
}

Test(archive, a_directory_that_cannot_be_written_is_an_error)
{
	cr_assert_null(archive_new(base, "/proc/nonexistent/state", 0, &err));
	cr_assert_eq(err.code, ERR_IO);
}

Test(archive, makes_a_state_directory_that_is_only_named_but_never_through_a_file)
{
	char *deep = mem_format("%s/var/lib/setaside", directory),
	     *blocked = mem_format("%s/file/x", directory);
	char *file = mem_format("%s/file", directory);
	struct archive *other = archive_new(base, deep, 0, &err);
	struct stat status;
	FILE *made = fopen(file, "w");

	cr_assert_not_null(other, "%s", err.text);
	archive_free(other);
	cr_assert_eq(stat(deep, &status), 0);
	cr_assert_eq(status.st_mode & 0777, 0750);
	cr_assert_not_null(made);
	fclose(made);
	cr_assert_null(archive_new(base, blocked, 0, &err));
	cr_assert_eq(err.code, ERR_IO);
	free(deep);
	free(blocked);
	free(file);
}
