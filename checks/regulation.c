#include "checks/regulation.h"

#define D728 "国务院令第728号"
#define D802 "国务院令第802号"

static const struct {
	const char *rule;
	const char *of_728, *of_802;
} provisions[PROVISION_COUNT] = {
	[PROVISION_COVERAGE] = { "P-1", D728 "第二条、第三条", D802 "第二条、第三条" },
	[PROVISION_COVERAGE_GROUP] = { "P-1", D728 "第二条、第三条、第二十八条第一款",
		D802 "第二条、第三条、第三十六条第一款" },
	[PROVISION_SIZE_STATED] = { "Z-5", D728 "第三条第二款", D802 "第三条第二款" },
	[PROVISION_BUDGET] = { "E-4", D728 "第七条第一款、第二十六条第（一）项；政府采购法第六条",
		D802 "第八条第一款、第三十二条第（一）项；政府采购法第六条" },
	[PROVISION_PREFINANCED] = { "E-4", D728 "第七条第二款、第二十六条第（二）项",
		D802 "第八条第二款、第三十二条第（二）项" },
	[PROVISION_FUNDS] = { "P-3", D728 "第七条、第八条", D802 "第八条、第九条" },
	[PROVISION_TERM_PUBLIC] = { "P-2", D728 "第八条第一款", D802 "第九条第一款" },
	[PROVISION_TERM_ENTERPRISE] = { "P-2", D728 "第八条第二款", D802 "第九条第二款" },
	/* The earlier version has no such words: the court's reply reads it in the two articles. */
	[PROVISION_PAY_WHEN_PAID] = { "P-5", D728 "第六条第一款、第八条；法释〔2024〕11号",
		D802 "第九条第二款；法释〔2024〕11号；民营经济促进法第六十八条" },
	[PROVISION_SETTLEMENT] = { "P-3", D728 "第八条第三款", D802 "第九条第四款" },
	[PROVISION_ACCEPTANCE] = { "P-3", D728 "第九条第一款", D802 "第十条第一款" },
	[PROVISION_INSPECTION] = { "P-3", D728 "第九条第二款", D802 "第十条第二款" },
	[PROVISION_BILL] = { "P-5", D728 "第十条", D802 "第十一条" },
	[PROVISION_AUDIT] = { "P-5", D728 "第十一条（合同另有约定的除外）", D802 "第十二条" },
	[PROVISION_DEPOSIT] = { "P-9", D728 "第十二条第三款", D802 "第十三条第三款" },
	[PROVISION_EXCUSES] = { "P-5", D728 "第十三条（开具发票不在所列理由之内）",
		D802 "第十四条（开具发票不在所列理由之内）" },
	[PROVISION_DISPUTE] = { "P-6", D728 "未作规定；本系统约定：无分歧部分按期支付",
		D802 "第十五条" },
	[PROVISION_INTEREST] = { "P-7", D728 "第十五条", D802 "第十七条" },
	[PROVISION_CAP] = { "P-7", "合同约定；" D728 "第十五条", "合同约定；" D802 "第十七条" },
};

enum regulation regulation_of(const struct law *law, day_t signed_on)
{
	if (signed_on == DAY_NONE)
		return REGULATION_UNKNOWN;
	if (signed_on < parameter_near(law->parameters, PARAM_P1_SIGNED_FROM, signed_on))
		return REGULATION_NONE;
	return signed_on < parameter_near(law->parameters, PARAM_P10_802_FROM, signed_on)
		       ? REGULATION_728
		       : REGULATION_802;
}

const char *regulation_name(enum regulation regulation)
{
	static const char *const names[REGULATION_COUNT] = { "", "", "728", "802" };

	return names[regulation];
}

const char *regulation_decree(enum regulation regulation)
{
	static const char *const decrees[REGULATION_COUNT] = {
		[REGULATION_NONE] = D728 "第二十九条（施行前签订的合同不适用）",
		[REGULATION_UNKNOWN] = "未载明签订日期，不能确定适用" D728 "或者" D802,
		[REGULATION_728] = D728,
		[REGULATION_802] = D802,
	};

	return decrees[regulation];
}

void regulation_days(
	const struct law *law, enum regulation regulation, day_t *ret_from, day_t *ret_to)
{
	/* The days are single values: they have no periods to choose from. */
	int64_t first = parameter_near(law->parameters, PARAM_P1_SIGNED_FROM, DAY_NONE),
		second = parameter_near(law->parameters, PARAM_P10_802_FROM, DAY_NONE);

	*ret_from = *ret_to = DAY_NONE;
	if (regulation == REGULATION_728) {
		*ret_from = (day_t)first;
		*ret_to = (day_t)second - 1;
	} else if (regulation == REGULATION_802) {
		*ret_from = (day_t)second;
	}
}

bool regulation_transition(const struct law *law, day_t signed_on, day_t start)
{
	day_t from = (day_t)parameter_near(law->parameters, PARAM_P10_802_FROM, signed_on);

	return signed_on != DAY_NONE && signed_on < from && start != DAY_NONE && start >= from;
}

const char *regulation_article(enum regulation regulation, enum provision provision)
{
	switch (regulation) {
	case REGULATION_728:
		return provisions[provision].of_728;
	case REGULATION_802:
		return provisions[provision].of_802;
	default:
		return regulation_decree(regulation);
	}
}

const char *provision_rule(enum provision provision)
{
	return provisions[provision].rule;
}

enum provision provision_of_coverage(enum debtor_kind debtor)
{
	return debtor == DEBTOR_GROUP ? PROVISION_COVERAGE_GROUP : PROVISION_COVERAGE;
}

enum provision provision_of_term(enum debtor_kind debtor)
{
	return debtor_is_enterprise(debtor) ? PROVISION_TERM_ENTERPRISE : PROVISION_TERM_PUBLIC;
}
