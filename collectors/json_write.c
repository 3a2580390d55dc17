#include "collectors/json_write.h"

#include <string.h>

void json_write_text(struct buf *out, const char *text, size_t length)
{
	static const char *const short_forms[] = {
		['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f", ['\r'] = "\\r"
	};
	size_t from = 0;

	buf_add_char(out, '"');
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(out, text + from, i - from);
		from = i + 1;
		if (c == '"' || c == '\\')
			buf_format(out, "\\%c", c);
		else if (c < sizeof(short_forms) / sizeof(short_forms[0]) && short_forms[c])
			buf_add_text(out, short_forms[c]);
		else
			buf_format(out, "\\u%04x", c);
	}
	buf_add(out, text + from, length - from);
	buf_add_char(out, '"');
}

static void write_children(struct buf *out, const struct json_node *node)
{
	bool object = node->type == JSON_OBJECT;

	buf_add_char(out, object ? '{' : '[');
	for (const struct json_node *child = node->first; child; child = child->next) {
		if (child != node->first)
			buf_add_char(out, ',');
		if (object) {
			json_write_text(out, child->key, strlen(child->key));
			buf_add_char(out, ':');
		}
		json_write(out, child);
	}
	buf_add_char(out, object ? '}' : ']');
}

void json_write(struct buf *out, const struct json_node *node)
{
	switch (node->type) {
	case JSON_NULL:
		buf_add_text(out, "null");
		break;
	case JSON_BOOL:
	case JSON_NUMBER:
		buf_add(out, node->text, node->length);
		break;
	case JSON_TEXT:
		json_write_text(out, node->text, node->length);
		break;
	case JSON_OBJECT:
	case JSON_ARRAY:
		write_children(out, node);
		break;
	}
}
