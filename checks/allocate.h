/* Spreads payments over debts: principal only (P-8, G-45).
 *
 * Payments are given one by one in the order (day, voucher number). A payment that names a debt
 * goes there and its surplus nowhere; one that names a contract goes to that contract's debts, one
 * that names neither to all: debts due on the payment day first, then not yet due, then without due
 * day; inside by heavier yearly rate, then earlier due day, then pro rata (floor; the fen left go
 * one each in order of number). Debts with less security go before heavier rates: only the legal order of 民法典 art. 560
 * fills that in, G-45 knows no security. */
#ifndef SETASIDE_CHECKS_ALLOCATE_H
#define SETASIDE_CHECKS_ALLOCATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/day.h"
#include "core/money.h"

#define ALLOCATE_ANY_CONTRACT UINT32_MAX

struct debt {
	const char *number;
	uint32_t contract;    /* any number that is equal for debts of one contract */
	bool only_when_named; /* deposits */
	fen_t secured; /* what secures it: debts with less come first; 0 = nothing, or no matter */
	day_t due;     /* rolled, nominal where it cannot be rolled; DAY_NONE = none */
	int64_t yearly_ppm; /* 0 on lists without interest */
	fen_t open;         /* >= 0; lowered by each payment */
};

/* Called for every amount > 0 that a payment puts on a debt. */
typedef void (*applied_fn)(void *arg, size_t debt, fen_t amount);

/* Sorts debts for the pool; order gets count indices and must be passed on unchanged. */
void allocate_order(const struct debt *debts, size_t count, uint32_t *order);
/* Both return the surplus. */
fen_t allocate_named(struct debt *debts, size_t debt, fen_t amount, applied_fn fn, void *arg);
fen_t allocate_pool(struct debt *debts, size_t count, const uint32_t *order, uint32_t contract,
	day_t day, fen_t amount, applied_fn fn, void *arg);

#endif
