/* A JSON object that lies in memory as a whole, to a tree: the quick way past yajl, which reads a byte at a time.
 *
 * It takes what is plain: JSON by RFC 8259, UTF-8, no name twice in an object, no U+0000, no half surrogates, within the
 * limits. Of everything else it says only that it is not that; the same bytes are then judged by yajl
 * (collectors/frame_json.c), which words the fault. What it takes is the tree that would have come from there. */
#ifndef SETASIDE_COLLECTORS_JSON_WHOLE_H
#define SETASIDE_COLLECTORS_JSON_WHOLE_H

#include "collectors/json_tree.h"

enum { JSON_WHOLE_LEVELS = 64 };

enum json_whole {
	JSON_WHOLE_TAKEN,
	JSON_WHOLE_SHORT, /* plain so far, and the bytes end inside it */
	JSON_WHOLE_OTHER  /* not for this reader */
};

struct json_whole_limits {
	int levels; /* at most JSON_WHOLE_LEVELS */
	int names;  /* of one object */
};

/* bytes[0] is '{'. TAKEN: *ret_root and how many bytes it took; what lies behind is not looked at. The tree is made in
 * arena; after another answer the arena holds pieces that are of no use. */
enum json_whole json_whole_read(struct json_arena *arena, const struct json_whole_limits *limits,
	const char *bytes, size_t count, struct json_node **ret_root, size_t *ret_used);

#endif
