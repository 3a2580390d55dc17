/* Rows are written as they are found, so a district's list needs no memory; the figure itself and
 * its formulas come first. */
#include "checks/explain.h"

#include <stdlib.h>
#include <string.h>

#include "checks/explain_parts.h"
#include "checks/unit_alone.h"

const char explain_bases[] = "plan, initial, adjusted, final, award, paid, mixed, notice and q4";

static const struct {
	const char *name;
	void (*rows)(const struct explaining *e);
} bases[EXPLAIN_BASES] = {
	[EXPLAIN_PLAN] = { "plan", explain_plan_rows },
	[EXPLAIN_INITIAL] = { "initial", explain_initial_rows },
	[EXPLAIN_ADJUSTED] = { "adjusted", explain_adjusted_rows },
	[EXPLAIN_FINAL] = { "final", explain_final_rows },
	[EXPLAIN_AWARD] = { "award", explain_award_rows },
	[EXPLAIN_PAID] = { "paid", explain_paid_rows },
	[EXPLAIN_MIXED] = { "mixed", explain_mixed_rows },
	[EXPLAIN_NOTICE] = { "notice", explain_notice_rows },
	[EXPLAIN_Q4] = { "q4", explain_q4_rows },
};

/* EXPLAIN_BASES: there is none of that name. */
static enum explain_basis find_basis(const char *name)
{
	int basis = 0;

	while (basis < EXPLAIN_BASES && strcmp(bases[basis].name, name) != 0)
		basis++;
	return (enum explain_basis)basis;
}

static void write_explanation(const struct explaining *e, const struct quota_view *view,
	const struct scope_figures *figure)
{
	json_object_begin(e->out, NULL);
	json_text(e->out, "basis", bases[e->basis].name);
	json_text(e->out, "scope", *e->scope ? e->scope : "district");
	json_int(e->out, "fiscal_year", e->fiscal_year);
	json_day(e->out, "as_of", e->as_of);
	json_line(e->out);
	write_scope(e->out, "figure", view, figure);
	json_line(e->out);
	explain_formulas(e, view, figure);
	json_line(e->out);
	if (e->basis == EXPLAIN_NOTICE)
		write_notice_scope(e->out, "notice", figure);
	if (e->basis == EXPLAIN_PLAN)
		explain_outlook(e, view, figure->scope);
	json_array_begin(e->out, "rows");
	bases[e->basis].rows(e);
	json_line(e->out);
	json_array_end(e->out);
	json_object_end(e->out);
}

/* 0, or 1 when no department of that code has figures, with nothing written. */
static int explain_scope(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, enum explain_basis basis, const char *scope, int fiscal_year,
	day_t as_of, struct json_out *out)
{
	const struct scope_figures *figure;
	struct year_figures figures;
	struct year_outlook outlook;
	struct packages packages;
	struct quota_view view = { law, index->facts, &figures, &outlook };
	struct explaining e = { basis, law, index, units, scope, fiscal_year, as_of, NULL,
		&packages, out };
	fen_t *paid = figures_paid_on(
		&(struct arrears_question){ law, index, units, as_of, as_of, false });

	e.paid_of_contract = paid;
	figures_judge(law, index, units, fiscal_year, as_of, paid, &figures);
	outlook_judge(law, index, units, &figures, paid, &outlook);
	packages_make(index, units, fiscal_year, as_of, &packages);
	figure = *scope ? figures_department(&figures, scope) : &figures.district;
	if (figure)
		write_explanation(&e, &view, figure);
	packages_free(&packages);
	outlook_free(&outlook);
	figures_free(&figures);
	free(paid);
	return figure ? 0 : 1;
}

/* A unit below a department. 1 when it is unknown or has no figures. */
static int explain_unit(const struct law *law, const struct facts *facts, enum explain_basis basis,
	const char *unit_code, int fiscal_year, day_t as_of, struct json_out *out)
{
	struct unit_alone alone;
	int result;

	if (!unit_alone_make(facts, unit_code, &alone))
		return 1;
	result = explain_scope(
		law, alone.index, alone.units, basis, unit_code, fiscal_year, as_of, out);
	unit_alone_free(&alone);
	return result;
}

int explain_quota(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, const char *basis, const char *scope, int fiscal_year,
	day_t as_of, struct json_out *out, struct err *err)
{
	enum explain_basis found = find_basis(basis);

	if (found == EXPLAIN_BASES)
		return err_set(
			err, ERR_DATA, "no basis \"%s\": there are %s", basis, explain_bases);
	if (explain_scope(law, index, units, found, scope, fiscal_year, as_of, out) == 0 ||
		explain_unit(law, index->facts, found, scope, fiscal_year, as_of, out) == 0)
		return 0;
	return err_set(err, ERR_DATA, "no department and no unit \"%s\" has figures in %d", scope,
		fiscal_year);
}
