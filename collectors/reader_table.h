/* What the readers of tables share: rows of a framing through a mapping into the sink. One per file.
 *
 * The framing is given reader_table_handler with the struct as argument; what it refuses or skips and what the mapping
 * refuses reach the sink from here. */
#ifndef SETASIDE_COLLECTORS_READER_TABLE_H
#define SETASIDE_COLLECTORS_READER_TABLE_H

#include "collectors/frame.h"
#include "collectors/mapping.h"
#include "collectors/reader.h"

struct occurrence;
enum { READER_TABLE_REPEATS = 4 * 1000 * 1000 }; /* different rows that "@row" can tell apart */

struct reader_table {
	const struct reader_sink *sink;
	int file_no;
	const struct kind *kind;
	struct mapping *mapping; /* owned */
	struct mapping_result result;
	const struct frame_row *current; /* while the sink is called */
	int64_t total_row;               /* while a totals line is read */
	struct occurrence *repeats;      /* equal rows of all files of the batch, for "@row" */
	/* What "@row" names a row by, for formats whose columns depend on the rules; NULL = the cells. Lent for a row. */
	const char *identity;
	size_t identity_length;
};

extern const struct frame_handler reader_table_handler;

/* repeats: of the reader's pass. Everything given is lent until reader_table_drop; canonical means strict, without the configuration's rules. */
int reader_table_begin(struct reader_table *table, const struct source_config *config,
	const struct reader_sink *sink, int file_no, const struct kind *kind, bool canonical,
	struct occurrence *repeats, struct err *err);
void reader_table_drop(struct reader_table *table);
/* After the header: what a record becomes depends on no other record. */
bool reader_table_row_alone(const struct reader_table *table);
/* reader_type.cells */
void reader_table_cells(const struct reader_table *table, mapping_cell_fn each, void *arg);
/* The record that is with the sink, as one line of delimited text; nothing at other times. */
void reader_table_text(const struct reader_table *table, char delimiter, struct buf *out);

#endif
