/* Bands: what a figure may be once the unknowns are known, and what to find out first.
 *
 * Every completion of the unknowns lies within its band. Plan basis: a missing or impossible share
 * may be anything up to the whole; small/micro lower = named for small/micro, upper = that + what
 * is reserved for SMEs without naming and not yet awarded + such won by (perhaps) small/micro.
 * Award basis: a supplier of unknown size, a missing share, and goods without the maker's
 * declaration, where the dealer's own class proves nothing, count in the upper value only.
 * Paid basis: the same of what was paid on those contracts.
 * Amounts are fen. */
#ifndef SETASIDE_CHECKS_BAND_H
#define SETASIDE_CHECKS_BAND_H

#include "checks/figures.h"
#include "checks/package.h"

struct band {
	fen_t sme_lower, sme_upper, small_micro_lower, small_micro_upper;
	int64_t unknown; /* rows with something to find out */
};

enum band_question_kind {
	ASK_PLAN_SHARE,    /* budget row: required share missing or impossible */
	ASK_PLAN_AMOUNT,   /* budget row: reserved amount missing */
	ASK_AWARD_SHARE,   /* contract: agreed share or reserved amount missing or impossible */
	ASK_SUPPLIER_SIZE, /* contract: class of the supplier */
	ASK_MAKER,         /* contract for goods: the maker's declaration */
	BAND_QUESTION_KINDS
};
const char *band_question_name(enum band_question_kind kind);  /* "plan-share", … */
const char *band_question_words(enum band_question_kind kind); /* zh-CN: what to find out */

enum { BAND_QUESTIONS_SHOWN = 20 }; /* of one scope, wherever they are listed */

struct band_question {
	enum band_question_kind kind;
	const char *scope; /* department */
	/* Plan: the budget row. Award: the contract. What does not name it is "". */
	const char *unit_code, *project_code, *package_no, *contract_no, *supplier_uscc;
	fen_t sme, small_micro; /* by how much the answer narrows the two bands */
};
/* What narrows most first; then by kind, contract number, unit, project and package in byte order. For qsort(). */
int band_question_order(const void *a, const void *b);
bool band_question_is_plan(enum band_question_kind kind);

struct scope_bands {
	const char *scope; /* as in the figures */
	struct band plan, award, paid;
};
struct year_bands {
	struct scope_bands district;
	struct scope_bands *departments; /* in the order of the figures' */
	size_t department_count;
	struct band_question *questions; /* what narrows most first */
	size_t question_count, question_capacity;
};

/* figures and packages: of the same facts, year and day. paid_of_contract: as in figures_judge. Release with bands_free. */
void bands_judge(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, const struct year_figures *figures,
	const struct packages *packages, const fen_t *paid_of_contract, struct year_bands *ret);
void bands_free(struct year_bands *bands);

/* a contract for goods, reserved by the supplier's class, without the maker's declaration. */
bool band_maker_unknown(const struct facts_index *index, const struct packages *packages,
	uint32_t contract, const struct award_part *part);

/* One row's part of a band; unknown is 0 or 1, *ret_kind is set only with 1. */
struct band band_of_item(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, const struct packages *packages,
	const struct budget_item_fact *item, day_t as_of, enum band_question_kind *ret_kind);
struct band band_of_contract(const struct facts_index *index, const struct packages *packages,
	uint32_t contract, const struct award_part *part, enum band_question_kind *ret_kind);
/* The same of what was paid on the contract, whose band that is. What is unknown may be nothing or all of it. */
struct band band_of_paid(const struct award_part *part, const struct band *band, fen_t paid);

#endif
