/* Channels, configuration and messages for the tests of alerts. For tests only. */
#ifndef SETASIDE_TESTS_ALERTING_H
#define SETASIDE_TESTS_ALERTING_H

#include "alerts/alert.h"

/* Parses channel and route blocks and validates them; fails the test on a complaint. conf_free it. */
struct conf *alerting_conf(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The first complaint of text, "" if there is none; in a room until the next call. */
const char *alerting_complaint(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writes text into a private temporary file; lent until alerting_files_remove. */
const char *alerting_file(const char *text);
void alerting_files_remove(void);

/* Sends one message through a channel and turns the loop until the outcome (timeout fails the test). */
struct alert_outcome alerting_send(struct event_base *base, struct alert_channel *channel,
	const struct alert_message *message);
struct alert_message alerting_message(const char *ref, const char *recipient, const char *payload);

#endif
