#include "checks/parameters.h"

#include "core/money.h"
#include "core/text.h"

#include <string.h>

#define ART_Q1    "中小企业促进法（2017年修订）第四十条第二款"
#define ART_Q2    "北京市促进中小企业发展条例（2020年修订）第二十八条第（二）项"
#define ART_Q3    "西行规发〔2025〕9号第八条"
#define ART_Q3V   "西行规发〔2025〕9号第二十二条；预算年度为本系统约定"
#define ART_Q4    "财库〔2020〕46号第七条、第八条"
#define ART_Q4B   "京财采购〔2021〕263号；2022年关于落实好政府采购支持中小企业发展的通知"
#define ART_P2    "国务院令第802号第九条第一款"
#define ART_P2O   "国务院令第728号第八条第一款"
#define ART_P7    "国务院令第802号第十七条（日利率万分之五）"
#define ART_P7O   "国务院令第728号第十五条（日利率万分之五）"
#define ART_K3    "国务院令第802号第二十五条第二款"
#define ART_E6    "国务院令第802号第二十三条第二款"
#define ART_Q5    "政府采购法第二条：采购限额标准由地方公布"
#define ART_Q10   "财库〔2020〕46号第九条；财库〔2022〕19号"
#define ART_Q10W  "财库〔2020〕46号第九条（工程3%至5%）"
#define ART_Q10P  "财库〔2020〕46号第九条（联合体、分包：工程1%至2%）"
#define ART_Q10O  "财库〔2020〕46号第九条（财库〔2022〕19号施行前）"
#define BY_NOTICE "day of the notice"
#define BY_YEAR   "1 January of the fiscal year"
#define BY_SIGN   "signing day of the contract"
#define BY_ACT    "day the complaint was accepted"
#define BY_DAY    "as-of day"

