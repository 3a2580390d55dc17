#include "checks/explain_clause.h"

#include <inttypes.h>
#include <stdio.h>

#include "checks/clause.h"
#include "checks/findings.h"
#include "checks/interest.h"
#include "checks/regulation.h"

enum { TEXT_MAX = 512, PPM_PER_PERCENT = 10000 };

struct telling {
	const struct law *law;
	const struct contract_fact *contract;
	struct json_out *out;
};

static void tell_term(const struct telling *t, enum clause clause, char text[TEXT_MAX])
{
	bool working = t->contract->term_unit == TERM_WORKDAY;
	int64_t cap =
		parameter_near(t->law->parameters, PARAM_P2_PUBLIC_CAP, t->contract->signed_on);

	json_int(t->out, "agreed_term", t->contract->agreed_term);
	json_text(t->out, "term_unit", working ? "workday" : "day");
	json_int(t->out, "limit_days", cap);
	snprintf(text, TEXT_MAX,
		clause == CLAUSE_TERM_UNTOLD ? "约定付款期限 %" PRId64 " %s，上限 %" PRId64
					       " 日；缺少该年度工作日历，暂不能比较"
					     : "约定付款期限 %" PRId64 " %s，超过 %" PRId64
					       " 日的上限",
		t->contract->agreed_term, working ? "个工作日" : "日", cap);
}

static void tell_rate(const struct telling *t, char text[TEXT_MAX])
{
	struct late_rate rate = late_rate_of(t->law, t->contract);

	json_int(t->out, "agreed_ppm_per_year", t->contract->late_rate_ppm);
	json_int(t->out, "lpr_at_signing_ppm", rate.lpr_ppm);
	snprintf(text, TEXT_MAX,
		"约定逾期年利率 %" PRId64 ".%04" PRId64 "%%，低于签订时一年期LPR %" PRId64
		".%04" PRId64 "%%",
		t->contract->late_rate_ppm / PPM_PER_PERCENT,
		t->contract->late_rate_ppm % PPM_PER_PERCENT, rate.lpr_ppm / PPM_PER_PERCENT,
		rate.lpr_ppm % PPM_PER_PERCENT);
}

/* The words stand in the contract: whoever disagrees with the reading has to see them. */
static void tell_words(const struct telling *t, const char *why, char text[TEXT_MAX])
{
	json_text(t->out, "payment_clause", t->contract->payment_clause);
	snprintf(text, TEXT_MAX, "%s", why);
}

static void tell_found(const struct telling *t, enum clause clause, char text[TEXT_MAX])
{
	switch (clause) {
	case CLAUSE_TERM_OVER_CAP:
	case CLAUSE_TERM_UNTOLD:
		tell_term(t, clause, text);
		break;
	case CLAUSE_RATE_BELOW_FLOOR:
		tell_rate(t, text);
		break;
	case CLAUSE_NO_INSPECTION_PERIOD:
		json_text(t->out, "clock_basis", "acceptance");
		snprintf(text, TEXT_MAX, "约定验收合格后付款，未约定验收期限");
		break;
	case CLAUSE_PAY_WHEN_PAID:
		tell_words(t, "付款以第三方（业主、总包等）付款为条件；本系统按未约定付款期限计算",
			text);
		break;
	case CLAUSE_FUND_ARRIVAL:
		tell_words(
			t, "付款以财政资金、上级拨款等到位为条件；付款期限不从资金到位起算", text);
		break;
	case CLAUSE_AUDIT_BASIS:
		tell_words(t, "以审计结果为结算或者付款依据", text);
		break;
	case CLAUSE_PREFINANCED:
		tell_words(t, "由承包人垫资", text);
		break;
	case CLAUSES:
		break;
	}
}

static void tell_clause(const struct telling *t, enum clause clause)
{
	enum regulation regulation = regulation_of(t->law, t->contract->signed_on);
	char text[TEXT_MAX] = "";

	json_object_begin(t->out, NULL);
	json_text(t->out, "code", clause_code(clause));
	json_text(t->out, "words", finding_words(clause_code(clause)));
	json_text(t->out, "rule", clause_rule(clause));
	json_text(t->out, "regulation", regulation_name(regulation));
	json_text(t->out, "article",
		finding_citation(finding_kind_find(clause_code(clause)), regulation));
	tell_found(t, clause, text);
	json_text(t->out, "text", text);
	json_object_end(t->out);
}

void explain_clauses(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, uint32_t contract, day_t as_of, struct json_out *out)
{
	const struct contract_fact *fact = &index->facts->contracts.items[contract];
	struct telling telling = { law, fact, out };
	unsigned found = clauses_of(law, index, units, contract, as_of);

	json_array_begin(out, "clauses");
	for (int clause = 0; clause < CLAUSES; clause++)
		if (found & 1u << clause)
			tell_clause(&telling, (enum clause)clause);
	json_array_end(out);
}
