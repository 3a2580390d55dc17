#include "collectors/drop_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "collectors/drop_memory.h"
#include "collectors/source.h"
#include "core/mem.h"
#include "core/text.h"

static bool has_suffix(const char *name, const char *suffix)
{
	size_t length = strlen(name), tail = strlen(suffix);

	return length >= tail && strcmp(name + length - tail, suffix) == 0;
}

/* Not there for us: being made, or left by office programs and file managers. */
static bool ignored(const char *name, const char *marker)
{
	static const char *const litter[] = { "Thumbs.db", "ehthumbs.db", "desktop.ini" };

	for (size_t i = 0; i < sizeof(litter) / sizeof(litter[0]); i++) {
		if (strcasecmp(name, litter[i]) == 0)
			return true;
	}
	return name[0] == '.' || strncmp(name, "~$", 2) == 0 || has_suffix(name, "~") ||
	       has_suffix(name, ".part") || has_suffix(name, ".tmp") ||
	       has_suffix(name, ".crdownload") || (marker[0] != '\0' && has_suffix(name, marker));
}

/* What failed comes after what did not, then by age. */
static bool before(const struct drop_file *a, const struct drop_file *b)
{
	const struct stat *x = &a->origin.info, *y = &b->origin.info;

	if (a->failures != b->failures)
		return a->failures < b->failures;
	if (x->st_mtim.tv_sec != y->st_mtim.tv_sec)
		return x->st_mtim.tv_sec < y->st_mtim.tv_sec;
	if (x->st_mtim.tv_nsec != y->st_mtim.tv_nsec)
		return x->st_mtim.tv_nsec < y->st_mtim.tv_nsec;
	return strcmp(a->origin.name, b->origin.name) < 0;
}

/* How much of `wait_ms` after `since` is left. A time in the future says nothing about whether somebody still writes. */
static int64_t left_ms(const struct timespec *since, int64_t wait_ms)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	int64_t age = (int64_t)(now.tv_sec - since->tv_sec) * 1000 +
		      (now.tv_nsec - since->tv_nsec) / 1000000;
	return age < 0 || age >= wait_ms ? 0 : wait_ms - age;
}

/* Whether the file ends as its kind does: a workbook with the directory of its container, text with a line end. */
static bool ends_whole(int fd, off_t size)
{
	enum { TAIL = 4096, MARK = 4 };
	char head[MARK] = { 0 }, tail[TAIL];
	off_t from = size > TAIL ? size - TAIL : 0;
	ssize_t first = pread(fd, head, sizeof(head), 0);
	ssize_t count = pread(fd, tail, sizeof(tail), from);

	if (first <= 0 || count <= 0)
		return false;
	if (memcmp(head, "PK\3\4", MARK) == 0)
		return memmem(tail, (size_t)count, "PK\5\6", MARK) != NULL;
	return tail[count - 1] == '\n' || tail[count - 1] == '\r' || tail[count - 1] == '\0';
}

/* How long the file must still be left alone: 0 = it is whole, -1 = nobody knows. A read lease is granted only where
 * nobody has the file open for writing; to others than its owner none is given, and not by every file system: there the
 * change time counts, which no program can set back. */
