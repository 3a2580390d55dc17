#include "alerts/robot_text.h"

#include <string.h>

#include "alerts/clean.h"
#include "core/mem.h"
#include "core/text.h"

static const char link_mark = '\x1f';

void robot_text_init(struct robot_text *text, const struct robot_weights *weights)
{
	*text = (struct robot_text){ .weights = *weights };
	buf_init(&text->bytes, ROBOT_TEXT_MAX);
}

void robot_text_free(struct robot_text *text)
{
	buf_free(&text->bytes);
	free(text->units);
	*text = (struct robot_text){ .units = NULL };
}

/* The full-width form of an ASCII sign lies 0xFEE0 above it: three bytes of UTF-8. */
static void add_wide(struct buf *out, char sign)
{
	unsigned code = (unsigned char)sign + 0xFEE0u;

	buf_add_char(out, (char)(0xE0u | code >> 12));
	buf_add_char(out, (char)(0x80u | (code >> 6 & 0x3Fu)));
	buf_add_char(out, (char)(0x80u | (code & 0x3Fu)));
}

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_active(const char *line, size_t at, size_t length)
{
	if (line[at] == '_')
		return at == 0 || at + 1 == length || !is_word(line[at - 1]) ||
		       !is_word(line[at + 1]);
	if (line[at] == ':')
		return length - at >= 3 && memcmp(line + at, "://", 3) == 0;
	return line[at] && strchr("<>[]`*#~\\|&@!\"", line[at]) != NULL;
}

/* Bytes of the character at text with all its marks. Nobody writes a name with more marks than fit in the room. */
static size_t cluster_length(const char *text, size_t left)
{
	enum { CLUSTER_MAX = 64 };
	size_t step = 1;

	while (step < left && step < CLUSTER_MAX && text_cut(text, left, step) == 0)
		step++;
	while (step < left && step > 1 && ((unsigned char)text[step] & 0xC0u) == 0x80)
		step--;
	return step;
}

/* One character with its marks, escaped. Returns the bytes of line that it covers. A sign may stand behind its begin: what
 * follows a joiner is not cut off from it. */
static size_t escape_unit(struct buf *out, const char *line, size_t at, size_t length)
{
	size_t step = cluster_length(line + at, length - at);

	for (size_t i = at; i < at + step; i++) {
		if (is_active(line, i, length))
			add_wide(out, line[i]);
		else
			buf_add_char(out, line[i]);
	}
	return step;
}

void robot_escape(struct buf *out, const char *data, size_t length)
{
	struct buf line;

	buf_init(&line, 4 * length + 16);
	clean_add(&line, data, length);
	for (size_t at = 0; at < line.used;)
		at += escape_unit(out, line.data, at, line.used);
	buf_free(&line);
}

static void add_unit(struct robot_text *text, enum robot_unit_kind kind, size_t offset)
{
	struct robot_unit *unit;
	size_t length = text->bytes.used - offset;

	if (text->bytes.failed)
		return;
	MEM_GROW(text->units, text->count, text->capacity);
	unit = &text->units[text->count++];
	*unit = (struct robot_unit){ kind, (uint32_t)offset, (uint32_t)length, (uint32_t)length };
	if (kind == ROBOT_LINE)
		unit->weight = (uint32_t)text->weights.line;
	else if (kind == ROBOT_LINK)
		unit->weight += (uint32_t)text->weights.link;
}

static void add_line(struct robot_text *text, const char *data, size_t length)
{
	struct buf line;

	/* A mark at the begin of a line has nothing of its own to stand on: it goes with a blank that is left out. */
	buf_init(&line, 4 * length + 16);
	buf_add_char(&line, ' ');
	clean_add(&line, data, length);
	for (size_t at = cluster_length(line.data, line.used); at < line.used;) {
		size_t offset = text->bytes.used;

		at += escape_unit(&text->bytes, line.data, at, line.used);
		add_unit(text, ROBOT_CHARACTER, offset);
	}
	buf_free(&line);
}

void robot_text_add(struct robot_text *text, const char *data, size_t length)
{
	while (length > 0 && data[length - 1] == '\n')
		length--;
	for (;;) {
		const char *end = length > 0 ? memchr(data, '\n', length) : NULL;
		size_t line = end ? (size_t)(end - data) : length;

		add_line(text, data, line);
		if (!end)
			return;
		robot_text_line(text);
		data += line + 1;
		length -= line + 1;
	}
}

void robot_text_line(struct robot_text *text)
{
	add_unit(text, ROBOT_LINE, text->bytes.used);
}

int robot_text_link(struct robot_text *text, const char *label, const char *address)
{
	size_t offset = text->bytes.used;
	bool fine = strncmp(address, "https://", 8) == 0 || strncmp(address, "http://", 7) == 0;

	for (const char *c = address; *c && fine; c++)
		fine = *c > ' ' && *c < 0x7F && !strchr("()[]<>\"'\\`|{}^", *c);
	if (!fine || strlen(address) + strlen(label) > ROBOT_LINK_MAX)
		return -1;
	buf_add_text(&text->bytes, label);
	buf_add_char(&text->bytes, link_mark);
	buf_add_text(&text->bytes, address);
	add_unit(text, ROBOT_LINK, offset);
	return 0;
}

static int skip_lines(const struct robot_text *text, int at)
{
	while (at < text->count && text->units[at].kind == ROBOT_LINE)
		at++;
	return at;
}

/* Where the part that begins at first ends: all that fits, or back to the last line end if that lies in its last half. */
static int part_end(const struct robot_text *text, int first, size_t max)
{
	size_t weight = 0;
	int line = -1;
	int at = first;

	while (at < text->count && weight + text->units[at].weight <= max) {
		if (text->units[at].kind == ROBOT_LINE && weight >= max / 2)
			line = at;
		weight += text->units[at++].weight;
	}
	if (at == text->count || text->units[at].kind == ROBOT_LINE || line < 0)
		return at;
	return line;
}

int robot_text_cut(const struct robot_text *text, size_t weight_max, int parts_max,
	struct robot_range *ret_ranges, int *ret_left)
{
	int at = skip_lines(text, 0);
	int parts = 0;

	while (at < text->count && parts < parts_max) {
		int end = part_end(text, at, weight_max);

		if (end == at)
			break;
		ret_ranges[parts++] = (struct robot_range){ at, end };
		at = skip_lines(text, end);
	}
	*ret_left = text->count - at;
	return parts;
}

void robot_markdown(struct buf *out, const struct robot_text *text, struct robot_range range,
	const char *line_end)
{
	for (int i = range.first; i < range.end; i++) {
		const struct robot_unit *unit = &text->units[i];
		const char *bytes = text->bytes.data + unit->offset;
		const char *mark =
			unit->kind == ROBOT_LINK ? memchr(bytes, link_mark, unit->length) : NULL;

		if (unit->kind == ROBOT_LINE)
			buf_add_text(out, line_end);
		else if (!mark)
			buf_add(out, bytes, unit->length);
		else
			buf_format(out, "[%.*s](%.*s)", (int)(mark - bytes), bytes,
				(int)(unit->length - (size_t)(mark - bytes) - 1), mark + 1);
	}
}
