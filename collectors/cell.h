/* One cell to one typed value of a column. Two readers: the canonical profile, exact and without allocation, and the
 * free form of offices, over the value readers. Pure. */
#ifndef SETASIDE_COLLECTORS_CELL_H
#define SETASIDE_COLLECTORS_CELL_H

#include "collectors/frame.h"
#include "collectors/mapping_rule.h"
#include "collectors/value.h"
#include "collectors/value_words.h"
#include "core/buf.h"
#include "sql/kind.h"

/* The value a column has when nothing is stated. */
void cell_default(const struct kind_column *column, struct kind_value *ret);

/* NULL and the value (texts point into the cell), or the code of what is wrong. An empty cell is the default. */
const char *cell_read_canonical(
	const struct kind_column *column, const struct frame_cell *cell, struct kind_value *ret);

/* How a bound column is read. */
struct cell_rule {
	const struct kind *kind;
	const struct kind_column *column;
	const struct mapping_option *option;
	enum header_unit unit;
	bool canonical_header; /* the header is the canonical name: the profile's units and letters hold */
};

/* What one cell said beside its value. */
struct cell_answer {
	enum value_state state;
	const char *code; /* "" = nothing to say */
	struct value_reserve
		reserve; /* of a reserve_form column: who it is for, and forms that need the whole row */
};

/* room keeps the text of the value (reset here); currency is that of the row. ret starts as the default. */
void cell_read_free(const struct cell_rule *rule, const struct frame_cell *cell,
	const char *currency, struct buf *room, struct kind_value *ret, struct cell_answer *answer);

#endif