static int64_t wait_ms(
	int directory, const struct drop_file *file, const struct drop_options *options)
{
	const struct stat *info = &file->origin.info;

	if (options->marker[0] != '\0') {
		_cleanup_free_ char *marker =
			mem_format("%s%s", file->origin.name, options->marker);
		return faccessat(directory, marker, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : -1;
	}
	int64_t wait = left_ms(&info->st_mtim, DROP_SETTLE_MS);
	if (wait > 0)
		return wait;
	int fd = openat(
		directory, file->origin.name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT ? -1 : 0; /* told by the one who reads it */
	if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
		fcntl(fd, F_SETLEASE, F_UNLCK);
	} else if (errno == EAGAIN) {
		wait = -1;
	} else {
		bool torn = options->settle_ms < DROP_TORN_MS && !ends_whole(fd, info->st_size);
		wait = left_ms(&info->st_ctim, torn ? DROP_TORN_MS : options->settle_ms);
	}
	close(fd);
	return wait;
}

static void consider(
	int directory, const struct drop_options *options, const char *name, struct drop_file *best)
{
	struct drop_file file = { .failures = 0 };

	if (ignored(name, options->marker) || strlen(name) >= sizeof(file.origin.name) ||
		fstatat(directory, name, &file.origin.info, AT_SYMLINK_NOFOLLOW) < 0 ||
		!S_ISREG(file.origin.info.st_mode))
		return;
	memcpy(file.origin.name, name, strlen(name) + 1);
	file.failures =
		drop_memory_failures(options->memory, options->directory, name, &file.origin.info);
	best->waiting += file.failures == 0;
	if (best->origin.name[0] != '\0' && !before(&file, best))
		return;
	int64_t wait = wait_ms(directory, &file, options);
	if (wait == 0) {
		best->origin = file.origin;
		best->failures = file.failures;
		return;
	}
	best->unfinished++;
	if (wait > 0 && (best->ready_in_ms < 0 || wait < best->ready_in_ms))
		best->ready_in_ms = wait;
}

int drop_folder_next(const struct drop_options *options, struct drop_file *ret, struct err *err)
{
	DIR *dir = opendir(options->directory);
	int files = 0;

	*ret = (struct drop_file){ .ready_in_ms = -1 };
	if (!dir)
		return err_set_errno(
			err, ERR_IO, "cannot read the directory %s", options->directory);
	drop_memory_look(options->memory, options->directory);
	for (struct dirent *entry; (entry = readdir(dir)) && files < DROP_FILES_MAX; files++)
		consider(dirfd(dir), options, entry->d_name, ret);
	drop_memory_looked(options->memory, options->directory);
	closedir(dir);
	return 0;
}

bool drop_folder_same(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && a->st_ino == b->st_ino && a->st_dev == b->st_dev &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

char *drop_folder_shown(const char *name)
{
	size_t length = strlen(name), used = 0;
	char *shown = mem_alloc(3 * length + 1);

	for (size_t at = 0; at < length;) {
		size_t step = 1;
		while (step < 4 && at + step < length &&
			((unsigned char)name[at + step] & 0xC0) == 0x80)
			step++;
		bool plain = (unsigned char)name[at] >= 0x20 && name[at] != 0x7F &&
			     text_utf8_valid(name + at, step, NULL);
		if (plain)
			memcpy(shown + used, name + at, step);
		else
			snprintf(shown + used, 4, "%%%02X", (unsigned char)name[at]);
		used += plain ? step : 3;
		at += plain ? step : 1;
	}
	shown[used] = '\0';
	return shown;
}

/* Receipts ---------------------------------------------------------------------------------------------------------- */

static json_t *counts_json(const struct store_batch_counts *counts)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "read",
		(json_int_t)counts->read, "new", (json_int_t)counts->new_rows, "changed",
		(json_int_t)counts->changed, "unchanged", (json_int_t)counts->unchanged, "closed",
		(json_int_t)counts->closed, "refused", (json_int_t)counts->refused, "duplicate",
		(json_int_t)counts->duplicate, "skipped", (json_int_t)counts->skipped);
}

static json_t *samples_json(const struct source_report *report)
{
	json_t *list = json_array();

	for (int i = 0; i < report->samples; i++)
		json_array_append_new(list, json_string(report->sample[i]));
	return list;
}

static char *outcome_text(const char *name, const struct drop_outcome *outcome)
{
	char at[32];
	time_t now = time(NULL);
	struct tm utc;

	strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	_cleanup_free_ char *shown = drop_folder_shown(name);
	json_t *root = json_pack("{s:s, s:s, s:s, s:s, s:I}", "source", outcome->source, "file",
		shown, "at", at, "sha256", outcome->sha256, "bytes", (json_int_t)outcome->bytes);
	if (outcome->err) {
		json_object_set_new(root, "reason", json_string(outcome->err->text));
	} else {
		json_object_set_new(root, "batch", json_integer(outcome->report->batch));
		json_object_set_new(root, "rows", counts_json(&outcome->report->counts));
		json_object_set_new(root, "refusals", samples_json(outcome->report));
	}
	char *text = json_dumps(root, JSON_INDENT(2));
	json_decref(root);
	return text;
}

static int write_synced(int directory, const char *name, const char *text, struct err *err)
{
	int fd = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	size_t length = strlen(text);

	if (fd < 0)
		return err_set_errno(err, ERR_IO, "cannot make a receipt");
	bool good = write(fd, text, length) == (ssize_t)length && fsync(fd) == 0;
	if (!good)
		err_set_errno(err, ERR_IO, "cannot write a receipt");
	close(fd);
	return good ? 0 : -1;
}

