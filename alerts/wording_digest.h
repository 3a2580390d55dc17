/* The text of a digest (payload "sme.digest"): one line for each case that it gathers. */
#ifndef SETASIDE_ALERTS_WORDING_DIGEST_H
#define SETASIDE_ALERTS_WORDING_DIGEST_H

#include <stdbool.h>

#include "alerts/payload.h"
#include "alerts/wording_table.h"

struct doc;

/* brief: names of units are cut short, with a mark, where the room is scarce. */
void wording_digest(const struct wording_set *words, const struct payload *payload, bool brief,
	struct doc *doc);

#endif
