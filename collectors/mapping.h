/* Source columns to the columns of a record kind: one row of texts in, one typed row or one refusal out.
 *
 * A mapping is data (fields.md §1.0). Columns are found in this order: explicit rule, canonical name (csv header of
 * the kind), synonym (collectors/synonym.c). Everything that binds is decided once, at the header. Rules, one text each:
 *
 *   "欠款金额(万元) -> amount_yuan"          source header (any spelling that normalises alike) -> canonical column
 *   "Paid Date -> voucher_on order=dmy"       with options, separated by blanks, values with blanks in '...'
 *   "= GBP -> currency"                       a constant for every row, in canonical spelling
 *   "@row -> voucher_no"                      a key for rows that have none: made of all cells (json: of the record), and of how
 *                                             many equal rows came before (a row that is corrected at the source is another one then)
 *   "备注 -> -"                               dropped: not a column, not extra
 *   "* -> * unit=wan order=dmy currency=GBP"  options for all columns of the file
 *
 * Options:
 *   unit=           amounts: yuan, wan, yi, qian, jiao, fen, crore, or 10^N (N powers of ten over one yuan, -2 … 12);
 *                   "yuan" is the main unit of whatever currency holds. Shares: percent, fraction, permille
 *   decimal=comma   1.234,56
 *   currency=GBP    the mark or code of this currency may stand in the amount cells; also the row's currency, unless a
 *                   column gives it
 *   order=dmy|mdy   of dates with the year last
 *   pick=start|end  of a cell that states a period
 *   values=A:x,B:y  the source's own words or number codes to canonical ones ("A:" = not stated); case and width do not
 *                   matter
 *   outstanding=yes the amount is what is still owed: outstanding_yuan gets it as well
 *
 * Unit of an amount: in the cell > in the header > in the rule > "yuan" if the header is the canonical name > refused.
 *
 * Columns nobody asked for are kept verbatim as JSON in kind_row.extra, and so is the text of a mapped cell that was
 * understood as "not stated" (面议, 另行通知): nothing is lost. KIND_OCCURRENCE is left at null: the caller counts.
 *
 * Strict mode is the canonical profile (interface.md §2): headers are exact, no rules, no synonyms, dates YYYY-MM-DD,
 * plain decimals, percent, 0/1; a known column costs no allocation per row.
 *
 * Pure: no input or output, no clock. A mapping serves one file at a time; mapping_header starts the next one. */
#ifndef SETASIDE_COLLECTORS_MAPPING_H
#define SETASIDE_COLLECTORS_MAPPING_H

#include "collectors/frame.h"
#include "sql/kind.h"

struct mapping_options {
	const struct kind *kind;
	bool strict;
	const char *const *rules; /* NULL-terminated, or NULL; copied */
};

struct mapping;
/* Every rule is checked here: ERR_USAGE with a text that quotes the rule and says what would be right. */
struct mapping *mapping_new(const struct mapping_options *options, struct err *err);
void mapping_free(struct mapping *mapping);

/* Binds the header row. ERR_DATA with a text that starts with
 *   header-ambiguous   two headers for one column, or one header for two; both are named
 *   column-missing     required columns that no header gives (all are named), or a rule's header that is not there */
int mapping_header(struct mapping *mapping, const struct frame_row *header, struct err *err);
/* Headers kept as extra, for the once-per-source report: calls back with each. */
void mapping_unknown(
	const struct mapping *mapping, void (*each)(void *arg, const char *header), void *arg);

enum mapping_answer {
	MAPPING_ROW,
	MAPPING_REFUSED,
	MAPPING_TOTAL /* blank key cells beside an amount: a total line without the word; not a record */
};

enum { MAPPING_VALUE_MAX = 256, MAPPING_REASON_MAX = 256, MAPPING_NOTES_MAX = 8 };

/* Why a row cannot be taken. The first fault only. */
struct mapping_refusal {
	const char *field;             /* canonical name of the column */
	char value[MAPPING_VALUE_MAX]; /* the cell, cut between characters */
	const char *code; /* static: "amount-grouping", "date-order-unknown", "value-missing", … */
	char reason[MAPPING_REASON_MAX]; /* one English sentence without a full stop */
};

/* Something worth a finding beside a value that is taken: unit-suspect, sentinel, text-date, not-stated, … */
struct mapping_note {
	const char *field;
	const char *code, *reason; /* static */
	const char *text;          /* the cell; lent like the texts of the row */
	size_t length;
};

struct mapping_result {
	struct kind_row
		row; /* for MAPPING_ROW; texts are lent until the next call on this mapping */
	struct mapping_refusal refusal; /* for MAPPING_REFUSED */
	bool key_readable; /* refused, but every key column of row is as it would be if it were not */
	struct mapping_note note[MAPPING_NOTES_MAX];
	int notes;
};

/* True if a rule wants names for rows ("@row"); mapping_name gives the next row its name, lent until mapping_row. */
bool mapping_wants_name(const struct mapping *mapping);
void mapping_name(struct mapping *mapping, const char *name);

/* Each cell of a row: its header, the text as written, and the canonical column it fills ("" = kept as extra or dropped). */
typedef void (*mapping_cell_fn)(
	void *arg, const char *header, const struct frame_cell *cell, const char *column);
void mapping_cells(const struct mapping *mapping, const struct frame_row *row, mapping_cell_fn each,
	void *arg);

/* The amounts that a totals line states, by column of the kind; cells that are no amounts are left out. */
void mapping_total(struct mapping *mapping, const struct frame_row *row,
	void (*each)(void *arg, int column, fen_t fen), void *arg);

/* row.place of the answer is the number of the row. */
enum mapping_answer mapping_row(
	struct mapping *mapping, const struct frame_row *row, struct mapping_result *ret);

#endif
