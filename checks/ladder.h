/* The ladder of E-6 after the reminders: 约谈, 督办, 通报 of a unit for debts that a person has verified.
 *
 * A run proposes, a person confirms or declines, only what was confirmed becomes a message. A verified row stands on the
 * highest step whose days it has reached; a row whose step was proposed or decided is not proposed for it again, and one
 * that is paid or no longer verified leaves a proposal that waits. Thresholds are parameters (E-6), the law gives none;
 * art. 23 of 国务院令第802号 names the measures. */
#ifndef SETASIDE_CHECKS_LADDER_H
#define SETASIDE_CHECKS_LADDER_H

#include "checks/law.h"

struct buf;

enum ladder_step { LADDER_NONE, LADDER_INTERVIEW, LADDER_SUPERVISE, LADDER_REPORT, LADDER_STEPS };
const char *ladder_step_name(enum ladder_step step);      /* "", interview, supervise, report */
const char *ladder_step_words(enum ladder_step step);     /* zh-CN: 约谈 … */
const char *ladder_step_addressee(enum ladder_step step); /* zh-CN: to whom it is proposed */
enum ladder_step ladder_step_parse(const char *name);     /* LADDER_NONE for any other word */
/* The step of a verified row so many calendar days after its due day, by the thresholds of the day. */
enum ladder_step ladder_step_of(const struct law *law, int64_t overdue_days, day_t as_of);

/* Life of a proposal; the picture in the README is drawn from it. */
struct ladder_move {
	const char *from, *to; /* states of the table proposal; "" = not there */
	const char *event, *who, *why;
};
/* Ends with event NULL. */
extern const struct ladder_move ladder_moves[];
/* The state that a person's decision ("confirmed", "declined") leads to from `from`; NULL = refused. */
const char *ladder_decide(const char *from, const char *decision);
/* A Mermaid stateDiagram-v2 block in Markdown fences. */
void ladder_draw(struct buf *out);

#endif