/* clang-format off: one parameter, one block */
const struct parameter_def parameter_defs[PARAM_COUNT] = {
	[PARAM_Q1_SME] = { "Q-1", "sme_floor_ppm", PARAM_UNIT_PPM, 0, 1000000, "300000",
		"2018-01-01", "", BY_YEAR, false, ART_Q1 },
	[PARAM_Q1_SMALL_MICRO] = { "Q-1", "small_micro_floor_ppm", PARAM_UNIT_PPM, 0, 1000000,
		"600000", "2018-01-01", "", BY_YEAR, false, ART_Q1 },
	[PARAM_Q1_YEAR_FROM] = { "Q-1", "fiscal_year_from", PARAM_UNIT_YEAR, 1990, 2199, "2018",
		"2018-01-01", "", BY_YEAR, true, ART_Q1 },
	[PARAM_Q2_SME] = { "Q-2", "sme_floor_ppm", PARAM_UNIT_PPM, 0, 1000000, "400000",
		"2020-12-01", "", BY_YEAR, true, ART_Q2 },
	[PARAM_Q2_SMALL_MICRO] = { "Q-2", "small_micro_floor_ppm", PARAM_UNIT_PPM, 0, 1000000,
		"700000", "2020-12-01", "", BY_YEAR, true, ART_Q2 },
	[PARAM_Q2_YEAR_FROM] = { "Q-2", "fiscal_year_from", PARAM_UNIT_YEAR, 1990, 2199, "2021",
		"2020-12-01", "", BY_YEAR, true, "本系统约定：自条例施行后的首个完整预算年度起" },
	[PARAM_Q3_SME] = { "Q-3", "sme_floor_ppm", PARAM_UNIT_PPM, 0, 1000000, "400000",
		"2025-12-14", "2028-12-13", BY_YEAR, true, ART_Q3 },
	[PARAM_Q3_SMALL_MICRO] = { "Q-3", "small_micro_floor_ppm", PARAM_UNIT_PPM, 0, 1000000,
		"700000", "2025-12-14", "2028-12-13", BY_YEAR, true, ART_Q3 },
	[PARAM_Q3_YEAR_FROM] = { "Q-3", "fiscal_year_from", PARAM_UNIT_YEAR, 1990, 2199, "2026",
		"2025-12-14", "2028-12-13", BY_YEAR, true, ART_Q3V },
	[PARAM_Q3_YEAR_TO] = { "Q-3", "fiscal_year_to", PARAM_UNIT_YEAR, 1990, 2199, "2028",
		"2025-12-14", "2028-12-13", BY_YEAR, true, ART_Q3V },
	[PARAM_Q4_GOODS_SERVICES_THRESHOLD] = { "Q-4", "goods_services_threshold_fen",
		PARAM_UNIT_FEN, 0, MONEY_FEN_MAX, "200000000", "2021-01-01", "", BY_YEAR, false,
		ART_Q4 },
	[PARAM_Q4_WORKS_THRESHOLD] = { "Q-4", "works_threshold_fen", PARAM_UNIT_FEN, 0,
		MONEY_FEN_MAX, "400000000", "2021-01-01", "", BY_YEAR, false, ART_Q4 },
	[PARAM_Q4_SME] = { "Q-4", "sme_floor_ppm", PARAM_UNIT_PPM, 0, 1000000, "400000",
		"2021-01-01", "", BY_YEAR, true, ART_Q4B },
	[PARAM_Q4_SMALL_MICRO] = { "Q-4", "small_micro_floor_ppm", PARAM_UNIT_PPM, 0, 1000000,
		"700000", "2021-01-01", "", BY_YEAR, true, ART_Q4B },
	[PARAM_Q5_GOODS_SERVICES_LIMIT] = { "Q-5", "goods_services_limit_fen", PARAM_UNIT_FEN, 0,
		MONEY_FEN_MAX, "", "", "", BY_YEAR, true, ART_Q5 },
	[PARAM_Q5_WORKS_LIMIT] = { "Q-5", "works_limit_fen", PARAM_UNIT_FEN, 0, MONEY_FEN_MAX, "",
		"", "", BY_YEAR, true, ART_Q5 },
	[PARAM_Q10_GOODS_SERVICES_MIN] = { "Q-10", "goods_services_min_ppm", PARAM_UNIT_PPM, 0,
		1000000, "100000", "2022-07-01", "", BY_NOTICE, false, ART_Q10 },
	[PARAM_Q10_GOODS_SERVICES_MAX] = { "Q-10", "goods_services_max_ppm", PARAM_UNIT_PPM, 0,
		1000000, "200000", "2022-07-01", "", BY_NOTICE, false, ART_Q10 },
	[PARAM_Q10_WORKS_MIN] = { "Q-10", "works_min_ppm", PARAM_UNIT_PPM, 0, 1000000, "30000",
		"2021-01-01", "", BY_NOTICE, false, ART_Q10W },
	[PARAM_Q10_WORKS_MAX] = { "Q-10", "works_max_ppm", PARAM_UNIT_PPM, 0, 1000000, "50000",
		"2021-01-01", "", BY_NOTICE, false, ART_Q10W },
	[PARAM_Q10_PART_GOODS_SERVICES_MIN] = { "Q-10", "part_goods_services_min_ppm",
		PARAM_UNIT_PPM, 0, 1000000, "40000", "2022-07-01", "", BY_NOTICE, false, ART_Q10 },
	[PARAM_Q10_PART_GOODS_SERVICES_MAX] = { "Q-10", "part_goods_services_max_ppm",
		PARAM_UNIT_PPM, 0, 1000000, "60000", "2022-07-01", "", BY_NOTICE, false, ART_Q10 },
	[PARAM_Q10_PART_WORKS_MIN] = { "Q-10", "part_works_min_ppm", PARAM_UNIT_PPM, 0, 1000000,
		"10000", "2021-01-01", "", BY_NOTICE, false, ART_Q10P },
	[PARAM_Q10_PART_WORKS_MAX] = { "Q-10", "part_works_max_ppm", PARAM_UNIT_PPM, 0, 1000000,
		"20000", "2021-01-01", "", BY_NOTICE, false, ART_Q10P },
	[PARAM_P1_SIGNED_FROM] = { "P-1", "signed_from", PARAM_UNIT_DATE, 0, 100000, "2020-09-01",
		"2020-09-01", "", BY_SIGN, false, "国务院令第728号，自2020年9月1日起施行" },
	[PARAM_P2_PUBLIC_TERM] = { "P-2", "public_term_days", PARAM_UNIT_DAY, 0, 3660, "30",
		"2025-06-01", "", BY_SIGN, false, ART_P2 },
	[PARAM_P2_PUBLIC_CAP] = { "P-2", "public_cap_days", PARAM_UNIT_DAY, 0, 3660, "60",
		"2025-06-01", "", BY_SIGN, false, ART_P2 },
	[PARAM_P2_LARGE_TERM] = { "P-2", "large_term_days", PARAM_UNIT_DAY, 0, 3660, "60",
		"2025-06-01", "", BY_SIGN, false, "国务院令第802号第九条第二款" },
	[PARAM_P2_LONG_TERM_REVIEW] = { "P-2", "long_term_review_days", PARAM_UNIT_DAY, 0, 36600,
		"60", "2020-09-01", "", BY_SIGN, false,
		"本系统约定：大型企业约定付款期限超过该天数时提示复核" },
	[PARAM_P2_CLAUSE_FROM] = { "P-2", "clause_from", PARAM_UNIT_DATE, 0, 100000, "2020-09-01",
		"2020-09-01", "", "not dated", true,
		"本系统约定：自该日起签订的合同均检查付款条款，其款项可能尚未付清" },
	[PARAM_P3_STALLED] = { "P-3", "acceptance_stalled_days", PARAM_UNIT_DAY, 0, 36600, "30",
		"2020-09-01", "", BY_SIGN, false, "本系统约定：交付后超过该天数未验收时提示" },
	[PARAM_P5_INVOICE_MISSING] = { "P-5", "invoice_missing_contests", PARAM_UNIT_SWITCH, 0, 1,
		"on", "2020-09-01", "", BY_SIGN, true,
		"国务院令第802号第十四条（未列入）；本系统约定：合同约定凭发票付款而无发票记录时标"
		"为有争议" },
	[PARAM_P7_STATUTORY_DAILY] = { "P-7", "statutory_daily_ppm", PARAM_UNIT_PPM_PER_DAY, 0,
		100000, "500", "2025-06-01", "", BY_SIGN, false, ART_P7 },
	[PARAM_P7_DAY_BASE] = { "P-7", "day_base", PARAM_UNIT_DAY, 360, 366, "365", "2020-09-01",
		"", BY_SIGN, false, "本系统约定：年利率按365日折算，合同约定360日的从其约定" },
	[PARAM_P10_802_FROM] = { "P-10", "regulation_802_from", PARAM_UNIT_DATE, 0, 100000,
		"2025-06-01", "2025-06-01", "", "not dated", false,
		"国务院令第802号，自2025年6月1日起施行" },
	[PARAM_DT5_ROLL] = { "DT-5", "roll", PARAM_UNIT_SWITCH, 0, 1, "on", "2020-09-01", "",
		"the nominal due day", false, "民法典第二百零三条" },
	[PARAM_P11_LIMITATION] = { "P-11", "limitation_warn_months", PARAM_UNIT_MONTH, 0, 36, "30",
		"2020-09-01", "", BY_DAY, false,
		"民法典第一百八十八条（三年）；本系统约定：满该月数时提示" },
	[PARAM_E6_REMIND] = { "E-6", "remind_workdays", PARAM_UNIT_WORKDAY, 0, 120, "10",
		"2020-09-01", "", BY_DAY, false, "本系统约定：到期前该工作日数内提醒" },
	[PARAM_E6_INTERVIEW] = { "E-6", "interview_days", PARAM_UNIT_DAY, 1, 36600, "30",
		"2020-09-01", "", BY_DAY, false,
		ART_E6 "；本系统约定：核实后逾期达该天数时建议约谈" },
	[PARAM_E6_SUPERVISE] = { "E-6", "supervise_days", PARAM_UNIT_DAY, 1, 36600, "60",
		"2020-09-01", "", BY_DAY, false,
		ART_E6 "；本系统约定：核实后逾期达该天数时建议督办" },
	[PARAM_E6_REPORT] = { "E-6", "report_days", PARAM_UNIT_DAY, 1, 36600, "90", "2020-09-01",
		"", BY_DAY, false, ART_E6 "；本系统约定：核实后逾期达该天数时建议通报" },
	[PARAM_E7_SMALL_DEBT] = { "E-7", "small_debt_fen", PARAM_UNIT_FEN, 0, MONEY_FEN_MAX,
		"50000000", "2020-09-01", "", BY_DAY, false,
		"国家发展改革委2025年12月13日：单笔50万元以下" },
	[PARAM_E7_BASELINE] = { "E-7", "baseline", PARAM_UNIT_DATE, 0, 100000, "2025-12-31",
		"2020-09-01", "", BY_DAY, true,
		"本系统约定：应付日不晚于该日的为存量，其后为新增" },
	[PARAM_K2_HAND_OVER] = { "K-2", "hand_over_workdays", PARAM_UNIT_WORKDAY, 0, 366, "10",
		"2025-06-01", "", BY_ACT, false, "国务院令第802号第二十五条第一款" },
	[PARAM_K3_ANSWER] = { "K-3", "answer_days", PARAM_UNIT_DAY, 0, 3660, "30", "2025-06-01", "",
		BY_ACT, false, ART_K3 },
	[PARAM_K3_ANSWER_EXTENDED] = { "K-3", "answer_days_extended", PARAM_UNIT_DAY, 0, 3660, "90",
		"2025-06-01", "", BY_ACT, false, ART_K3 },
	[PARAM_N1_NOTICE] = { "N-1", "notice_days", PARAM_UNIT_DAY, 0, 366, "60", "2021-01-01", "",
		"31 December of the fiscal year", false,
		"财库〔2020〕46号第十八条；本系统约定：年度终了后该天数内公告，逾期仅提示" },
	[PARAM_N2_SIGN] = { "N-2", "sign_days", PARAM_UNIT_DAY, 0, 366, "30", "2003-01-01", "",
		"day of the award notice", false, "政府采购法第四十六条" },
	[PARAM_N2_PUBLISH] = { "N-2", "publish_workdays", PARAM_UNIT_WORKDAY, 0, 120, "2",
		"2015-03-01", "", BY_SIGN, false, "政府采购法实施条例第五十条" },
	[PARAM_N2_SUPPLEMENT] = { "N-2", "supplement_ppm", PARAM_UNIT_PPM, 0, 1000000, "100000",
		"2003-01-01", "", BY_SIGN, false, "政府采购法第四十九条" },
	[PARAM_N2_DEPOSIT] = { "N-2", "deposit_ppm", PARAM_UNIT_PPM, 0, 1000000, "100000",
		"2015-03-01", "", BY_SIGN, false, "政府采购法实施条例第四十八条" },
	[PARAM_N2_BID_DEPOSIT] = { "N-2", "bid_deposit_ppm", PARAM_UNIT_PPM, 0, 1000000, "20000",
		"2015-03-01", "", BY_SIGN, false, "政府采购法实施条例第三十三条" },
	[PARAM_O1_PREPARATION] = { "O-1", "preparation_workdays", PARAM_UNIT_WORKDAY, 0, 120, "10",
		"2021-01-01", "", BY_YEAR, false,
		"本系统约定：调整采购计划并编制采购文件的常见用时" },
	[PARAM_O1_TENDER] = { "O-1", "tender_days", PARAM_UNIT_DAY, 0, 366, "20", "2021-01-01", "",
		BY_YEAR, false, "政府采购法第三十五条（自招标文件发出之日起不少于二十日）" },
	[PARAM_O1_AWARD] = { "O-1", "award_workdays", PARAM_UNIT_WORKDAY, 0, 60, "9", "2021-01-01",
		"", BY_YEAR, false, "政府采购法实施条例第四十三条（2＋5＋2个工作日）" },
	[PARAM_O1_CONTRACT] = { "O-1", "contract_days", PARAM_UNIT_DAY, 0, 366, "30", "2021-01-01",
		"", BY_YEAR, false, "政府采购法第四十六条（三十日内签订合同）" },
	[PARAM_O2_COVER] = { "O-2", "cover_ppm", PARAM_UNIT_PPM, 1000000, 10000000, "1500000",
		"2021-01-01", "", BY_YEAR, false,
		"本系统约定：可预留余额低于差额的该倍数时提示尽快安排" },
	[PARAM_O2_URGENT] = { "O-2", "urgent_workdays", PARAM_UNIT_WORKDAY, 0, 250, "20",
		"2021-01-01", "", BY_YEAR, false,
		"本系统约定：距最后可行日不超过该工作日数时提示尽快安排" },
	[PARAM_O2_GROWTH] = { "O-2", "growth_ppm", PARAM_UNIT_PPM, 0, 10000000, "100000",
		"2021-01-01", "", BY_YEAR, false,
		"本系统约定：差额比上次提示扩大该比例时再次提示" },
	[PARAM_O2_MINIMUM_BASE] = { "O-2", "minimum_base_fen", PARAM_UNIT_FEN, 0, MONEY_FEN_MAX,
		"0", "2021-01-01", "", BY_YEAR, false, "本系统约定：预算总额低于该数时不提示" },
	[PARAM_O2_COVERAGE] = { "O-2", "minimum_coverage_ppm", PARAM_UNIT_PPM, 0, 1000000, "900000",
		"2021-01-01", "", BY_YEAR, false,
		"本系统约定：可计入的预算低于该比例时为数据不足，不提示" },
	[PARAM_O2_REPEAT] = { "O-2", "repeat_months", PARAM_UNIT_MONTH, 1, 12, "1", "2021-01-01",
		"", BY_YEAR, false, "本系统约定：差额未补足时，距上次提示满该月数后再次提示" },
};

