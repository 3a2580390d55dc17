/* Rows are written as they are found, so a district's list needs no memory; the figure itself and
 * its formulas come first. */
#include "checks/explain.h"

#include <stdlib.h>
#include <string.h>

#include "checks/explain_parts.h"

struct basis {
	const char *name;
	void (*rows)(const struct explaining *e);
};

static const struct basis *find_basis(const char *name)
{
	static const struct basis bases[] = {
		{ "plan", explain_plan_rows },
		{ "award", explain_award_rows },
		{ "paid", explain_paid_rows },
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
	json_array_begin(e->out, "rows");
	basis->rows(e);
	json_line(e->out);
	json_array_end(e->out);
	json_object_end(e->out);
}

int explain_quota(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, const char *basis, const char *scope, int fiscal_year,
	day_t as_of, struct json_out *out, struct err *err)
{
	const struct basis *found = find_basis(basis);
	const struct scope_figures *figure;
	struct year_figures figures;
	struct year_outlook outlook;
	struct packages packages;
	struct quota_view view = { law, index->facts, &figures, &outlook };
	struct explaining e = { law, index, units, scope, fiscal_year, as_of, NULL, &packages,
		out };
	fen_t *paid;

	if (!found)
		return err_set(err, ERR_DATA, "no basis \"%s\": there are plan, award, paid and q4",
			basis);
	paid = figures_paid_on(
		&(struct arrears_question){ law, index, units, as_of, as_of, false });
	e.paid_of_contract = paid;
	figures_judge(law, index, units, fiscal_year, as_of, paid, &figures);
	outlook_judge(law, index, units, &figures, &outlook);
	packages_make(index, units, fiscal_year, as_of, &packages);
	figure = *scope ? figures_department(&figures, scope) : &figures.district;
	if (figure)
		write_explanation(&e, &view, found, figure);
	else
		err_set(err, ERR_DATA, "no department \"%s\" has figures in %d", scope,
			fiscal_year);
	packages_free(&packages);
	outlook_free(&outlook);
	figures_free(&figures);
	free(paid);
	return figure ? 0 : -1;
}