/* A free name in the target: NAME, or NAME.20261124T222900, and a number behind that if it must be. */
static char *free_name(int directory, const char *name, const char *suffix)
{
	char at[32];
	time_t now = time(NULL);
	struct tm utc;
	char *free_one = mem_text(name);

	strftime(at, sizeof(at), "%Y%m%dT%H%M%S", gmtime_r(&now, &utc));
	for (int i = 0; i < 1000; i++) {
		_cleanup_free_ char *receipt = mem_format("%s%s", free_one, suffix);
		if (faccessat(directory, free_one, F_OK, AT_SYMLINK_NOFOLLOW) < 0 &&
			faccessat(directory, receipt, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			break;
		free(free_one);
		free_one = i == 0 ? mem_format("%s.%s", name, at)
				  : mem_format("%s.%s-%d", name, at, i);
	}
	return free_one;
}

static int open_target(int directory, const char *target, struct err *err)
{
	if (mkdirat(directory, target, 0750) < 0 && errno != EEXIST)
		return err_set_errno(err, ERR_IO, "cannot make the directory %s", target);
	int fd = openat(directory, target, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd >= 0 ? fd : err_set_errno(err, ERR_IO, "cannot open the directory %s", target);
}

/* That file and no other stands there. */
static bool stands(int directory, const char *name, const struct stat *info)
{
	struct stat now;

	return fstatat(directory, name, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
	       drop_folder_same(&now, info);
}

/* What was moved away is a newer file: it goes back, beside a still newer one if there is one. */
static int put_back(int from, int to, const char *target, const char *name, struct err *err)
{
	if (renameat2(to, target, from, name, RENAME_NOREPLACE) == 0)
		return 0;
	_cleanup_free_ char *beside = free_name(from, name, "");
	return renameat2(to, target, from, beside, RENAME_NOREPLACE) == 0
		       ? 0
		       : err_set_errno(err, ERR_IO, "cannot put a newer file back");
}

static int move(int from, int to, const struct collector_origin *origin,
	const struct drop_outcome *outcome, bool *ret_newer, struct err *err)
{
	const char *name = origin->name, *suffix = outcome->err ? ".reason.json" : ".receipt.json";
	_cleanup_free_ char *target = free_name(to, name, suffix);
	_cleanup_free_ char *receipt = mem_format("%s%s", target, suffix);
	_cleanup_free_ char *text = outcome_text(name, outcome);
	_cleanup_free_ char *shown = drop_folder_shown(name);
	int status = 0;

	if (!text)
		return err_set(err, ERR_IO, "no receipt could be made for %s", shown);
	*ret_newer = !stands(from, name, &origin->info);
	if (*ret_newer)
		return 0;
	if (write_synced(to, receipt, text, err) < 0)
		return -1;
	if (renameat(from, name, to, target) < 0) {
		status = err_set_errno(err, ERR_IO, "cannot move %s", shown);
		unlinkat(to, receipt, 0);
	} else if (!stands(to, target, &origin->info)) {
		*ret_newer = true;
		status = put_back(from, to, target, name, err);
		unlinkat(to, receipt, 0);
	}
	if (status == 0 && (fsync(to) < 0 || fsync(from) < 0))
		return err_set_errno(err, ERR_IO, "cannot sync the directory of %s", shown);
	return status;
}

static void drop_marker(int directory, const char *name, const char *marker)
{
	if (marker[0] == '\0')
		return;
	_cleanup_free_ char *file = mem_format("%s%s", name, marker);
	unlinkat(directory, file, 0);
}

int drop_folder_settle(const struct drop_options *options, const struct collector_origin *origin,
	const struct drop_outcome *outcome, bool *ret_newer, struct err *err)
{
	int from = open(options->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	*ret_newer = false;
	if (from < 0)
		return err_set_errno(
			err, ERR_IO, "cannot open the directory %s", options->directory);
	int to = open_target(from, outcome->err ? "refused" : "done", err);
	int status = to < 0 ? -1 : move(from, to, origin, outcome, ret_newer, err);
	if (status == 0 && !*ret_newer)
		drop_marker(from, origin->name, options->marker);
	if (to >= 0)
		close(to);
	close(from);
	return status;
}
