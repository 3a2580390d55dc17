#include "collectors/json_tree.h"

#include <string.h>

#include "core/mem.h"

enum { BLOCK_SIZE = 64 * 1024 };

struct json_block {
	struct json_block *next;
	size_t size, used;
	max_align_t room[];
};

void json_arena_init(struct json_arena *arena, size_t ceiling)
{
	*arena = (struct json_arena){ .ceiling = ceiling };
}

static void free_blocks(struct json_block *block)
{
	while (block) {
		struct json_block *next = block->next;
		free(block);
		block = next;
	}
}

void json_arena_free(struct json_arena *arena)
{
	free_blocks(arena->block);
	arena->block = NULL;
	arena->used = 0;
}

void json_arena_reset(struct json_arena *arena)
{
	struct json_block *keep = arena->block;

	arena->used = 0;
	if (!keep)
		return;
	free_blocks(keep->next);
	keep->next = NULL;
	keep->used = 0;
	/* One huge value must not hold its memory for the rest of the file. */
	if (keep->size > BLOCK_SIZE)
		json_arena_free(arena);
}

static void *take(struct json_arena *arena, size_t size)
{
	struct json_block *block = arena->block;

	size = (size + sizeof(void *) - 1) & ~(sizeof(void *) - 1);
	if (size > arena->ceiling - arena->used)
		return NULL;
	if (!block || size > block->size - block->used) {
		size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
		block = mem_alloc(sizeof(*block) + room);
		*block = (struct json_block){ .next = arena->block, .size = room };
		arena->block = block;
	}
	void *at = (char *)block->room + block->used;
	block->used += size;
	arena->used += size;
	return at;
}

char *json_arena_room(struct json_arena *arena, size_t size)
{
	return take(arena, size);
}

struct json_node *json_node_new(struct json_arena *arena, enum json_type type)
{
	struct json_node *node = take(arena, sizeof(*node));

	if (node)
		*node = (struct json_node){ .type = type, .text = "" };
	return node;
}

static const char *copy(struct json_arena *arena, const char *text, size_t length)
{
	if (length >= UINT32_MAX)
		return NULL;
	char *room = take(arena, length + 1);
	if (!room)
		return NULL;
	if (length)
		memcpy(room, text, length);
	room[length] = '\0';
	return room;
}

bool json_node_text(
	struct json_arena *arena, struct json_node *node, const char *text, size_t length)
{
	const char *room = copy(arena, text, length);

	if (!room)
		return false;
	node->text = room;
	node->length = (uint32_t)length;
	return true;
}

/* It only spares comparisons: names that are meant to collide cost what comparing every name would. */
uint32_t json_key_hash(const char *key, size_t length)
{
	uint32_t first = 0, last = 0;

	if (length >= sizeof(first)) {
		memcpy(&first, key, sizeof(first));
		memcpy(&last, key + length - sizeof(last), sizeof(last));
	} else {
		for (size_t i = 0; i < length; i++)
			first = first << 8 | (unsigned char)key[i];
	}
	uint64_t mixed = (((uint64_t)last << 32 | first) ^ length) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(mixed >> 32);
}

bool json_node_key(struct json_arena *arena, struct json_node *node, const char *key, size_t length)
{
	node->key = copy(arena, key, length);
	node->key_hash = json_key_hash(key, length);
	return node->key != NULL;
}

void json_node_add(struct json_node *parent, struct json_node *child)
{
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
	parent->count++;
}

static const struct json_node *find(const struct json_node *node, const char *key, size_t length)
{
	uint32_t hash = json_key_hash(key, length);

	if (!node || node->type != JSON_OBJECT)
		return NULL;
	for (const struct json_node *child = node->first; child; child = child->next)
		if (child->key_hash == hash && strncmp(child->key, key, length) == 0 &&
			child->key[length] == '\0')
			return child;
	return NULL;
}

const struct json_node *json_get(const struct json_node *node, const char *key)
{
	return find(node, key, strlen(key));
}

const struct json_node *json_path(const struct json_node *node, const char *path)
{
	while (node) {
		size_t length = strcspn(path, ".");
		node = find(node, path, length);
		if (path[length] == '\0')
			return node;
		path += length + 1;
	}
	return NULL;
}

const char *json_text_at(const struct json_node *node, const char *key)
{
	const struct json_node *child = json_get(node, key);

	return child && (child->type == JSON_TEXT || child->type == JSON_NUMBER) ? child->text : "";
}

static size_t digits(const char *text, size_t length, size_t at)
{
	size_t start = at;

	while (at < length && text[at] >= '0' && text[at] <= '9')
		at++;
	return at - start;
}

bool json_is_number(const char *text, size_t length)
{
	size_t at = length > 0 && text[0] == '-', count = digits(text, length, at);

	if (count == 0 || (count > 1 && text[at] == '0'))
		return false;
	at += count;
	if (at < length && text[at] == '.') {
		count = digits(text, length, ++at);
		if (count == 0)
			return false;
		at += count;
	}
	if (at < length && (text[at] == 'e' || text[at] == 'E')) {
		at++;
		if (at < length && (text[at] == '+' || text[at] == '-'))
			at++;
		count = digits(text, length, at);
		if (count == 0)
			return false;
		at += count;
	}
	return at == length;
}

bool json_unwrap(struct json_node *object)
{
	static const char *const numbers[] = { "$numberLong", "$numberInt", "$numberDecimal",
		"$numberDouble" };
	const struct json_node *inner = object->first;
	bool number = false;

	if (object->count != 1 || !inner->key || inner->key[0] != '$')
		return false;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		number = number || strcmp(inner->key, numbers[i]) == 0;
	if (number && (inner->type == JSON_TEXT || inner->type == JSON_NUMBER) &&
		json_is_number(inner->text, inner->length))
		object->type = JSON_NUMBER;
	else if ((strcmp(inner->key, "$date") == 0 || strcmp(inner->key, "$oid") == 0) &&
		 (inner->type == JSON_TEXT || inner->type == JSON_NUMBER))
		object->type = inner->type;
	else
		return false;
	object->text = inner->text;
	object->length = inner->length;
	object->first = object->last = NULL;
	object->count = 0;
	return true;
}
