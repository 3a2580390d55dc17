/* A refused row of a table or of JSON pages, corrected by a person: the row as a table of one line under the header it came with, which then
 * goes the way of every file (archive, mapping, batch). Pure. */
#ifndef SETASIDE_COLLECTORS_CORRECTION_H
#define SETASIDE_COLLECTORS_CORRECTION_H

#include "collectors/source_config.h"
#include "core/buf.h"
#include "core/err.h"

struct correction_change {
	const char *
		field; /* header of the source (of JSON the member or the path in a rule), or column of the exchange profile */
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

/* Writes header and row as comma-separated UTF-8. ERR_REFUSED with the reason when only the source can correct it: a
 * row of an open contracting release, or one that is told apart by its order or its whole content, so that the source's own
 * correction would be a second row beside this one; ERR_USAGE for a field that is neither a
 * header nor a column. */
int correction_write(const struct correction *correction, struct correction_change *changes,
	int count, struct buf *out, struct err *err);

#endif
