#include "checks/invoice.h"

#include <string.h>

/* Wordings 收到发票后…, 凭发票…, 须先开具等额发票: a clause on payment that speaks of an invoice demands one. */
static bool demands_invoice(const struct contract_fact *contract)
{
	return strstr(contract->payment_clause, "发票") != NULL;
}

struct invoice_answer invoice_judge(const struct law *law, const struct due_question *question)
{
	day_t invoice_on = day_known(question->obligation->invoice_on, question->as_of);
	struct invoice_answer answer = { demands_invoice(question->contract), invoice_on, DAY_NONE,
		false };
	struct due_answer due;

	if (!answer.demanded)
		return answer;
	if (invoice_on == DAY_NONE) {
		answer.objection = parameter_near(law->parameters, PARAM_P5_INVOICE_MISSING,
					   question->contract->signed_on) == 1;
		return answer;
	}
	due = due_if_started(law, question, invoice_on);
	answer.until = due.rolled != DAY_NONE ? due.rolled : due.nominal;
	answer.objection = answer.until != DAY_NONE && question->as_of <= answer.until;
	return answer;
}
