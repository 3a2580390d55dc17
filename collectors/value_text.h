/* The common first step of every cell reader: one spelling for what offices type in many.
 *
 * Full-width letters, digits and signs become half width, every kind of blank one ' ', ￥ becomes ¥; zero-width marks
 * and byte order marks go; then blanks at both ends and one leading apostrophe. This is deliberately less than NFKC:
 * there ① and ² become plain digits, and a footnote mark would become part of a sum. Pure, no allocation. */
#ifndef SETASIDE_COLLECTORS_VALUE_TEXT_H
#define SETASIDE_COLLECTORS_VALUE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Writes the folded text, NUL-terminated. False if text is not UTF-8, holds NUL, or does not fit size. */
bool value_fold(const char *text, size_t length, char *room, size_t size);
/* The same, and all blanks deleted, Latin letters lower-case. */
bool value_fold_word(const char *text, size_t length, char *room, size_t size);

/* If *at starts with prefix: moves past it. */
bool value_skip(const char **at, const char *prefix);
bool value_ends_with(const char *text, size_t length, const char *suffix);
/* True if text equals one of the NULL-terminated words. */
bool value_one_of(const char *text, const char *const *words);
/* True if text contains one of the NULL-terminated words. */
bool value_contains(const char *text, const char *const *words);

#endif
