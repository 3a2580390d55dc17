#include "collectors/mapping_rule.h"

#include <string.h>

#include "collectors/value_money.h"
#include "collectors/value_text.h"
#include "collectors/value_words.h"
#include "core/mem.h"
#include "core/text.h"

enum { WORDS_MAX = 256, UNIT_EXPONENT_MIN = -2, UNIT_EXPONENT_MAX = 12 };

void mapping_option_init(struct mapping_option *option)
{
	*option = (struct mapping_option){ .unit = VALUE_UNIT_NONE, .share = MAPPING_SHARE_NONE };
}

void mapping_option_free(struct mapping_option *option)
{
	for (size_t i = 0; i < option->word_count; i++) {
		free(option->words[i].from);
		free(option->words[i].to);
	}
	free(option->words);
	mapping_option_init(option);
}

void mapping_option_inherit(struct mapping_option *into, const struct mapping_option *from)
{
	if (into->unit == VALUE_UNIT_NONE)
		into->unit = from->unit;
	if (into->share == MAPPING_SHARE_NONE)
		into->share = from->share;
	into->decimal_comma |= from->decimal_comma;
	if (into->currency[0] == '\0')
		memcpy(into->currency, from->currency, sizeof(into->currency));
	if (into->order == VALUE_ORDER_NONE)
		into->order = from->order;
	if (into->pick == VALUE_PICK_NONE)
		into->pick = from->pick;
}

void mapping_rule_free(struct mapping_rule *rule)
{
	free(rule->text);
	free(rule->left);
	header_free(&rule->header);
	mapping_option_free(&rule->option);
	*rule = (struct mapping_rule){ .column = -1 };
}

static int unit_set(struct mapping_option *option, const char *value)
{
	static const struct {
		const char *name;
		int unit, share;
	} names[] = {
		{ "yuan", VALUE_UNIT_YUAN, 0 },
		{ "wan", VALUE_UNIT_WAN, 0 },
		{ "yi", VALUE_UNIT_YI, 0 },
		{ "qian", VALUE_UNIT_QIAN, 0 },
		{ "jiao", VALUE_UNIT_JIAO, 0 },
		{ "fen", VALUE_UNIT_FEN, 0 },
		{ "crore", VALUE_UNIT_CRORE, 0 },
		{ "percent", VALUE_UNIT_NONE, MAPPING_SHARE_PERCENT },
		{ "permille", VALUE_UNIT_NONE, MAPPING_SHARE_PERMILLE },
		{ "fraction", VALUE_UNIT_NONE, MAPPING_SHARE_FRACTION },
	};
	int64_t exponent;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(value, names[i].name) != 0)
			continue;
		if (names[i].share)
			option->share = names[i].share;
		else
			option->unit = names[i].unit;
		return 0;
	}
	if (!value_skip(&value, "10^") || !text_to_int64(value, &exponent) ||
		exponent < UNIT_EXPONENT_MIN || exponent > UNIT_EXPONENT_MAX)
		return -1;
	option->unit = VALUE_UNIT_YUAN + (int)exponent;
	return 0;
}

static int order_set(struct mapping_option *option, const char *value)
{
	if (strcmp(value, "dmy") == 0)
		option->order = VALUE_ORDER_DMY;
	else if (strcmp(value, "mdy") == 0)
		option->order = VALUE_ORDER_MDY;
	else
		return -1;
	return 0;
}

static int pick_set(struct mapping_option *option, const char *value)
{
	if (strcmp(value, "start") == 0)
		option->pick = VALUE_PICK_START;
	else if (strcmp(value, "end") == 0)
		option->pick = VALUE_PICK_END;
	else
		return -1;
	return 0;
}

static int decimal_set(struct mapping_option *option, const char *value)
{
	option->decimal_comma = strcmp(value, "comma") == 0;
	return option->decimal_comma || strcmp(value, "point") == 0 ? 0 : -1;
}

static int outstanding_set(struct mapping_option *option, const char *value)
{
	option->outstanding = strcmp(value, "yes") == 0;
	return option->outstanding || strcmp(value, "no") == 0 ? 0 : -1;
}

static int currency_set(struct mapping_option *option, const char *value)
{
	if (strlen(value) != 3 || strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3)
		return -1;
	memcpy(option->currency, value, 4);
	return 0;
}

static int word_add(struct mapping_option *option, const char *pair, size_t length)
{
	const char *colon = memchr(pair, ':', length);
	char room[VALUE_WORD_MAX];

	if (!colon || option->word_count == WORDS_MAX ||
		!value_word_normal(pair, (size_t)(colon - pair), room))
		return -1;
	MEM_GROW(option->words, option->word_count, option->word_cap);
	option->words[option->word_count++] = (struct mapping_word){ .from = mem_text(room),
		.to = mem_text_n(colon + 1, length - (size_t)(colon - pair) - 1) };
	return 0;
}

static int values_set(struct mapping_option *option, const char *value)
{
	for (;;) {
		size_t length = strcspn(value, ",");
		if (word_add(option, value, length) < 0)
			return -1;
		if (value[length] == '\0')
			return 0;
		value += length + 1;
	}
}

