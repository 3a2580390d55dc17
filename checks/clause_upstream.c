#include "checks/clause_upstream.h"

#include <stdbool.h>

#include "checks/clause_tokens.h"
#include "core/mem.h"

/* A part of a sentence: tokens [first, end). One without end is cut: every word of it is read with all that follow. */
enum { PART_TOKENS_MAX = 300 };
struct part {
	size_t first, end;
};

struct reading {
	const enum clause_token *tokens;
	size_t count;
	struct part sentence, part;
};

/* "业主将相应工程款拨付至甲方账户": tokens [first, end). */
struct run {
	size_t first, end;
	bool upstream, owner, funds, plain, money, first_money, paid, settled, late;
};

static enum clause_token at(const struct reading *r, size_t i)
{
	return i < r->count ? r->tokens[i] : TOKEN_STOP;
}

static bool has(const struct reading *r, struct part part, enum clause_token kind)
{
	for (size_t i = part.first; i < part.end; i++)
		if (r->tokens[i] == kind)
			return true;
	return false;
}

/* The part that begins at i. */
static struct part part_at(const struct reading *r, size_t i)
{
	struct part part = { i, i };

	while (part.end - i < PART_TOKENS_MAX && at(r, part.end) != TOKEN_COMMA &&
		at(r, part.end) != TOKEN_STOP)
		part.end++;
	return part;
}

/* The next part of the same sentence; empty at its end. */
static struct part next_part(const struct reading *r, struct part part)
{
	return at(r, part.end) == TOKEN_COMMA ? part_at(r, part.end + 1)
					      : (struct part){ part.end, part.end };
}

/* Who pays, and the condition ------------------------------------------------------------------ */

static bool take_token(struct run *run, enum clause_token token)
{
	switch (token) {
	case TOKEN_UPSTREAM:
		run->upstream = true;
		return true;
	case TOKEN_OWNER:
		run->owner = true;
		return true;
	case TOKEN_FUNDS:
	case TOKEN_TREASURY:
		run->funds = true;
		return true;
	case TOKEN_PLAIN_FUNDS:
		run->plain = true;
		return true;
	case TOKEN_MONEY:
		run->money = true;
		return true;
	case TOKEN_FIRST:
		run->first_money = true;
		return true;
	case TOKEN_PAID:
		run->paid = true;
		return true;
	case TOKEN_SETTLED:
		run->settled = true;
		return true;
	case TOKEN_LATE:
		run->late = true;
		return true;
	case TOKEN_PAYER:
	case TOKEN_CONTRACTOR:
	case TOKEN_FILL:
		return true;
	default:
		return false;
	}
}

static struct run run_from(const struct reading *r, size_t first)
{
	struct run run = { .first = first, .end = first };

	while (run.end < r->part.end && take_token(&run, r->tokens[run.end]))
		run.end++;
	return run;
}

static size_t skip_term(const struct reading *r, size_t i)
{
	while (i < r->part.end && at(r, i) == TOKEN_TERM)
		i++;
	return i;
}

/* What makes the run a condition: its token, where that ends; TOKEN_OTHER if nothing does. */
static enum clause_token condition_of(
	const struct reading *r, const struct run *run, size_t *ret_end)
{
	enum clause_token token = run->end < r->part.end ? at(r, run->end) : TOKEN_OTHER;
	size_t within = skip_term(r, run->end);

	*ret_end = run->end + 1;
	switch (token) {
	case TOKEN_AFTER:
	case TOKEN_BEFORE:
	case TOKEN_SUBJECT_TO:
	case TOKEN_PAY_SUBJECT_TO:
	case TOKEN_RATIO:
	case TOKEN_TIME:
		return token;
	default:
		break;
	}
	if (within < r->part.end && at(r, within) == TOKEN_WITHIN) {
		*ret_end = within + 1;
		return TOKEN_AFTER;
	}
	*ret_end = run->end;
	return has(r, (struct part){ r->part.first, run->first }, TOKEN_PREMISE) ? TOKEN_SUBJECT_TO
										 : TOKEN_OTHER;
}

/* What waits for it ---------------------------------------------------------------------------- */

