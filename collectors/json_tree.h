/* A JSON value as a tree in an arena: what framing hands out, one record at a time.
 *
 * Numbers stay text, digit for digit; nothing here is ever a floating-point number. Members keep the order of the
 * source. All memory belongs to the arena and is given back at once by json_arena_reset(). Not shared between threads. */
#ifndef SETASIDE_COLLECTORS_JSON_TREE_H
#define SETASIDE_COLLECTORS_JSON_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_OBJECT, JSON_ARRAY };

struct json_node {
	enum json_type type;
	const char *key; /* name within the parent object, else NULL */
	uint32_t key_hash;
	uint32_t length;  /* bytes of text */
	const char *text; /* TEXT decoded, NUMBER and BOOL as written; NUL-terminated; else "" */
	struct json_node *first, *last, *next; /* children; siblings */
	int count;                             /* children */
};

struct json_block;
struct json_arena {
	struct json_block *block; /* newest first */
	size_t used;              /* bytes taken since the last reset */
	size_t ceiling;
};
void json_arena_init(struct json_arena *arena, size_t ceiling);
void json_arena_free(struct json_arena *arena);
/* Forgets all nodes, keeps one block. */
void json_arena_reset(struct json_arena *arena);

/* NULL when the ceiling is reached; so below. */
struct json_node *json_node_new(struct json_arena *arena, enum json_type type);
/* Copies length bytes into node->text. */
bool json_node_text(
	struct json_arena *arena, struct json_node *node, const char *text, size_t length);
bool json_node_key(
	struct json_arena *arena, struct json_node *node, const char *key, size_t length);
/* Room for a text of the tree, not written yet. */
char *json_arena_room(struct json_arena *arena, size_t size);
void json_node_add(struct json_node *parent, struct json_node *child);

/* The member, or NULL; node may be NULL or not an object. */
const struct json_node *json_get(const struct json_node *node, const char *key);
/* Members by a dotted path, "links.next". NULL when a step is missing. */
const struct json_node *json_path(const struct json_node *node, const char *path);
/* Text of a string or number member, "" when it is missing or of another type. */
const char *json_text_at(const struct json_node *node, const char *key);
/* Wrappers of document databases, replaced in place by their content: {"$numberLong": "15"}, also $numberInt,
 * $numberDecimal, $numberDouble (strings that are JSON numbers), $date, $oid. True if it was one. */
bool json_unwrap(struct json_node *object);
/* True if text is a number by JSON's grammar. */
bool json_is_number(const char *text, size_t length);

uint32_t json_key_hash(const char *key, size_t length);

#endif
