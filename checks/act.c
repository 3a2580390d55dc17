#include "checks/act.h"

#include <string.h>

#include "checks/due.h"
#include "core/err.h"

static const char *const words[ACTS] = {
	"未在规定的期限内支付货物、工程、服务款项",
	"拖延检验、验收",
	"强制接受商业汇票等非现金支付方式，或者利用其变相延长付款期限",
	"没有法律、行政法规依据，要求以审计机关的审计结果作为结算依据",
	"违法收取保证金，拒绝接受金融机构保函，或者不及时核算退还保证金",
	"以负责人变更、内部付款流程、等待竣工验收备案或者决算审计等为由拒绝或者迟延支付",
	"未按照规定公开逾期尚未支付中小企业款项信息",
};

static const struct {
	const char *code, *act;
} of_findings[] = {
	{ "arrears-overdue", "31-1" },
	{ "acceptance-stalled", "31-2" },
	{ "bill-past-due", "31-3" },
	{ "clause-audit-basis", "31-4" },
	{ "deposit-over-limit", "31-5" },
	{ "deposit-not-returned", "31-5" },
};

const char *act_words(int act)
{
	if (act < 1 || act > ACTS)
		BUG("article 31 has no act %d", act);
	return words[act - 1];
}

const char *act_of_finding(const char *code, enum debtor_kind debtor)
{
	if (!debtor_is_public(debtor))
		return NULL;
	for (size_t i = 0; i < sizeof(of_findings) / sizeof(of_findings[0]); i++)
		if (strcmp(of_findings[i].code, code) == 0)
			return of_findings[i].act;
	return NULL;
}
