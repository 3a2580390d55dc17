/* Reading members of a JSON object strictly, remembering the first complaint. Used by payload.c
 * only. */
#ifndef SETASIDE_ALERTS_PAYLOAD_READ_H
#define SETASIDE_ALERTS_PAYLOAD_READ_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/day.h"
#include "core/err.h"

/* where names the object in complaints ("payload", "arrears.rows[3]"). After a complaint every read
 * gives its empty value, so a reader may run through and look at err once. */
struct payload_reader {
	json_t *object;
	const char *where;
	struct err *err;
};

enum { PAYLOAD_MAY_MISS = 0, PAYLOAD_MUST = 1 };

const char *payload_read_text(
	struct payload_reader *r, const char *member, int must); /* "" if absent */
int64_t payload_read_int(struct payload_reader *r, const char *member, int must, int64_t absent);
bool payload_read_bool(struct payload_reader *r, const char *member);
day_t payload_read_day(struct payload_reader *r, const char *member);
json_t *payload_read_object(
	struct payload_reader *r, const char *member, int must); /* NULL if absent */
json_t *payload_read_array(struct payload_reader *r, const char *member, size_t max, int must);
/* A new NULL-terminated list of lent texts (free). */
const char **payload_read_texts(struct payload_reader *r, const char *member, int must);

#endif
