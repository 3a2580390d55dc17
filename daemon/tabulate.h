/* Rows of a JSON document as a table for people or as CSV for programs.
 *
 * Columns name members by dotted paths. In CSV amounts are decimal yuan, words are codes and text that a spreadsheet
 * would take for a formula is quoted with an apostrophe; in a table amounts are grouped, words are Chinese, columns
 * are aligned by display width. Shares are cut, never rounded up, so 39.999 % does not read as 40.00. */
#ifndef SETASIDE_DAEMON_TABULATE_H
#define SETASIDE_DAEMON_TABULATE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

enum tab_type {
	TAB_TEXT,
	TAB_WORD, /* a code that the words table translates */
	TAB_INT,
	TAB_FEN,
	TAB_SHARE /* member / whole, percent with two decimals, "" when whole is 0 */
};

struct tab_column {
	const char *member; /* "plan.sme_fen" */
	const char *whole;  /* TAB_SHARE */
	const char *csv;
	const char *title; /* Chinese */
	enum tab_type type;
};

enum tab_format { TAB_JSON, TAB_CSV, TAB_TABLE };
extern const char *const tab_format_words[]; /* "json", "csv", "table", NULL */

/* rows: an array of objects. A member that is missing or null is an empty cell. format is not TAB_JSON. */
void tab_write(FILE *out, enum tab_format format, const struct tab_column *columns, int count,
	const json_t *rows);
/* The member of a dotted path, NULL if a step is missing. */
const json_t *tab_member(const json_t *row, const char *path);
enum { TAB_CELL_MAX = 2048 };
/* One cell; people: grouped amounts, Chinese words. room has TAB_CELL_MAX bytes. */
void tab_cell(const struct tab_column *column, const json_t *row, bool people, char *room);
/* A whole page with a caption and one table for each part; parts ends with caption NULL. */
struct tab_part {
	const char *caption;
	const struct tab_column *columns;
	int count;
	const json_t *rows;
};
void tab_write_html(FILE *out, const char *title, const char *note, const struct tab_part *parts);
/* The Chinese of a status code, or the code itself. */
const char *tab_word(const char *code);

#endif
