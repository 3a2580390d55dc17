/* What the files of the JSON frame share: the tree that grows by yajl's callbacks (frame_json.c) and the way the bytes
 * take to them or past them (frame_json_feed.c). */
#ifndef SETASIDE_COLLECTORS_FRAME_JSON_OWN_H
#define SETASIDE_COLLECTORS_FRAME_JSON_OWN_H

#include <yajl/yajl_parse.h>

#include "collectors/frame_json.h"
#include "collectors/json_nan.h"
#include "core/buf.h"

enum {
	FRAME_DEPTH_MAX = 64,
	FRAME_NAMES_MAX = 1024, /* names of one object; keeps the search for repeats cheap */
	FRAME_PATHS_MAX = 4,
	FRAME_SLICE = 64 * 1024,
	FRAME_WHOLE_MAX = 256 * 1024 /* of a record that is waited for to be read at once */
};

struct level {
	struct json_node *node;
	bool records;  /* an array whose elements are records */
	unsigned live; /* envelope: bit p = all names down to here are the first steps of path p */
};

struct frame_json {
	struct frame_json_options options;
	frame_json_fn record;
	void *arg;
	yajl_handle yajl;
	struct json_nan nan;
	struct json_arena envelope_arena, record_arena;
	struct json_node *envelope; /* latest top-level object */
	struct level level[FRAME_DEPTH_MAX];
	int depth;
	int record_depth; /* depth at which the current record's root stands; -1 = outside */
	struct json_node *pending; /* named, its value comes next */
	unsigned pending_live, pending_complete;
	bool found; /* the current top-level value held records */
	bool failed;
	struct err err; /* set by a callback */

	int64_t base;     /* offset of the slice in work */
	int64_t last_end; /* offset behind the last token */
	int64_t started;  /* offset of the current record or top-level value */
	bool nul;
	int64_t records, roots, fed, record_end;
	int bom; /* bytes of a byte order mark seen; -1 = decided */
	bool blank;

	/* The way past yajl. */
	bool muted;      /* yajl is told what it has not seen: nothing of it counts */
	bool stops;      /* a record may begin behind this token: yajl reads no further */
	bool begun;      /* an element of the array of records came */
	bool comma;      /* and a comma behind it */
	bool partly;     /* yajl has a token or record under way */
	struct buf rest; /* of a record that has begun, at offset fed */
};

yajl_handle frame_json_yajl(struct frame_json *frame);
/* A record that was read at once, of so many bytes from offset fed. False: the callback failed, or the record cannot stand
 * here; frame->err says why. */
bool frame_json_take(struct frame_json *frame, struct json_node *root, size_t bytes);
/* True if the top-level object holds an array at one of the paths: its elements are the records. */
bool frame_json_holds_records(const struct frame_json *frame, const struct json_node *root);

#endif