static const struct {
	const char *name;
	int (*set)(struct mapping_option *option, const char *value);
	const char *right;
} keys[] = {
	{ "unit", unit_set,
		"yuan, wan, yi, qian, jiao, fen, crore, 10^N, percent, permille or fraction" },
	{ "order", order_set, "dmy or mdy" },
	{ "pick", pick_set, "start or end" },
	{ "decimal", decimal_set, "comma or point" },
	{ "outstanding", outstanding_set, "yes or no" },
	{ "currency", currency_set, "three capital letters" },
	{ "values", values_set, "pairs like 1:L,2:M" },
};

static int option_read(struct mapping_rule *rule, char *token, struct err *err)
{
	char *value = strchr(token, '=');

	if (!value)
		return err_set(err, ERR_USAGE,
			"mapping \"%s\": \"%s\" is not an option of the form name=value",
			rule->text, token);
	*value++ = '\0';
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (strcmp(token, keys[i].name) != 0)
			continue;
		if (keys[i].set(&rule->option, value) == 0)
			return 0;
		return err_set(err, ERR_USAGE, "mapping \"%s\": %s=%s: right would be %s",
			rule->text, token, value, keys[i].right);
	}
	return err_set(err, ERR_USAGE,
		"mapping \"%s\": no option \"%s\"; there are unit, order, pick, decimal, "
		"outstanding, currency, values",
		rule->text, token);
}

/* Takes the next token off *at, in place; 'x y' inside a token keeps its blanks. NULL at the end. */
static char *token_next(char **at)
{
	char *from = *at + strspn(*at, " \t"), *to = from, *start = from;
	bool quoted = false;

	if (*from == '\0')
		return NULL;
	for (; *from != '\0' && (quoted || (*from != ' ' && *from != '\t')); from++) {
		if (*from == '\'')
			quoted = !quoted;
		else
			*to++ = *from;
	}
	*at = *from == '\0' ? from : from + 1;
	*to = '\0';
	return start;
}

static int column_by_csv(const struct kind *kind, const char *name)
{
	for (int i = 0; i < kind->count; i++) {
		if (kind->columns[i].csv && strcmp(kind->columns[i].csv, name) == 0)
			return i;
	}
	return -1;
}

static int target_read(
	const struct kind *kind, struct mapping_rule *rule, const char *name, struct err *err)
{
	if (rule->type == MAPPING_RULE_ALL) {
		if (strcmp(name, "*") == 0)
			return 0;
		return err_set(
			err, ERR_USAGE, "mapping \"%s\": \"*\" can only lead to \"*\"", rule->text);
	}
	if (strcmp(name, "-") == 0 && rule->type == MAPPING_RULE_HEADER) {
		rule->type = MAPPING_RULE_DROP;
		return 0;
	}
	rule->column = column_by_csv(kind, name);
	if (rule->column < 0)
		return err_set(err, ERR_USAGE, "mapping \"%s\": a %s has no column \"%s\"",
			rule->text, kind->name, name);
	if (rule->type == MAPPING_RULE_ROW && kind->columns[rule->column].type != KIND_CODE)
		return err_set(err, ERR_USAGE, "mapping \"%s\": @row gives a code, and %s is none",
			rule->text, name);
	return 0;
}

static int left_read(struct mapping_rule *rule, const char *text, size_t length, struct err *err)
{
	_cleanup_free_ char *left = mem_text_n(text, length);

	text_trim(left);
	if (left[0] == '=') {
		rule->type = MAPPING_RULE_CONSTANT;
		rule->left = mem_text(left + 1);
		text_trim(rule->left);
		return 0;
	}
	rule->left = mem_text(left);
	if (strcmp(left, "@row") == 0) {
		rule->type = MAPPING_RULE_ROW;
		return 0;
	}
	if (strcmp(left, "*") == 0) {
		rule->type = MAPPING_RULE_ALL;
		return 0;
	}
	if (!header_read(left, strlen(left), &rule->header) || rule->header.name[0] == '\0')
		return err_set(err, ERR_USAGE, "mapping \"%s\": there is no header before \"->\"",
			rule->text);
	return 0;
}

int mapping_rule_read(
	const struct kind *kind, const char *text, struct mapping_rule *ret, struct err *err)
{
	const char *arrow = NULL;

	*ret = (struct mapping_rule){ .text = mem_text(text), .column = -1 };
	mapping_option_init(&ret->option);
	/* a header may hold an arrow itself: the last one divides */
	for (const char *at = text; (at = strstr(at, "->")); at += 2)
		arrow = at;
	if (!arrow)
		return err_set(
			err, ERR_USAGE, "mapping \"%s\": write it as \"HEADER -> column\"", text);
	if (left_read(ret, text, (size_t)(arrow - text), err) < 0)
		return -1;
	_cleanup_free_ char *right = mem_text(arrow + 2);
	char *at = right, *token = token_next(&at);
	if (!token)
		return err_set(
			err, ERR_USAGE, "mapping \"%s\": there is no column behind \"->\"", text);
	if (target_read(kind, ret, token, err) < 0)
		return -1;
	while ((token = token_next(&at))) {
		if (option_read(ret, token, err) < 0)
			return -1;
	}
	return 0;
}
