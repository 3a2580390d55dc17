#include "collectors/drop_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "collectors/source.h"
#include "core/mem.h"

static bool has_suffix(const char *name, const char *suffix)
{
	size_t length = strlen(name), tail = strlen(suffix);

	return length >= tail && strcmp(name + length - tail, suffix) == 0;
}

static bool unfinished(const char *name)
{
	return name[0] == '.' || has_suffix(name, "~") || has_suffix(name, ".part") ||
	       has_suffix(name, ".tmp") || has_suffix(name, ".crdownload");
}

static bool before(
	const struct stat *a, const char *a_name, const struct stat *b, const char *b_name)
{
	if (a->st_mtim.tv_sec != b->st_mtim.tv_sec)
		return a->st_mtim.tv_sec < b->st_mtim.tv_sec;
	if (a->st_mtim.tv_nsec != b->st_mtim.tv_nsec)
		return a->st_mtim.tv_nsec < b->st_mtim.tv_nsec;
	return strcmp(a_name, b_name) < 0;
}

static bool settled(const struct stat *info)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	int64_t age = (int64_t)(now.tv_sec - info->st_mtim.tv_sec) * 1000 +
		      (now.tv_nsec - info->st_mtim.tv_nsec) / 1000000;
	/* A time in the future says nothing about whether somebody still writes. */
	return age < 0 || age >= DROP_SETTLE_MS;
}

/* A read lease is granted only where nobody has the file open for writing. Other refusals (not the owner, a file system
 * without leases) say nothing. */
static bool written(int fd)
{
	if (fcntl(fd, F_SETLEASE, F_RDLCK) < 0)
		return errno == EAGAIN;
	fcntl(fd, F_SETLEASE, F_UNLCK);
	return false;
}

static bool whole(int directory, const char *name, const struct stat *info)
{
	if (!settled(info))
		return false;
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return errno != ENOENT; /* what cannot be read is told by the one who reads it */
	bool result = !written(fd);
	close(fd);
	return result;
}

int drop_folder_next(const char *directory, struct drop_file *ret, struct err *err)
{
	DIR *dir = opendir(directory);
	struct stat info;

	*ret = (struct drop_file){ .name = "" };
	if (!dir)
		return err_set_errno(err, ERR_IO, "cannot read the directory %s", directory);
	for (struct dirent *entry; (entry = readdir(dir)) && ret->waiting < DROP_FILES_MAX;) {
		if (unfinished(entry->d_name) ||
			fstatat(dirfd(dir), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) < 0 ||
			!S_ISREG(info.st_mode))
			continue;
		ret->waiting++;
		if (ret->name[0] != '\0' && !before(&info, entry->d_name, &ret->info, ret->name))
			continue;
		if (!whole(dirfd(dir), entry->d_name, &info)) {
			ret->unfinished++;
			continue;
		}
		snprintf(ret->name, sizeof(ret->name), "%s", entry->d_name);
		ret->info = info;
	}
	closedir(dir);
	return 0;
}

bool drop_folder_same(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && a->st_ino == b->st_ino &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
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
	json_t *root = json_pack("{s:s, s:s, s:s, s:s, s:I}", "source", outcome->source, "file",
		name, "at", at, "sha256", outcome->sha256, "bytes", (json_int_t)outcome->bytes);
	if (!root)
		root = json_object(); /* a name that is not UTF-8 */
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
		return err_set_errno(err, ERR_IO, "cannot make %s", name);
	bool good = write(fd, text, length) == (ssize_t)length && fsync(fd) == 0;
	if (!good)
		err_set_errno(err, ERR_IO, "cannot write %s", name);
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

static int move(
	int from, int to, const char *name, const struct drop_outcome *outcome, struct err *err)
{
	const char *suffix = outcome->err ? ".reason.json" : ".receipt.json";
	_cleanup_free_ char *target = free_name(to, name, suffix);
	_cleanup_free_ char *receipt = mem_format("%s%s", target, suffix);
	_cleanup_free_ char *text = outcome_text(name, outcome);

	if (!text)
		return err_set(err, ERR_IO, "no receipt could be made for %s", name);
	if (write_synced(to, receipt, text, err) < 0)
		return -1;
	if (renameat(from, name, to, target) < 0) {
		err_set_errno(err, ERR_IO, "cannot move %s", name);
		unlinkat(to, receipt, 0);
		return -1;
	}
	return fsync(to) < 0 || fsync(from) < 0
		       ? err_set_errno(err, ERR_IO, "cannot sync the directory of %s", name)
		       : 0;
}

int drop_folder_settle(const char *directory, const char *name, const struct drop_outcome *outcome,
	struct err *err)
{
	int from = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (from < 0)
		return err_set_errno(err, ERR_IO, "cannot open the directory %s", directory);
	int to = open_target(from, outcome->err ? "refused" : "done", err);
	int status = to < 0 ? -1 : move(from, to, name, outcome, err);
	if (to >= 0)
		close(to);
	close(from);
	return status;
}
