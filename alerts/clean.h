/* Record data on its way into a one-line field: mail headers, answers, table cells.
 *
 * Text from the database is data (alert-formats.md, common rule 6): line ends, other control bytes,
 * NUL and the bidi controls that can reorder what a reader sees never leave this function; bytes
 * that are not UTF-8 become U+FFFD. */
#ifndef SETASIDE_ALERTS_CLEAN_H
#define SETASIDE_ALERTS_CLEAN_H

#include <stddef.h>

#include "core/buf.h"

/* Appends text as one line; white-space controls become one blank. */
void clean_add(struct buf *out, const char *text, size_t length);
/* As above into a room, without blanks at the end, cut between characters; NUL-terminated. Returns
 * room. */
char *clean_line(const char *text, size_t length, char *room, size_t size);
/* Appends text cleaned and escaped for HTML text and attribute values. */
void clean_add_html(struct buf *out, const char *text);

#endif
