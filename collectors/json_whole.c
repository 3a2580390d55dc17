#include "collectors/json_whole.h"

#include <string.h>

#include "core/err.h"
#include "core/text.h"

enum { NAME_BITS = 64, ESCAPE_DIGITS = 4 };

struct level {
	struct json_node *node;
	uint64_t names; /* bit h: a name whose hash ends in h stands in it */
};

struct whole {
	struct json_arena *arena;
	struct json_whole_limits limits;
	const char *at, *end;
	struct level level[JSON_WHOLE_LEVELS];
	int depth;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Moves on to the next token; false at the end of the bytes. */
static bool find_token(struct whole *whole)
{
	while (whole->at < whole->end && is_space(*whole->at))
		whole->at++;
	return whole->at < whole->end;
}

/* Texts ------------------------------------------------------------------------------------------------------------- */

static const uint64_t ones = UINT64_C(0x0101010101010101), tops = UINT64_C(0x8080808080808080);

/* The top bit of every byte that is less than limit, exact up to the first one that is. limit <= 0x80 */
static uint64_t below(uint64_t word, unsigned char limit)
{
	return (word - ones * limit) & ~word & tops;
}

static bool is_special(char c)
{
	return c == '"' || c == '\\' || (unsigned char)c < 0x20;
}

/* Up to the first quote, backslash or control character; *ret_high is set when a byte before it is not ASCII. */
static const char *plain_end(const char *at, const char *end, bool *ret_high)
{
	uint64_t word, high = 0;

	for (; end - at >= (ptrdiff_t)sizeof(word); at += sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		if (below(word ^ ones * '"', 1) | below(word ^ ones * '\\', 1) | below(word, 0x20))
			break;
		high |= word;
	}
	for (; at < end && !is_special(*at); at++)
		high |= (unsigned char)*at;
	*ret_high = *ret_high || (high & tops) != 0;
	return at;
}

/* The closing quote of a text that goes on at `at`. */
static enum json_whole find_quote(const struct whole *whole, const char *at, const char **ret,
	bool *ret_high, bool *ret_escaped)
{
	for (;;) {
		at = plain_end(at, whole->end, ret_high);
		if (at == whole->end)
			return JSON_WHOLE_SHORT;
		if (*at == '"')
			break;
		if (*at != '\\')
			return JSON_WHOLE_OTHER;
		*ret_escaped = true;
		if (whole->end - at < 2)
			return JSON_WHOLE_SHORT;
		at += 2;
	}
	*ret = at;
	return JSON_WHOLE_TAKEN;
}

static bool read_hex(const char *at, const char *end, unsigned *ret)
{
	*ret = 0;
	if (end - at < ESCAPE_DIGITS)
		return false;
	for (int i = 0; i < ESCAPE_DIGITS; i++) {
		char c = at[i];
		unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
				 : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
				 : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
							: 16;
		if (digit == 16)
			return false;
		*ret = *ret << 4 | digit;
	}
	return true;
}

/* The character of one or two \u escapes; at stands behind the first \u and is moved on. 0 = none that is taken. */
static unsigned read_escape(const char **at, const char *end)
{
	unsigned first = 0, second = 0;

	if (!read_hex(*at, end, &first))
		return 0;
	*at += ESCAPE_DIGITS;
	if (first < 0xd800 || first > 0xdfff)
		return first;
	if (first > 0xdbff || end - *at < 2 || (*at)[0] != '\\' || (*at)[1] != 'u' ||
		!read_hex(*at + 2, end, &second) || second < 0xdc00 || second > 0xdfff)
		return 0;
	*at += 2 + ESCAPE_DIGITS;
	return 0x10000 + ((first & 0x3ff) << 10 | (second & 0x3ff));
}

static char *put_character(char *out, unsigned c)
{
	if (c < 0x80) {
		*out++ = (char)c;
		return out;
	}
	int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	static const unsigned char lead[] = { 0, 0xc0, 0xe0, 0xf0 };
	*out++ = (char)(lead[more] | c >> 6 * more);
	for (int shift = 6 * (more - 1); shift >= 0; shift -= 6)
		*out++ = (char)(0x80 | (c >> shift & 0x3f));
	return out;
}

/* Decodes what stands between the quotes; the result is never longer. NULL = an escape that is not taken. */
static char *decode(char *out, const char *at, const char *end)
{
	static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";

	while (at < end) {
		if (*at != '\\') {
			*out++ = *at++;
			continue;
		}
		char letter = at[1];
		at += 2;
		if (letter == 'u') {
			unsigned c = read_escape(&at, end);
			if (c == 0)
				return NULL;
			out = put_character(out, c);
			continue;
		}
		const char *found = letter != '\0' ? strchr(letters, letter) : NULL;
		if (!found)
			return NULL;
		*out++ = meant[found - letters];
	}
	return out;
}

/* at stands on the opening quote. */
static enum json_whole read_text(struct whole *whole, const char **ret, uint32_t *ret_length)
{
	const char *from = whole->at + 1, *quote = NULL;
	bool high = false, escaped = false;
	enum json_whole found = find_quote(whole, from, &quote, &high, &escaped);

