/* One configured mapping rule as data; the syntax is described in collectors/mapping.h. */
#ifndef SETASIDE_COLLECTORS_MAPPING_RULE_H
#define SETASIDE_COLLECTORS_MAPPING_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "collectors/header.h"
#include "collectors/value_date.h"
#include "core/err.h"
#include "sql/kind.h"

enum {
	MAPPING_SHARE_NONE = -1,
	MAPPING_SHARE_PERMILLE = 3,
	MAPPING_SHARE_PERCENT = 4,
	MAPPING_SHARE_FRACTION = 6
};

struct mapping_word {
	char *from; /* normalised */
	char *to;   /* canonical; "" = not stated */
};

struct mapping_option {
	int unit;  /* VALUE_UNIT_NONE = not said */
	int share; /* powers of ten of one millionth; MAPPING_SHARE_NONE = not said */
	bool decimal_comma;
	bool outstanding;
	char currency[4]; /* "" = not said */
	enum value_date_order order;
	enum value_date_pick pick;
	struct mapping_word *words;
	size_t word_count, word_cap;
};

enum mapping_rule_type {
	MAPPING_RULE_HEADER,   /* header -> column */
	MAPPING_RULE_CONSTANT, /* = text -> column */
	MAPPING_RULE_DROP,     /* header -> - */
	MAPPING_RULE_ROW,      /* @row -> column */
	MAPPING_RULE_ALL       /* * -> * options */
};

struct mapping_rule {
	enum mapping_rule_type type;
	char *text;           /* as configured */
	char *left;           /* header as configured, or the constant */
	struct header header; /* HEADER and DROP */
	int column;           /* index in the kind, -1 = none */
	struct mapping_option option;
};

void mapping_option_init(struct mapping_option *option);
void mapping_option_free(struct mapping_option *option);
/* Fills what `from` says and `into` does not. Value words are not copied. */
void mapping_option_inherit(struct mapping_option *into, const struct mapping_option *from);

/* ret is valid for mapping_rule_free in any case. ERR_USAGE quotes the rule. */
int mapping_rule_read(
	const struct kind *kind, const char *text, struct mapping_rule *ret, struct err *err);
void mapping_rule_free(struct mapping_rule *rule);

#endif
