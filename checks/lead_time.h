/* How long it takes from reserving to a contract of the year (O-1), counted back from 31 December: signing, award, tender,
 * preparation. Pure. */
#ifndef SETASIDE_CHECKS_LEAD_TIME_H
#define SETASIDE_CHECKS_LEAD_TIME_H

#include "checks/law.h"
#include "checks/parameters.h"

enum { LEAD_STEPS = 4 };
struct lead_step {
	enum parameter parameter;
	bool workdays;
	int64_t days;
	day_t from; /* begins on this day at the latest */
};

/* The last step's day is the last on which a reservation can still become a contract of the year. DAY_OK; or the year that
 * the calendar does not hold, and every day counted as a working day: then no day can be later than these. Of a year that
 * no date has there are none (DAY_NONE). */
int lead_steps(const struct law *law, int fiscal_year, struct lead_step ret[LEAD_STEPS]);

#endif
