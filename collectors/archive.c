#include "collectors/archive_own.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/mem.h"

/* Temporary files are locked by their writer, so what can be locked was left behind by a crash. */
static void drop_unfinished(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		unlink(path);
	close(fd);
}

/* Adds up the sizes of the files below directory; depth 1 are the two-digit folders. */
static int measure(struct archive *archive, const char *directory, int depth, struct err *err)
{
	DIR *dir = opendir(directory);

	if (dir == NULL)
		return err_set_errno(
			err, ERR_IO, "cannot read the archive directory %s", directory);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		char path[ARCHIVE_PATH_MAX];
		struct stat info;

		if (entry->d_name[0] == '.')
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name) >=
				(int)sizeof(path) ||
			lstat(path, &info) < 0)
			continue;
		if (S_ISDIR(info.st_mode) && depth == 0)
			measure(archive, path, depth + 1, NULL);
		else if (S_ISREG(info.st_mode) && strncmp(entry->d_name, "tmp-", 4) == 0)
			drop_unfinished(path);
		else if (S_ISREG(info.st_mode))
			archive->used += info.st_size;
	}
	closedir(dir);
	return 0;
}

/* mkdir -p: a state directory that is only named in the configuration is made on the first use. */
static int make_directories(const char *path)
{
	_cleanup_free_ char *part = mem_text(path);

	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		if (mkdir(part, 0750) < 0 && errno != EEXIST)
			return -1;
		*slash = '/';
	}
	return mkdir(part, 0750) < 0 && errno != EEXIST ? -1 : 0;
}

struct archive *archive_new(
	struct event_base *base, const char *state_dir, int64_t quota_bytes, struct err *err)
{
	struct archive *archive = mem_zero(1, sizeof(*archive));

	archive->base = base;
	archive->directory = mem_format("%s/originals", state_dir);
	archive->quota = quota_bytes;
	if (make_directories(archive->directory))
		err_set_errno(
			err, ERR_IO, "cannot make the archive directory %s", archive->directory);
	else if (measure(archive, archive->directory, 0, err) == 0)
		return archive;
	archive_free(archive);
	return NULL;
}

void archive_free(struct archive *archive)
{
	if (archive == NULL)
		return;
	free(archive->directory);
	free(archive);
}

int64_t archive_used(const struct archive *archive)
{
	return archive->used;
}

int archive_path(const struct archive *archive, const char *sha256, bool name,
	char room[ARCHIVE_PATH_MAX], struct err *err)
{
	int length = name ? snprintf(room, ARCHIVE_PATH_MAX, "%s/%.2s/%s.zst", archive->directory,
				    sha256, sha256)
			  : snprintf(room, ARCHIVE_PATH_MAX, "%s/%.2s", archive->directory, sha256);

	if (length >= ARCHIVE_PATH_MAX)
		return err_set(err, ERR_LIMIT, "the path of the archive directory %s is too long",
			archive->directory);
	return 0;
}

void archive_hex(const unsigned char *digest, size_t count, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < count; i++) {
		*out++ = digits[digest[i] >> 4];
		*out++ = digits[digest[i] & 15];
	}
	*out = 0;
}
