/* Inside of frame_xlsx: the container and the small parts around a sheet. For collectors/frame_xlsx*.c only. */
#ifndef SETASIDE_COLLECTORS_FRAME_XLSX_PARTS_H
#define SETASIDE_COLLECTORS_FRAME_XLSX_PARTS_H

#include <expat.h>
#include <zip.h>

#include "collectors/frame.h"
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

/* The texts of all string cells. */
struct xlsx_strings {
	struct buf bytes; /* each followed by a NUL */
	size_t *start;
	size_t count, capacity;
};

/* What the workbook says of its sheets. */
struct xlsx_book {
	char *sheet;      /* name of the chosen one, NULL = none */
	char *sheet_id;   /* its relation id */
	char *sheet_path; /* its part */
	char *strings_path;
	char *styles_path;
	bool date1904;
	bool *percent; /* by cell style: shown in percent */
	size_t style_count, style_capacity;
};

/* data is lent until the archive is discarded. NULL with err set. */
zip_t *xlsx_archive(const char *data, size_t count, struct err *err);
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

int xlsx_book_read(zip_t *archive, const char *wanted, size_t part_max, struct xlsx_book *ret,
	struct err *err);
void xlsx_book_free(struct xlsx_book *book);
int xlsx_strings_read(zip_t *archive, const struct xlsx_book *book, size_t part_max,
	struct xlsx_strings *strings, struct err *err);
void xlsx_strings_free(struct xlsx_strings *strings);

#endif
