/* Configuration files: typed key tables over libconfuse.
 *
 * Each module owns a table of keys (name, type, default, range, unit, help) and turns a block into
 * its own struct with the getters below; daemon/config.c only lists the sections. All errors of one
 * file are collected, each as "FILE:LINE: what, and what would be right"; a file with errors gives
 * no struct conf. What is refused here: unknown keys (with the nearest known one), a key or a title
 * given twice, a value of the wrong type or out of its range, a missing required key, text that is
 * not UTF-8, a file above 1 MiB.
 *
 * Secrets never stand in the file: a CONF_SECRET key holds the path of a file, or "credential:NAME"
 * for a systemd credential. Everything returned is owned by the struct conf and lives until
 * conf_free. */
#ifndef SETASIDE_CORE_CONF_H
#define SETASIDE_CORE_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

enum conf_type {
	CONF_TEXT,     /* any text; min and max bound its length in bytes when max > 0 */
	CONF_WORD,     /* one of key.words */
	CONF_INT,      /* decimal integer in [min, max] */
	CONF_BOOL,     /* yes, no, true, false, on, off */
	CONF_DURATION, /* "250ms", "30s", "5min", "2h", "1d"; the number is milliseconds, also min
	                  and max */
	CONF_SIZE,     /* "512", "64KiB", "10MiB", "2GiB"; the number is bytes, also min and max */
	CONF_LIST,     /* { "a", "b" }; min and max bound the number of elements when max > 0 */
	CONF_SECRET    /* path of a file that holds the secret, or credential:NAME */
};
const char *conf_type_name(enum conf_type type);

enum {
	CONF_REQUIRED = 1,
	CONF_NO_RELOAD =
		2 /* a change needs a restart; a reload reports it and keeps the old value */
};

struct conf_key {
	const char *name;
	enum conf_type type;
	/* Default as text, as one would write it in the file; of a list its one element, "" = an empty list.
	 * NULL = not given. */
	const char *fallback;
	int64_t min, max; /* both 0 = no bounds */
	/* For the help and the errors: "ms", "rows", NULL. */
	const char *unit;
	const char *const *words; /* CONF_WORD: NULL-terminated */
	unsigned flags;
	const char *help; /* one sentence */
};

/* A kind of block. name "" are the keys outside any block. A titled section may occur many times,
 * each with its own title (source "treasury" { … }); others at most once. keys ends with a row
 * whose name is NULL. */
struct conf_section {
	const char *name;
	bool titled;
	const struct conf_key *keys;
	const char *help;
};

struct conf;
struct conf_block;

/* Collects "FILE:LINE: …" lines; up to 50 are kept, the rest counted. */
struct conf_errors {
	char **line;
	int count;
	int total;
};
#define CONF_ERRORS_INIT                                                                           \
	{                                                                                          \
		NULL, 0, 0                                                                         \
	}
void conf_errors_free(struct conf_errors *errors);

/* Reads path. sections ends with a row whose name is NULL. Returns NULL when errors were added. */
struct conf *conf_read(
	const char *path, const struct conf_section *sections, struct conf_errors *errors);
/* The same for bytes in memory; path is only the name in the errors. */
struct conf *conf_parse(const char *path, const char *bytes, size_t count,
	const struct conf_section *sections, struct conf_errors *errors);
void conf_free(struct conf *conf);
const char *conf_path(const struct conf *conf);

/* Blocks of a section in file order. An untitled section that is not in the file is one block of
 * defaults (conf_block_given false), so block(conf, "api", 0) always works; a titled one that is
 * not there counts 0. */
int conf_block_count(const struct conf *conf, const char *section);
const struct conf_block *conf_block(const struct conf *conf, const char *section, int index);
bool conf_block_given(const struct conf_block *block);
const char *conf_block_title(const struct conf_block *block); /* "" for untitled sections */

/* Values by key name; a name that is not in the section's table is BUG(), and so is the getter of
 * another type. A key that is not given and has no default: NULL text, 0, false, empty list. */
bool conf_given(const struct conf_block *block, const char *key); /* written in the file */
const char *conf_text(const struct conf_block *block, const char *key);
int64_t conf_int(
	const struct conf_block *block, const char *key); /* INT, DURATION (ms), SIZE (bytes) */
bool conf_bool(const struct conf_block *block, const char *key);
int conf_word(const struct conf_block *block,
	const char *key); /* position in key.words, -1 = not given */
int conf_list_count(const struct conf_block *block, const char *key);
const char *conf_list_item(const struct conf_block *block, const char *key, int index);
/* Path of the secret's file (credentials resolved against $CREDENTIALS_DIRECTORY), or NULL when not
 * given. */
const char *conf_secret_path(const struct conf_block *block, const char *key);

/* For the validation that modules do themselves: adds "FILE:LINE: SECTION "TITLE": text" at the
 * key's line (key NULL or not given: the block's line). Always returns -1. */
int conf_complain(struct conf_errors *errors, const struct conf_block *block, const char *key,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* True if both blocks say the same for every key. *ret_key (may be NULL) gets the first difference.
 */
bool conf_block_equal(
	const struct conf_block *a, const struct conf_block *b, const struct conf_key **ret_key);

/* One key of it. */
bool conf_key_equal(const struct conf_block *a, const struct conf_block *b, const char *key);

/* Reads the one line of a secret's file (at most 4 KiB, without the line end). Returns a new
 * string, to be freed through conf_secret_free, which overwrites it; NULL with err set. Read at
 * each use, so a changed file is seen. */
char *conf_secret_read(const char *path, struct err *err);
void conf_secret_free(char *secret);

/* "5min" -> 300000; false on anything else. Strict, whole string. Used by command line options too.
 */
bool conf_duration_parse(const char *text, int64_t *ret_ms);
bool conf_size_parse(const char *text, int64_t *ret_bytes);

#endif