static bool pays(const struct reading *r, struct part part)
{
	return has(r, part, TOKEN_PAID) || has(r, part, TOKEN_REFUSE);
}

/* The creditor is who acts: what it pays is not what it is owed. */
static bool creditor_acts(const struct reading *r, struct part part, const struct run *run)
{
	enum clause_token first = part.first < part.end ? at(r, part.first) : TOKEN_OTHER;

	return first == TOKEN_CREDITOR || (first == TOKEN_CONTRACTOR && !run->upstream);
}

/* Nothing but a term stands between the condition and the end of the part. */
static bool ends_in_term(const struct reading *r, size_t i)
{
	for (; i < r->part.end; i++) {
		switch (at(r, i)) {
		case TOKEN_TERM:
		case TOKEN_WITHIN:
		case TOKEN_FILL:
		case TOKEN_AFTER:
			break;
		default:
			return false;
		}
	}
	return true;
}

static bool waits_behind(const struct reading *r, const struct run *run, size_t i, bool refused)
{
	struct part rest = { i, r->part.end }, next = next_part(r, r->part);

	if (has(r, rest, TOKEN_WAGES) || creditor_acts(r, rest, run))
		return false;
	if (refused ? has(r, rest, TOKEN_REFUSE) : pays(r, rest))
		return true;
	return (ends_in_term(r, i) || refused) && !has(r, next, TOKEN_WAGES) &&
	       (refused ? has(r, next, TOKEN_REFUSE)
			: pays(r, next) && !creditor_acts(r, next, run));
}

static bool payment_waits(
	const struct reading *r, const struct run *run, enum clause_token condition, size_t i)
{
	struct part before = { r->part.first, run->first };

	if (condition == TOKEN_BEFORE || run->late)
		return waits_behind(r, run, i, true);
	if (condition == TOKEN_SUBJECT_TO || condition == TOKEN_PAY_SUBJECT_TO)
		return !has(r, r->part, TOKEN_TIME_OF_WORK);
	return (has(r, before, TOKEN_PAID) && !has(r, before, TOKEN_WAGES)) ||
	       waits_behind(r, run, i, false);
}

/* Not done, and therefore excused: but not the creditor's own delay. */
static bool excuses(const struct reading *r, struct part part)
{
	for (size_t i = part.first; i < part.end; i++) {
		switch (r->tokens[i]) {
		case TOKEN_CREDITOR:
		case TOKEN_CONTRACTOR:
		case TOKEN_TIME_OF_WORK:
		case TOKEN_DENY_AFTER:
			return false;
		case TOKEN_EXCUSE:
		case TOKEN_REFUSE:
			return true;
		default:
			break;
		}
	}
	return false;
}

static bool is_excuse(const struct reading *r, const struct run *run)
{
	struct part next = next_part(r, r->part);

	return run->late && run->paid &&
	       (excuses(r, (struct part){ run->end, r->part.end }) || excuses(r, next) ||
		       (!creditor_acts(r, next, run) && excuses(r, next_part(r, next))));
}

/* The two forms -------------------------------------------------------------------------------- */

static unsigned found(const struct run *run)
{
	return !run->upstream && (run->funds || run->plain) ? WAITS_FOR_FUNDS : WAITS_FOR_PAYER;
}

/* 以资金到账为准 says on which day money counts as paid, not whose it is. */
static bool says_when(const struct run *run, enum clause_token condition)
{
	return run->plain && !run->upstream && !run->funds &&
	       (condition == TOKEN_SUBJECT_TO || condition == TOKEN_TIME);
}

/* Who is nearest before i in the part. */
static enum clause_token subject_of(const struct reading *r, size_t i)
{
	while (i-- > r->part.first) {
		switch (at(r, i)) {
		case TOKEN_PAYER:
		case TOKEN_CREDITOR:
		case TOKEN_CONTRACTOR:
		case TOKEN_OWNER:
		case TOKEN_UPSTREAM:
			return at(r, i);
		default:
			break;
		}
	}
	return TOKEN_OTHER;
}

