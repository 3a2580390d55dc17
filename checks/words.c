#include "checks/words.h"

#include <stdio.h>
#include <string.h>

struct word {
	const char *word;
	int value;
};

static int lookup(const struct word *words, size_t count, const char *word, int otherwise)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i].word, word) == 0)
			return words[i].value;
	}
	return otherwise;
}

static const char *name_of(const struct word *words, size_t count, int value)
{
	for (size_t i = 0; i < count; i++) {
		if (words[i].value == value)
			return words[i].word;
	}
	return "";
}

#define COUNT(array)                   (sizeof(array) / sizeof((array)[0]))
#define LOOKUP(table, word, otherwise) lookup(table, COUNT(table), word, otherwise)
#define NAME(table, value)             name_of(table, COUNT(table), value)

static const struct word debtor_kinds[] = {
	{ "organ", DEBTOR_ORGAN },
	{ "institution", DEBTOR_INSTITUTION },
	{ "group", DEBTOR_GROUP },
	{ "soe", DEBTOR_SOE },
	{ "large_enterprise", DEBTOR_LARGE_ENTERPRISE },
};
static const struct word size_classes[] = {
	{ "L", SIZE_LARGE },
	{ "M", SIZE_MEDIUM },
	{ "S", SIZE_SMALL },
	{ "X", SIZE_MICRO },
	{ "SME", SIZE_SME },
	{ "U", SIZE_UNKNOWN },
};
static const struct word deemed_kinds[] = {
	{ "disabled_welfare", DEEMED_DISABLED_WELFARE },
	{ "prison", DEEMED_PRISON },
};
static const struct word snapshot_kinds[] = {
	{ "initial", SNAPSHOT_INITIAL },
	{ "adjusted", SNAPSHOT_ADJUSTED },
	{ "final", SNAPSHOT_FINAL },
};
static const struct word classes[] = {
	{ "goods", CLASS_GOODS },
	{ "works", CLASS_WORKS },
	{ "services", CLASS_SERVICES },
};
static const struct word reserve_forms[] = {
	{ "none", RESERVE_NONE },
	{ "whole", RESERVE_WHOLE },
	{ "package", RESERVE_PACKAGE },
	{ "consortium", RESERVE_CONSORTIUM },
	{ "subcontract", RESERVE_SUBCONTRACT },
	{ "unstated", RESERVE_UNSTATED },
};
static const struct word reserved_groups[] = {
	{ "sme", RESERVED_FOR_SME },
	{ "small_micro", RESERVED_FOR_SMALL_MICRO },
};
static const struct word term_units[] = { { "day", TERM_DAY }, { "workday", TERM_WORKDAY } };
static const struct word event_kinds[] = {
	{ "delivery", EVENT_DELIVERY },
	{ "inspection_request", EVENT_INSPECTION_REQUEST },
	{ "acceptance", EVENT_ACCEPTANCE },
	{ "settlement", EVENT_SETTLEMENT },
	{ "handover", EVENT_HANDOVER },
	{ "final_account", EVENT_FINAL_ACCOUNT },
};
static const struct word event_results[] = {
	{ "passed", EVENT_PASSED },
	{ "failed", EVENT_FAILED },
	{ "partial", EVENT_PARTIAL },
};
static const struct word clock_bases[] = {
	{ "delivery", CLOCK_DELIVERY },
	{ "acceptance", CLOCK_ACCEPTANCE },
	{ "settlement", CLOCK_SETTLEMENT },
};
static const struct word obligation_kinds[] = {
	{ "prepayment", KIND_PREPAYMENT },
	{ "delivery", KIND_DELIVERY },
	{ "progress", KIND_PROGRESS },
	{ "retention", KIND_RETENTION },
	{ "deposit", KIND_DEPOSIT },
};
static const struct word deposit_kinds[] = {
	{ "performance", DEPOSIT_PERFORMANCE },
	{ "bid", DEPOSIT_BID },
	{ "quality", DEPOSIT_QUALITY },
	{ "wage", DEPOSIT_WAGE },
};
static const struct word instruments[] = { { "cash", INSTRUMENT_CASH },
	{ "bill", INSTRUMENT_BILL } };
static const struct word year_marks[] = {
	{ "budget-complete", MARK_BUDGET_COMPLETE },
	{ "closed", MARK_CLOSED },
	{ "notice-published", MARK_NOTICE_PUBLISHED },
};
static const struct word party_roles[] = {
	{ "lead", ROLE_LEAD },
	{ "member", ROLE_MEMBER },
	{ "subcontractor", ROLE_SUBCONTRACTOR },
	{ "manufacturer", ROLE_MANUFACTURER },
};
static const struct word tris[] = {
	{ "1", TRI_YES },
	{ "0", TRI_NO },
	{ "t", TRI_YES },
	{ "f", TRI_NO },
	{ "true", TRI_YES },
	{ "false", TRI_NO },
};

enum debtor_kind words_debtor_kind(const char *word)
{
	return (enum debtor_kind)LOOKUP(debtor_kinds, word, DEBTOR_UNKNOWN);
}

