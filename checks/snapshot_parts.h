/* The members of the snapshot, one writer each; for checks/snapshot.c and for whoever publishes one
 * member alone (quota_figure.body). key is the member's name, or NULL. */
#ifndef SETASIDE_CHECKS_SNAPSHOT_PARTS_H
#define SETASIDE_CHECKS_SNAPSHOT_PARTS_H

#include "checks/ageing.h"
#include "checks/arrears_report.h"
#include "checks/award_band.h"
#include "checks/declared.h"
#include "checks/disclosure.h"
#include "checks/figures.h"
#include "checks/json_out.h"
#include "checks/practice.h"
#include "checks/outlook.h"
#include "checks/worklist.h"

/* What the figures of a year are shown from; all of the same facts, year and day. */
struct quota_view {
	const struct law *law;
	const struct facts *facts;
	const struct year_figures *figures;
	const struct year_outlook *outlook;
};
const struct scope_bands *quota_view_bands(
	const struct quota_view *view, const struct scope_figures *scope);

/* {"rule": …, "plan": …, "snapshots": {"initial": …, "adjusted": …, "final": …}, "award": …, "paid": …, "mixed": …,
 * "q4": …, "phase": …, "outlook": …, "targets": …, "forecast": …, "find_out": …} of one scope of view->figures. */
void write_scope(struct json_out *out, const char *key, const struct quota_view *view,
	const struct scope_figures *scope);
/* The members from "phase" on. */
void write_outlook(
	struct json_out *out, const struct quota_view *view, const struct scope_figures *scope);
/* "phase", …: where the year stands, for all scopes. */
void write_phase(struct json_out *out, const struct year_outlook *outlook);
void write_quota(struct json_out *out, const char *key, const struct quota_view *view);
/* 未预留项目清单: every row that can still be reserved or named, with its unit. */
void write_open_items(struct json_out *out, const char *key, const struct quota_view *view);
/* The notice of one scope of the figures. */
void write_notice_scope(struct json_out *out, const char *key, const struct scope_figures *scope);
/* One notice: "previous_year" or "this_year_to_date". */
void write_notice(struct json_out *out, const char *key, const struct year_figures *figures);
/* Every reserved contract of the year as counted on the day, by department: the list under the notice (N-1). Links are
 * those published by as_of. */
void write_notice_projects(struct json_out *out, const char *key, const struct law *law,
	const struct facts_index *index, const struct unit_tree *units, int fiscal_year,
	day_t counted_at, day_t as_of);
/* tables: one for each enum ageing_by. */
void write_arrears(struct json_out *out, const char *key, const struct arrears_report *report,
	const struct ageing_table *tables, const struct practice *practice,
	const struct facts *facts, day_t as_of);
void write_ageing_tables(struct json_out *out, const char *key, const struct ageing_table *tables);
void write_practice(struct json_out *out, const char *key, const struct practice *practice);
void write_declared(struct json_out *out, const char *key, const struct facts *facts, day_t as_of);
void write_work_list(struct json_out *out, const char *key, const struct worklist *list);
void write_disclosure(struct json_out *out, const char *key, const struct disclosure *disclosure);
void write_complaints(struct json_out *out, const char *key, const struct law *law,
	const struct facts *facts, day_t as_of);
void write_awards(struct json_out *out, const char *key, const struct award_bands *bands);
/* One row of "obligations". */
void write_obligation(struct json_out *out, const char *key, const struct facts *facts,
	const struct obligation_state *state);

#endif
