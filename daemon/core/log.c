#include "core/log.h"

#include <stdarg.h>
#include <unistd.h>

#include "core/text.h"

static enum log_level lowest = LOG_LEVEL_INFO;

void log_set_level(enum log_level level)
{
	lowest = level;
}

static int priority(enum log_level level)
{
	switch (level) {
	case LOG_LEVEL_ERROR:
		return 3;
	case LOG_LEVEL_WARN:
		return 4;
	case LOG_LEVEL_INFO:
		return 6;
	case LOG_LEVEL_DEBUG:
		return 7;
	}
	return 3;
}

static void write_prefix(enum log_level level, char *line, size_t size)
{
	if (isatty(STDERR_FILENO)) {
		static const char *const word[] = { "ERROR", "WARN ", "info ", "debug" };
		time_t now = time(NULL);
		struct tm tm;
		char at[32];

		localtime_r(&now, &tm);
		strftime(at, sizeof(at), "%H:%M:%S", &tm);
		snprintf(line, size, "%s %s ", at, word[level]);
	} else {
		snprintf(line, size, "<%d>", priority(level));
	}
}

void log_line(enum log_level level, const char *part, const char *format, ...)
{
	char line[4096], message[3000];
	size_t used;
	va_list args;

	if (level > lowest)
		return;
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	text_trim_partial(message);
	write_prefix(level, line, sizeof(line));
	used = strlen(line);
	used += (size_t)snprintf(line + used, sizeof(line) - used, "%.120s: ", part);
	used += text_escape_control(message, line + used, sizeof(line) - used - 1);
	line[used++] = '\n';
	/* One write per line, so that lines of several processes do not mix. */
	if (write(STDERR_FILENO, line, used) < 0)
		return;
}

/* Where the host stands in a URL, and how long it is. */
static const char *host_in(const char *url, size_t *ret_length)
{
	const char *host = strstr(url, "://");

	host = host ? host + 3 : url;
	*ret_length = strcspn(host, "/?#");
	const char *at = memchr(host, '@', *ret_length);
	if (at) {
		*ret_length -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	return host;
}

const char *log_redact_url(const char *url, char *room, unsigned long size)
{
	size_t length = strlen(url), host_length;
	const char *host = host_in(url, &host_length);

	snprintf(
		room, size, "%.*s/…%s", (int)host_length, host, length > 4 ? url + length - 4 : "");
	return room;
}

const char *log_redact_host(const char *url, char *room, unsigned long size)
{
	size_t length;
	const char *host = host_in(url, &length);

	snprintf(room, size, "%.*s", (int)length, host);
	return room;
}
