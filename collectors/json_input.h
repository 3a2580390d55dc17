/* The bytes of a JSON file on their way to records: encoding, framing, and the text of the record in work.
 *
 * What the readers of JSON formats share. Memory is one record and the bytes since the end of the last one (at most
 * 9 MiB). One file at a time; not shared between threads. */
#ifndef SETASIDE_COLLECTORS_JSON_INPUT_H
#define SETASIDE_COLLECTORS_JSON_INPUT_H

#include <stdbool.h>

#include "collectors/frame_json.h"
#include "core/buf.h"

struct json_input;
struct json_input *json_input_new(void);
void json_input_free(struct json_input *input);

/* Starts a file. encoding: "" or NULL = UTF-8. options as of frame_json_new. */
int json_input_begin(struct json_input *input, const struct frame_json_options *options,
	const char *encoding, frame_json_fn record, void *arg, struct err *err);
int json_input_feed(struct json_input *input, const char *bytes, size_t count, struct err *err);
/* After the last byte of the file. */
int json_input_end(struct json_input *input, struct err *err);

/* The record that is with the callback, as it stands in the file; nothing at other times. */
void json_input_text(const struct json_input *input, struct buf *out);
/* The same without a copy; lent until the callback returns. */
const char *json_input_bytes(const struct json_input *input, size_t *ret_length);
/* True if the record is the whole top-level object and not an element of a list. */
bool json_input_whole(const struct json_input *input, const struct json_record *record);

/* reader_type.find for records that are placed by their byte offset. */
bool json_input_find(void *room, const char *bytes, size_t count, int64_t place, struct buf *out);

#endif
