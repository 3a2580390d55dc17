#include "collectors/archive_own.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "core/mem.h"

/* Level 1 keeps up with the parser; these are tables, they shrink to a fifth anyway. */
enum { COMPRESSION_LEVEL = 1, OUTPUT_BYTES = 128 * 1024 };

struct archive_writer {
	struct archive *archive;
	int fd;
	char path[ARCHIVE_PATH_MAX]; /* of the temporary file */
	ZSTD_CCtx *zstd;
	EVP_MD_CTX *digest;
	struct archive_entry entry;

	/* The sync: the thread touches only what stands from here to `failure`, the loop waits for `ready`. */
	char folder[ARCHIVE_PATH_MAX];
	char final[ARCHIVE_PATH_MAX];
	int wake;    /* eventfd */
	int failure; /* errno of the thread, 0 = well */
	pthread_t thread;
	bool running;
	struct event *ready;
	archive_done_fn done;
	void *arg;
	struct err err; /* what went wrong before the thread could start */

	char room[OUTPUT_BYTES];
};

static void writer_free(struct archive_writer *writer)
{
	if (writer->running)
		pthread_join(writer->thread, NULL);
	if (writer->ready != NULL)
		event_free(writer->ready);
	if (writer->wake >= 0)
		close(writer->wake);
	if (writer->fd >= 0)
		close(writer->fd);
	ZSTD_freeCCtx(writer->zstd);
	EVP_MD_CTX_free(writer->digest);
	free(writer);
}

struct archive_writer *archive_begin(struct archive *archive, struct err *err)
{
	struct archive_writer *writer = mem_zero(1, sizeof(*writer));

	writer->archive = archive;
	writer->wake = -1;
	writer->zstd = ZSTD_createCCtx();
	writer->digest = EVP_MD_CTX_new();
	if (writer->zstd == NULL || writer->digest == NULL ||
		EVP_DigestInit_ex(writer->digest, EVP_sha256(), NULL) != 1)
		BUG("no memory for the archive writer");
	ZSTD_CCtx_setParameter(writer->zstd, ZSTD_c_compressionLevel, COMPRESSION_LEVEL);
	ZSTD_CCtx_setParameter(writer->zstd, ZSTD_c_checksumFlag, 1);
	snprintf(writer->path, sizeof(writer->path), "%s/tmp-XXXXXX", archive->directory);
	writer->fd = mkostemp(writer->path, O_CLOEXEC);
	if (writer->fd < 0) {
		err_set_errno(err, ERR_IO, "cannot make a file in the archive directory %s",
			archive->directory);
		writer_free(writer);
		return NULL;
	}
	flock(writer->fd, LOCK_EX); /* marks it as alive, see archive.c */
	fchmod(writer->fd, 0640);
	return writer;
}

static int put(struct archive_writer *writer, size_t count, struct err *err)
{
	struct archive *archive = writer->archive;

	if (archive->quota > 0 &&
		archive->used + writer->entry.stored + (int64_t)count > archive->quota)
		return err_set(err, ERR_LIMIT,
			"the archive of original bytes %s is full: it may hold %lld bytes",
			archive->directory, (long long)archive->quota);
	for (size_t at = 0; at < count;) {
		ssize_t written = write(writer->fd, writer->room + at, count - at);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return err_set_errno(err, ERR_IO,
				"cannot write to the archive directory %s", archive->directory);
		at += (size_t)written;
	}
	writer->entry.stored += (int64_t)count;
	return 0;
}

static int compress(struct archive_writer *writer, const void *bytes, size_t count,
	ZSTD_EndDirective how, struct err *err)
{
	ZSTD_inBuffer input = { .src = bytes, .size = count };
	size_t left;

	do {
		ZSTD_outBuffer output = { .dst = writer->room, .size = sizeof(writer->room) };
		left = ZSTD_compressStream2(writer->zstd, &output, &input, how);
		if (ZSTD_isError(left))
			BUG("zstd: %s", ZSTD_getErrorName(left));
		if (output.pos > 0 && put(writer, output.pos, err) < 0)
			return -1;
	} while (how == ZSTD_e_end ? left > 0 : input.pos < input.size);
	return 0;
}

