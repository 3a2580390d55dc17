/* Life cycles of a finding and of a message as tables: in which state which event leads where, and
 * who may cause it. The names are those of migrations/0002. The README's pictures are drawn from
 * these tables (life_draw). */
#ifndef SETASIDE_ALERTS_LIFE_H
#define SETASIDE_ALERTS_LIFE_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/err.h"

enum life_who { LIFE_RUN, LIFE_OUTBOX, LIFE_PERSON };
const char *life_who_name(enum life_who who);

struct life_step {
	const char *state; /* "" = does not exist yet */
	const char *event;
	const char *next;
	enum life_who who;
	const char *why; /* one clause for the picture */
};

struct life {
	const char *name;              /* "finding", "message" */
	const struct life_step *steps; /* ends with state NULL */
};
extern const struct life life_finding;
extern const struct life life_message;

/* The state after event, caused by who; NULL with ERR_REFUSED when the table has no such step. */
const char *life_next(const struct life *life, const char *state, const char *event,
	enum life_who who, struct err *err);

/* For statements that move many at once: the states from which who may cause event, and where it leads from each, as two
 * array literals ("{open,acknowledged}"). False when the table knows no such event. */
bool life_steps_of(const struct life *life, const char *event, enum life_who who, struct buf *from,
	struct buf *next);

/* A Mermaid stateDiagram-v2 block in Markdown fences, steps in table order. */
void life_draw(const struct life *life, struct buf *out);

#endif
