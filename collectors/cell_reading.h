/* Inside of the free-form cell reader: one reading, and the answers it can give. For collectors/cell_*.c only. */
#ifndef SETASIDE_COLLECTORS_CELL_READING_H
#define SETASIDE_COLLECTORS_CELL_READING_H

#include "collectors/cell.h"

/* Everything one reading needs. */
struct cell_reading {
	const struct cell_rule *rule;
	const struct frame_cell *cell;
	const char *currency;
	struct buf *room;
	struct kind_value *value;
	struct cell_answer *answer;
};

void cell_refuse(struct cell_reading *reading, const char *code);
/* Nothing stated: the default stays. */
void cell_nothing(struct cell_reading *reading, const char *code);
void cell_give_static(struct cell_reading *reading, const char *text);
bool cell_is_column(const struct cell_reading *reading, const char *name);
/* Columns of a closed vocabulary: sizes, forms of reservation, states. */
void cell_read_word(struct cell_reading *reading);

#endif
