/* Rows as they come out of a framing (frame_csv, frame_xlsx, a query result): cells of text with a place.
 *
 * Texts are UTF-8, lent for the length of the call that passes the row, never changed by the receiver. A cell whose
 * text is NULL is a null of the source; an empty cell is not the same thing but most receivers treat it alike. */
#ifndef SETASIDE_COLLECTORS_FRAME_H
#define SETASIDE_COLLECTORS_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

struct frame_cell {
	const char *text; /* followed by a NUL that length does not count; NULL = null */
	size_t length;
	bool number; /* the source stored a binary number: 15 significant digits are what it promises */
	bool merged; /* the cell is a part of one that began in a row above: its value is that of the whole */
	bool date1904; /* a stored number that counts days from 1904 (old workbooks) */
};

struct frame_row {
	int64_t number; /* counts records from 1, title lines, blank lines and the header included */
	int64_t offset; /* of the first byte of the record in the stream that was fed */
	const struct frame_cell *cell;
	size_t count;
};

enum frame_skip {
	FRAME_SKIP_HEADER, /* the header row again */
	FRAME_SKIP_TOTAL /* 合计, 小计, 总计, 本页合计 and the like in the first filled cell */
};

/* What a framing calls, in file order. A member may be NULL. A negative answer (with err set) ends the parse, and the
 * feeding call returns it. header is called once, before any row. */
struct frame_handler {
	int (*header)(void *arg, const struct frame_row *row, struct err *err);
	int (*row)(void *arg, const struct frame_row *row, struct err *err);
	/* A record that is framed but not usable: code "row-width". The parse goes on. */
	int (*refused)(void *arg, const struct frame_row *row, const char *code, const char *reason,
		struct err *err);
	int (*skipped)(
		void *arg, const struct frame_row *row, enum frame_skip why, struct err *err);
};

/* True if the first filled cell says that this is a total and not a record. */
bool frame_row_is_total(const struct frame_row *row);
/* True if no cell holds anything but blanks. */
bool frame_row_is_blank(const struct frame_row *row);

#endif
