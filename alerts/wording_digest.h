/* The text of a digest (payload "sme.digest"): one line for each case that it gathers. */
#ifndef SETASIDE_ALERTS_WORDING_DIGEST_H
#define SETASIDE_ALERTS_WORDING_DIGEST_H

#include "alerts/payload.h"
#include "alerts/wording_table.h"

struct doc;

void wording_digest(
	const struct wording_set *words, const struct payload *payload, struct doc *doc);

#endif
