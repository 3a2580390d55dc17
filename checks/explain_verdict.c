/* Formulas: what was compared with what, in numbers and in words. */
#include "checks/explain_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "checks/explain_reason.h"

enum { MILLION = 1000000, PPM_PER_PERCENT = 10000, FORMULA_MAX = 512 };

struct formula {
	const char *figure; /* member it explains */
	const char *rule, *reading;
	const char *part_words, *whole_words;
	fen_t part, whole;
	int64_t floor_ppm;
	const char *result; /* code of the verdict; "" where the basis has none in law */
};

/* "40", "66.6667": parts per million as a percentage. */
static const char *percent(int64_t ppm, char room[32])
{
	int64_t rest = ppm % PPM_PER_PERCENT;
	size_t length;

	if (rest == 0) {
		snprintf(room, 32, "%" PRId64, ppm / PPM_PER_PERCENT);
		return room;
	}
	length = (size_t)snprintf(room, 32, "%" PRId64 ".%04" PRId64, ppm / PPM_PER_PERCENT, rest);
	while (room[length - 1] == '0')
		room[--length] = '\0';
	return room;
}

static void write_formula(const struct explaining *e, const struct formula *formula)
{
	char text[FORMULA_MAX], share[32], part[MONEY_TEXT_MAX], whole[MONEY_TEXT_MAX],
		need[MONEY_TEXT_MAX], gap[MONEY_TEXT_MAX];
	fen_t needed = 0;

	if (!money_scale_up(formula->whole, formula->floor_ppm, MILLION, &needed))
		needed = MONEY_FEN_MAX;
	snprintf(text, sizeof(text),
		"%s × %s%% = %s × %s%%，进位到分为 %s 元；%s %s 元，差额 %s "
		"元（整数比较，不四舍五入）",
		formula->whole_words, percent(formula->floor_ppm, share),
		money_text_grouped(formula->whole, whole), share, money_text_grouped(needed, need),
		formula->part_words, money_text_grouped(formula->part, part),
		money_text_grouped(needed > formula->part ? needed - formula->part : 0, gap));
	json_object_begin(e->out, NULL);
	json_text(e->out, "figure", formula->figure);
	json_text(e->out, "rule", formula->rule);
	json_text(e->out, "reading", formula->reading);
	json_text(e->out, "article", rule_article(formula->rule));
	json_fen(e->out, "part_fen", formula->part);
	json_fen(e->out, "whole_fen", formula->whole);
	json_int(e->out, "floor_ppm", formula->floor_ppm);
	json_fen(e->out, "needed_fen", needed);
	json_fen(e->out, "gap_fen", needed > formula->part ? needed - formula->part : 0);
	json_text(e->out, "result", formula->result);
	json_text(e->out, "text", text);
	json_object_end(e->out);
}

static void of_plan(
	const struct explaining *e, const struct quota_sums *sums, struct quota_floor floor)
{
	struct quota_verdict verdict = quota_judge(floor, *sums);
	fen_t target = sums->sme + verdict.sme_gap;
	const struct formula formulas[] = {
		{ "plan.sme_status", floor.rule_id, "G-16", "预留中小企业", "预算总额（全口径）",
			sums->sme, sums->strict_base, floor.sme_ppm,
			quota_status_name(verdict.sme) },
		{ "plan.sme_gap_adjusted_fen", "Q-8", "G-17", "预留中小企业",
			"扣除不适宜预留后的预算", sums->sme, sums->adjusted_base, floor.sme_ppm,
			"" },
		{ "plan.small_micro_status", floor.rule_id, "G-16", "其中小微企业", "预留中小企业",
			sums->small_micro, sums->sme, floor.small_micro_ppm,
			quota_status_name(verdict.small_micro) },
		{ "plan.small_micro_gap_at_target_fen", floor.rule_id, "G-17", "其中小微企业",
			"补足后的预留中小企业", sums->small_micro, target, floor.small_micro_ppm,
			"" },
	};

	for (size_t i = 0; i < sizeof(formulas) / sizeof(formulas[0]); i++)
		write_formula(e, &formulas[i]);
}

/* A budget snapshot: the arithmetic of the plan basis; the verdict is that of the headline. */
static void of_snapshot(const struct explaining *e, const struct scope_figures *scope,
	enum snapshot_kind kind, struct quota_floor floor)
{
	const struct quota_sums *sums = &scope->snapshots[kind].sums;
	struct quota_verdict verdict = quota_judge(floor, *sums);
	char sme[64], small_micro[64];

