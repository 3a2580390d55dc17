/* Reads the CSV files under tests/golden: small, trusted, whole in memory. For tests only. */
#ifndef SETASIDE_TESTS_GOLDEN_H
#define SETASIDE_TESTS_GOLDEN_H

#include <stdbool.h>
#include <stddef.h>

struct golden;
/* path relative to tests/golden; aborts the test when it cannot be read. */
struct golden *golden_open(const char *path);
void golden_free(struct golden *golden);
size_t golden_rows(const struct golden *golden);
/* Cell by column name; aborts on an unknown column. */
const char *golden_cell(const struct golden *golden, size_t row, const char *column);
bool golden_has_column(const struct golden *golden, const char *column);

#endif
