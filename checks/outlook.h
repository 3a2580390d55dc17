/* Outlook of the set-aside: what can still be done, by when, and whether a person is to be told.
 *
 * Pure: facts, law and a day in, numbers out. Plan basis only; the award and paid bases have no
 * verdict (terms.md). The gap follows the floor's own text: departments after
 * exemptions, the district strictly; but what is met after exemptions is told to nobody, the
 * district's gap neither: nobody can act on what nobody can reserve. It stays in the figures and on
 * record. Amounts are fen, shares parts per million.
 *
 * Readings (ours, parameters O-1 and O-2): the last day is 31 December less the lead times from
 * reserving to contract (working days by the calendar), or, if earlier, the day before so much is
 * planned to be announced that the rest no longer covers the gap. At risk: what is left covers the
 * gap less than cover_ppm times, or the last day is at most urgent_workdays away.
 *
 * Without the year's calendar the last day is not known, and is not guessed. Known is a day that it
 * cannot be later than: working days counted as if every day were one. After it a gap is out of
 * reach, and so many days before it urgent, whatever the calendar will say. */
#ifndef SETASIDE_CHECKS_OUTLOOK_H
#define SETASIDE_CHECKS_OUTLOOK_H

#include "checks/band.h"
#include "checks/open_item.h"
#include "checks/phase.h"
#include "checks/prospect.h"

/* NONE: no base, or the budgets are not all in: nothing can be said. */
enum quota_outlook {
	OUTLOOK_NONE,
	OUTLOOK_ON_TARGET,
	OUTLOOK_GAP_FIXABLE,
	OUTLOOK_GAP_AT_RISK,
	OUTLOOK_OUT_OF_REACH
};
const char *quota_outlook_name(enum quota_outlook outlook); /* "on-target", …; "" for NONE */
/* zh-CN, terms.md. 未达到 is said in the final phase and in no other. */
const char *quota_outlook_words(enum quota_phase phase, enum quota_outlook outlook);

/* Why a gap is not told to anybody. */
enum outlook_quiet {
	QUIET_COLLECTING = 1,    /* budgets still come in */
	QUIET_ROUNDS_AWAY = 2,   /* the share is the floor at two decimals of a percent */
	QUIET_BAND_MEETS = 4,    /* the upper value of the band meets the floor */
	QUIET_SMALL_BASE = 8,    /* base under the configured minimum */
	QUIET_LOW_COVERAGE = 16, /* 数据不足: too much of the budget cannot be counted */
	QUIET_EXEMPTIONS = 32    /* met after exemptions; matters where the gap is strict */
};
enum { QUIET_COUNT = 6 };
const char *outlook_quiet_name(int bit); /* "collecting", "rounds-away", … */

/* One of the two targets of a scope. */
struct outlook_target {
	fen_t base;           /* SME: the budgets; small/micro: the SME sum */
	fen_t needed;         /* ceil(floor × base) */
	fen_t reached, upper; /* now; upper value of the band */
	fen_t gap;            /* 0 = met; small/micro: by naming what is reserved (G-17) */
	fen_t capacity;       /* by how much the gap can still shrink */
	enum quota_outlook outlook;
	unsigned quiet; /* enum outlook_quiet; a gap with 0 here is told */
	/* The last day on which the gap can be closed; DAY_NONE without a gap, when nothing can
	 * close it, or when the calendar is missing. */
	day_t last_day;
	int workdays_left; /* in (as_of, last_day]; -1 without a last day or calendar */
	/* The same where the calendar is missing, as upper bounds; equal to the above where it is not. */
	day_t last_day_at_most;
	int workdays_at_most;
};

struct scope_outlook {
	const char *scope; /* department code, "?", or "" for the district, as in the figures */
	struct outlook_target sme, small_micro;
	enum quota_outlook outlook; /* the graver of the two */
	fen_t reservable;           /* can still be reserved */
	fen_t nameable;             /* reserved for SMEs, can still be named for small/micro */
	int64_t reservable_items, nameable_items;
	fen_t to_reserve;             /* still to be reserved: the SME gap */
	fen_t to_reserve_small_micro; /* and so much for small/micro, at the target (G-17) */
	int64_t coverage_ppm;         /* of the year's budget, what could be counted */
};

struct year_outlook {
	int fiscal_year;
	day_t as_of;
	struct year_phase phase;
	day_t last_day;         /* by lead times alone; DAY_NONE: the calendar is missing */
	int missing_year;       /* of the calendar; 0 = none */
	day_t last_day_at_most; /* last_day, or without a calendar a day that it is not later than */
	struct scope_outlook district;
	struct scope_outlook *departments; /* in the order of the figures' */
	size_t department_count;
	struct year_bands bands;
	struct open_items open; /* outlook_judge() only */
};

/* figures: of the same facts; paid_of_contract: as they were judged. Release with outlook_free. Texts belong to the
 * facts. */
void outlook_judge(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, const struct year_figures *figures,
	const fen_t *paid_of_contract, struct year_outlook *ret);
/* The same from sums: fills what follows from them into an outlook whose bands are there already. facts: units and year
 * marks. figures and prospect have the same departments. */
void outlook_finish(const struct law *law, const struct facts *facts, const struct unit_tree *units,
	const struct year_figures *figures, const struct year_prospect *prospect,
	struct year_outlook *outlook);
void outlook_free(struct year_outlook *outlook);
/* "" is the district; NULL if there is none of that code. */
const struct scope_outlook *outlook_of(const struct year_outlook *outlook, const char *scope);

#endif
