#include "checks/json_out.h"

#include <string.h>

#include "core/err.h"
#include "core/mem.h"
#include "core/text.h"

enum { FLUSH_AT = 64 * 1024 };

void json_out_init(struct json_out *out, struct buf *buf, json_sink sink, void *sink_arg)
{
	*out = (struct json_out){ .buf = buf, .sink = sink, .sink_arg = sink_arg, .first = true };
}

static void flush(struct json_out *out)
{
	if (!out->sink || out->failed || out->buf->used == 0)
		return;
	if (out->sink(out->sink_arg, out->buf->data, out->buf->used) < 0)
		out->failed = true;
	buf_reset(out->buf);
}

static void add(struct json_out *out, const char *bytes, size_t count)
{
	if (buf_add(out->buf, bytes, count) < 0)
		out->failed = true;
	if (out->buf->used >= FLUSH_AT)
		flush(out);
}

static void add_char(struct json_out *out, char c)
{
	add(out, &c, 1);
}

/* RFC 8259: quote, backslash and control characters are escaped, everything else stays UTF-8. */
static void add_quoted(struct json_out *out, const char *text)
{
	static const char hex[] = "0123456789abcdef";
	const char *from = text;

	add_char(out, '"');
	for (const char *p = text; *p; p++) {
		unsigned char c = (unsigned char)*p;
		char escape[] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		add(out, from, (size_t)(p - from));
		if (c < 0x20)
			add(out, escape, sizeof(escape));
		else
			add_char(out, '\\');
		/* After a bare backslash the character itself follows with the next piece. */
		from = c < 0x20 ? p + 1 : p;
	}
	add(out, from, strlen(from));
	add_char(out, '"');
}

static void start_value(struct json_out *out, const char *key)
{
	if (!out->first)
		add_char(out, ',');
	if (out->line)
		add_char(out, '\n');
	out->first = out->line = false;
	if (key) {
		add_quoted(out, key);
		add_char(out, ':');
	}
}

static void open_level(struct json_out *out, const char *key, char bracket)
{
	start_value(out, key);
	add_char(out, bracket);
	out->first = true;
	out->depth++;
}

static void close_level(struct json_out *out, char bracket)
{
	if (out->depth-- == 0)
		BUG("a bracket is closed that was never opened");
	if (out->line)
		add_char(out, '\n');
	out->line = false;
	add_char(out, bracket);
	out->first = false;
}

void json_object_begin(struct json_out *out, const char *key)
{
	open_level(out, key, '{');
}

void json_object_end(struct json_out *out)
{
	close_level(out, '}');
}

void json_array_begin(struct json_out *out, const char *key)
{
	open_level(out, key, '[');
}

void json_array_end(struct json_out *out)
{
	close_level(out, ']');
}

void json_text(struct json_out *out, const char *key, const char *value)
{
	start_value(out, key);
	add_quoted(out, value);
}

void json_text_cut(struct json_out *out, const char *key, const char *value, size_t max)
{
	size_t length = strlen(value);
	_cleanup_free_ char *shorter =
		length > max ? mem_text_n(value, text_cut(value, length, max)) : NULL;

	json_text(out, key, shorter ? shorter : value);
}

void json_int(struct json_out *out, const char *key, int64_t value)
{
	start_value(out, key);
	if (buf_add_int(out->buf, value) < 0)
		out->failed = true;
}

void json_fen(struct json_out *out, const char *key, fen_t amount)
{
	if (amount == MONEY_FEN_MAX)
		out->out_of_range = true;
	json_int(out, key, amount);
}

void json_bool(struct json_out *out, const char *key, bool value)
{
	start_value(out, key);
	add(out, value ? "true" : "false", value ? 4 : 5);
}

void json_raw(struct json_out *out, const char *key, const char *value)
{
	start_value(out, key);
	add(out, value, strlen(value));
}

void json_null_value(struct json_out *out, const char *key)
{
	start_value(out, key);
	add(out, "null", 4);
}

void json_day(struct json_out *out, const char *key, day_t day)
{
	char room[DAY_TEXT_MAX];

	json_text(out, key, day_text(day, room));
}

void json_line(struct json_out *out)
{
	out->line = true;
}

int json_finish(struct json_out *out)
{
	if (out->depth != 0)
		BUG("%d brackets are still open", out->depth);
	flush(out);
	return out->failed ? -1 : 0;
}
