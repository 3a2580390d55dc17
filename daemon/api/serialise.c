#include "api/serialise.h"

#include <event2/buffer.h>

static void add_escaped(struct evbuffer *out, unsigned char c)
{
	switch (c) {
	case '"':
		evbuffer_add(out, "\\\"", 2);
		break;
	case '\\':
		evbuffer_add(out, "\\\\", 2);
		break;
	case '\n':
		evbuffer_add(out, "\\n", 2);
		break;
	default:
		evbuffer_add_printf(out, "\\u%04x", c);
	}
}

/* Also escapes '<', so that a body can never close a script element. */
static bool plain(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != 0x7F;
}

void serialise_text(struct evbuffer *out, const char *text, size_t length)
{
	size_t from = 0;

	evbuffer_add(out, "\"", 1);
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (plain(c))
			continue;
		evbuffer_add(out, text + from, i - from);
		add_escaped(out, c);
		from = i + 1;
	}
	evbuffer_add(out, text + from, length - from);
	evbuffer_add(out, "\"", 1);
}

static void add_value(struct evbuffer *out, enum route_value type, const struct sql_row *row, int i)
{
	const char *text = sql_row_text(row, i);
	bool null = sql_row_null(row, i);

	switch (type) {
	case ROUTE_TEXT:
	case ROUTE_DATE:
		serialise_text(out, text, sql_row_length(row, i));
		return;
	case ROUTE_INT:
	case ROUTE_JSON:
		evbuffer_add_printf(out, "%s", null ? "null" : text);
		return;
	case ROUTE_BOOL:
		evbuffer_add_printf(out, "%s",
			null                   ? "null"
			: sql_row_bool(row, i) ? "true"
					       : "false");
		return;
	}
}

void serialise_row(
	struct evbuffer *out, const struct route_column *columns, const struct sql_row *row)
{
	for (int i = 0; columns[i].name; i++) {
		evbuffer_add(out, i ? "," : "{", 1);
		serialise_text(out, columns[i].name, strlen(columns[i].name));
		evbuffer_add(out, ":", 1);
		add_value(out, columns[i].type, row, i);
	}
	evbuffer_add(out, "}", 1);
}
