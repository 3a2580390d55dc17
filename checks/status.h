/* The word for an obligation's state, in the order of G-39, and its flags; names as in the
 * snapshot. */
#ifndef SETASIDE_CHECKS_STATUS_H
#define SETASIDE_CHECKS_STATUS_H

#include "checks/arrears.h"

/* The sums and parts of the state are final. */
enum obligation_status obligation_status_of(const struct obligation_state *state, day_t as_of);
/* All flags but CALENDAR_MISSING and CAP_APPLIED, which are set where the day or the cap is looked
 * at. */
unsigned obligation_flags_of(
	const struct arrears_question *question, const struct obligation_state *state);

struct buf;
/* Tables of statuses (in the order in which they are tried), flags and hints in Markdown, as the README has them. */
void status_draw(struct buf *out);

#endif
