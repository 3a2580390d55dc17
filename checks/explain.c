/* Rows are written as they are found, so a district's list needs no memory; the figure itself and
 * its formulas come first. */
#include "checks/explain.h"

#include <stdlib.h>
#include <string.h>

#include "checks/explain_parts.h"
#include "checks/unit_alone.h"

struct basis {
	const char *name;
	void (*rows)(const struct explaining *e);
};

static const struct basis *find_basis(const char *name)
{
	static const struct basis bases[] = {
		{ "plan", explain_plan_rows },
		{ "initial", explain_initial_rows },
		{ "adjusted", explain_adjusted_rows },
		{ "final", explain_final_rows },
		{ "award", explain_award_rows },
		{ "paid", explain_paid_rows },
		{ "mixed", explain_mixed_rows },
		{ "notice", explain_notice_rows },
		{ "q4", explain_q4_rows },
	};

	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
		if (strcmp(bases[i].name, name) == 0)
			return &bases[i];
	return NULL;
}

static void write_explanation(const struct explaining *e, const struct quota_view *view,
	const struct basis *basis, const struct scope_figures *figure)
{
	json_object_begin(e->out, NULL);
	json_text(e->out, "basis", basis->name);
	json_text(e->out, "scope", *e->scope ? e->scope : "district");
	json_int(e->out, "fiscal_year", e->fiscal_year);
	json_day(e->out, "as_of", e->as_of);
	json_line(e->out);
	write_scope(e->out, "figure", view, figure);
	json_line(e->out);
	explain_formulas(e, view, figure, basis->name);
	json_line(e->out);
	if (basis->rows == explain_notice_rows)
		write_notice_scope(e->out, "notice", figure);
	if (basis->rows == explain_plan_rows)
		explain_outlook(e, view, figure->scope);
	json_array_begin(e->out, "rows");
	basis->rows(e);
	json_line(e->out);
	json_array_end(e->out);
	json_object_end(e->out);
}

/* 0, or 1 when no department of that code has figures, with nothing written. */
static int explain_scope(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, const struct basis *basis, const char *scope,
	int fiscal_year, day_t as_of, struct json_out *out)
{
	const struct scope_figures *figure;
	struct year_figures figures;
	struct year_outlook outlook;
	struct packages packages;
	struct quota_view view = { law, index->facts, &figures, &outlook };
	struct explaining e = { law, index, units, scope, fiscal_year, as_of, NULL, &packages,
		out };
	fen_t *paid = figures_paid_on(
		&(struct arrears_question){ law, index, units, as_of, as_of, false });

	e.paid_of_contract = paid;
	figures_judge(law, index, units, fiscal_year, as_of, paid, &figures);
	outlook_judge(law, index, units, &figures, paid, &outlook);
	packages_make(index, units, fiscal_year, as_of, &packages);
	figure = *scope ? figures_department(&figures, scope) : &figures.district;
	if (figure)
		write_explanation(&e, &view, basis, figure);
	packages_free(&packages);
	outlook_free(&outlook);
	figures_free(&figures);
	free(paid);
	return figure ? 0 : 1;
}

/* A unit below a department. 1 when it is unknown or has no figures. */
static int explain_unit(const struct law *law, const struct facts *facts, const struct basis *basis,
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
	const struct basis *found = find_basis(basis);

	if (!found)
		return err_set(err, ERR_DATA,
			"no basis \"%s\": there are plan, initial, adjusted, final, award, paid, "
			"mixed, notice and q4",
			basis);
	if (explain_scope(law, index, units, found, scope, fiscal_year, as_of, out) == 0 ||
		explain_unit(law, index->facts, found, scope, fiscal_year, as_of, out) == 0)
		return 0;
	return err_set(err, ERR_DATA, "no department and no unit \"%s\" has figures in %d", scope,
		fiscal_year);
}
