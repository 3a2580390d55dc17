/* Delimited text to rows, as a stream: bytes in as they come, one call per record out. Over libcsv in strict mode.
 *
 * The input is UTF-8 without NUL or byte order mark (collectors/charset.h makes it so). Cells come verbatim, blanks
 * included; records without any content are counted and left out. Memory is one record, below
 * row_max. Faults of the file as a whole end the parse: err has ERR_DATA (ERR_LIMIT for the ceilings) and a text that
 * starts with one of these words and names the record:
 *   not-a-table      the first non-blank byte is '<' (a web page), or the bytes are a zip or an old workbook
 *   torn             the file ends inside quotes, or in a record that is shorter than the header without a line end
 *   bad-quoting      a quote where none may stand
 *   too-wide, too-long   more cells or bytes in one record than allowed
 *   header-not-found nothing matched header_contains, header_row lies behind the end, or the file is empty
 * Not shared between threads; no callbacks after a feed or finish that failed. */
#ifndef SETASIDE_COLLECTORS_FRAME_CSV_H
#define SETASIDE_COLLECTORS_FRAME_CSV_H

#include "collectors/frame.h"

enum { FRAME_HEADER_LINES_MAX = 5 };

enum frame_ragged {
	FRAME_RAGGED_REFUSE, /* a record of another width than the header goes to `refused` */
	FRAME_RAGGED_PAD /* missing cells are empty; further cells are dropped only if they are empty */
};
enum frame_last {
	FRAME_LAST_ACCEPT, /* a last record without a line end is taken if it has the header's width, else torn */
	FRAME_LAST_REFUSE /* the source always ends its last line: without one the file is torn */
};

struct frame_csv_options {
	char delimiter; /* 0 = ',' */
	char quote;     /* 0 = '"' */
	int header_row; /* record number of the header; 0 = first record that is not blank */
	const char *
		header_contains; /* or: the first record with this cell (normalised, collectors/header.h); NULL */
	int header_lines; /* more than 1: a merged header, its lines joined top/bottom; 0 = one line */
	enum frame_ragged ragged;
	/* A separator was lost: in a record that lacks one cell, the cell of this header is cut in two behind
	 * split_pattern ("99/99/9999", 9 = any digit). Records that do not fit stay ragged. NULL = never. */
	const char *split_header, *split_pattern;
	enum frame_last last;
	bool keep_totals;   /* pass rows that say 合计 as records (canonical profile) */
	size_t cell_max;    /* bytes; 0 = 1 MiB */
	size_t row_max;     /* bytes; 0 = 4 MiB */
	size_t columns_max; /* 0 = 512 */
};

struct frame_csv;
/* options and handler are copied; their texts too. */
struct frame_csv *frame_csv_new(
	const struct frame_csv_options *options, const struct frame_handler *handler, void *arg);
void frame_csv_free(struct frame_csv *csv);
int frame_csv_feed(struct frame_csv *csv, const char *bytes, size_t count, struct err *err);
/* True once the header is known. */
bool frame_csv_headed(const struct frame_csv *csv);
/* Records of so many bytes that are not fed, between two whole records: numbers go on behind them. False inside a record. */
bool frame_csv_pass(struct frame_csv *csv, int64_t records, size_t bytes);
/* Once, after the last byte. */
int frame_csv_finish(struct frame_csv *csv, struct err *err);

#endif
