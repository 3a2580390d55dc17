/* What persons do to cases: acknowledge, assign, escalate, keep silent until a day, end the silence.
 *
 * An act moves every finding of the case that its life cycle lets move (alerts/life.h) and writes one event for each, with
 * the person and the reason. A case is named by its key ("arrears/301"), by the reference of any message of it (of a
 * digest: all cases that it carried), or by the number of a finding. Silence holds the messages of the case, urgent ones
 * too; at its end what waits becomes one message that says what stands. */
#ifndef SETASIDE_SQL_STORE_CASE_H
#define SETASIDE_SQL_STORE_CASE_H

#include <stdint.h>

#include "core/day.h"
#include "core/err.h"

struct sql_link;

enum { CASE_PERSON_MAX = 200, CASE_REASON_MAX = 2000, CASE_SILENCE_MAX_DAYS = 366 };

struct store_case_act {
	const char *subject, *event;
	const char *person, *reason; /* both must say something */
	const char *to;              /* assigned, escalated: to whom; else "" */
	day_t until;                 /* silenced: the last silent day; else DAY_NONE */
	const char *from, *next;     /* array literals of states, by position: life_steps_of() */
};

struct store_case_acted {
	int64_t findings; /* moved */
	char cases[1024]; /* with blanks between, cut */
};

/* err: ERR_DATA nothing is known by that name, ERR_REFUSED it cannot be done from where the case stands. Called once,
 * never inside store_case_act(). */
typedef void (*store_case_fn)(
	void *arg, const struct err *err, const struct store_case_acted *acted);
/* ERR_USAGE when something is missing. Texts are copied. */
int store_case_act(struct sql_link *link, const struct store_case_act *act, store_case_fn done,
	void *arg, struct err *err);

#endif
