/* The messages on gaps of the set-aside: every scope of the year, and of the year before until its final figures are told,
 * decided by checks/quota_tell.h. A part of checks/tell.h. */
#ifndef SETASIDE_CHECKS_TELL_QUOTA_H
#define SETASIDE_CHECKS_TELL_QUOTA_H

#include "checks/tell.h"
#include "checks/tell_body.h"

struct tell_quotas;
/* Borrows the context and what it points to. */
struct tell_quotas *tell_quotas_new(const struct tell_context *context);
void tell_quotas_free(struct tell_quotas *quotas);

/* What was told last of one scope; all of them before the first next. */
void tell_quotas_take(struct tell_quotas *quotas, const struct quota_told_row *row);

/* The figures of the year before; before the first next. Borrowed. */
void tell_quotas_past(struct tell_quotas *quotas, const struct quota_year *past);

/* The next scope that something is to be told of. The view, the row to be kept once a message of it is queued, and their
 * texts are lent until the next call. False when all are through. */
bool tell_quotas_next(struct tell_quotas *quotas, struct tell_case_view *ret_view,
	const struct quota_told_row **ret_kept);

#endif