	if (found != JSON_WHOLE_TAKEN)
		return found;
	size_t length = (size_t)(quote - from);
	if (length >= UINT32_MAX || (high && !text_utf8_valid(from, length, NULL)))
		return JSON_WHOLE_OTHER;
	char *room = json_arena_room(whole->arena, length + 1), *end = room;
	if (!room)
		return JSON_WHOLE_OTHER;
	if (escaped) {
		end = decode(room, from, quote);
		if (!end)
			return JSON_WHOLE_OTHER;
	} else {
		memcpy(room, from, length);
		end += length;
	}
	*end = '\0';
	*ret = room;
	*ret_length = (uint32_t)(end - room);
	whole->at = quote + 1;
	return JSON_WHOLE_TAKEN;
}

/* Other values ------------------------------------------------------------------------------------------------------ */

static enum json_whole read_word(
	struct whole *whole, struct json_node *node, const char *word, enum json_type type)
{
	size_t length = strlen(word);

	if ((size_t)(whole->end - whole->at) < length)
		return JSON_WHOLE_SHORT;
	if (memcmp(whole->at, word, length) != 0)
		return JSON_WHOLE_OTHER;
	node->type = type;
	if (type == JSON_BOOL) {
		node->text = word;
		node->length = (uint32_t)length;
	}
	whole->at += length;
	return JSON_WHOLE_TAKEN;
}

static enum json_whole read_number(struct whole *whole, struct json_node *node)
{
	const char *end = whole->at;

	while (end < whole->end && ((*end >= '0' && *end <= '9') || *end == '-' || *end == '+' ||
					   *end == '.' || *end == 'e' || *end == 'E'))
		end++;
	if (end == whole->end)
		return JSON_WHOLE_SHORT;
	size_t length = (size_t)(end - whole->at);
	if (!json_is_number(whole->at, length) ||
		!json_node_text(whole->arena, node, whole->at, length))
		return JSON_WHOLE_OTHER;
	node->type = JSON_NUMBER;
	whole->at = end;
	return JSON_WHOLE_TAKEN;
}

static enum json_whole open_level(struct whole *whole, struct json_node *node, enum json_type type)
{
	if (whole->depth == whole->limits.levels)
		return JSON_WHOLE_OTHER;
	node->type = type;
	whole->level[whole->depth++] = (struct level){ .node = node };
	whole->at++;
	return JSON_WHOLE_TAKEN;
}

static enum json_whole read_value(struct whole *whole, struct json_node *node)
{
	switch (*whole->at) {
	case '{':
		return open_level(whole, node, JSON_OBJECT);
	case '[':
		return open_level(whole, node, JSON_ARRAY);
	case '"':
		node->type = JSON_TEXT;
		return read_text(whole, &node->text, &node->length);
	case 't':
		return read_word(whole, node, "true", JSON_BOOL);
	case 'f':
		return read_word(whole, node, "false", JSON_BOOL);
	case 'n':
		return read_word(whole, node, "null", JSON_NULL);
	default:
		return read_number(whole, node);
	}
}

static bool named_before(struct level *level, const struct json_node *node)
{
	uint64_t bit = UINT64_C(1) << node->key_hash % NAME_BITS;

	if (!(level->names & bit)) {
		level->names |= bit;
		return false;
	}
	for (const struct json_node *other = level->node->first; other; other = other->next)
		if (other->key_hash == node->key_hash && strcmp(other->key, node->key) == 0)
			return true;
	return false;
}

/* The name of a member and what stands before its value. */
static enum json_whole read_name(struct whole *whole, struct level *level, struct json_node *node)
{
	uint32_t length = 0;

