#include "checks/review.h"

#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/map.h"
#include "core/mem.h"

static const char *const verdict_names[] = { "", "verified", "contested", "not-paid", "refuted" };

const char *review_verdict_name(enum review_verdict verdict)
{
	return verdict_names[verdict];
}

enum review_verdict review_verdict_parse(const char *name)
{
	for (int verdict = REVIEW_VERIFIED; verdict <= REVIEW_REFUTED; verdict++)
		if (strcmp(name, verdict_names[verdict]) == 0)
			return (enum review_verdict)verdict;
	return REVIEW_NONE;
}

struct review_book {
	struct review *items;
	size_t count, cap;
	struct map places;
};

struct review_book *review_book_new(void)
{
	return mem_zero(1, sizeof(struct review_book));
}

void review_book_free(struct review_book *book)
{
	if (!book)
		return;
	for (size_t i = 0; i < book->count; i++) {
		free(book->items[i].obligation_no);
		free(book->items[i].reviewer);
	}
	free(book->items);
	map_free(&book->places);
	free(book);
}

void review_book_add(struct review_book *book, const struct review *review)
{
	uint32_t place = map_get(&book->places, review->obligation_no);
	struct review *item;

	if (place == MAP_NONE) {
		MEM_GROW(book->items, book->count, book->cap);
		item = &book->items[book->count];
		*item = (struct review){ .obligation_no = mem_text(review->obligation_no) };
		map_put(&book->places, item->obligation_no, (uint32_t)book->count++);
	} else {
		item = &book->items[place];
		free(item->reviewer);
	}
	item->reviewer = mem_text(review->reviewer);
	item->verdict = review->verdict;
	item->reviewed_on = review->reviewed_on;
	item->overdue_since = review->overdue_since;
	item->overdue = review->overdue;
}

const struct review *review_holding(const struct review_book *book, const char *obligation_no,
	const struct obligation_state *state)
{
	uint32_t place = book ? map_get(&book->places, obligation_no) : MAP_NONE;
	const struct review *review;

	if (place == MAP_NONE || state->overdue == 0)
		return NULL;
	review = &book->items[place];
	return state->overdue_since >= review->overdue_since && state->overdue <= review->overdue
		       ? review
		       : NULL;
}

enum review_verdict review_of(const struct review_book *book, const char *obligation_no,
	const struct obligation_state *state)
{
	const struct review *review = review_holding(book, obligation_no, state);

	return review ? review->verdict : REVIEW_NONE;
}

/* Standing ------------------------------------------------------------------------------------ */

const char *standing_name(enum standing standing)
{
	static const char *const names[STANDING_COUNT] = { "none", "maybe-paid", "suspected",
		"contested", "verified", "refuted" };

	return names[standing];
}

const char *standing_words(enum standing standing)
{
	static const char *const words[STANDING_COUNT] = { "", "可能已付（待匹配支付）",
		"疑似逾期（待核实）", "逾期（有争议，核实中）", "逾期（已核实）", "经核实未逾期" };

	return words[standing];
}

enum standing standing_of(const struct obligation_state *state, enum review_verdict verdict)
{
	if (state->coverage != COVERAGE_COVERED || state->overdue == 0)
		return STANDING_NONE;
	switch (verdict) {
	case REVIEW_VERIFIED:
		return STANDING_VERIFIED;
	case REVIEW_CONTESTED:
		return STANDING_CONTESTED;
	case REVIEW_REFUTED:
		return STANDING_REFUTED;
	case REVIEW_NOT_PAID:
		break;
	case REVIEW_NONE:
	default:
		if (state->hints & HINT_MAYBE_PAID)
			return STANDING_MAYBE_PAID;
	}
	return state->hints & HINT_CONTESTED ? STANDING_CONTESTED : STANDING_SUSPECTED;
}

