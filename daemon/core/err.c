#include "core/err.h"

#include <errno.h>
#include <stdarg.h>

#include "core/text.h"

static void write_text(struct err *err, const char *format, va_list args)
{
	vsnprintf(err->text, sizeof(err->text), format, args);
	text_trim_partial(err->text);
}

int err_set(struct err *err, enum err_code code, const char *format, ...)
{
	va_list args;

	if (!err || err->code != ERR_NONE)
		return -1;
	err->code = code;
	va_start(args, format);
	write_text(err, format, args);
	va_end(args);
	return -1;
}

int err_set_errno(struct err *err, enum err_code code, const char *format, ...)
{
	int saved = errno;
	va_list args;
	size_t used;

	if (!err || err->code != ERR_NONE)
		return -1;
	err->code = code;
	va_start(args, format);
	write_text(err, format, args);
	va_end(args);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof(err->text) - used, ": %s", strerror(saved));
	text_trim_partial(err->text);
	return -1;
}

int err_prefix(struct err *err, const char *format, ...)
{
	char old[sizeof(err->text)];
	va_list args;
	size_t used;

	if (!err || err->code == ERR_NONE)
		return -1;
	memcpy(old, err->text, sizeof(old));
	va_start(args, format);
	write_text(err, format, args);
	va_end(args);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof(err->text) - used, ": %s", old);
	text_trim_partial(err->text);
	return -1;
}

void err_clear(struct err *err)
{
	*err = (struct err)ERR_INIT;
}

int err_exit_status(enum err_code code)
{
	switch (code) {
	case ERR_NONE:
		return 0;
	case ERR_USAGE:
		return 2;
	case ERR_DB_DOWN:
		return 3;
	case ERR_REFUSED:
		return 5;
	case ERR_DATA:
	case ERR_IO:
	case ERR_DB:
	case ERR_LIMIT:
	case ERR_TIMEOUT:
	case ERR_CANCELLED:
		return 1;
	}
	BUG("error code %d", (int)code);
}

_Noreturn void err_bug(const char *file, int line, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "<2>BUG at %s:%d: ", file, line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}
