/* A streaming JSON writer over a bounded buffer: fixed member order, integers only, no tree in
 * memory.
 *
 * With a sink the buffer is handed over whenever it passes 64 KiB, so a document of any length
 * needs no more memory; without one the text stays in the buffer (its ceiling is the bound).
 * Failure is sticky: write on, look once at the end. Nesting that does not match is a programmer
 * error (BUG). key is NULL inside arrays and at the top.
 *
 * json_object, json_array and json_null are names of libjansson, which the program links as well: a
 * function of ours by that name would be called by the library itself. */
#ifndef SETASIDE_CHECKS_JSON_OUT_H
#define SETASIDE_CHECKS_JSON_OUT_H

#include "core/buf.h"
#include "core/day.h"
#include "core/money.h"

typedef int (*json_sink)(void *arg, const char *bytes, size_t count); /* 0, or negative to stop */

struct json_out {
	struct buf *buf; /* borrowed */
	json_sink sink;  /* may be NULL */
	void *sink_arg;
	bool failed;
	bool out_of_range; /* an amount was past the range (sums.h): the document must not be
			      published */
	bool first;        /* nothing written yet at this level */
	bool line;         /* a new line is due before the next value */
	int depth;
};

void json_out_init(struct json_out *out, struct buf *buf, json_sink sink, void *sink_arg);
void json_object_begin(struct json_out *out, const char *key);
void json_object_end(struct json_out *out);
void json_array_begin(struct json_out *out, const char *key);
void json_array_end(struct json_out *out);
void json_text(struct json_out *out, const char *key, const char *value);
/* At most so many bytes of it, cut between characters: for texts of sources where the buffer has no sink. */
enum { JSON_NAME_MAX = 400 }; /* of a unit or supplier */
void json_text_cut(struct json_out *out, const char *key, const char *value, size_t max);
void json_int(struct json_out *out, const char *key, int64_t value);
void json_fen(struct json_out *out, const char *key, fen_t amount); /* notes out_of_range */
void json_bool(struct json_out *out, const char *key, bool value);
/* value is JSON already: written as it is. */
void json_raw(struct json_out *out, const char *key, const char *value);
void json_null_value(struct json_out *out, const char *key);
void json_day(struct json_out *out, const char *key, day_t day); /* "" for DAY_NONE */
/* Starts a new line before the next value: one row per line keeps documents readable and greppable.
 */
void json_line(struct json_out *out);
/* Flushes. Text that is not valid UTF-8 must not come here. 0, or -1 if anything failed (ceiling or
 * sink). */
int json_finish(struct json_out *out);

#endif
