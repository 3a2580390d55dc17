/* Names of the days of rest that the calendar declares (国庆节), so that an explanation can say why a due day rolled. */
#ifndef SETASIDE_CHECKS_DAY_NAMES_H
#define SETASIDE_CHECKS_DAY_NAMES_H

#include "core/day.h"

struct day_names;

struct day_names *day_names_new(void);
void day_names_free(struct day_names *names); /* NULL is fine */
/* In ascending order of days; the name is copied, an empty one is none. */
void day_names_add(struct day_names *names, day_t day, const char *name);
/* Why people rest on a day on which nobody works: the name of the holiday, else 周六 or 周日, else 法定节假日. names may be
 * NULL. The text lives as long as names. */
const char *day_names_of(const struct day_names *names, day_t day);

#endif
