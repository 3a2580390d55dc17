/* From the text of a value to its meaning: numbers, durations, sizes, words, secrets. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/conf.h"
#include "core/conf_own.h"
#include "core/mem.h"
#include "core/text.h"

enum { SECRET_MAX = 4096 };
static const char CREDENTIAL[] = "credential:";

struct unit {
	const char *name;
	int64_t factor;
};

/* A number of digits, then exactly one of the units. */
static bool parse_with_unit(const char *text, const struct unit *units, int64_t *ret)
{
	size_t digits = strspn(text, "0123456789");
	char number[20];
	int64_t value;
	if (digits == 0 || digits >= sizeof(number))
		return false;
	memcpy(number, text, digits);
	number[digits] = '\0';
	if (!text_to_int64(number, &value))
		return false;
	while (units->name && strcmp(units->name, text + digits) != 0)
		units++;
	if (!units->name || __builtin_mul_overflow(value, units->factor, &value))
		return false;
	*ret = value;
	return true;
}

bool conf_duration_parse(const char *text, int64_t *ret_ms)
{
	static const struct unit units[] = { { "ms", 1 }, { "s", 1000 }, { "min", 60000 },
		{ "h", 3600000 }, { "d", 86400000 }, { "w", 604800000 }, { NULL, 0 } };
	return parse_with_unit(text, units, ret_ms);
}

bool conf_size_parse(const char *text, int64_t *ret_bytes)
{
	static const struct unit units[] = { { "", 1 }, { "KiB", 1 << 10 }, { "MiB", 1 << 20 },
		{ "GiB", 1 << 30 }, { NULL, 0 } };
	return parse_with_unit(text, units, ret_bytes);
}

static bool bool_parse(const char *text, int64_t *ret)
{
	static const char *const yes[] = { "yes", "true", "on" };
	static const char *const no[] = { "no", "false", "off" };
	for (size_t i = 0; i < 3; i++) {
		if (strcmp(text, yes[i]) == 0 || strcmp(text, no[i]) == 0) {
			*ret = strcmp(text, yes[i]) == 0;
			return true;
		}
	}
	return false;
}

static void word_list(const char *const *words, struct buf *out)
{
	for (int i = 0; words[i]; i++)
		buf_format(out, "%s%s", i ? ", " : "", words[i]);
}

static void check_word(struct conf_block *block, const struct conf_key *key,
	struct conf_value *value, struct conf_errors *errors)
{
	for (int i = 0; key->words[i]; i++)
		if (strcmp(key->words[i], value->text) == 0) {
			value->number = i;
			return;
		}
	struct buf known;
	buf_init(&known, 1024);
	word_list(key->words, &known);
	conf_complain(errors, block, key->name, "%s \"%s\" is not known, write one of: %s",
		key->name, value->text, known.data);
	buf_free(&known);
}

/* Bounds in the unit of the number; the message repeats them as milliseconds or bytes. */
static void check_range(struct conf_block *block, const struct conf_key *key, int64_t number,
	const char *shown, struct conf_errors *errors)
{
	if (key->min == 0 && key->max == 0)
		return;
	if (number >= key->min && number <= key->max)
		return;
	const char *unit = key->type == CONF_DURATION ? " ms"
			   : key->type == CONF_SIZE   ? " bytes"
						      : "";
	if (key->max == INT64_MAX)
		conf_complain(errors, block, key->name, "%s is %s, it must be at least %lld%s",
			key->name, shown, (long long)key->min, unit);
	else
		conf_complain(errors, block, key->name,
			"%s is %s, it must lie between %lld and %lld%s", key->name, shown,
			(long long)key->min, (long long)key->max, unit);
}

static void check_number(struct conf_block *block, const struct conf_key *key,
	struct conf_value *value, struct conf_errors *errors)
{
	bool ok = key->type == CONF_INT        ? text_to_int64(value->text, &value->number)
		  : key->type == CONF_BOOL     ? bool_parse(value->text, &value->number)
		  : key->type == CONF_DURATION ? conf_duration_parse(value->text, &value->number)
					       : conf_size_parse(value->text, &value->number);
	if (!ok)
		conf_complain(errors, block, key->name, "%s is \"%s\", it must be %s", key->name,
			value->text, conf_type_name(key->type));
	else if (key->type != CONF_BOOL)
		check_range(block, key, value->number, value->text, errors);
}

