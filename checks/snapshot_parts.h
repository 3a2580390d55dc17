/* The members of the snapshot, one writer each; for checks/snapshot.c and for whoever publishes one
 * member alone (quota_figure.body). key is the member's name, or NULL. */
#ifndef SETASIDE_CHECKS_SNAPSHOT_PARTS_H
#define SETASIDE_CHECKS_SNAPSHOT_PARTS_H

#include "checks/arrears_report.h"
#include "checks/award_band.h"
#include "checks/disclosure.h"
#include "checks/figures.h"
#include "checks/json_out.h"

/* {"rule": …, "plan": …, "award": …, "paid": …, "mixed": …, "q4": …} of one scope of a year. */
void write_scope(struct json_out *out, const char *key, const struct law *law,
	const struct scope_figures *scope, int fiscal_year, bool district);
void write_quota(struct json_out *out, const char *key, const struct law *law,
	const struct year_figures *figures);
/* One notice: "previous_year" or "this_year_to_date". */
void write_notice(struct json_out *out, const char *key, const struct year_figures *figures);
void write_arrears(struct json_out *out, const char *key, const struct arrears_report *report);
void write_disclosure(struct json_out *out, const char *key, const struct disclosure *disclosure);
void write_complaints(struct json_out *out, const char *key, const struct law *law,
	const struct facts *facts, day_t as_of);
void write_awards(struct json_out *out, const char *key, const struct award_bands *bands);
/* One row of "obligations". */
void write_obligation(struct json_out *out, const char *key, const struct facts *facts,
	const struct obligation_state *state);

#endif
