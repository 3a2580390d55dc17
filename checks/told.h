/* What messages about arrears show of a unit: its suspected overdue obligations as they stand after the run, new ones
 * first, then changed ones, then the rest, largest first, at most TOLD_ROWS_MAX, and the counts of all. Read from the
 * stored states in the run's transaction, so that a run that judged a few groups tells of the whole unit. Amounts are
 * fen. */
#ifndef SETASIDE_CHECKS_TOLD_H
#define SETASIDE_CHECKS_TOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/day.h"
#include "core/err.h"
#include "core/money.h"

struct sql_tx;

enum { TOLD_ROWS_MAX = 50 }; /* as queries/told_arrears.sql has it */
enum { TOLD_NO_INTEREST = -1 };

struct told_row {
	char *obligation_no, *contract_no, *supplier_name, *supplier_uscc, *due_source;
	char *citation; /* the article that set its due day, by the version that governs its contract */
	day_t overdue_since;
	int64_t overdue_days;
	fen_t overdue, disputed;
	fen_t interest; /* estimated, on the day told; TOLD_NO_INTEREST = none is calculated */
	bool fresh, changed, verified;
};
struct told_due { /* falls due soon, nothing paid yet */
	char *obligation_no, *contract_no, *supplier_name, *citation;
	day_t due_on;
	fen_t amount;
};
struct told_unit {
	char *unit_code;
	int64_t rows_total, rows_new;
	fen_t overdue;
	struct told_row *rows;
	size_t count, capacity;
	int64_t due_total;
	fen_t due;
	struct told_due *due_rows; /* earliest first */
	size_t due_count, due_capacity;
};
/* Shares of the records that could be used, parts per million; 1000000 of none. */
struct told_coverage {
	int64_t contracts_ppm; /* contracts with signing day and a known unit */
	int64_t payments_ppm;  /* payments that found a contract or a pair of unit and supplier */
};

struct told;
typedef void (*told_done_fn)(void *arg, const struct err *err);
struct told *told_new(void);
void told_free(struct told *told);
/* Reads for the units with a change in run_id. anew: the coverage is counted over everything, else kept counts are brought
 * up by what changed since they were told of. routed says afterwards whether anybody is to be told at all; without a
 * route nothing else is read. done: once, never inside. */
void told_read(struct told *told, struct sql_tx *tx, int64_t run_id, int64_t known_batch,
	day_t as_of, bool anew, told_done_fn done, void *arg);
bool told_routed(const struct told *told);
struct told_coverage told_coverage(const struct told *told);
/* NULL: nothing of the unit is overdue or due soon. */
const struct told_unit *told_unit(const struct told *told, const char *unit_code);

#endif