const struct parameter_earlier parameter_earlier[PARAMETER_EARLIER_COUNT] = {
	{ PARAM_Q10_GOODS_SERVICES_MIN, "60000", "2021-01-01", "2022-06-30", ART_Q10O },
	{ PARAM_Q10_GOODS_SERVICES_MAX, "100000", "2021-01-01", "2022-06-30", ART_Q10O },
	{ PARAM_Q10_PART_GOODS_SERVICES_MIN, "20000", "2021-01-01", "2022-06-30", ART_Q10O },
	{ PARAM_Q10_PART_GOODS_SERVICES_MAX, "30000", "2021-01-01", "2022-06-30", ART_Q10O },
	{ PARAM_P2_PUBLIC_TERM, "30", "2020-09-01", "2025-05-31", ART_P2O },
	{ PARAM_P2_PUBLIC_CAP, "60", "2020-09-01", "2025-05-31", ART_P2O },
	{ PARAM_P7_STATUTORY_DAILY, "500", "2020-09-01", "2025-05-31", ART_P7O },
};
/* clang-format on */

const char *parameter_unit_name(enum parameter_unit unit)
{
	static const char *const names[] = { "ppm", "ppm/day", "fen", "day", "workday", "month",
		"year", "date", "on/off" };

	return names[unit];
}

