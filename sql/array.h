/* Array literals ("{1,2}", "{\"a\",\"b\"}") as the text of one parameter, for unnest() on the server.
 *
 * Init with a ceiling; add elements of one kind; sql_array_text ends it. Past the ceiling sql_array_text gives NULL. */
#ifndef SETASIDE_SQL_ARRAY_H
#define SETASIDE_SQL_ARRAY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"

struct sql_array {
	struct buf literal;
	int count;
	bool ended;
};

void sql_array_init(struct sql_array *array, size_t ceiling);
void sql_array_free(struct sql_array *array);
void sql_array_add_int(struct sql_array *array, int64_t value);
void sql_array_add_bool(struct sql_array *array, bool value);
void sql_array_add_text(struct sql_array *array, const char *value); /* never NULL */
/* The whole literal, owned by array; nothing can be added afterwards. */
const char *sql_array_text(struct sql_array *array);

#endif
