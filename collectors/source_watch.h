/* Tells the store what the configuration expects of its sources, so that what is wrong with one becomes a finding. */
#ifndef SETASIDE_COLLECTORS_SOURCE_WATCH_H
#define SETASIDE_COLLECTORS_SOURCE_WATCH_H

#include <stdbool.h>

#include "collectors/source_config.h"

struct sql_link;
/* all: these are all there are; others are not watched any more, and lateness counts from now. */
void source_watch(struct sql_link *link, const struct source_config *sources, int count, bool all);

#endif
