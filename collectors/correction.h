/* A refused row of a table, corrected by a person: the row as a table of one line under the header it came with, which then
 * goes the way of every file (archive, mapping, batch). Pure. */
#ifndef SETASIDE_COLLECTORS_CORRECTION_H
#define SETASIDE_COLLECTORS_CORRECTION_H

#include "collectors/source_config.h"
#include "core/buf.h"
#include "core/err.h"

struct correction_change {
	const char *field; /* header of the source, or column of the exchange profile */
	const char *value; /* new text of the cell */
	char *old;         /* filled: as it was, "" where the row had no such cell (free) */
};

struct correction {
	const struct source_config
		*config;      /* of the source: its rules say which header is which column */
	const char *kind;     /* record kind of the row */
	const char *header;   /* JSON array of texts, as v_quarantine has it */
	const char *row_text; /* as v_quarantine has it */
};

/* Writes header and row as comma-separated UTF-8. ERR_REFUSED with the reason when the row is no table row, or of a kind
 * whose rows are told apart by their order (then only the source can correct it); ERR_USAGE for a field that is neither a
 * header nor a column. */
int correction_write(const struct correction *correction, struct correction_change *changes,
	int count, struct buf *out, struct err *err);

#endif
