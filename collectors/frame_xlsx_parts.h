/* Inside of frame_xlsx: the container and the parts around a sheet. For collectors/frame_xlsx*.c only.
 *
 * Everything that can be large is done in steps of one piece (16 KiB unpacked) each, between which the loop has its
 * turn. */
#ifndef SETASIDE_COLLECTORS_FRAME_XLSX_PARTS_H
#define SETASIDE_COLLECTORS_FRAME_XLSX_PARTS_H

#include <expat.h>
#include <zip.h>

#include "collectors/frame.h"
#include "collectors/spool.h"
#include "core/buf.h"

/* One part as XML, in pieces. */
struct xlsx_xml {
	const char *name;
	zip_file_t *file;
	XML_Parser parser;
	size_t left; /* unpacked bytes that may still come */
	struct err *err;
	bool failed; /* a handler refused; err says why */
	bool ended;
};

/* A sheet that is not hidden. */
struct xlsx_sheet {
	char *name, *id, *path; /* id: its relation; path: its part, NULL = none */
	bool chosen;
};

/* What the workbook says of its sheets. */
struct xlsx_book {
	struct xlsx_sheet *sheet;
	size_t sheets, sheet_capacity;
	char *strings_path;
	char *styles_path;
	bool date1904;
	bool *percent; /* by cell style: shown in percent */
	size_t style_count, style_capacity;
};

/* file is lent until the archive is discarded. NULL with err set. */
zip_t *xlsx_archive(struct spool *file, struct err *err);
/* Opens a part; ret->file is NULL if the archive has none of this name and it is optional. */
int xlsx_xml_open(
	zip_t *archive, const char *name, size_t part_max, struct xlsx_xml *ret, struct err *err);
/* Parses up to one piece. ended is set behind the last. */
int xlsx_xml_step(struct xlsx_xml *xml, struct err *err);
int xlsx_xml_run(struct xlsx_xml *xml, struct err *err);
void xlsx_xml_close(struct xlsx_xml *xml);
/* From a handler: ends the parse with this error. */
void xlsx_xml_fail(struct xlsx_xml *xml, enum err_code code, const char *text);

const char *xlsx_local(const char *name);                               /* without a prefix */
const char *xlsx_attribute(const char *const *pairs, const char *name); /* NULL = none */
/* "BC12" to column 54 and row 12; false if it is no reference. */
bool xlsx_reference(const char *text, size_t *ret_column, int64_t *ret_row);

/* wanted: name of a sheet, "*" for all, NULL or "" for the first. At least one is chosen, or it is an error. */
int xlsx_book_read(zip_t *archive, const char *wanted, size_t part_max, struct xlsx_book *ret,
	struct err *err);
void xlsx_book_free(struct xlsx_book *book);

/* The texts of all string cells, outside of memory. */
struct xlsx_strings;
struct xlsx_strings *xlsx_strings_new(size_t ceiling, struct err *err);
void xlsx_strings_free(struct xlsx_strings *strings);
/* path NULL = the workbook has none. */
int xlsx_strings_open(struct xlsx_strings *strings, zip_t *archive, const char *path,
	size_t part_max, struct err *err);
int xlsx_strings_step(struct xlsx_strings *strings, bool *ret_more, struct err *err);
/* Adds a text to out. ERR_DATA when there is none of this number. */
int xlsx_strings_copy(
	struct xlsx_strings *strings, int64_t number, struct buf *out, struct err *err);

/* Cells that are merged downwards. They stand behind the rows in a sheet, so it is looked through before. */
struct xlsx_merges;
struct xlsx_merges *xlsx_merges_new(void);
void xlsx_merges_free(struct xlsx_merges *merges);
int xlsx_merges_open(struct xlsx_merges *merges, zip_t *archive, const char *path, size_t part_max,
	struct err *err);
int xlsx_merges_step(struct xlsx_merges *merges, bool *ret_more, struct err *err);
/* How many cells this row has at least, with those that are merged with one above. */
size_t xlsx_merges_width(const struct xlsx_merges *merges, int64_t row);
/* Gives empty cells of a record the value of the merged cell above (frame_cell.merged) and notes what begins here. Rows in
 * order; texts are lent until the next call. */
void xlsx_merges_fill(
	struct xlsx_merges *merges, int64_t row, struct frame_cell *cell, size_t count);

/* Whether a sheet holds anything. */
struct xlsx_probe {
	struct xlsx_xml xml; /* first: it is the parser's user data */
	bool found;
};
int xlsx_probe_open(struct xlsx_probe *probe, zip_t *archive, const char *path, size_t part_max,
	struct err *err);
int xlsx_probe_step(struct xlsx_probe *probe, bool *ret_more, struct err *err);

#endif
