/* The bridge to libconfuse: file -> blocks of texts with line numbers.
 *
 * Every key is a string or a list of strings for libconfuse; types are ours (conf_value.c), so that
 * all errors of a file come out together and with what would be right. libconfuse keeps no line per
 * value and lets a later value replace an earlier one silently; its value callback tells us both.
 * That callback carries no argument of the caller's, and its scanner is one per process anyway:
 * hence the one static reader, set only while a parse runs. */
#include <confuse.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/conf.h"
#include "core/conf_own.h"
#include "core/mem.h"
#include "core/text.h"

/* libconfuse takes the end of the file for the end of every open block. So a last assignment is
 * added to the text that only the top level knows: met inside a block or not at all, the file is
 * torn. */
static const char END_MARK[] = "end-of-file";

enum { FILE_MAX = 1 << 20, SUGGEST_DISTANCE = 3, NAME_MAX_BYTES = 64 };

struct seen {
	const cfg_opt_t *option;
	int line;
};

struct reader {
	const char *path;
	const char *bytes;
	const struct conf_section *sections;
	struct conf_errors *errors;
	struct seen *seen;
	int seen_count, seen_capacity;
};
static struct reader *reader;

static int *seen_line(const cfg_opt_t *option)
{
	for (int i = 0; i < reader->seen_count; i++)
		if (reader->seen[i].option == option)
			return &reader->seen[i].line;
	return NULL;
}

static void remember(const cfg_opt_t *option, int line)
{
	MEM_GROW(reader->seen, reader->seen_count, reader->seen_capacity);
	reader->seen[reader->seen_count++] = (struct seen){ option, line };
}

/* One value was read. An assignment by '=' has just emptied the option, so one value means a first
 * element. */
static int on_value(cfg_t *cfg, cfg_opt_t *option, const char *value, void *result)
{
	const int *before = seen_line(option);
	if (!before)
		remember(option, cfg->line);
	else if (option->nvalues == 1)
		conf_errors_add(reader->errors, reader->path, cfg->line,
			"%s is given twice (first on line %d), keep one of them", option->name,
			*before);
	*(const char **)result = value;
	return 0;
}

/* A section was closed. Titled ones are kept apart by their titles. */
static int on_section(cfg_t *cfg, cfg_opt_t *option)
{
	const int *before = seen_line(option);
	if (!before)
		remember(option, cfg->line);
	else if (!(option->flags & CFGF_TITLE))
		conf_errors_add(reader->errors, reader->path, cfg->line,
			"a second %s block (the first ends on line %d), merge them into one",
			option->name, *before);
	return 0;
}

/* Levenshtein distance of two short names. */
static size_t name_distance(const char *a, const char *b)
{
	size_t row[NAME_MAX_BYTES + 1];
	size_t length = strlen(b);
	if (length > NAME_MAX_BYTES)
		return SIZE_MAX;
	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];
		row[0] = i + 1;
		for (size_t j = 0; j < length; j++) {
			size_t change = diagonal + (a[i] != b[j]);
			size_t gap = (row[j] < row[j + 1] ? row[j] : row[j + 1]) + 1;
			diagonal = row[j + 1];
			row[j + 1] = change < gap ? change : gap;
		}
	}
	return row[length];
}

static const struct conf_section *section_find(
	const struct conf_section *sections, const char *name)
{
	for (; sections->name; sections++)
		if (strcmp(sections->name, name) == 0)
			return sections;
	return NULL;
}

static void nearer(const char *name, const char *candidate, const char **best, size_t *distance)
{
	size_t d = name_distance(name, candidate);
	if (d < *distance) {
		*distance = d;
		*best = candidate;
	}
}

static void complain_unknown(int line, const struct conf_section *section, const char *name)
{
	const char *best = NULL;
	size_t distance = SUGGEST_DISTANCE + 1;
	bool top = !section->name[0];
	for (const struct conf_key *key = section->keys; key->name; key++)
		nearer(name, key->name, &best, &distance);
	for (const struct conf_section *s = reader->sections; top && s->name; s++)
		if (s->name[0])
			nearer(name, s->name, &best, &distance);
	struct buf known;
	buf_init(&known, 2048);
	if (best)
		buf_format(&known, "did you mean %s?", best);
	else
		for (const struct conf_key *key = section->keys; key->name; key++)
			buf_format(&known, "%s%s", key == section->keys ? "known here: " : ", ",
				key->name);
	for (const struct conf_section *s = reader->sections; top && !best && s->name; s++)
		if (s->name[0])
			buf_format(&known, "%s%s", known.used ? ", " : "known here: ", s->name);
	conf_errors_add(reader->errors, reader->path, line, "%s%sunknown key \"%s\", %s",
		section->name, top ? "" : ": ", name, known.data);
	buf_free(&known);
}

