/* The record kinds of the ledger as one table: what a collector produces, what the store writes.
 *
 * A kind names its columns in the order of the table (after the common columns), with type, unit
 * and the header of the canonical CSV profile (interface.md §2). A row is one typed value per
 * column. Adding a kind is one entry in kind.c, one migration and one set of statements under
 * sql/kinds/. */
#ifndef SETASIDE_SQL_KIND_H
#define SETASIDE_SQL_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/day.h"
#include "core/money.h"

enum kind_type {
	KIND_TEXT,  /* any UTF-8 without NUL; empty = not stated */
	KIND_CODE,  /* opaque identifier; leading zeros count; empty = not stated */
	KIND_WORD,  /* one of column.words, or empty = not stated */
	KIND_DATE,  /* civil date or null */
	KIND_MONTH, /* YYYY-MM text, or empty */
	KIND_FEN,   /* hundredths of the currency unit, or null */
	KIND_PPM,   /* parts per million, or null (csv: percent, up to four decimals) */
	KIND_INT,   /* int64, or null */
	KIND_BOOL   /* true, false or null (csv: 1, 0, empty) */
};

enum {
	KIND_KEY = 1,        /* part of the natural key (may be empty unless also KIND_REQUIRED) */
	KIND_REQUIRED = 2,   /* a row without it is refused; a file without the column is refused */
	KIND_NEGATIVE = 4,   /* amounts and shares below zero are allowed */
	KIND_OCCURRENCE = 8, /* set by the collector: counts rows of an equal key, from 1 */
	KIND_OPEN = 16,      /* 长期, 9999-12-31 and the like mean "no end" (null) */
	KIND_INT32 = 32      /* KIND_INT of a 32-bit table column: wider values are refused */
};
enum { KIND_COLUMNS_MAX = 40, KIND_COUNT = 16 };

struct kind_column {
	const char *name; /* column of the ledger table */
	const char *csv;  /* header in the canonical profile ("amount_yuan"); NULL = not in it */
	enum kind_type type;
	unsigned flags;
	const char *const *words; /* KIND_WORD: NULL-terminated */
	const char *fallback;     /* canonical text for an empty cell (currency "CNY"), or NULL */
};

struct kind {
	const char *name; /* "payment": also the stem of the file in a canonical directory */
	const struct kind_column *columns;
	int count;
	/* Column that says whose the number is, for numbers that are unique in the district (interface.md §2): a row of
	 * another source that gives the number to another owner is refused. NULL = none. */
	const char *owner;
	/* Records of other kinds name it in passing: see store_batch_options.names_only. */
	bool organisation;
};

/* KIND_COUNT kinds and NULL, in an order that loads referenced kinds first. */
extern const struct kind *const kind_table[];
const struct kind *kind_find(const char *name);
int kind_number(const struct kind *kind); /* its place in kind_table, below KIND_COUNT */
int kind_column_find(const struct kind *kind, const char *name); /* -1 = none */

struct kind_value {
	bool null;        /* texts are never null, only empty */
	int64_t number;   /* FEN, PPM, INT, BOOL */
	day_t day;        /* DATE */
	const char *text; /* TEXT, CODE, WORD, MONTH; lent by whoever filled the row */
	size_t length;
};

struct kind_row {
	const struct kind *kind;
	int64_t place;     /* locator inside the original file: row number or byte offset, see the
	                      collector */
	const char *extra; /* JSON object text of unknown columns, or NULL */
	struct kind_value value[KIND_COLUMNS_MAX];
};

/* 128-bit keyed hashes, see collectors/fingerprint.h. */
struct kind_hash {
	uint8_t byte[16];
};

#endif
