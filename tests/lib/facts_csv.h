/* Fills facts and law from the CSV files under tests/golden. For tests only: trusts the files,
 * aborts on a cell that does not read. */
#ifndef SETASIDE_TESTS_FACTS_CSV_H
#define SETASIDE_TESTS_FACTS_CSV_H

#include "checks/facts.h"
#include "checks/law.h"

/* All files of a canonical directory ("district", "corner"). facts_free. */
struct facts *facts_csv_read(const char *folder);

/* Calendar, LPR and size standard of tests/golden/domain, and the default parameters; owned by the
 * object. */
struct law_csv {
	struct law law;
	struct parameters parameters;
};
struct law_csv *law_csv_read(void);
void law_csv_free(struct law_csv *csv);

/* Cells of a golden row: blank is "not stated". */
struct golden;
day_t cell_day(const struct golden *golden, size_t row, const char *column);
fen_t cell_yuan(const struct golden *golden, size_t row, const char *column);
int64_t cell_int(const struct golden *golden, size_t row, const char *column);
int64_t cell_percent(const struct golden *golden, size_t row, const char *column); /* ppm */
/* Pieces of a cell value given as text. */
day_t text_day(const char *text, size_t length);
fen_t text_yuan(const char *text, size_t length);
int64_t facts_csv_percent(const char *text, size_t length);

/* Splits text in place at the separator; the next piece, or NULL at the end. *rest starts as the
 * text. */
char *next_piece(char **rest, char separator);

#endif
