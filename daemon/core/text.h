/* Text: UTF-8 checks, normal forms, cutting and escaping. Pure functions; nothing here allocates
 * unless it says so. */
#ifndef SETASIDE_CORE_TEXT_H
#define SETASIDE_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True if the bytes are valid UTF-8 without NUL, surrogates or overlong forms. *ret_at (may be
 * NULL) gets the offset of the first bad byte on failure. */
bool text_utf8_valid(const char *bytes, size_t count, size_t *ret_at);

/* Removes an incomplete UTF-8 sequence at the end of a NUL-terminated string that was cut by a byte
 * limit. */
void text_trim_partial(char *text);

/* Copies at most size - 1 bytes of text into room, cut between characters, NUL-terminated. Returns room. */
char *text_copy(char *room, size_t size, const char *text);

/* Length in bytes of the longest prefix of text that is at most max bytes and ends between
 * grapheme-like clusters (never inside a character, nor before a combining mark, variation selector
 * or joiner). */
size_t text_cut(const char *text, size_t length, size_t max);

/* Copies text with control bytes as \xNN and backslash as is; returns bytes written;
 * NUL-terminates. */
size_t text_escape_control(const char *text, char *room, size_t size);

/* NFKC form (full width to half width and so on). Returns a new string (free) or NULL if text is
 * not UTF-8. */
char *text_nfkc(const char *text, size_t length);

/* Drops leading and trailing white space including U+3000, U+00A0, U+FEFF and zero-width marks. In
 * place. */
char *text_trim(char *text);

/* Strict decimal integer over the whole string, optional leading minus; false on anything else or
 * overflow. */
bool text_to_int64(const char *text, int64_t *ret_value);

bool text_equal(const char *a, const char *b); /* NULL equals only NULL */

#endif
