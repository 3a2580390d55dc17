/* A robot that punishes (lib/robotd.h), one pump and a database: what tests of robots' budgets, parts and digests need.
 * The pump is that of lib/outbox_rig.h, whose rig holds the loop, the database and the directory of the journal. One a
 * test. For tests only. */
#ifndef SETASIDE_TESTS_ROBOT_RIG_H
#define SETASIDE_TESTS_ROBOT_RIG_H

#include "lib/outbox_rig.h"
#include "lib/pg.h"
#include "lib/robotd.h"

extern struct robotd *robot;
extern struct pump robot_pump;

enum { ROBOT_WINDOW_MS = 600 }; /* a "minute" of budgets */

/* Channel "robot" of that kind (and more of its block) and a route "all" to it; no pump yet. */
void robot_begin(const struct robotd_rules *rules, const char *kind, const char *route);
/* The same with a "minute" of that length. */
void robot_begin_window(
	const struct robotd_rules *rules, const char *kind, const char *route, int window_ms);
/* Stops the pump and ends it all. */
void robot_end(void);

/* A message on the channel; references count from A-20260101-000001 on. */
void robot_queue(const char *kase, const char *event, const char *payload);
/* Opened cases of one row each. */
void robot_queue_cases(int count);

/* Turns the loop until no message waits any more. */
void robot_until_all_left(int timeout_ms);
/* Opens the pump and does so. */
void robot_send_all(int timeout_ms);

/* The robot has got a text that holds this. */
bool robot_names(const char *text);
/* References 1 to count stand in what it got. */
void robot_expect_cases(int count);
/* It never had to punish, and refused nothing as it stood. */
void robot_expect_content(void);

#endif
