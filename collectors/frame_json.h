/* JSON bytes to records, as a stream. Over yajl, with ceilings that it lacks.
 *
 * Each value at the top of the input is taken like this: an array gives its elements; an object that holds an array at
 * one of the record paths ("releases", "result.rows") gives the elements of that array; anything else is one record
 * itself. So a package, an array and JSON lines need no switch; `package` refuses the other shapes. What surrounds the
 * records (the envelope: links, publisher) stays readable. Memory is one record and the envelope, each below its
 * ceiling.
 *
 * The input is UTF-8; a byte order mark is dropped. A fault ends the parse: err has ERR_DATA (ERR_LIMIT for the
 * ceilings) and a text that starts with one of these words and names the byte offset:
 *   not-json      not JSON at all: the first byte is '<' (a web page), or nothing came
 *   json-syntax   what yajl says; NaN and Infinity are called by their name (NaN is null with nan_absent)
 *   json-torn     the input ends inside a value
 *   json-repeat   a name comes twice in one object
 *   json-shape    `package`, but no array of records at the path
 *   json-deep, json-large, json-wide   more than 64 levels, too many bytes, too many names in one object
 * A record with a NUL character in a text is passed on with `nul` set: PostgreSQL cannot hold it. Lone surrogates
 * become '?'. Not shared between threads; no callback after a call that failed. */
#ifndef SETASIDE_COLLECTORS_FRAME_JSON_H
#define SETASIDE_COLLECTORS_FRAME_JSON_H

#include "collectors/json_tree.h"
#include "core/err.h"

struct json_record {
	const struct json_node *root;
	int64_t number; /* counts records from 1 */
	int64_t offset; /* of the first byte of the record in what was fed, byte order mark included */
	int64_t end;    /* offset behind its last byte */
	bool nul;       /* a text holds U+0000 */
};
/* Lent for the call. A negative answer (err set) ends the parse, and the feeding call returns it. */
typedef int (*frame_json_fn)(void *arg, const struct json_record *record, struct err *err);

struct frame_json_options {
	const char *const *
		paths; /* dotted, NULL-terminated, at most 4; NULL = none. Lent for the frame's life */
	bool package;      /* one object with records at a path, nothing else */
	bool nan_absent;   /* a bare NaN is read as null (collectors/json_nan.h) */
	size_t record_max; /* bytes of one record; 0 = 8 MiB */
};

struct frame_json;
struct frame_json *frame_json_new(
	const struct frame_json_options *options, frame_json_fn record, void *arg);
void frame_json_free(struct frame_json *frame);
int frame_json_feed(struct frame_json *frame, const char *bytes, size_t count, struct err *err);
/* Once, after the last byte. */
int frame_json_finish(struct frame_json *frame, struct err *err);

/* What surrounded the records of the latest top-level object; NULL if there was none. Lent until the next call. */
const struct json_node *frame_json_envelope(const struct frame_json *frame);
/* Offset behind the last record that was passed on; 0 before the first. */
int64_t frame_json_last_end(const struct frame_json *frame);

#endif
