/* Header normalisation (fields.md §1.0): both sides of a comparison go through it.
 *
 * NFKC; all blanks and '*' deleted; leading numbering (一、 1. （1）) and trailing colon deleted; brackets 【】〔〕 and
 * the like become (); Latin letters lower-case. A trailing (元) (万元) (亿元) (%) (天) (工作日) (人) is split off as the
 * header's unit. */
#ifndef SETASIDE_COLLECTORS_HEADER_H
#define SETASIDE_COLLECTORS_HEADER_H

#include <stdbool.h>
#include <stddef.h>

enum header_unit {
	HEADER_UNIT_NONE,
	HEADER_UNIT_YUAN,
	HEADER_UNIT_WAN,
	HEADER_UNIT_YI,
	HEADER_UNIT_PERCENT,
	HEADER_UNIT_DAY,
	HEADER_UNIT_WORKDAY,
	HEADER_UNIT_PERSON
};

struct header {
	char *name; /* normalised, without the unit; owned */
	enum header_unit unit;
};

/* False if the text is not UTF-8 or longer than 4096 bytes; ret is untouched then. */
bool header_read(const char *text, size_t length, struct header *ret);
void header_free(struct header *header);
/* True if both texts normalise to the same name, units aside. */
bool header_equal(const char *a, const char *b);

#endif