	if (*whole->at != '"' || level->node->count >= whole->limits.names)
		return JSON_WHOLE_OTHER;
	enum json_whole status = read_text(whole, &node->key, &length);
	if (status != JSON_WHOLE_TAKEN)
		return status;
	node->key_hash = json_key_hash(node->key, length);
	if (named_before(level, node))
		return JSON_WHOLE_OTHER;
	if (!find_token(whole))
		return JSON_WHOLE_SHORT;
	if (*whole->at++ != ':')
		return JSON_WHOLE_OTHER;
	return find_token(whole) ? JSON_WHOLE_TAKEN : JSON_WHOLE_SHORT;
}

/* What comes next at the innermost level: its end, or one more value. */
static enum json_whole read_next(struct whole *whole)
{
	struct level *level = &whole->level[whole->depth - 1];
	struct json_node *parent = level->node;

	if (!find_token(whole))
		return JSON_WHOLE_SHORT;
	if (*whole->at == (parent->type == JSON_OBJECT ? '}' : ']')) {
		whole->at++;
		whole->depth--;
		if (parent->type == JSON_OBJECT)
			json_unwrap(parent);
		return JSON_WHOLE_TAKEN;
	}
	if (parent->count > 0) {
		if (*whole->at++ != ',')
			return JSON_WHOLE_OTHER;
		if (!find_token(whole))
			return JSON_WHOLE_SHORT;
	}
	struct json_node *node = json_node_new(whole->arena, JSON_NULL);
	if (!node)
		return JSON_WHOLE_OTHER;
	if (parent->type == JSON_OBJECT) {
		enum json_whole status = read_name(whole, level, node);
		if (status != JSON_WHOLE_TAKEN)
			return status;
	}
	json_node_add(parent, node);
	return read_value(whole, node);
}

enum json_whole json_whole_read(struct json_arena *arena, const struct json_whole_limits *limits,
	const char *bytes, size_t count, struct json_node **ret_root, size_t *ret_used)
{
	struct whole whole;
	struct json_node *root = json_node_new(arena, JSON_OBJECT);

	if (limits->levels > JSON_WHOLE_LEVELS || count == 0 || bytes[0] != '{')
		BUG("no object to be read, or %d levels", limits->levels);
	/* The levels are filled as they are opened. */
	whole.arena = arena;
	whole.limits = *limits;
	whole.at = bytes;
	whole.end = bytes + count;
	whole.depth = 0;
	if (!root || open_level(&whole, root, JSON_OBJECT) != JSON_WHOLE_TAKEN)
		return JSON_WHOLE_OTHER;
	while (whole.depth > 0) {
		enum json_whole status = read_next(&whole);
		if (status != JSON_WHOLE_TAKEN)
			return status;
	}
	*ret_root = root;
	*ret_used = (size_t)(whole.at - bytes);
	return JSON_WHOLE_TAKEN;
}
