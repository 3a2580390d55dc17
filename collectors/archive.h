/* The original bytes of every batch: zstd files named by the SHA-256 of their content, "ab/abcdef….zst".
 *
 * Written to a temporary name, synced, renamed, directory synced: a name in the archive is a whole file. Equal content
 * is kept once. Writing and reading stream in pieces; a write of a piece is bounded work for the loop, the sync at the
 * end runs on a thread. Reading checks length and hash and says when the bytes on disk are not those that were
 * archived. The quota counts compressed bytes below the directory; a write past it fails with ERR_LIMIT. */
#ifndef SETASIDE_COLLECTORS_ARCHIVE_H
#define SETASIDE_COLLECTORS_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/err.h"

struct event_base;
struct archive;
struct archive_writer;
struct archive_reader;

enum { ARCHIVE_SHA_TEXT = 65 };

struct archive_entry {
	char sha256[ARCHIVE_SHA_TEXT]; /* lower-case hex of the original bytes */
	int64_t bytes;                 /* original */
	int64_t stored;                /* on disk; 0 when the content was there already */
};

/* Uses STATE_DIR/originals, made when missing (0750). quota_bytes 0 = none. Removes what a crash left unfinished. */
struct archive *archive_new(
	struct event_base *base, const char *state_dir, int64_t quota_bytes, struct err *err);
void archive_free(struct archive *archive);
int64_t archive_used(const struct archive *archive);

struct archive_writer *archive_begin(struct archive *archive, struct err *err);
int archive_write(struct archive_writer *writer, const void *bytes, size_t count, struct err *err);
/* The writer is gone when done is called (never inside this call); err is NULL on success. */
typedef void (*archive_done_fn)(
	void *arg, const struct archive_entry *entry, const struct err *err);
void archive_commit(struct archive_writer *writer, archive_done_fn done, void *arg);
/* Drops an unfinished writer; done of a commit under way is not called any more. NULL is fine. */
void archive_abort(struct archive_writer *writer);

struct archive_reader *archive_open(struct archive *archive, const char *sha256, struct err *err);
/* The same without SHA-256, which costs more than all the rest: damage is found by the checksum of the compressed file
 * alone. For bytes that this process hashed when it wrote them, or that are only compared with such. */
struct archive_reader *archive_open_unhashed(
	struct archive *archive, const char *sha256, struct err *err);
/* Up to size decompressed bytes; 0 at the end, which is only reached by the right bytes; -1 + err. */
ssize_t archive_read(struct archive_reader *reader, void *room, size_t size, struct err *err);
void archive_close(struct archive_reader *reader);

#endif
