/* A workbook (.xlsx) to rows, through the same handler as frame_csv. Over libzip and expat.
 *
 * A workbook cannot be read before its last byte, so feeding only collects it in a temporary file, below file_max.
 * frame_xlsx_open reads the small parts (below 16 MiB each); frame_xlsx_step the shared texts, which go to a temporary file
 * as well, and the sheets: one piece of 16 KiB per call. Memory: one row and the list of merged cells.
 *
 * A cell that is merged with a cell above has the value of that, and frame_cell.merged; header lines and lines without
 * anything else are left as they are. Of several sheets the rows of the second are numbered from 20000001 on, of the third
 * from 30000001 on.
 *
 * The first visible sheet is read, or the one that is named; hidden sheets never by accident. Cells come as the file
 * stores them: numbers (dates are day counts) with `number` set, a number shown in percent as "0.4E2%", booleans as 0
 * and 1, an error or a formula without a stored value as a text that no value reader takes. Merged header lines: see
 * header_lines. A row number is that of the sheet; the offset is 0. Missing cells at the end of a row are empty.
 *
 * Faults end the parse with ERR_DATA (ERR_LIMIT for ceilings) and a text that starts with one of
 *   not-a-table      an old .xls or a password (请另存为xlsx), or no workbook at all
 *   torn             the container or a part of it is cut or broken
 *   bad-workbook     parts that contradict each other, or XML with declarations of its own
 *   sheet-not-found  no visible sheet, or none of that name
 *   too-large, too-wide, too-long, header-not-found as in frame_csv.h
 * Not shared between threads. */
#ifndef SETASIDE_COLLECTORS_FRAME_XLSX_H
#define SETASIDE_COLLECTORS_FRAME_XLSX_H

#include "collectors/frame_csv.h"

struct frame_xlsx_options {
	struct frame_csv_options
		table; /* header, totals and ceilings; delimiter, quote, ragged, last do not apply */
	const char *
		sheet; /* NULL or "" = first visible; "*" = all visible ones, each with its header */
	/* A visible sheet that holds something and was not read because nobody named one. May be NULL. */
	void (*unread)(void *arg, const char *sheet);
	size_t file_max;    /* bytes; 0 = 64 MiB */
	size_t part_max;    /* unpacked bytes of one part; 0 = 1 GiB */
	size_t strings_max; /* bytes of shared texts, on disk; 0 = 512 MiB */
};

enum { FRAME_XLSX_SHEET_ROWS = 10 * 1000 * 1000 };

struct frame_xlsx;
struct frame_xlsx *frame_xlsx_new(
	const struct frame_xlsx_options *options, const struct frame_handler *handler, void *arg);
void frame_xlsx_free(struct frame_xlsx *xlsx);
int frame_xlsx_feed(struct frame_xlsx *xlsx, const char *bytes, size_t count, struct err *err);
/* Once, after the last byte. */
int frame_xlsx_open(struct frame_xlsx *xlsx, struct err *err);
/* While *ret_more is true there are rows to come. */
int frame_xlsx_step(struct frame_xlsx *xlsx, bool *ret_more, struct err *err);
/* The sheet that is being read; "" before open. */
const char *frame_xlsx_sheet(const struct frame_xlsx *xlsx);

#endif