static bool read_value(enum parameter_unit unit, const char *text, int64_t *ret)
{
	day_t day;

	switch (unit) {
	case PARAM_UNIT_DATE:
		if (!day_parse(text, strlen(text), &day))
			return false;
		*ret = day;
		return true;
	case PARAM_UNIT_SWITCH:
		*ret = strcmp(text, "on") == 0;
		return *ret || strcmp(text, "off") == 0;
	default:
		return text_to_int64(text, ret);
	}
}

static int find_parameter(const char *rule_id, const char *name)
{
	for (int i = 0; i < PARAM_COUNT; i++) {
		if (strcmp(parameter_defs[i].rule_id, rule_id) == 0 &&
			strcmp(parameter_defs[i].name, name) == 0)
			return i;
	}
	return -1;
}

static bool overlaps(const struct parameter_period *period, day_t from, day_t to)
{
	return (to == DAY_NONE || period->from <= to) &&
	       (period->to == DAY_NONE || from <= period->to);
}

int parameters_take(struct parameters *parameters, const char *rule_id, const char *name,
	day_t valid_from, day_t valid_to, const char *value, struct err *err)
{
	int which = find_parameter(rule_id, name);
	const struct parameter_def *def = which < 0 ? NULL : &parameter_defs[which];
	int64_t number;
	int count;

	if (!def)
		return err_set(err, ERR_DATA, "rule parameter %s %s is not known to this program",
			rule_id, name);
	if (!read_value(def->unit, value, &number) || number < def->min || number > def->max)
		return err_set(err, ERR_DATA,
			"rule parameter %s %s: \"%s\" is not a value in %s within its range",
			rule_id, name, value, parameter_unit_name(def->unit));
	count = parameters->of[which].count;
	for (int i = 0; i < count; i++) {
		if (overlaps(&parameters->of[which].periods[i], valid_from, valid_to))
			return err_set(err, ERR_DATA, "rule parameter %s %s: two periods overlap",
				rule_id, name);
	}
	if (count == PARAMETER_PERIODS)
		return err_set(err, ERR_DATA, "rule parameter %s %s: more than %d periods", rule_id,
			name, PARAMETER_PERIODS);
	parameters->of[which].periods[count] =
		(struct parameter_period){ valid_from, valid_to, number };
	parameters->of[which].count++;
	return 0;
}

