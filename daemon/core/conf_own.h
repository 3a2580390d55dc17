/* What the parts of core/conf share: the parsed form. Not for other modules. */
#ifndef SETASIDE_CORE_CONF_OWN_H
#define SETASIDE_CORE_CONF_OWN_H

#include "core/conf.h"

/* One value per key of the block's section, at the key's position in the table. */
struct conf_value {
	bool given;
	int line;
	char *text;     /* as written, or the default; NULL = neither */
	int64_t number; /* INT, DURATION, SIZE; BOOL 0/1; WORD position */
	char **item;    /* LIST */
	int items;
	char *path; /* SECRET: resolved */
};

struct conf_block {
	const struct conf *conf;
	const struct conf_section *section;
	char *title;
	int line;
	bool given;
	struct conf_value *value;
};

struct conf {
	char *path;
	const struct conf_section *sections;
	struct conf_block **block;
	int blocks, capacity;
};

int conf_key_count(const struct conf_section *section);
/* Adds a block with nothing given. */
struct conf_block *conf_add_block(struct conf *conf, const struct conf_section *section,
	const char *title, int line, bool given);
/* Applies the defaults, checks type, range and presence of every value of the block. */
void conf_check_block(struct conf_block *block, struct conf_errors *errors);
void conf_errors_add(struct conf_errors *errors, const char *path, int line, const char *format,
	...) __attribute__((format(printf, 4, 5)));

#endif
