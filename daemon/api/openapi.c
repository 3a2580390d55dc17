#include "api/openapi.h"

#include <event2/buffer.h>
#include <jansson.h>

#include "api/reply.h"
#include "core/mem.h"

/* Type and format of one value in JSON Schema words. Dates may be "" where there is none. */
static json_t *schema_of(enum route_value type)
{
	switch (type) {
	case ROUTE_TEXT:
	case ROUTE_DATE:
		return json_pack("{s:s}", "type", "string");
	case ROUTE_INT:
		return json_pack("{s:[s,s], s:s}", "type", "integer", "null", "format", "int64");
	case ROUTE_BOOL:
		return json_pack("{s:[s,s]}", "type", "boolean", "null");
	case ROUTE_JSON:
		return json_object();
	}
	return json_object();
}

/* "/a/{}" -> "/a/{id}": every segment parameter of ours is an identifier. */
static char *path_of(const struct route *route)
{
	const char *hole = strstr(route->pattern, "{}");

	if (!hole)
		return mem_text(route->pattern);
	return mem_format("%.*s{id}%s", (int)(hole - route->pattern), route->pattern, hole + 2);
}

static void add_query_parameter(json_t *list, const struct route_parameter *parameter)
{
	json_t *schema = schema_of(parameter->type);

	if (parameter->type == ROUTE_INT)
		json_object_update_new(schema,
			json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum",
				(json_int_t)parameter->min, "maximum", (json_int_t)parameter->max));
	if (parameter->type == ROUTE_DATE)
		json_object_set_new(schema, "format", json_string("date"));
	if (parameter->type == ROUTE_BOOL)
		json_object_update_new(
			schema, json_pack("{s:s, s:[s,s]}", "type", "string", "enum", "0", "1"));
	if (parameter->words) {
		json_t *words = json_array();

		for (int i = 0; parameter->words[i]; i++)
			json_array_append_new(words, json_string(parameter->words[i]));
		json_object_set_new(schema, "enum", words);
	}
	if (parameter->fallback)
		json_object_set_new(schema, "default", json_string(parameter->fallback));
	json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "name", parameter->name, "in",
					    "query", "schema", schema));
}

static json_t *parameters_of(const struct route *route)
{
	json_t *list = json_array();

	if (strstr(route->pattern, "{}"))
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:b, s:{s:s}}", "name", "id", "in", "path",
				      "required", 1, "schema", "type", "string"));
	for (const struct route_parameter *p = route->parameters; p && p->name; p++)
		add_query_parameter(list, p);
	return list;
}

static json_t *body_of(const struct route *route)
{
	json_t *properties, *row;

	if (!route->columns)
		return json_object();
	properties = json_object();
	for (const struct route_column *column = route->columns; column->name; column++)
		json_object_set_new(properties, column->name, schema_of(column->type));
	row = json_pack("{s:s, s:o}", "type", "object", "properties", properties);
	if (route->shape == ROUTE_ONE)
		return row;
	return json_pack("{s:s, s:{s:{s:s, s:o}, s:{s:[s,s]}}}", "type", "object", "properties",
		"items", "type", "array", "items", row, "next", "type", "string", "null");
}

/* The members of what is posted. */
static json_t *request_of(const struct route *route)
{
	json_t *properties = json_object(), *required = json_array();

	for (const struct route_parameter *member = route->body; member->name; member++) {
		json_object_set_new(properties, member->name,
			json_pack(
				"{s:s}", "type", member->type == ROUTE_INT ? "integer" : "string"));
		if (!member->fallback)
			json_array_append_new(required, json_string(member->name));
	}
	return json_pack("{s:b, s:{s:{s:{s:s, s:o, s:o}}}}", "required", 1, "content",
		"application/json", "schema", "type", "object", "properties", properties,
		"required", required);
}

static json_t *operation_of(const struct route *route)
{
	json_t *responses = json_pack("{s:{s:s, s:{s:{s:o}}}, s:{s:s, s:{s:{s:{s:s}}}}}", "200",
		"description", "done", "content", "application/json", "schema", body_of(route),
		"default", "description", "a problem document (RFC 9457)", "content",
		"application/problem+json", "schema", "type", "object");

	json_t *operation = json_pack("{s:s, s:o, s:o}", "summary", route->summary, "parameters",
		parameters_of(route), "responses", responses);

	if (route->body)
		json_object_set_new(operation, "requestBody", request_of(route));
	if (route->asks)
		json_object_set_new(operation, "requestBody",
			json_pack("{s:b, s:{s:{s:{s:s}}}}", "required", 1, "content",
				"application/json", "schema", "type", "object"));
	return operation;
}

void openapi_handle(
	struct api_server *server, const struct route_request *request, struct reply *reply)
{
	json_t *paths = json_object(), *document;
	char *text;

	(void)server;
	(void)request;
	for (const struct route *route = route_table; route->pattern; route++) {
		char *path = path_of(route);
		json_t *methods = json_object_get(paths, path);

		if (!methods) {
			methods = json_object();
			json_object_set_new(paths, path, methods);
		}
		json_object_set_new(
			methods, route->body || route->asks ? "post" : "get", operation_of(route));
		free(path);
	}
	document = json_pack("{s:s, s:{s:s, s:s}, s:o}", "openapi", "3.1.0", "info", "title",
		"Setaside", "version", SETASIDE_VERSION, "paths", paths);
	text = json_dumps(document, JSON_COMPACT);
	json_decref(document);
	if (!text) {
		reply_problem(reply, 500, "Failed", "The description could not be made");
		return;
	}
	evbuffer_add_printf(reply_body(reply), "%s\n", text);
	free(text);
	reply_send(reply, 200, "application/json");
}
