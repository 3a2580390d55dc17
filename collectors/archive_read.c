#include "collectors/archive_own.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "core/mem.h"

enum { WINDOW_LOG_MAX = 27, INPUT_BYTES = 64 * 1024 };

struct archive_reader {
	int fd;
	ZSTD_DCtx *zstd;
	EVP_MD_CTX *digest; /* NULL = unhashed */
	ZSTD_inBuffer input;
	bool frame_open; /* the last frame has not ended yet */
	bool ended;
	char sha256[ARCHIVE_SHA_TEXT];
	char room[INPUT_BYTES];
};

static EVP_MD_CTX *digest_new(void)
{
	EVP_MD_CTX *digest = EVP_MD_CTX_new();

	if (digest == NULL || EVP_DigestInit_ex(digest, EVP_sha256(), NULL) != 1)
		BUG("no memory for SHA-256");
	return digest;
}

struct archive_reader *archive_open(struct archive *archive, const char *sha256, struct err *err)
{
	struct archive_reader *reader = archive_open_unhashed(archive, sha256, err);

	if (reader != NULL)
		reader->digest = digest_new();
	return reader;
}

struct archive_reader *archive_open_unhashed(
	struct archive *archive, const char *sha256, struct err *err)
{
	char path[ARCHIVE_PATH_MAX];

	if (strlen(sha256) != ARCHIVE_SHA_TEXT - 1 ||
		strspn(sha256, "0123456789abcdef") != ARCHIVE_SHA_TEXT - 1) {
		err_set(err, ERR_DATA, "\"%.80s\" is not a SHA-256", sha256);
		return NULL;
	}
	if (archive_path(archive, sha256, true, path, err) < 0)
		return NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0) {
		err_set_errno(err, ERR_IO, "cannot open the archived file %s", path);
		return NULL;
	}
	struct archive_reader *reader = mem_zero(1, sizeof(*reader));
	reader->fd = fd;
	reader->zstd = ZSTD_createDCtx();
	reader->input.src = reader->room;
	memcpy(reader->sha256, sha256, ARCHIVE_SHA_TEXT);
	if (reader->zstd == NULL)
		BUG("no memory for the archive reader");
	ZSTD_DCtx_setParameter(reader->zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
	return reader;
}

void archive_close(struct archive_reader *reader)
{
	if (reader == NULL)
		return;
	close(reader->fd);
	ZSTD_freeDCtx(reader->zstd);
	EVP_MD_CTX_free(reader->digest);
	free(reader);
}

static int damaged(const struct archive_reader *reader, const char *why, struct err *err)
{
	return err_set(err, ERR_IO, "the archived file %s.zst is damaged: %s", reader->sha256, why);
}

/* The end of the file: whole frames, and the bytes that its name promises. */
static int check_end(struct archive_reader *reader, struct err *err)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char hex[ARCHIVE_SHA_TEXT];

	reader->ended = true;
	if (reader->frame_open)
		return damaged(reader, "it ends early", err);
	if (reader->digest == NULL)
		return 0;
	if (EVP_DigestFinal_ex(reader->digest, digest, NULL) != 1)
		BUG("SHA-256 failed");
	archive_hex(digest, 32, hex);
	if (strcmp(hex, reader->sha256) != 0)
		return damaged(reader, "its content has another SHA-256", err);
	return 0;
}

/* 1 = there is input, 0 = the file is read to its end. */
static int fill(struct archive_reader *reader, struct err *err)
{
	if (reader->input.pos < reader->input.size)
		return 1;
	ssize_t count;
	do {
		count = read(reader->fd, reader->room, sizeof(reader->room));
	} while (count < 0 && errno == EINTR);
	if (count < 0)
		return err_set_errno(
			err, ERR_IO, "cannot read the archived file %s.zst", reader->sha256);
	reader->input.size = (size_t)count;
	reader->input.pos = 0;
	return count > 0;
}

ssize_t archive_read(struct archive_reader *reader, void *room, size_t size, struct err *err)
{
	ZSTD_outBuffer output = { .dst = room, .size = size };

	while (output.pos < size && !reader->ended) {
		size_t before = output.pos;
		int filled = fill(reader, err);
		if (filled < 0)
			return -1;
		/* Without input the decoder may still hold output. */
		size_t left = ZSTD_decompressStream(reader->zstd, &output, &reader->input);
		if (ZSTD_isError(left))
			return damaged(reader, ZSTD_getErrorName(left), err);
		if (filled > 0 || output.pos > before)
			reader->frame_open = left != 0;
		else
			break;
	}
	if (reader->digest != NULL)
		EVP_DigestUpdate(reader->digest, room, output.pos);
	if (output.pos == 0 && !reader->ended && check_end(reader, err) < 0)
		return -1;
	return (ssize_t)output.pos;
}