const char *words_of_debtor_kind(enum debtor_kind kind)
{
	return NAME(debtor_kinds, (int)kind);
}

enum size_class words_size_class(const char *word)
{
	return (enum size_class)LOOKUP(size_classes, word, SIZE_BLANK);
}

const char *words_of_size_class(enum size_class size)
{
	return NAME(size_classes, (int)size);
}

enum deemed words_deemed(const char *word)
{
	return (enum deemed)LOOKUP(deemed_kinds, word, DEEMED_NONE);
}

enum snapshot_kind words_snapshot_kind(const char *word)
{
	return (enum snapshot_kind)LOOKUP(snapshot_kinds, word, SNAPSHOT_INITIAL);
}

enum procurement_class words_procurement_class(const char *word)
{
	return (enum procurement_class)LOOKUP(classes, word, CLASS_UNKNOWN);
}

const char *words_of_procurement_class(enum procurement_class class)
{
	return NAME(classes, (int)class);
}

enum reserve_form words_reserve_form(const char *word)
{
	return (enum reserve_form)LOOKUP(reserve_forms, word, RESERVE_NONE);
}

const char *words_of_reserve_form(enum reserve_form form)
{
	return NAME(reserve_forms, (int)form);
}

enum reserved_for words_reserved_for(const char *word)
{
	return (enum reserved_for)LOOKUP(reserved_groups, word, RESERVED_FOR_BLANK);
}

enum term_unit words_term_unit(const char *word)
{
	return (enum term_unit)LOOKUP(term_units, word, TERM_DAY);
}

enum clock_basis words_clock_basis(const char *word)
{
	return (enum clock_basis)LOOKUP(clock_bases, word, CLOCK_DELIVERY);
}

const char *words_of_clock_basis(enum clock_basis basis)
{
	return NAME(clock_bases, (int)basis);
}

/* One that starts nothing for a word that nobody knows. */
enum event_kind words_event_kind(const char *word)
{
	return (enum event_kind)LOOKUP(event_kinds, word, EVENT_INSPECTION_REQUEST);
}

const char *words_of_event_kind(enum event_kind kind)
{
	return NAME(event_kinds, (int)kind);
}

enum event_result words_event_result(const char *word)
{
	return (enum event_result)LOOKUP(event_results, word, EVENT_UNSTATED);
}

const char *words_of_event_result(enum event_result result)
{
	return NAME(event_results, (int)result);
}

enum obligation_kind words_obligation_kind(const char *word)
{
	return (enum obligation_kind)LOOKUP(obligation_kinds, word, KIND_DELIVERY);
}

const char *words_of_obligation_kind(enum obligation_kind kind)
{
	return NAME(obligation_kinds, (int)kind);
}

enum deposit_kind words_deposit_kind(const char *word)
{
	return (enum deposit_kind)LOOKUP(deposit_kinds, word, DEPOSIT_UNSTATED);
}

enum instrument words_instrument(const char *word)
{
	return (enum instrument)LOOKUP(instruments, word, INSTRUMENT_UNSTATED);
}

const char *words_of_instrument(enum instrument instrument)
{
	return NAME(instruments, (int)instrument);
}

enum tri words_tri(const char *word)
{
	return (enum tri)LOOKUP(tris, word, TRI_UNKNOWN);
}

enum year_mark words_year_mark(const char *word)
{
	return (enum year_mark)LOOKUP(year_marks, word, MARK_UNKNOWN);
}

day_t words_month(const char *word)
{
	enum { MONTH_TEXT = 7 }; /* YYYY-MM */
	char first[DAY_TEXT_MAX];
	day_t day;

	if (strlen(word) != MONTH_TEXT)
		return DAY_NONE;
	snprintf(first, sizeof(first), "%s-01", word);
	return day_parse(first, strlen(first), &day) ? day : DAY_NONE;
}

enum party_role words_party_role(const char *word)
{
	return (enum party_role)LOOKUP(party_roles, word, ROLE_OTHER);
}

static bool has_any(const char *text, const char *const *pieces)
{
	for (; *pieces; pieces++)
		if (strstr(text, *pieces))
			return true;
	return false;
}

enum notice_kind words_notice_kind(const char *word)
{
	static const char *const ends[] = { "终止", "废标", "termination", NULL };
	static const char *const candidates[] = { "候选", NULL };
	static const char *const awards[] = { "中标", "成交", "award", NULL };
	static const char *const tenders[] = { "采购公告", "招标公告", "谈判公告", "磋商公告",
		"询价公告", "询价通知", "资格预审公告", "tender", NULL };
	static const char *const changes[] = { "意向", "更正", "变更", NULL };

	if (has_any(word, ends))
		return NOTICE_TERMINATION;
	if (strcmp(word, "合同公告") == 0 || strcmp(word, "contract") == 0)
		return NOTICE_CONTRACT;
	if (has_any(word, awards))
		return has_any(word, candidates) ? NOTICE_OTHER : NOTICE_AWARD;
	return has_any(word, tenders) && !has_any(word, changes) ? NOTICE_TENDER : NOTICE_OTHER;
}
