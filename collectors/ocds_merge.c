#include "collectors/ocds_merge.h"

#include <string.h>

static bool merge_object(
	struct json_arena *arena, struct json_node *into, const struct json_node *from);

static struct json_node *member_of(const struct json_node *object, const char *key)
{
	return (struct json_node *)(uintptr_t)json_get(object, key);
}

static void unlink_child(struct json_node *parent, const struct json_node *child)
{
	struct json_node *before = NULL;

	for (struct json_node *at = parent->first; at != child; at = at->next)
		before = at;
	if (before)
		before->next = child->next;
	else
		parent->first = child->next;
	if (parent->last == child)
		parent->last = before;
	parent->count--;
}

static struct json_node *shallow(struct json_arena *arena, const struct json_node *from)
{
	struct json_node *node = json_node_new(arena, from->type);

	if (!node || !json_node_text(arena, node, from->text, from->length))
		return NULL;
	if (from->key && !json_node_key(arena, node, from->key, strlen(from->key)))
		return NULL;
	return node;
}

/* As it is, whatever stands in it. */
static struct json_node *copy(struct json_arena *arena, const struct json_node *from)
{
	struct json_node *node = shallow(arena, from);

	for (const struct json_node *child = from->first; node && child; child = child->next) {
		struct json_node *one = copy(arena, child);
		if (!one)
			return NULL;
		json_node_add(node, one);
	}
	return node;
}

static bool whole_list(const struct json_node *list)
{
	static const char *const names[] = { "additionalIdentifiers", "additionalClassifications",
		"changes" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(list->key, names[i]) == 0)
			return true;
	}
	for (const struct json_node *item = list->first; item; item = item->next) {
		if (item->type != JSON_OBJECT)
			return true;
	}
	return false;
}

static const struct json_node *id_of(const struct json_node *object)
{
	const struct json_node *id = json_get(object, "id");

	return id && (id->type == JSON_TEXT || id->type == JSON_NUMBER) ? id : NULL;
}

static struct json_node *find_item(const struct json_node *list, const struct json_node *id)
{
	for (struct json_node *item = list->first; id && item; item = item->next) {
		const struct json_node *other = id_of(item);
		if (other && other->length == id->length &&
			memcmp(other->text, id->text, id->length) == 0)
			return item;
	}
	return NULL;
}

static bool merge_list(
	struct json_arena *arena, struct json_node *into, const struct json_node *from)
{
	for (const struct json_node *item = from->first; item; item = item->next) {
		struct json_node *known = find_item(into, id_of(item));
		if (!known) {
			known = shallow(arena, item);
			if (!known)
				return false;
			json_node_add(into, known);
		}
		if (!merge_object(arena, known, item))
			return false;
	}
	return true;
}

/* A new value for a member, in the place of the old one if there is one. */
static bool put(struct json_node *object, struct json_node *old, struct json_node *node)
{
	if (!node)
		return false;
	if (!old) {
		json_node_add(object, node);
		return true;
	}
	struct json_node *next = old->next;
	*old = *node;
	old->next = next;
	return true;
}

static bool merge_member(
	struct json_arena *arena, struct json_node *into, const struct json_node *from)
{
	struct json_node *old = member_of(into, from->key);
	bool object = from->type == JSON_OBJECT;
	bool list = from->type == JSON_ARRAY && !whole_list(from);

	if (from->type == JSON_NULL) {
		if (old)
			unlink_child(into, old);
		return true;
	}
	if (!object && !list)
		return put(into, old, copy(arena, from));
	if (from->count == 0)
		return true;
	bool fits = old && old->type == from->type && (object || !whole_list(old));
	if (!fits) {
		struct json_node *node = shallow(arena, from);
		if (!put(into, old, node))
			return false;
		old = old ? old : node;
	}
	return object ? merge_object(arena, old, from) : merge_list(arena, old, from);
}

static bool merge_object(
	struct json_arena *arena, struct json_node *into, const struct json_node *from)
{
	for (const struct json_node *member = from->first; member; member = member->next) {
		if (!merge_member(arena, into, member))
			return false;
	}
	return true;
}

static struct json_node *add_text(struct json_arena *arena, struct json_node *parent,
	const char *key, const char *text, size_t length)
{
	struct json_node *node = json_node_new(arena, JSON_TEXT);

	if (!node || !json_node_text(arena, node, text, length) ||
		(key && !json_node_key(arena, node, key, strlen(key))))
		return NULL;
	json_node_add(parent, node);
	return node;
}

struct json_node *ocds_merge_begin(struct json_arena *arena)
{
	struct json_node *compiled = json_node_new(arena, JSON_OBJECT);
	struct json_node *tag = json_node_new(arena, JSON_ARRAY);

	if (!compiled || !tag || !json_node_key(arena, tag, "tag", 3))
		return NULL;
	json_node_add(compiled, tag);
	if (!add_text(arena, tag, NULL, "compiled", 8) || !add_text(arena, compiled, "id", "", 0) ||
		!add_text(arena, compiled, "date", "", 0))
		return NULL;
	return compiled;
}

/* "OCID-DATE" of the newest release. */
static bool set_identity(
	struct json_arena *arena, struct json_node *compiled, const struct json_node *release)
{
	char id[2048];
	const char *date = json_text_at(release, "date");
	int length = snprintf(id, sizeof(id), "%s-%s", json_text_at(release, "ocid"), date);

	if (length < 0 || (size_t)length >= sizeof(id))
		length = (int)sizeof(id) - 1;
	return json_node_text(arena, member_of(compiled, "id"), id, (size_t)length) &&
	       json_node_text(arena, member_of(compiled, "date"), date, strlen(date));
}

bool ocds_merge_add(
	struct json_arena *arena, struct json_node *compiled, const struct json_node *release)
{
	static const char *const left_out[] = { "id", "date", "tag" };

	for (const struct json_node *member = release->first; member; member = member->next) {
		bool out = false;
		for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++)
			out = out || strcmp(member->key, left_out[i]) == 0;
		if (!out && !merge_member(arena, compiled, member))
			return false;
	}
	return set_identity(arena, compiled, release);
}
