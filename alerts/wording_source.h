/* The body of a message on a source that is in trouble, or in order again. */
#ifndef SETASIDE_ALERTS_WORDING_SOURCE_H
#define SETASIDE_ALERTS_WORDING_SOURCE_H

#include "alerts/doc.h"
#include "alerts/payload.h"
#include "alerts/wording_table.h"

void wording_source(struct doc *doc, const struct wording_set *w, const struct payload *p);

#endif