/* 收到 somebody's money 后; of whom it comes need not be said where the debtor receives it. */
static unsigned received(const struct reading *r, size_t i)
{
	struct run run = run_from(r, i + 1);
	enum clause_token subject = subject_of(r, i), condition;
	bool named = run.upstream || run.owner || run.funds || run.plain;
	size_t end;

	run.first = i;
	condition = condition_of(r, &run, &end);
	if (subject == TOKEN_CREDITOR || condition == TOKEN_OTHER || says_when(&run, condition))
		return 0;
	if (!named && (subject == TOKEN_OTHER || run.first_money))
		return 0;
	if (!run.money && !run.paid && !run.funds && !run.plain &&
		!(run.first_money && run.upstream))
		return 0;
	if (run.first_money && !run.upstream)
		return 0;
	run.late = false; /* 未收到 stands before it */
	return payment_waits(r, &run, condition, end) ? found(&run) : 0;
}

static bool is_who(enum clause_token token)
{
	return token == TOKEN_UPSTREAM || token == TOKEN_OWNER || token == TOKEN_FUNDS ||
	       token == TOKEN_TREASURY;
}

static bool names_payer(const struct reading *r, struct part part)
{
	return has(r, part, TOKEN_PAYER) || has(r, part, TOKEN_CONTRACTOR) ||
	       has(r, part, TOKEN_UPSTREAM);
}

/* 发包人支付进度款后 may be the debtor itself, which pays in turns: from above only where it says so (待, 按), or where
 * somebody else pays then. */
static bool is_debtor_itself(
	const struct reading *r, const struct run *run, enum clause_token condition)
{
	bool told = run->first > r->part.first && at(r, run->first - 1) == TOKEN_FILL;

	if (at(r, run->first) != TOKEN_OWNER || run->upstream || told)
		return false;
	return condition == TOKEN_RATIO || condition == TOKEN_TIME ||
	       !(names_payer(r, r->part) || names_payer(r, next_part(r, r->part)));
}

/* Somebody pays 后. */
static unsigned paid(const struct reading *r, size_t i)
{
	struct run run = run_from(r, i);
	enum clause_token condition, before = i > r->part.first ? at(r, i - 1) : TOKEN_OTHER;
	size_t end;

	/* The run that began there has been read. */
	if (before == TOKEN_RECEIVE || (is_who(before) && at(r, i) != TOKEN_UPSTREAM))
		return 0;
	if (run.first_money || !(run.paid || (run.settled && run.upstream)))
		return 0;
	if (is_excuse(r, &run))
		return found(&run);
	condition = condition_of(r, &run, &end);
	if (condition == TOKEN_OTHER || says_when(&run, condition) ||
		is_debtor_itself(r, &run, condition))
		return 0;
	return payment_waits(r, &run, condition, end) ? found(&run) : 0;
}

/* Ruled out by what stands before i, or anywhere behind it in the part. */
static bool is_denied(const struct reading *r, size_t i)
{
	return has(r, (struct part){ r->part.first, i }, TOKEN_DENY) ||
	       has(r, (struct part){ i, r->part.end }, TOKEN_DENY_AFTER) ||
	       has(r, next_part(r, r->part), TOKEN_DENY_AFTER);
}

static unsigned found_at(const struct reading *r, size_t i)
{
	switch (at(r, i)) {
	case TOKEN_BACK_TO_BACK:
		return WAITS_FOR_PAYER;
	case TOKEN_RECEIVE:
		return received(r, i);
	case TOKEN_UPSTREAM:
	case TOKEN_OWNER:
	case TOKEN_FUNDS:
	case TOKEN_PLAIN_FUNDS:
	case TOKEN_TREASURY:
		return paid(r, i);
	default:
		return 0;
	}
}

unsigned clause_waits(const char *text)
{
	struct reading r = { 0 };
	_cleanup_free_ enum clause_token *tokens = *text ? clause_tokens(text, &r.count) : NULL;
	unsigned waits = 0;

	r.tokens = tokens;
	for (size_t i = 0; i < r.count; i = r.part.end + 1) {
		r.part = part_at(&r, i);
		if (i == 0 || at(&r, i - 1) == TOKEN_STOP)
			r.sentence.first = i;
		for (size_t k = r.part.first; k < r.part.end; k++)
			if (!is_denied(&r, k))
				waits |= found_at(&r, k);
	}
	return waits;
}
