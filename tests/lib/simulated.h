/* A district under a clock that the test sets, from the ledger to the receivers: a PostgreSQL of its own whose time is the
 * test's (libfaketime), runs of the checks, the outbox, and a mail server, a webhook receiver and a WeCom robot that
 * stand for the world. Between two moves time stands still; whatever becomes due on the way leaves at its own instant,
 * so an arrival's time is exactly when the program let it go.
 *
 * The program asks the C library for the time: a test that uses this defines gettimeofday() and time() with
 * simulated_seconds(). For tests only. */
#ifndef SETASIDE_TESTS_SIMULATED_H
#define SETASIDE_TESTS_SIMULATED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_base;
struct robotd;
struct pg_db;
struct sql_link;

enum simulated_place { AT_MAIL, AT_HOOK, AT_ROBOT };
struct simulated_arrival {
	enum simulated_place place;
	char at[20];   /* "2026-03-10 21:30", Beijing time */
	char *to;      /* mail: the recipient; else "" */
	char *subject; /* mail: decoded; hook: "" */
	char *text;    /* mail: the text part; hook: the body; robot: what a reader sees */
	char *bytes;   /* mail: as received; else "" */
};

/* Without libfaketime there is no clock to set. */
bool simulated_possible(void);
/* Starts everything on that day at 00:00. conf: channel and route blocks, in which "office" is the mail channel to
 * recipients (a list as the configuration writes it), "hook" and "group" the other two; they exist already. */
void simulated_start(const char *day, const char *recipients, const char *routes);
void simulated_stop(void);

int64_t simulated_seconds(void); /* Unix; the real time before the start */
struct pg_db *simulated_db(void);
struct event_base *simulated_base(void);
struct sql_link *simulated_link(void);

/* Moves to a later instant: "2026-03-10", 21, 30. */
void simulated_goto(const char *day, int hour, int minute);
/* The same while receivers are away: probe by probe. */
void simulated_wait(const char *day, int hour, int minute);
/* The same in one leap: what became due on the way leaves at the end. */
void simulated_leap(const char *day, int hour, int minute);
/* Runs the checks as of that day, all of them, and lets leave what may. Returns how many messages were queued. */
int64_t simulated_evaluate(const char *as_of);

/* The monitor's look for digests that have nothing to tell; lets leave what may. */
void simulated_look(void);

/* Webhook receiver and robot are away (they answer 503 and 502), or back. */
void simulated_away(bool away);
/* What stands in the robot's book: see robotd.h. */
struct robotd *simulated_robot(void);

/* In order of arrival; what came while they were away is in it, too. */
size_t simulated_count(void);
const struct simulated_arrival *simulated_arrival(size_t index);
/* Arrivals at a place, for mail those of one recipient, from *index on; NULL at the end. *index moves behind it. */
const struct simulated_arrival *simulated_next(
	size_t *index, enum simulated_place place, const char *to);

#endif
