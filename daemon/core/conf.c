/* The parsed form and its getters. Blocks are few (tens), so a lookup is a walk. */
#include "core/conf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/conf_own.h"
#include "core/mem.h"

enum { ERRORS_KEPT = 50 };

const char *conf_type_name(enum conf_type type)
{
	static const char *const names[] = {
		[CONF_TEXT] = "a text",
		[CONF_WORD] = "a word",
		[CONF_INT] = "a whole number",
		[CONF_BOOL] = "yes or no",
		[CONF_DURATION] = "a duration such as 30s, 5min, 2h or 1d",
		[CONF_SIZE] = "a size such as 64KiB, 10MiB or 2GiB",
		[CONF_LIST] = "a list such as { \"a\", \"b\" }",
		[CONF_SECRET] = "the path of a file, or credential:NAME",
	};
	return names[type];
}

int conf_key_count(const struct conf_section *section)
{
	int count = 0;
	while (section->keys[count].name)
		count++;
	return count;
}

struct conf_block *conf_add_block(struct conf *conf, const struct conf_section *section,
	const char *title, int line, bool given)
{
	struct conf_block *block = mem_zero(1, sizeof(*block));
	block->conf = conf;
	block->section = section;
	block->title = mem_text(title ? title : "");
	block->line = line;
	block->given = given;
	block->value = mem_zero((size_t)conf_key_count(section) + 1, sizeof(*block->value));
	MEM_GROW(conf->block, conf->blocks, conf->capacity);
	conf->block[conf->blocks++] = block;
	return block;
}

static void value_free(struct conf_value *value)
{
	free(value->text);
	free(value->path);
	for (int i = 0; i < value->items; i++)
		free(value->item[i]);
	free(value->item);
}

void conf_free(struct conf *conf)
{
	if (!conf)
		return;
	for (int i = 0; i < conf->blocks; i++) {
		struct conf_block *block = conf->block[i];
		int keys = conf_key_count(block->section);
		for (int k = 0; k < keys; k++)
			value_free(&block->value[k]);
		free(block->value);
		free(block->title);
		free(block);
	}
	free(conf->block);
	free(conf->path);
	free(conf);
}

const char *conf_path(const struct conf *conf)
{
	return conf->path;
}

int conf_block_count(const struct conf *conf, const char *section)
{
	int count = 0;
	for (int i = 0; i < conf->blocks; i++)
		count += strcmp(conf->block[i]->section->name, section) == 0;
	return count;
}

const struct conf_block *conf_block(const struct conf *conf, const char *section, int index)
{
	for (int i = 0; i < conf->blocks; i++)
		if (strcmp(conf->block[i]->section->name, section) == 0 && index-- == 0)
			return conf->block[i];
	BUG("no block %d of section \"%s\"", index, section);
}

bool conf_block_given(const struct conf_block *block)
{
	return block->given;
}

const char *conf_block_title(const struct conf_block *block)
{
	return block->title;
}

static int key_position(const struct conf_block *block, const char *key)
{
	for (int k = 0; block->section->keys[k].name; k++)
		if (strcmp(block->section->keys[k].name, key) == 0)
			return k;
	return -1;
}

static const struct conf_value *value_of(
	const struct conf_block *block, const char *key, unsigned allowed)
{
	int k = key_position(block, key);
	if (k < 0)
		BUG("section \"%s\" has no key %s", block->section->name, key);
	if (!(allowed & 1u << block->section->keys[k].type))
		BUG("key %s of section \"%s\" is %s", key, block->section->name,
			conf_type_name(block->section->keys[k].type));
	return &block->value[k];
}

bool conf_given(const struct conf_block *block, const char *key)
{
	return value_of(block, key, ~0u)->given;
}

const char *conf_text(const struct conf_block *block, const char *key)
{
	return value_of(block, key, 1u << CONF_TEXT | 1u << CONF_WORD)->text;
}

