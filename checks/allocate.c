/* The order inside a class does not depend on the payment day, so debts are sorted once by
 * (security, rate, due day, number); each payment then walks that order three times, once per class. Neighbours with
 * equal security, rate and due day are one run and share pro rata. */
#include "checks/allocate.h"

#include <string.h>

enum debt_class { CLASS_DUE, CLASS_NOT_YET_DUE, CLASS_WITHOUT_DUE_DAY, CLASS_COUNT };

static int compare(const struct debt *a, const struct debt *b)
{
	if (a->secured != b->secured)
		return a->secured < b->secured ? -1 : 1;
	if (a->yearly_ppm != b->yearly_ppm)
		return a->yearly_ppm > b->yearly_ppm ? -1 : 1;
	if (a->due != b->due)
		return a->due < b->due ? -1 : 1;
	return strcmp(a->number, b->number);
}

static int compare_index(const void *a, const void *b, void *debts)
{
	return compare((struct debt *)debts + *(const uint32_t *)a,
		(struct debt *)debts + *(const uint32_t *)b);
}

void allocate_order(const struct debt *debts, size_t count, uint32_t *order)
{
	for (size_t i = 0; i < count; i++)
		order[i] = (uint32_t)i;
	if (count > 1)
		qsort_r(order, count, sizeof(*order), compare_index, (void *)debts);
}

static void apply(struct debt *debts, size_t debt, fen_t amount, applied_fn fn, void *arg)
{
	debts[debt].open -= amount;
	if (amount > 0)
		fn(arg, debt, amount);
}

fen_t allocate_named(struct debt *debts, size_t debt, fen_t amount, applied_fn fn, void *arg)
{
	fen_t part = amount < debts[debt].open ? amount : debts[debt].open;

	apply(debts, debt, part, fn, arg);
	return amount - part;
}

static enum debt_class class_of(const struct debt *debt, day_t day)
{
	if (debt->due == DAY_NONE)
		return CLASS_WITHOUT_DUE_DAY;
	return debt->due <= day ? CLASS_DUE : CLASS_NOT_YET_DUE;
}

static bool takes_part(const struct debt *debt, uint32_t contract)
{
	return debt->open > 0 && !debt->only_when_named &&
	       (contract == ALLOCATE_ANY_CONTRACT || debt->contract == contract);
}

static bool same_run(const struct debt *a, const struct debt *b)
{
	return a->secured == b->secured && a->yearly_ppm == b->yearly_ppm && a->due == b->due;
}

struct run {
	const uint32_t *order; /* its debts, in order of number */
	size_t count;
	uint32_t contract;
};

/* Fits in 128 bits: at most 2^32 debts of 2^63. */
static wide_t run_open(const struct debt *debts, const struct run *run)
{
	wide_t sum = 0;

	for (size_t i = 0; i < run->count; i++) {
		if (takes_part(&debts[run->order[i]], run->contract))
			sum += debts[run->order[i]].open;
	}
	return sum;
}

/* The part of one debt: floor of its share, and one of the fen left as long as there are any. */
static fen_t share_of(fen_t open, fen_t amount, wide_t total)
{
	return (fen_t)((wide_t)amount * open / total);
}

/* amount < total: every share is below its debt, so the fen more fits. */
static void share_run(struct debt *debts, const struct run *run, fen_t amount, wide_t total,
	applied_fn fn, void *arg)
{
	fen_t left = amount;

	for (size_t i = 0; i < run->count; i++) {
		if (takes_part(&debts[run->order[i]], run->contract))
			left -= share_of(debts[run->order[i]].open, amount, total);
	}
	for (size_t i = 0; i < run->count; i++) {
		struct debt *debt = &debts[run->order[i]];
		fen_t part;

		if (!takes_part(debt, run->contract))
			continue;
		part = share_of(debt->open, amount, total);
		if (left > 0) {
			part++;
			left--;
		}
		apply(debts, run->order[i], part, fn, arg);
	}
}

static fen_t pay_run(
	struct debt *debts, const struct run *run, fen_t amount, applied_fn fn, void *arg)
{
	wide_t total = run_open(debts, run);

	if (total == 0)
		return amount;
	if (amount < total) {
		share_run(debts, run, amount, total, fn, arg);
		return 0;
	}
	for (size_t i = 0; i < run->count; i++) {
		struct debt *debt = &debts[run->order[i]];

		if (takes_part(debt, run->contract))
			apply(debts, run->order[i], debt->open, fn, arg);
	}
	return amount - (fen_t)total;
}

fen_t allocate_pool(struct debt *debts, size_t count, const uint32_t *order, uint32_t contract,
	day_t day, fen_t amount, applied_fn fn, void *arg)
{
	for (int class = CLASS_DUE; class < CLASS_COUNT && amount > 0; class ++) {
		for (size_t i = 0, next; i < count && amount > 0; i = next) {
			struct run run = { order + i, 0, contract };

			for (next = i;
				next < count && same_run(&debts[order[i]], &debts[order[next]]);)
				next++;
			run.count = next - i;
			if (class_of(&debts[order[i]], day) == (enum debt_class) class)
				amount = pay_run(debts, &run, amount, fn, arg);
		}
	}
	return amount;
}
