/* Bytes that are too many for memory: appended to a nameless file below TMPDIR (/var/tmp when not set), read back in pieces
 * through a small cache of pages. First everything is written, then it is read. Short blocking calls on a local file. */
#ifndef SETASIDE_COLLECTORS_SPOOL_H
#define SETASIDE_COLLECTORS_SPOOL_H

#include "core/buf.h"
#include "core/err.h"

/* A new file below TMPDIR without a name, for reading and writing; owned by the caller. -1 + ERR_IO */
int spool_nameless(struct err *err);

struct spool;
/* ceiling in bytes. NULL + ERR_IO */
struct spool *spool_new(size_t ceiling, struct err *err);
void spool_free(struct spool *spool); /* NULL is fine */
/* ERR_LIMIT above the ceiling, ERR_IO. */
int spool_add(struct spool *spool, const void *bytes, size_t count, struct err *err);
size_t spool_size(const struct spool *spool);
/* Adds count bytes from offset on to out; a full out is for the caller to see (buf.failed). ERR_IO, also behind the end. */
int spool_copy(struct spool *spool, size_t offset, size_t count, struct buf *out, struct err *err);
/* The file, everything written; owned by the spool. -1 + ERR_IO */
int spool_fd(struct spool *spool, struct err *err);

#endif
