/* The quota figures by one basis: bases are never mixed but in the fourth figure, which says so. */
#include "daemon/figures_part.h"

#include "checks/snapshot.h"

const char *const figures_basis_words[] = { "plan", "award", "paid", "mixed", "snapshots", NULL };

#define BASIS_COLUMNS(basis, base)                                                                 \
	{ "scope", NULL, "scope", "单位", TAB_TEXT }, { "name", NULL, "name", "名称", TAB_TEXT },  \
		{ base, NULL, basis "_base_yuan", "基数", TAB_FEN },                               \
		{ basis ".sme_fen", NULL, basis "_sme_yuan", "中小企业", TAB_FEN },                \
		{ basis ".sme_fen", base, basis "_sme_share_percent", "占比%", TAB_SHARE },        \
		{ basis ".small_micro_fen", NULL, basis "_small_micro_yuan", "其中小微",           \
			TAB_FEN },                                                                 \
	{                                                                                          \
		basis ".small_micro_fen", basis ".sme_fen", basis "_small_micro_share_percent",    \
			"占比%", TAB_SHARE                                                         \
	}

static const struct tab_column plan_columns[] = { BASIS_COLUMNS("plan", "plan.strict_base_fen") };
static const struct tab_column award_columns[] = { BASIS_COLUMNS("award", "award.base_fen") };
static const struct tab_column paid_columns[] = { BASIS_COLUMNS("paid", "paid.base_fen") };
static const struct tab_column mixed_columns[] = {
	{ "scope", NULL, "scope", "单位", TAB_TEXT },
	{ "name", NULL, "name", "名称", TAB_TEXT },
	{ "plan.strict_base_fen", NULL, "plan_base_yuan", "预算（全口径）", TAB_FEN },
	{ "mixed.plan_sme_fen", NULL, "mixed_plan_sme_yuan", "预留中小企业（预算口径）", TAB_FEN },
	{ "mixed.plan_sme_fen", "plan.strict_base_fen", "mixed_plan_sme_share_percent", "占比%",
		TAB_SHARE },
	{ "mixed.award_small_micro_fen", NULL, "mixed_award_small_micro_yuan",
		"授予小微企业（合同口径）", TAB_FEN },
	{ "mixed.award_small_micro_fen", "mixed.plan_sme_fen", "mixed_small_micro_share_percent",
		"通报口径占比%", TAB_SHARE },
};

#define SNAPSHOT_COLUMNS(kind, words)                                                              \
	{ "snapshots." kind ".strict_base_fen", NULL, kind "_base_yuan", words "（全口径）",       \
		TAB_FEN },                                                                         \
		{ "snapshots." kind ".own_items", NULL, kind "_own_items", "该版本行数",           \
			TAB_INT },                                                                 \
		{ "snapshots." kind ".sme_fen", NULL, kind "_sme_yuan", "预留中小企业", TAB_FEN }, \
		{ "snapshots." kind ".sme_fen", "snapshots." kind ".strict_base_fen",              \
			kind "_sme_share_percent", "占比%", TAB_SHARE },                           \
		{ "snapshots." kind ".small_micro_fen", NULL, kind "_small_micro_yuan",            \
			"其中小微", TAB_FEN },                                                     \
	{                                                                                          \
		"snapshots." kind ".small_micro_fen", "snapshots." kind ".sme_fen",                \
			kind "_small_micro_share_percent", "占比%", TAB_SHARE                      \
	}

/* What is in force, and the budget as it stood in each of its snapshots. */
static const struct tab_column snapshot_columns[] = {
	{ "scope", NULL, "scope", "单位", TAB_TEXT },
	{ "name", NULL, "name", "名称", TAB_TEXT },
	{ "plan.strict_base_fen", NULL, "plan_base_yuan", "预算（最新批复）", TAB_FEN },
	{ "plan.sme_fen", NULL, "plan_sme_yuan", "预留中小企业", TAB_FEN },
	{ "plan.sme_fen", "plan.strict_base_fen", "plan_sme_share_percent", "占比%", TAB_SHARE },
	SNAPSHOT_COLUMNS("initial", "年初预算"),
	SNAPSHOT_COLUMNS("adjusted", "调整预算"),
	SNAPSHOT_COLUMNS("final", "年末预算"),
};

/* The same scopes as of the figures on all bases. */
static void basis_rows(json_t *document, const char *unit, bool all, json_t *rows)
{
	figures_quota.rows(document, unit, all, rows);
}

#define PART(columns)                                                                              \
	{                                                                                          \
		"quota", NULL, SNAPSHOT_QUOTA | SNAPSHOT_QUOTA_UNIT, columns,                      \
			sizeof(columns) / sizeof(columns[0]), basis_rows                           \
	}
static const struct figures_part parts[] = { PART(plan_columns), PART(award_columns),
	PART(paid_columns), PART(mixed_columns), PART(snapshot_columns) };

const struct figures_part *figures_basis(int basis)
{
	return basis >= 0 && (size_t)basis < sizeof(parts) / sizeof(parts[0]) ? &parts[basis]
									      : NULL;
}
