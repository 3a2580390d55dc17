/* What a batch looked like as a whole, so that the next one can be held against it: the header of its tables, how large its
 * amounts are, how many of its codes begin with a zero, and totals lines that do not add up.
 *
 * Kept as JSON beside the batch (batch.profile), read by v_source_fault:
 *   {"payment": {"header": ["凭证号", …],
 *                "amounts": {"amount_fen": {"n": 120, "log2": 21, "powers": [0, 0, 3, …]}},
 *                                                                          median and counts, by powers of two
 *                "codes": {"unit_code": {"n": 120, "zeros": 40}},
 *                "remarks": [{"column": "cleared_on", "code": "text-date", "n": 3, "file": "…", "row": 2, "value": "三月五日"}],
 *                                                                          of the rows that were read; the first row
 *                "unread": [{"file": "…", "part": "2月"}],
 *                "totals": [{"file": "…", "row": 122, "column": "amount_fen", "stated_fen": 5, "taken_fen": 4}]}}
 * A fixed amount of memory for each kind that occurs, a few nanoseconds for each row. */
#ifndef SETASIDE_COLLECTORS_PROFILE_H
#define SETASIDE_COLLECTORS_PROFILE_H

#include "collectors/frame.h"
#include "core/buf.h"
#include "sql/kind.h"

struct profile;
struct profile *profile_new(void);
void profile_free(struct profile *profile); /* NULL is fine */

/* The header of a file of this kind; the first one of a batch counts. */
void profile_header(
	struct profile *profile, const struct kind *kind, const struct frame_row *header);
/* Goes on from the text of an earlier batch, for one that says only what differs from it. False: it cannot be gone on
 * from, since it has totals lines or was not written by profile_text(). */
bool profile_load(struct profile *profile, const char *text);
/* A row of that earlier batch that this one does not have. */
void profile_row_gone(struct profile *profile, const struct kind_row *row);
/* A row that was taken, in file order. */
void profile_row(struct profile *profile, int file_no, const struct kind_row *row);
/* A totals line: fen of one column. It is right when it says what the rows before it in its file come to, or those since
 * the totals line before. Otherwise it is kept, the first ten. */
struct profile_total {
	const char *file;
	int file_no;
	int64_t row;
	int column;
	fen_t fen;
};
void profile_total(
	struct profile *profile, const struct kind *kind, const struct profile_total *total);
/* Something beside a value that was taken: counted by column and code, the first PROFILE_REMARKS of these. */
enum { PROFILE_REMARKS = 20, PROFILE_UNREAD = 20 };
struct mapping_note;
void profile_remark(struct profile *profile, const struct kind *kind, const char *file, int64_t row,
	const struct mapping_note *note);
/* A part of a file that holds something and was not read; the first PROFILE_UNREAD. */
void profile_unread(
	struct profile *profile, const struct kind *kind, const char *file, const char *part);
/* The JSON text; lent until the next call on profile. */
const char *profile_text(struct profile *profile);

#endif
