/* The log: one line per event on stderr, with the syslog priority prefix that journald understands.
 *
 * Control bytes are escaped before writing, lines are cut at 4 KiB between characters. Records,
 * names and error texts may be logged; secrets and whole robot URLs never (see log_redact_url).
 * Functions below daemon/ return errors instead of logging them; see core/err.h. */
#ifndef SETASIDE_CORE_LOG_H
#define SETASIDE_CORE_LOG_H

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

void log_set_level(enum log_level level);
/* On a terminal lines carry a local time, under systemd the <N> prefix. Decided once from the
 * environment. */
void log_line(enum log_level level, const char *part, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* part names the speaker: "collect treasury", "link store", "channel office". */
#define log_error(part, ...) log_line(LOG_LEVEL_ERROR, part, __VA_ARGS__)
#define log_warn(part, ...)  log_line(LOG_LEVEL_WARN, part, __VA_ARGS__)
#define log_info(part, ...)  log_line(LOG_LEVEL_INFO, part, __VA_ARGS__)
#define log_debug(part, ...) log_line(LOG_LEVEL_DEBUG, part, __VA_ARGS__)

/* "https://host/…abcd": host and the last four characters. Writes into room, returns room. */
const char *log_redact_url(const char *url, char *room, unsigned long size);
/* Only the host and port of a URL. Returns room. */
const char *log_redact_host(const char *url, char *room, unsigned long size);

#endif
