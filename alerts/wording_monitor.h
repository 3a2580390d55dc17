/* Subject and body of a message on the program itself: what is wrong with it, that it is right again, that all is quiet. */
#ifndef SETASIDE_ALERTS_WORDING_MONITOR_H
#define SETASIDE_ALERTS_WORDING_MONITOR_H

#include "alerts/doc.h"
#include "alerts/payload.h"
#include "alerts/wording_table.h"

void wording_monitor_subject(
	const struct wording_set *w, const struct payload *p, char *room, size_t size);
void wording_monitor(struct doc *doc, const struct wording_set *w, const struct payload *p);

#endif
