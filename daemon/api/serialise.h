/* Typed rows to JSON: the one place for types and escaping of what the API prints.
 *
 * Amounts and counts are JSON integers, dates ISO texts ("" where there is none), nothing is ever a floating point
 * number. */
#ifndef SETASIDE_API_SERIALISE_H
#define SETASIDE_API_SERIALISE_H

#include "api/route.h"

struct evbuffer;
struct sql_row;

/* Appends one row as an object; columns ends with name NULL and follows the order of the SELECT list. */
void serialise_row(
	struct evbuffer *out, const struct route_column *columns, const struct sql_row *row);
/* Appends a JSON string with quotes. The text is valid UTF-8 (it comes from the database or was checked). */
void serialise_text(struct evbuffer *out, const char *text, size_t length);

#endif
