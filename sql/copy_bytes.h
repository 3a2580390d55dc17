/* A buffer for rows on their way to a COPY. sql/copy_text.h and sql/copy_binary.h write in it, sql_copy_raw sends it.
 *
 * No allocation per row once it has its size. The caller bounds the size: it sends and resets (used = 0) before the
 * buffer grows past what it wants. */
#ifndef SETASIDE_SQL_COPY_BYTES_H
#define SETASIDE_SQL_COPY_BYTES_H

#include <stddef.h>

struct copy_bytes {
	char *data; /* owned */
	size_t used;
	size_t capacity;
};

void copy_bytes_free(struct copy_bytes *out);
/* Room for `need` more bytes; returns where they go, the caller adds to used. */
char *copy_bytes_room(struct copy_bytes *out, size_t need);

#endif