static const char *advice_for(const char *message)
{
	static const struct {
		const char *message, *advice;
	} table[] = {
		{ "missing equal sign", "write key = value" },
		{ "premature end", "a quote or a brace that was opened is not closed" },
		{ "missing title", "write the name of this block in quotes after its kind" },
		{ "missing opening brace", "a block is KIND \"NAME\" { … }" },
		{ "unexpected closing brace", "there is one } too many" },
		{ "unterminated", "close the quote on the line where it starts" },
		{ "found duplicate title", "every block of a kind needs its own name" },
		{ "unexpected token", "a text with blanks or signs must stand in double quotes" },
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strncmp(message, table[i].message, strlen(table[i].message)) == 0)
			return table[i].advice;
	return "the example setaside.conf shows the form of every block";
}

static void on_error(cfg_t *cfg, const char *format, va_list args)
{
	char message[512], name[NAME_MAX_BYTES + 1] = "";
	vsnprintf(message, sizeof(message), format, args);
	text_trim_partial(message);
	const char *in = strcmp(cfg->name, "root") == 0 ? "" : cfg->name;
	const struct conf_section *section = section_find(reader->sections, in);
	(void)sscanf(message, "no such option '%64[^']'", name);
	if (strcmp(name, END_MARK) == 0)
		conf_errors_add(reader->errors, reader->path, cfg->line - 1,
			"the file ends inside the block %s, close it with }", in);
	else if (section && *name)
		complain_unknown(cfg->line, section, name);
	else
		conf_errors_add(reader->errors, reader->path, cfg->line, "%s; %s", message,
			advice_for(message));
}

static cfg_opt_t *section_options(const struct conf_section *section, int extra)
{
	int keys = conf_key_count(section);
	cfg_opt_t *options = mem_zero((size_t)(keys + extra + 1), sizeof(*options));
	for (int k = 0; k < keys; k++) {
		const struct conf_key *key = &section->keys[k];
		if (key->type == CONF_LIST)
			options[k] = (cfg_opt_t)CFG_STR_LIST_CB(
				key->name, NULL, CFGF_NODEFAULT, on_value);
		else
			options[k] =
				(cfg_opt_t)CFG_STR_CB(key->name, NULL, CFGF_NODEFAULT, on_value);
	}
	return options;
}

/* libconfuse copies the arrays in cfg_init, so ours are freed right after. */
static cfg_t *make_parser(const struct conf_section *sections)
{
	int count = 0;
	for (const struct conf_section *s = sections; s->name; s++)
		count++;
	static const struct conf_key none = { .name = NULL };
	static const struct conf_section bare = { "", false, &none, "" };
	const struct conf_section *top = section_find(sections, "");
	cfg_opt_t *options = section_options(top ? top : &bare, count + 1);
	cfg_opt_t **inner = mem_zero((size_t)count + 1, sizeof(*inner));
	int at = conf_key_count(top ? top : &bare);
	for (int i = 0; i < count; i++) {
		if (!sections[i].name[0])
			continue;
		inner[i] = section_options(&sections[i], 0);
		cfg_flag_t flags = sections[i].titled
					   ? CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES
					   : CFGF_NODEFAULT;
		options[at] = (cfg_opt_t)CFG_SEC(sections[i].name, inner[i], flags);
		options[at++].validcb = on_section;
	}
	options[at] = (cfg_opt_t)CFG_STR_CB(END_MARK, NULL, CFGF_NODEFAULT, on_value);
	cfg_t *cfg = cfg_init(options, CFGF_NONE);
	for (int i = 0; i < count; i++)
		free(inner[i]);
	free(inner);
	free(options);
	if (cfg)
		cfg_set_error_function(cfg, on_error);
	return cfg;
}

/* The line on which a block starts, which libconfuse does not keep: found by its text, 1 if it
 * hides. */
static int find_block_line(const char *bytes, const char *section, const char *title)
{
	int line = 1;
	size_t length = strlen(section);
	for (const char *at = bytes; at; line++) {
		at += strspn(at, " \t");
		const char *end = strchr(at, '\n');
		size_t rest = end ? (size_t)(end - at) : strlen(at);
		if (rest > length && strncmp(at, section, length) == 0 &&
			strchr(" \t{\"'", at[length]) &&
			(!*title || memmem(at, rest, title, strlen(title))))
			return line;
		at = end ? end + 1 : NULL;
	}
	return 1;
}