	snprintf(sme, sizeof(sme), "snapshots.%s.sme_status", figures_snapshot_name(kind));
	snprintf(small_micro, sizeof(small_micro), "snapshots.%s.small_micro_status",
		figures_snapshot_name(kind));
	write_formula(e, &(struct formula){ sme, "Q-5", "Q-5", "预留中小企业",
				 "该预算版本总额（全口径）", sums->sme, sums->strict_base,
				 floor.sme_ppm, quota_status_name(verdict.sme) });
	write_formula(e, &(struct formula){ small_micro, "Q-5", "Q-5", "其中小微企业",
				 "预留中小企业", sums->small_micro, sums->sme,
				 floor.small_micro_ppm, quota_status_name(verdict.small_micro) });
}

/* Award and paid: shares for information, no floor in law. */
static void of_information(const struct explaining *e, const char *basis,
	const struct quota_sums *sums, struct quota_floor floor)
{
	struct quota_verdict verdict = quota_judge(floor, *sums);
	char sme[64], small_micro[64];

	snprintf(sme, sizeof(sme), "%s.sme_status", basis);
	snprintf(small_micro, sizeof(small_micro), "%s.small_micro_status", basis);
	write_formula(e, &(struct formula){ sme, "Q-6", "Q-6", "预留项目中由中小企业取得",
				 "全部合同基数", sums->sme, sums->strict_base, floor.sme_ppm,
				 quota_status_name(verdict.sme) });
	write_formula(e, &(struct formula){ small_micro, "Q-6", "Q-6", "其中由小微企业取得",
				 "由中小企业取得", sums->small_micro, sums->sme,
				 floor.small_micro_ppm, quota_status_name(verdict.small_micro) });
}

/* The fourth figure: two bases against each other, as circulars print it. It has no verdict. */
static void of_mixed(
	const struct explaining *e, const struct scope_figures *scope, struct quota_floor floor)
{
	write_formula(e, &(struct formula){ "mixed.plan_sme_fen", "Q-6", "Q-6",
				 "预留中小企业（预算口径）", "预算总额（全口径）", scope->plan.sme,
				 scope->plan.strict_base, floor.sme_ppm, "" });
	write_formula(
		e, &(struct formula){ "mixed.award_small_micro_fen", "Q-6", "Q-6",
			   "授予小微企业（合同口径）", "预留中小企业（预算口径）",
			   scope->award.small_micro, scope->plan.sme, floor.small_micro_ppm, "" });
}

/* The yearly notice states both shares; whoever is below them explains why. */
static void of_notice(
	const struct explaining *e, const struct scope_figures *scope, struct quota_floor floor)
{
	write_formula(e, &(struct formula){ "notice.plan_sme_fen", "N-1", "N-1", "预留中小企业",
				 "采购项目预算总额", scope->plan.sme, scope->plan.strict_base,
				 floor.sme_ppm, "" });
	write_formula(
		e, &(struct formula){ "notice.small_micro_fen", "N-1", "N-1", "其中授予小微企业",
			   "预留项目授予中小企业", scope->award.small_micro, scope->award.sme,
			   floor.small_micro_ppm, "" });
}

void explain_formulas(const struct explaining *e, const struct quota_view *view,
	const struct scope_figures *scope)
{
	int year = view->figures->fiscal_year;
	struct quota_floor floor = quota_floor_of(view->law, year, !*scope->scope);
	struct quota_floor q4 = quota_floor_of_q4(view->law, year);

	json_array_begin(e->out, "formulas");
	switch (e->basis) {
	case EXPLAIN_PLAN:
		of_plan(e, &scope->plan, floor);
		break;
	case EXPLAIN_INITIAL:
	case EXPLAIN_ADJUSTED:
	case EXPLAIN_FINAL:
		of_snapshot(e, scope, (enum snapshot_kind)(e->basis - EXPLAIN_INITIAL), floor);
		break;
	case EXPLAIN_AWARD:
		of_information(e, "award", &scope->award, floor);
		break;
	case EXPLAIN_PAID:
		of_information(e, "paid", &scope->paid, floor);
		break;
	case EXPLAIN_MIXED:
		of_mixed(e, scope, floor);
		break;
	case EXPLAIN_NOTICE:
		of_notice(e, scope, floor);
		break;
	case EXPLAIN_Q4:
	case EXPLAIN_BASES:
		of_information(e, "q4.goods_services", &scope->q4_goods_services, q4);
		of_information(e, "q4.works", &scope->q4_works, q4);
		break;
	}
	json_array_end(e->out);
}