int archive_write(struct archive_writer *writer, const void *bytes, size_t count, struct err *err)
{
	EVP_DigestUpdate(writer->digest, bytes, count);
	writer->entry.bytes += (int64_t)count;
	return compress(writer, bytes, count, ZSTD_e_continue, err);
}

static int sync_directory(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	int result = fsync(fd) < 0 ? errno : 0;
	close(fd);
	return result;
}

/* On the thread: only system calls that may wait for the disk. */
static int make_durable(struct archive_writer *writer)
{
	bool made = mkdir(writer->folder, 0750) == 0;

	if (!made && errno != EEXIST)
		return errno;
	if (fsync(writer->fd) < 0 || rename(writer->path, writer->final) < 0)
		return errno;
	int result = sync_directory(writer->folder);
	return result != 0 || !made ? result : sync_directory(writer->archive->directory);
}

static void *sync_thread(void *arg)
{
	struct archive_writer *writer = arg;
	uint64_t one = 1;

	writer->failure = make_durable(writer);
	while (write(writer->wake, &one, sizeof(one)) < 0 && errno == EINTR) {
	}
	return NULL;
}

static void report(evutil_socket_t fd, short what, void *arg)
{
	struct archive_writer *writer = arg;
	archive_done_fn done = writer->done;
	void *done_arg = writer->arg;

	(void)fd;
	(void)what;
	if (writer->running) {
		pthread_join(writer->thread, NULL);
		writer->running = false;
	}
	if (writer->failure != 0) {
		errno = writer->failure;
		err_set_errno(&writer->err, ERR_IO,
			"cannot store a file in the archive directory %s",
			writer->archive->directory);
	}
	if (writer->err.code != ERR_NONE)
		unlink(writer->path);
	else
		writer->archive->used += writer->entry.stored;
	struct archive_entry entry = writer->entry;
	struct err err = writer->err;
	writer_free(writer);
	done(done_arg, &entry, err.code == ERR_NONE ? NULL : &err);
}

static int finish_frame(struct archive_writer *writer, struct err *err)
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	if (compress(writer, NULL, 0, ZSTD_e_end, err) < 0)
		return -1;
	if (EVP_DigestFinal_ex(writer->digest, digest, NULL) != 1)
		BUG("SHA-256 failed");
	archive_hex(digest, 32, writer->entry.sha256);
	if (archive_path(writer->archive, writer->entry.sha256, false, writer->folder, err) < 0)
		return -1;
	return archive_path(writer->archive, writer->entry.sha256, true, writer->final, err);
}

/* Starts the thread, or finds that there is nothing to do. */
static void start_sync(struct archive_writer *writer)
{
	if (finish_frame(writer, &writer->err) < 0)
		return;
	if (access(writer->final, F_OK) == 0) {
		unlink(writer->path);
		writer->entry.stored = 0;
		return;
	}
	writer->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (writer->wake < 0) {
		err_set_errno(&writer->err, ERR_IO, "cannot make an eventfd");
		return;
	}
	int code = pthread_create(&writer->thread, NULL, sync_thread, writer);
	if (code != 0) {
		errno = code;
		err_set_errno(&writer->err, ERR_IO, "cannot start a thread");
		return;
	}
	writer->running = true;
}

void archive_commit(struct archive_writer *writer, archive_done_fn done, void *arg)
{
	writer->done = done;
	writer->arg = arg;
	start_sync(writer);
	if (writer->running) {
		writer->ready =
			event_new(writer->archive->base, writer->wake, EV_READ, report, writer);
		event_add(writer->ready, NULL);
	} else {
		writer->ready = event_new(writer->archive->base, -1, 0, report, writer);
		event_active(writer->ready, EV_TIMEOUT, 0);
	}
}

void archive_abort(struct archive_writer *writer)
{
	if (writer == NULL)
		return;
	if (writer->running) {
		pthread_join(writer->thread, NULL);
		writer->running = false;
		if (writer->failure == 0)
			writer->archive->used += writer->entry.stored;
	}
	unlink(writer->path);
	writer_free(writer);
}
