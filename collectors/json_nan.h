/* Bare NaN in JSON texts: what numeric libraries write where a number is missing. It is not JSON and is refused by
 * default; a source that says `nan = absent` has it read as null, never as a number.
 *
 * A scanner in front of the parser: bytes go through as they come, in pieces of any size; where NaN stands outside of a
 * text, the receiver is told instead. It knows texts and nothing else of JSON, the parser judges the rest. */
#ifndef SETASIDE_COLLECTORS_JSON_NAN_H
#define SETASIDE_COLLECTORS_JSON_NAN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"

struct json_nan {
	bool quoted, escaped;
	unsigned matched; /* letters of NaN that are held back */
};
/* bytes NULL: a NaN stood here. A negative answer (err set) ends the call, which returns it. */
typedef int (*json_nan_fn)(void *arg, const char *bytes, size_t count, struct err *err);

int json_nan_feed(struct json_nan *scan, const char *bytes, size_t count, json_nan_fn pass,
	void *arg, struct err *err);
/* Passes on what is held back; after the last byte. */
int json_nan_finish(struct json_nan *scan, json_nan_fn pass, void *arg, struct err *err);

#endif