static void check_text(struct conf_block *block, const struct conf_key *key,
	const struct conf_value *value, struct conf_errors *errors)
{
	size_t length = strlen(value->text);
	if (length == 0 && key->flags & CONF_REQUIRED)
		conf_complain(errors, block, key->name, "%s is empty, give a value", key->name);
	else if (key->max > 0 && (int64_t)length > key->max)
		conf_complain(errors, block, key->name,
			"%s has %zu bytes, at most %lld are allowed", key->name, length,
			(long long)key->max);
}

static void check_secret(struct conf_block *block, const struct conf_key *key,
	struct conf_value *value, struct conf_errors *errors)
{
	const char *name = value->text;
	if (strncmp(name, CREDENTIAL, sizeof(CREDENTIAL) - 1) != 0) {
		if (name[0] != '/')
			conf_complain(errors, block, key->name,
				"%s is not an absolute path, write /… or credential:NAME; the "
				"secret itself "
				"never stands in this file",
				key->name);
		else
			value->path = mem_text(name);
		return;
	}
	name += sizeof(CREDENTIAL) - 1;
	const char *directory = getenv("CREDENTIALS_DIRECTORY");
	if (!*name || strchr(name, '/'))
		conf_complain(errors, block, key->name,
			"%s names no credential, write credential:NAME as in LoadCredential=",
			key->name);
	else
		/* Without systemd (check-config by hand) the credential cannot be seen; reading it
		 * will say so. */
		value->path = mem_format(
			"%s/%s", directory ? directory : "/run/credentials/setaside.service", name);
}

static void list_from_default(struct conf_value *value, const char *fallback)
{
	if (!*fallback)
		return;
	value->item = mem_zero(1, sizeof(*value->item));
	value->item[value->items++] = mem_text(fallback);
}

static void check_list(struct conf_block *block, const struct conf_key *key,
	const struct conf_value *value, struct conf_errors *errors)
{
	if (key->max > 0 && value->given && (value->items < key->min || value->items > key->max))
		conf_complain(errors, block, key->name,
			"%s has %d elements, it must have between %lld and %lld", key->name,
			value->items, (long long)key->min, (long long)key->max);
	if (key->flags & CONF_REQUIRED && value->given && value->items == 0)
		conf_complain(errors, block, key->name, "%s is empty, write %s", key->name,
			conf_type_name(CONF_LIST));
}

static void check_value(struct conf_block *block, const struct conf_key *key,
	struct conf_value *value, struct conf_errors *errors)
{
	if (!value->given && key->fallback) {
		if (key->type == CONF_LIST)
			list_from_default(value, key->fallback);
		else
			value->text = mem_text(key->fallback);
	}
	if (!value->given && !key->fallback) {
		if (key->flags & CONF_REQUIRED && block->given)
			conf_complain(errors, block, NULL, "%s is missing, it must be %s (%s)",
				key->name, conf_type_name(key->type), key->help);
		return;
	}
	switch (key->type) {
	case CONF_TEXT:
		check_text(block, key, value, errors);
		break;
	case CONF_WORD:
		check_word(block, key, value, errors);
		break;
	case CONF_INT:
	case CONF_BOOL:
	case CONF_DURATION:
	case CONF_SIZE:
		check_number(block, key, value, errors);
		break;
	case CONF_LIST:
		check_list(block, key, value, errors);
		break;
	case CONF_SECRET:
		check_secret(block, key, value, errors);
		break;
	}
}

void conf_check_block(struct conf_block *block, struct conf_errors *errors)
{
	for (int k = 0; block->section->keys[k].name; k++)
		check_value(block, &block->section->keys[k], &block->value[k], errors);
}

char *conf_secret_read(const char *path, struct err *err)
{
	char room[SECRET_MAX + 1];
	char *secret = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		err_set_errno(err, ERR_USAGE, "cannot read the secret in %s", path);
		return NULL;
	}
	ssize_t count = read(fd, room, sizeof(room));
	close(fd);
	if (count < 0) {
		err_set_errno(err, ERR_USAGE, "cannot read the secret in %s", path);
		return NULL;
	}
	size_t length = 0;
	while (length < (size_t)count && room[length] != '\n' && room[length] != '\r')
		length++;
	if (count > SECRET_MAX || length == 0 || memchr(room, '\0', length))
		err_set(err, ERR_USAGE, "%s must hold the secret as its one line of 1 to %d bytes",
			path, SECRET_MAX);
	else
		secret = mem_text_n(room, length);
	explicit_bzero(room, sizeof(room));
	return secret;
}

void conf_secret_free(char *secret)
{
	if (!secret)
		return;
	explicit_bzero(secret, strlen(secret));
	free(secret);
}
