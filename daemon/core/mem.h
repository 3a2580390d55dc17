/* Memory: allocation that does not return NULL, and scope cleanup.
 *
 * Running out of memory ends the process with a message; data-sized requests must be capped by the
 * caller first (core/buf.h). Everything returned here is freed with free(). */
#ifndef SETASIDE_CORE_MEM_H
#define SETASIDE_CORE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t size) __attribute__((malloc, alloc_size(1), returns_nonnull));
void *mem_zero(size_t count, size_t size)
	__attribute__((malloc, alloc_size(1, 2), returns_nonnull));
/* count * size is overflow-checked. */
void *mem_resize(void *old, size_t count, size_t size) __attribute__((returns_nonnull));
char *mem_text(const char *text) __attribute__((malloc, returns_nonnull, nonnull));
char *mem_text_n(const char *text, size_t length) __attribute__((malloc, returns_nonnull));
char *mem_format(const char *format, ...)
	__attribute__((malloc, returns_nonnull, format(printf, 1, 2)));

/* Makes room for one more element: *cap doubles from 8. Usage: MEM_GROW(list, count, cap). */
#define MEM_GROW(array, count, cap)                                                                \
	do {                                                                                       \
		if ((count) == (cap)) {                                                            \
			(cap) = (cap) ? (cap)*2 : 8;                                               \
			(array) = mem_resize((array), (size_t)(cap), sizeof(*(array)));            \
		}                                                                                  \
	} while (0)

/* _cleanup_(mem_free_cleanup) char *x = ...; frees x at the end of the scope. */
#define _cleanup_(function) __attribute__((cleanup(function)))
void mem_free_cleanup(void *pointer_to_pointer);
#define _cleanup_free_ _cleanup_(mem_free_cleanup)

#endif
