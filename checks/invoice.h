/* Late invoices (P-5): a debt under a clause that demands an invoice before it is paid.
 *
 * A missing invoice is no excuse the regulation lists, and an invoice starts no clock (P-3): the debt is overdue by its
 * own due day. But a creditor who was late with it is met with an objection that a person has to weigh, so from the due
 * day until the same term counted from the invoice has passed the debt is `contested`, not cleanly overdue. Without an
 * invoice on record it stays so, unless the parameter P-5 invoice_missing_contests is off (for ledgers in which invoices
 * are not kept). Calendar-date instalments and retentions count the invoice's own day instead of a term. */
#ifndef SETASIDE_CHECKS_INVOICE_H
#define SETASIDE_CHECKS_INVOICE_H

#include "checks/due.h"

struct invoice_answer {
	bool demanded;    /* by the contract's payment clause */
	day_t invoice_on; /* as known on the day; DAY_NONE = none */
	day_t until; /* last day on which a late invoice is an objection, rolled (nominal where it cannot be rolled);
		      * DAY_NONE without an invoice, or where no calendar tells the day */
	bool objection; /* on the as-of day; what is overdue then is contested */
};

struct invoice_answer invoice_judge(const struct law *law, const struct due_question *question);

#endif
