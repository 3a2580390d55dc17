/* Sums over the states of all obligations (G-31, G-50): what the snapshot member "arrears" holds.
 */
#ifndef SETASIDE_CHECKS_ARREARS_REPORT_H
#define SETASIDE_CHECKS_ARREARS_REPORT_H

#include "checks/arrears.h"
#include "core/map.h"

struct arrears_sums {
	int64_t overdue_obligations, overdue_contracts;
	fen_t overdue, interest, undisputed, disputed, outstanding;
	int32_t max_overdue_days;
	bool present; /* at least one covered obligation */
};

/* Buckets of E-7: 0-30, 31-60, 61-90, 91-180, 181-365, >365. */
enum { AGEING_BUCKETS = 6 };
int ageing_bucket(int32_t overdue_days); /* -1 for 0 days or fewer */
const char *ageing_bucket_name(int bucket);

struct department_arrears {
	const char *department;
	struct arrears_sums sums;
};

struct arrears_report {
	const struct unit_tree *units;
	struct arrears_sums district;
	struct arrears_sums by_debtor_kind[DEBTOR_KINDS];
	struct department_arrears *departments; /* sorted after arrears_report_finish */
	size_t department_count, department_capacity;
	struct map department_places;
	struct {
		int64_t parts;
		fen_t fen;
	} ageing[AGEING_BUCKETS];
	struct {
		int64_t obligations, overdue_obligations;
		fen_t outstanding, overdue, interest;
	} lists[COVERAGE_COUNT];
	int64_t status_counts[COVERAGE_COUNT][STATUS_COUNT];
	fen_t unallocated;
};

/* Every unit that is topmost on the day is listed, with zeros. */
void arrears_report_init(struct arrears_report *report, const struct facts *facts,
	const struct unit_tree *units, day_t as_of);
/* The states of one group (the visitor of arrears.h). */
void arrears_report_add(
	struct arrears_report *report, const struct obligation_state *states, size_t count);
void arrears_report_finish(struct arrears_report *report, fen_t unallocated);
void arrears_report_free(struct arrears_report *report);

#endif