int64_t conf_int(const struct conf_block *block, const char *key)
{
	return value_of(block, key, 1u << CONF_INT | 1u << CONF_DURATION | 1u << CONF_SIZE)->number;
}

bool conf_bool(const struct conf_block *block, const char *key)
{
	return value_of(block, key, 1u << CONF_BOOL)->number != 0;
}

int conf_word(const struct conf_block *block, const char *key)
{
	const struct conf_value *value = value_of(block, key, 1u << CONF_WORD);
	return value->text ? (int)value->number : -1;
}

int conf_list_count(const struct conf_block *block, const char *key)
{
	return value_of(block, key, 1u << CONF_LIST)->items;
}

const char *conf_list_item(const struct conf_block *block, const char *key, int index)
{
	const struct conf_value *value = value_of(block, key, 1u << CONF_LIST);
	if (index < 0 || index >= value->items)
		BUG("element %d of %s, which has %d", index, key, value->items);
	return value->item[index];
}

const char *conf_secret_path(const struct conf_block *block, const char *key)
{
	return value_of(block, key, 1u << CONF_SECRET)->path;
}

static bool value_equal(const struct conf_value *a, const struct conf_value *b)
{
	if ((a->text == NULL) != (b->text == NULL) || a->items != b->items)
		return false;
	if (a->text && strcmp(a->text, b->text) != 0)
		return false;
	for (int i = 0; i < a->items; i++)
		if (strcmp(a->item[i], b->item[i]) != 0)
			return false;
	return true;
}

bool conf_block_equal(
	const struct conf_block *a, const struct conf_block *b, const struct conf_key **ret_key)
{
	if (a->section->keys != b->section->keys)
		BUG("blocks of sections %s and %s compared", a->section->name, b->section->name);
	for (int k = 0; a->section->keys[k].name; k++)
		if (!value_equal(&a->value[k], &b->value[k])) {
			if (ret_key)
				*ret_key = &a->section->keys[k];
			return false;
		}
	return true;
}

bool conf_key_equal(const struct conf_block *a, const struct conf_block *b, const char *key)
{
	return value_equal(value_of(a, key, ~0u), value_of(b, key, ~0u));
}

void conf_errors_free(struct conf_errors *errors)
{
	for (int i = 0; i < errors->count; i++)
		free(errors->line[i]);
	free(errors->line);
	*errors = (struct conf_errors)CONF_ERRORS_INIT;
}

static void errors_keep(struct conf_errors *errors, char *line)
{
	errors->total++;
	if (errors->count == ERRORS_KEPT) {
		free(line);
		return;
	}
	if (!errors->line)
		errors->line = mem_zero(ERRORS_KEPT, sizeof(*errors->line));
	errors->line[errors->count++] = line;
}

static char *format_text(const char *format, va_list args)
{
	char text[1024];
	vsnprintf(text, sizeof(text), format, args);
	return mem_text(text);
}

void conf_errors_add(
	struct conf_errors *errors, const char *path, int line, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	_cleanup_free_ char *text = format_text(format, args);
	va_end(args);
	errors_keep(errors, mem_format("%s:%d: %s", path, line, text));
}

int conf_complain(struct conf_errors *errors, const struct conf_block *block, const char *key,
	const char *format, ...)
{
	va_list args;
	va_start(args, format);
	_cleanup_free_ char *text = format_text(format, args);
	va_end(args);
	int k = key ? key_position(block, key) : -1;
	int line = k >= 0 && block->value[k].given ? block->value[k].line : block->line;
	const char *path = block->conf->path;
	if (block->title[0])
		errors_keep(errors, mem_format("%s:%d: %s \"%s\": %s", path, line,
					    block->section->name, block->title, text));
	else if (block->section->name[0])
		errors_keep(errors,
			mem_format("%s:%d: %s: %s", path, line, block->section->name, text));
	else
		errors_keep(errors, mem_format("%s:%d: %s", path, line, text));
	return -1;
}