void parameters_clear(struct parameters *parameters)
{
	*parameters = (struct parameters){ 0 };
}

static day_t default_day(const char *text)
{
	day_t day = DAY_NONE;

	if (*text && !day_parse(text, strlen(text), &day))
		BUG("default parameter date %s", text);
	return day;
}

void parameters_defaults(struct parameters *parameters)
{
	parameters_clear(parameters);
	for (int i = 0; i < PARAM_COUNT; i++) {
		const struct parameter_def *def = &parameter_defs[i];
		struct err err = ERR_INIT;

		if (!*def->value)
			continue;
		if (parameters_take(parameters, def->rule_id, def->name,
			    default_day(def->valid_from), default_day(def->valid_to), def->value,
			    &err) < 0)
			BUG("%s", err.text);
	}
	for (int i = 0; i < PARAMETER_EARLIER_COUNT; i++) {
		const struct parameter_earlier *earlier = &parameter_earlier[i];
		const struct parameter_def *def = &parameter_defs[earlier->of];
		struct err err = ERR_INIT;

		if (parameters_take(parameters, def->rule_id, def->name,
			    default_day(earlier->valid_from), default_day(earlier->valid_to),
			    earlier->value, &err) < 0)
			BUG("%s", err.text);
	}
}

int parameters_check(const struct parameters *parameters, struct err *err)
{
	for (int i = 0; i < PARAM_COUNT; i++) {
		if (parameters->of[i].count == 0 && !parameter_defs[i].optional)
			return err_set(err, ERR_DATA, "rule parameter %s %s has no value",
				parameter_defs[i].rule_id, parameter_defs[i].name);
	}
	return 0;
}

/* Days between day and the period; 0 inside. DAY_NONE as a bound is open. */
static int64_t distance(const struct parameter_period *period, day_t day)
{
	if (period->from != DAY_NONE && day < period->from)
		return (int64_t)period->from - day;
	if (period->to != DAY_NONE && day > period->to)
		return (int64_t)day - period->to;
	return 0;
}

static const struct parameter_period *nearest(
	const struct parameters *parameters, enum parameter parameter, day_t day)
{
	const struct parameter_period *best = NULL;

	for (int i = 0; i < parameters->of[parameter].count; i++) {
		const struct parameter_period *period = &parameters->of[parameter].periods[i];

		if (!best || distance(period, day) < distance(best, day))
			best = period;
	}
	return best;
}

int64_t parameter_at(const struct parameters *parameters, enum parameter parameter, day_t day)
{
	const struct parameter_period *period = nearest(parameters, parameter, day);

	return period && day != DAY_NONE && distance(period, day) == 0 ? period->value
								       : PARAMETER_NONE;
}

int64_t parameter_near(const struct parameters *parameters, enum parameter parameter, day_t day)
{
	const struct parameter_period *period = nearest(parameters, parameter, day);

	return period ? period->value : PARAMETER_NONE;
}
