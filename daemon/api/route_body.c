/* What is written with POST: the body as typed members, and who writes. */
#include "api/route.h"

#include <jansson.h>
#include <string.h>

#include "core/text.h"

static int find_member(const struct route *route, const char *name)
{
	for (int i = 0; route->body[i].name; i++)
		if (strcmp(route->body[i].name, name) == 0)
			return i;
	return -1;
}

/* An object stays one, as compact JSON. */
static int take_object(
	const struct route_parameter *member, const json_t *value, char *room, struct err *err)
{
	size_t length = json_is_object(value)
				? json_dumpb(value, room, ROUTE_BODY_TEXT_MAX - 1, JSON_COMPACT)
				: 0;

	if (!json_is_object(value))
		return err_set(err, ERR_USAGE, "%s must be an object", member->name);
	if (length >= ROUTE_BODY_TEXT_MAX)
		return err_set(err, ERR_USAGE, "%s is longer than %d bytes", member->name,
			ROUTE_BODY_TEXT_MAX - 1);
	room[length] = '\0';
	return 0;
}

static int take_member(const struct route *route, const char *name, const json_t *value,
	struct route_request *request, struct err *err)
{
	int i = find_member(route, name);

	if (i < 0)
		return err_set(err, ERR_USAGE, "%s is not a member of this body", name);
	const struct route_parameter *member = &route->body[i];
	char *room = request->body_room[i];
	if (member->type == ROUTE_JSON) {
		request->body[i] = room;
		return take_object(member, value, room, err);
	}
	if (member->type == ROUTE_INT ? !json_is_integer(value) : !json_is_string(value))
		return err_set(err, ERR_USAGE, "%s must be %s", name,
			member->type == ROUTE_INT ? "an integer" : "a text");
	if (member->type == ROUTE_INT) {
		snprintf(room, ROUTE_BODY_TEXT_MAX, "%lld", (long long)json_integer_value(value));
	} else {
		if (json_string_length(value) >= ROUTE_BODY_TEXT_MAX)
			return err_set(err, ERR_USAGE, "%s is longer than %d bytes", name,
				ROUTE_BODY_TEXT_MAX - 1);
		memcpy(room, json_string_value(value), json_string_length(value) + 1);
	}
	request->body[i] = room;
	return route_check_value(member, room, ROUTE_BODY_TEXT_MAX, err);
}

int route_read_body(const struct route *route, const char *json, size_t length,
	struct route_request *request, struct err *err)
{
	json_error_t fault;
	json_t *root = json_loadb(json, length, JSON_REJECT_DUPLICATES, &fault), *value;
	const char *name;
	int result = 0;

	if (!json_is_object(root)) {
		json_decref(root);
		return err_set(err, ERR_USAGE, "the body must be a JSON object");
	}
	for (int i = 0; route->body[i].name; i++)
		request->body[i] = route->body[i].fallback;
	json_object_foreach(root, name, value)
	{
		if (result == 0)
			result = take_member(route, name, value, request, err);
	}
	json_decref(root);
	for (int i = 0; result == 0 && route->body[i].name; i++)
		if (!request->body[i])
			result = err_set(err, ERR_USAGE, "%s is missing", route->body[i].name);
	return result;
}
