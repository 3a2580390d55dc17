/* A webhook receiver for tests: remembers every request in the order of arrival and answers by script.
 *
 * 127.0.0.1, a free port, a thread for each connection, one request each. Answers are used in order over all requests,
 * the last one stays. */
#ifndef SETASIDE_TESTS_SINK_H
#define SETASIDE_TESTS_SINK_H

#include <stdbool.h>
#include <stddef.h>

enum { SINK_ANSWERS_MAX = 16, SINK_HANG = -1, SINK_DROP = -2 };

struct sink_answer {
	int status;          /* or SINK_HANG: read all, say nothing; SINK_DROP: read all, close */
	const char *headers; /* "Name: value\r\n", or NULL */
	int delay_ms;        /* before the answer */
};

struct sink;
struct sink *sink_start(const struct sink_answer *answers, int count); /* copied */
void sink_stop(struct sink *sink);
/* From now on every request gets this answer. */
void sink_answer(struct sink *sink, struct sink_answer answer);
int sink_port(const struct sink *sink);

int sink_count(struct sink *sink);
/* Value of a header of one request, "body" for its body; "" if none. Copied into room (cut). */
const char *sink_get(struct sink *sink, int index, const char *name, char *room, size_t size);
/* How often this webhook-id arrived. */
int sink_count_id(struct sink *sink, const char *id);

#endif
