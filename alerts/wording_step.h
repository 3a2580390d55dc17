/* The text of a confirmed step of the ladder (payload "sme.arrears.step"), but for the list of its rows. */
#ifndef SETASIDE_ALERTS_WORDING_STEP_H
#define SETASIDE_ALERTS_WORDING_STEP_H

#include <stddef.h>

#include "alerts/payload.h"
#include "alerts/wording_table.h"

struct doc;

void wording_step_title(
	const struct wording_set *words, const struct payload *payload, char *room, size_t size);
/* For whom, by whom, why. */
void wording_step(const struct wording_set *words, const struct payload *payload, struct doc *doc);

#endif
