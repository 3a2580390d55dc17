#include "checks/clause_words.h"

#include <stddef.h>
#include <string.h>

static const char *const part_ends[] = { "，", "；", "。", ",", ";", "\n", NULL };

/* Bytes of the mark that ends a part here; 0 = none does. */
static size_t part_end(const char *at)
{
	for (int i = 0; part_ends[i]; i++)
		if (strncmp(at, part_ends[i], strlen(part_ends[i])) == 0)
			return strlen(part_ends[i]);
	return 0;
}

/* Start of the part behind this one; length is that of this one. */
static const char *next_part(const char *part, size_t *length)
{
	const char *end = part;
	size_t width = 0;

	while (*end && (width = part_end(end)) == 0)
		end++;
	*length = (size_t)(end - part);
	return end + width;
}

/* Where the first of the words begins within the part; length if none does. */
static size_t first_of(const char *part, size_t length, const char *const *words)
{
	size_t first = length;

	for (int i = 0; words[i]; i++) {
		const char *at = memmem(part, length, words[i], strlen(words[i]));

		if (at && (size_t)(at - part) < first)
			first = (size_t)(at - part);
	}
	return first;
}

bool clause_says(const char *text, const struct clause_words *words)
{
	const char *next;

	for (const char *part = text; *part; part = next) {
		size_t length, said;

		next = next_part(part, &length);
		said = first_of(part, length, words->said);
		if (said < length && first_of(part, length, words->denied_before) > said &&
			first_of(part, length, words->denied) == length)
			return true;
	}
	return false;
}
