#include "core/buf.h"

#include <inttypes.h>
#include <stdarg.h>

#include "core/mem.h"

enum { FIRST_CAPACITY = 64 };

void buf_init(struct buf *buf, size_t ceiling)
{
	*buf = (struct buf){
		.data = mem_alloc(FIRST_CAPACITY), .capacity = FIRST_CAPACITY, .ceiling = ceiling
	};
	buf->data[0] = 0;
}

void buf_free(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){ 0 };
}

void buf_reset(struct buf *buf)
{
	buf->used = 0;
	buf->failed = false;
	buf->data[0] = 0;
}

static int reserve(struct buf *buf, size_t more)
{
	size_t need, capacity = buf->capacity;

	if (buf->failed || more > buf->ceiling - buf->used) {
		buf->failed = true;
		return -1;
	}
	need = buf->used + more + 1;
	if (need <= capacity)
		return 0;
	while (capacity < need)
		capacity *= 2;
	buf->data = mem_resize(buf->data, capacity, 1);
	buf->capacity = capacity;
	return 0;
}

int buf_add(struct buf *buf, const void *bytes, size_t count)
{
	if (reserve(buf, count))
		return -1;
	if (count)
		memcpy(buf->data + buf->used, bytes, count);
	buf->used += count;
	buf->data[buf->used] = 0;
	return 0;
}

int buf_add_text(struct buf *buf, const char *text)
{
	return buf_add(buf, text, strlen(text));
}

int buf_add_char(struct buf *buf, char c)
{
	return buf_add(buf, &c, 1);
}

int buf_add_int(struct buf *buf, int64_t value)
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%" PRId64, value);

	return buf_add(buf, digits, (size_t)n);
}

int buf_format(struct buf *buf, const char *format, ...)
{
	va_list args, again;
	int n;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0 || reserve(buf, (size_t)n)) {
		buf->failed = true;
		va_end(again);
		return -1;
	}
	vsnprintf(buf->data + buf->used, (size_t)n + 1, format, again);
	va_end(again);
	buf->used += (size_t)n;
	return 0;
}

void buf_drop(struct buf *buf, size_t count)
{
	if (count > buf->used)
		count = buf->used;
	memmove(buf->data, buf->data + count, buf->used - count + 1);
	buf->used -= count;
}

char *buf_take(struct buf *buf)
{
	char *data = buf->data;
	size_t ceiling = buf->ceiling;

	buf_init(buf, ceiling);
	return data;
}
