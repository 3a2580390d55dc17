/* Days written into tests. For tests only. */
#ifndef SETASIDE_TESTS_DAYS_H
#define SETASIDE_TESTS_DAYS_H

#include "core/day.h"

/* "2026-06-30", or "" for DAY_NONE; fails the test when it is neither. */
day_t day(const char *text);

#endif
