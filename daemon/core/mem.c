#include "core/mem.h"

#include <stdarg.h>
#include <stdint.h>

static _Noreturn void out_of_memory(size_t size)
{
	fprintf(stderr, "<2>out of memory (%zu bytes asked for)\n", size);
	abort();
}

void *mem_alloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		out_of_memory(size);
	return p;
}

void *mem_zero(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		out_of_memory(size);
	return p;
}

void *mem_resize(void *old, size_t count, size_t size)
{
	size_t bytes;
	void *p;

	if (__builtin_mul_overflow(count, size, &bytes))
		out_of_memory(SIZE_MAX);
	p = realloc(old, bytes ? bytes : 1);
	if (!p)
		out_of_memory(bytes);
	return p;
}

char *mem_text_n(const char *text, size_t length)
{
	char *copy = mem_alloc(length + 1);

	if (length)
		memcpy(copy, text, length);
	copy[length] = 0;
	return copy;
}

char *mem_text(const char *text)
{
	return mem_text_n(text, strlen(text));
}

char *mem_format(const char *format, ...)
{
	va_list args;
	char *text = NULL;
	int n;

	va_start(args, format);
	n = vasprintf(&text, format, args);
	va_end(args);
	if (n < 0)
		out_of_memory(0);
	return text;
}

void mem_free_cleanup(void *pointer_to_pointer)
{
	free(*(void **)pointer_to_pointer);
}
