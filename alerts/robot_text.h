/* Text for group robots: data made harmless for markdown, and cut into parts to the byte.
 *
 * A text is a list of units: a character with all its marks, a line end, or a link. Parts are cut between units only,
 * so never inside a character, an escape or a link; at a line end where one lies in the last half of the part. A
 * character weighs its bytes, the same inside JSON as outside (no escaped text holds a quote, backslash or control); what
 * a line end and a link weigh is the vendor's.
 *
 * Data cannot format: every ASCII sign that markdown, HTML tags, entities or mentions begin with becomes its full-width
 * form, which reads the same to a person (< becomes ＜); the underscore stays between letters and digits; "://" becomes
 * "：//", so that a name makes no link. */
#ifndef SETASIDE_ALERTS_ROBOT_TEXT_H
#define SETASIDE_ALERTS_ROBOT_TEXT_H

#include <stdint.h>

#include "core/buf.h"
#include "core/err.h"

enum { ROBOT_TEXT_MAX = 256 * 1024, ROBOT_LINK_MAX = 700 };

struct robot_weights {
	size_t line; /* a line end with its frame */
	size_t link; /* a link's frame; its label and address come on top */
};

enum robot_unit_kind { ROBOT_CHARACTER, ROBOT_LINE, ROBOT_LINK };
struct robot_unit {
	enum robot_unit_kind kind;
	uint32_t offset, length; /* in bytes; a link is LABEL, \x1f, ADDRESS */
	uint32_t weight;
};

struct robot_text {
	struct robot_weights weights;
	struct buf bytes;
	struct robot_unit *units;
	int count, capacity;
};
void robot_text_init(struct robot_text *text, const struct robot_weights *weights);
void robot_text_free(struct robot_text *text);

/* Lines of data, separated by LF; blank ones at the end are dropped. */
void robot_text_add(struct robot_text *text, const char *data, size_t length);
void robot_text_line(struct robot_text *text);
/* label and address are ours, not data. An address that markdown could not hold whole (blanks, brackets, quotes,
 * controls, other than http and https, too long) is left out: -1. */
int robot_text_link(struct robot_text *text, const char *label, const char *address);

/* The escape alone, on one line: for titles. */
void robot_escape(struct buf *out, const char *data, size_t length);

struct robot_range {
	int first, end; /* units */
};
/* Cuts into at most parts_max ranges of at most weight_max; line ends at the edges are left out. Returns how many;
 * *ret_left units did not fit (0 = all did). A unit heavier than weight_max ends the cutting. */
int robot_text_cut(const struct robot_text *text, size_t weight_max, int parts_max,
	struct robot_range *ret_ranges, int *ret_left);

/* The range as markdown: line_end between lines, links as [label](address). */
void robot_markdown(struct buf *out, const struct robot_text *text, struct robot_range range,
	const char *line_end);

#endif
