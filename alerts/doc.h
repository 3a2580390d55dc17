/* A short document written once and read twice: as plain text and as HTML. No styles beyond a
 * table's borders, no pictures, no links that load. Everything added is data: cleaned to one line
 * and escaped for each form. */
#ifndef SETASIDE_ALERTS_DOC_H
#define SETASIDE_ALERTS_DOC_H

#include "core/buf.h"

enum { DOC_BYTES_MAX = 4 * 1024 * 1024 };

struct doc {
	struct buf text; /* LF line ends */
	struct buf html; /* a whole page once doc_end was called */
	int column;      /* of the table row being written */
};

void doc_init(struct doc *doc, const char *html_language);
void doc_free(struct doc *doc);
void doc_head(struct doc *doc, const char *line);
void doc_line(struct doc *doc, const char *format, ...) __attribute__((format(printf, 2, 3)));
void doc_gap(struct doc *doc);
/* Rows of a table: cells one by one. Plain text separates them with " | ". */
void doc_table(struct doc *doc);
void doc_row(struct doc *doc);
void doc_cell(struct doc *doc, const char *cell);
void doc_row_end(struct doc *doc);
void doc_table_end(struct doc *doc);
void doc_end(struct doc *doc);

#endif
