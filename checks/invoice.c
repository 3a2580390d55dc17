#include "checks/invoice.h"

#include "checks/clause_words.h"

/* Wordings 收到发票后…, 凭发票…, 须先开具等额发票: a clause on payment that speaks of an invoice demands one, unless it
 * says that payment does not hang on it, or that it comes after the payment. */
static bool demands_invoice(const struct contract_fact *contract)
{
	static const char *const said[] = { "发票", NULL };
	static const char *const before[] = { "不以", "不得以", "不能以", "不因", "无需", "无须",
		"不需", "不必", "不要求", "不论", "无论", "不管", "付款后开", "付款后提供",
		"付款后补", "支付后开", "支付后提供", "支付后补", "收款后开", "收款后提供", NULL };
	static const char *const anywhere[] = { "发票不作为", "发票不是", "与发票无关", NULL };

	return clause_says(
		contract->payment_clause, &(struct clause_words){ said, before, anywhere });
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