static void copy_value(struct conf_value *value, const struct conf_key *key, cfg_opt_t *option)
{
	const int *line = seen_line(option);
	value->given = line || option->flags & CFGF_MODIFIED;
	value->line = line ? *line : 0;
	if (!value->given)
		return;
	unsigned count = cfg_opt_size(option);
	if (key->type != CONF_LIST) {
		value->text = mem_text(count ? cfg_opt_getnstr(option, 0) : "");
		return;
	}
	value->item = mem_zero((size_t)count + 1, sizeof(*value->item));
	for (unsigned i = 0; i < count; i++)
		value->item[value->items++] = mem_text(cfg_opt_getnstr(option, i));
}

static void copy_block(
	struct conf *conf, const struct conf_section *section, cfg_t *cfg, const char *title)
{
	int line = section->name[0] ? find_block_line(reader->bytes, section->name, title) : 1;
	struct conf_block *block = conf_add_block(conf, section, title, line, true);
	for (int k = 0; section->keys[k].name; k++)
		copy_value(&block->value[k], &section->keys[k],
			cfg_getopt(cfg, section->keys[k].name));
}

static void copy_section(struct conf *conf, const struct conf_section *section, cfg_t *cfg)
{
	if (!section->name[0]) {
		copy_block(conf, section, cfg, "");
		return;
	}
	unsigned count = cfg_size(cfg, section->name);
	for (unsigned i = 0; i < count; i++) {
		cfg_t *inner = cfg_getnsec(cfg, section->name, i);
		copy_block(conf, section, inner, section->titled ? cfg_title(inner) : "");
	}
	if (count == 0 && !section->titled)
		conf_add_block(conf, section, "", 1, false);
}

static struct conf *copy_all(cfg_t *cfg)
{
	struct conf *conf = mem_zero(1, sizeof(*conf));
	conf->path = mem_text(reader->path);
	conf->sections = reader->sections;
	for (const struct conf_section *s = reader->sections; s->name; s++)
		copy_section(conf, s, cfg);
	for (int i = 0; i < conf->blocks; i++)
		conf_check_block(conf->block[i], reader->errors);
	if (reader->errors->total == 0)
		return conf;
	conf_free(conf);
	return NULL;
}

static int check_whole(cfg_t *cfg)
{
	if (cfg_size(cfg, END_MARK) == 1)
		return 0;
	conf_errors_add(reader->errors, reader->path, cfg->line - 2,
		"a comment or a quote that was opened is not closed");
	return -1;
}

static int check_utf8(const char *path, const char *bytes, size_t count, struct conf_errors *errors)
{
	size_t at = 0;
	if (text_utf8_valid(bytes, count, &at))
		return 0;
	int line = 1;
	for (size_t i = 0; i < at; i++)
		line += bytes[i] == '\n';
	conf_errors_add(errors, path, line,
		"the text is not UTF-8 here (byte %zu), save the file as UTF-8", at + 1);
	return -1;
}

struct conf *conf_parse(const char *path, const char *bytes, size_t count,
	const struct conf_section *sections, struct conf_errors *errors)
{
	struct conf *conf = NULL;
	if (check_utf8(path, bytes, count, errors))
		return NULL;
	char *text = mem_format("%.*s\n%s = 1\n", (int)count, bytes, END_MARK);
	struct reader now = { .path = path, .bytes = text, .sections = sections, .errors = errors };
	reader = &now;
	cfg_t *cfg = make_parser(sections);
	if (!cfg)
		BUG("libconfuse refuses the key tables");
	if (cfg_parse_buf(cfg, text) == CFG_SUCCESS && check_whole(cfg) == 0)
		conf = copy_all(cfg);
	else if (errors->total == 0)
		conf_errors_add(errors, path, cfg->line, "the file cannot be parsed here");
	cfg_free(cfg);
	free(now.seen);
	free(text);
	reader = NULL;
	return conf;
}

static int read_file(int fd, struct buf *bytes)
{
	char chunk[16384];
	ssize_t count;
	while ((count = read(fd, chunk, sizeof(chunk))) > 0)
		if (buf_add(bytes, chunk, (size_t)count)) {
			errno = EFBIG;
			return -1;
		}
	return count < 0 ? -1 : 0;
}

struct conf *conf_read(
	const char *path, const struct conf_section *sections, struct conf_errors *errors)
{
	struct conf *conf = NULL;
	struct buf bytes;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		conf_errors_add(errors, path, 1, "cannot be opened: %s", strerror(errno));
		return NULL;
	}
	buf_init(&bytes, FILE_MAX);
	if (read_file(fd, &bytes))
		conf_errors_add(
			errors, path, 1, "cannot be read: %s (at most 1 MiB)", strerror(errno));
	else
		conf = conf_parse(path, bytes.data, bytes.used, sections, errors);
	close(fd);
	buf_free(&bytes);
	return conf;
}
