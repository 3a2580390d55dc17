/* Rows of the ledger as facts: one function per kind, in the column order of checks/load_KIND.sql.
 *
 * first: the column where the kind's own columns begin (a query may put others before them). Texts are copied into the
 * facts' pool; nothing of the row is kept. */
#ifndef SETASIDE_CHECKS_LOAD_ROWS_H
#define SETASIDE_CHECKS_LOAD_ROWS_H

#include "checks/facts.h"

struct sql_row;

void fact_row_unit(struct facts *facts, const struct sql_row *row, int first);
void fact_row_supplier(struct facts *facts, const struct sql_row *row, int first);
void fact_row_budget_item(struct facts *facts, const struct sql_row *row, int first);
void fact_row_before(struct facts *facts, const struct sql_row *row, int first);
void fact_row_contract(struct facts *facts, const struct sql_row *row, int first);
void fact_row_amendment(struct facts *facts, const struct sql_row *row, int first);
void fact_row_event(struct facts *facts, const struct sql_row *row, int first);
void fact_row_obligation(struct facts *facts, const struct sql_row *row, int first);
void fact_row_dispute(struct facts *facts, const struct sql_row *row, int first);
void fact_row_payment(struct facts *facts, const struct sql_row *row, int first);
void fact_row_complaint(struct facts *facts, const struct sql_row *row, int first);
void fact_row_declared(struct facts *facts, const struct sql_row *row, int first);
void fact_row_debt_note(struct facts *facts, const struct sql_row *row, int first);
void fact_row_plan(struct facts *facts, const struct sql_row *row, int first);
void fact_row_year_mark(struct facts *facts, const struct sql_row *row, int first);
void fact_row_notice(struct facts *facts, const struct sql_row *row, int first);
void fact_row_contract_party(struct facts *facts, const struct sql_row *row, int first);
void fact_row_award(struct facts *facts, const struct sql_row *row, int first);

#endif