const struct standing_step standing_steps[] = {
	{ STANDING_NONE, STANDING_SUSPECTED, "falls overdue", "run",
		"the unit is reminded to verify" },
	{ STANDING_NONE, STANDING_MAYBE_PAID, "falls overdue", "run",
		"an unmatched payment to the payee could cover it: nobody is alerted" },
	{ STANDING_NONE, STANDING_CONTESTED, "falls overdue", "run",
		"its invoice is late under a clause that demands one" },
	{ STANDING_SUSPECTED, STANDING_MAYBE_PAID, "unmatched payment", "run",
		"to be looked at first" },
	{ STANDING_CONTESTED, STANDING_MAYBE_PAID, "unmatched payment", "run",
		"to be looked at first, unless a person contested it" },
	{ STANDING_SUSPECTED, STANDING_CONTESTED, "invoice late", "run", "its day became known" },
	{ STANDING_CONTESTED, STANDING_SUSPECTED, "invoice met", "run",
		"the term counted from it has passed" },
	{ STANDING_MAYBE_PAID, STANDING_SUSPECTED, "not-paid", "person",
		"looked at: the payment is for something else" },
	{ STANDING_SUSPECTED, STANDING_VERIFIED, "verified", "person", "overdue as calculated" },
	{ STANDING_MAYBE_PAID, STANDING_VERIFIED, "verified", "person", "overdue as calculated" },
	{ STANDING_CONTESTED, STANDING_VERIFIED, "verified", "person",
		"the reason does not count" },
	{ STANDING_SUSPECTED, STANDING_CONTESTED, "contested", "person",
		"the unit gives a reason that must be looked into" },
	{ STANDING_VERIFIED, STANDING_CONTESTED, "contested", "person",
		"the unit objects afterwards" },
	{ STANDING_SUSPECTED, STANDING_REFUTED, "refuted", "person", "the records are wrong" },
	{ STANDING_MAYBE_PAID, STANDING_REFUTED, "refuted", "person",
		"the payment covers it and will be matched at the source" },
	{ STANDING_CONTESTED, STANDING_REFUTED, "refuted", "person", "the records are wrong" },
	{ STANDING_VERIFIED, STANDING_REFUTED, "refuted", "person", "found wrong afterwards" },
	{ STANDING_SUSPECTED, STANDING_MAYBE_PAID, "withdrawn", "person",
		"the not-paid is taken back" },
	{ STANDING_CONTESTED, STANDING_SUSPECTED, "withdrawn", "person", "taken back" },
	{ STANDING_VERIFIED, STANDING_SUSPECTED, "withdrawn", "person", "taken back" },
	{ STANDING_REFUTED, STANDING_SUSPECTED, "withdrawn", "person", "taken back" },
	{ STANDING_VERIFIED, STANDING_SUSPECTED, "grows", "run",
		"more or earlier is overdue than was verified" },
	{ STANDING_CONTESTED, STANDING_SUSPECTED, "grows", "run",
		"more or earlier is overdue than was looked at" },
	{ STANDING_REFUTED, STANDING_SUSPECTED, "grows", "run",
		"more or earlier is overdue than was looked at" },
	{ STANDING_MAYBE_PAID, STANDING_NONE, "cleared", "run", "the payment was matched" },
	{ STANDING_SUSPECTED, STANDING_NONE, "cleared", "run",
		"paid, or the records were corrected" },
	{ STANDING_CONTESTED, STANDING_NONE, "cleared", "run", "paid, settled or corrected" },
	{ STANDING_REFUTED, STANDING_NONE, "cleared", "run", "the records were corrected" },
	{ STANDING_VERIFIED, STANDING_NONE, "cleared", "run", "paid: 销号" },
	{ STANDING_NONE, STANDING_NONE, NULL, NULL, NULL },
};

bool review_allowed(const char *verdict, struct buf *out)
{
	const char *before = "{";

	for (const struct standing_step *step = standing_steps; step->event; step++) {
		if (strcmp(step->who, "person") != 0 || strcmp(step->event, verdict) != 0)
			continue;
		buf_format(out, "%s%s", before, standing_name(step->from));
		before = ",";
	}
	if (*before == '{')
		return false;
	buf_format(out, "}");
	return true;
}

static const char *node(enum standing standing)
{
	static const char *const nodes[STANDING_COUNT] = { "[*]", "maybe_paid", "suspected",
		"contested", "verified", "refuted" };

	return nodes[standing];
}

void standing_draw(struct buf *out)
{
	buf_format(out, "```mermaid\nstateDiagram-v2\n");
	for (const struct standing_step *step = standing_steps; step->event; step++)
		buf_format(out, "    %s --> %s: %s (%s) - %s\n", node(step->from), node(step->to),
			step->event, step->who, step->why);
	buf_format(out, "```\n");
}
