/* A growing byte buffer that states its ceiling when it is born. There is no uncapped buffer in the
 * program.
 *
 * The content is always followed by a NUL that is not counted, so buf.data is a C string when no
 * NUL was added. Past the ceiling every add fails with ERR_LIMIT and changes nothing; the failure
 * is sticky (buf.failed), so a writer may add many pieces and look once at the end. Not shared
 * between threads. */
#ifndef SETASIDE_CORE_BUF_H
#define SETASIDE_CORE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	char *data; /* owned; never NULL after buf_init */
	size_t used;
	size_t capacity;
	size_t ceiling;
	bool failed;
};

void buf_init(struct buf *buf, size_t ceiling);
/* Frees; buf may be zeroed or already freed. */
void buf_free(struct buf *buf);
void buf_reset(struct buf *buf); /* empties, keeps memory, clears failed */
int buf_add(struct buf *buf, const void *bytes, size_t count);
int buf_add_text(struct buf *buf, const char *text);
int buf_add_char(struct buf *buf, char c);
int buf_add_int(struct buf *buf, int64_t value);
int buf_format(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Removes count bytes from the front. */
void buf_drop(struct buf *buf, size_t count);
/* Hands the bytes over; the buffer is empty afterwards (same ceiling). */
char *buf_take(struct buf *buf);

#endif
