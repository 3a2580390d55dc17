/* Made-up districts with every kind of budget row and contract, good and faulty, each determined by
 * its number; and, by brute force, every completion of what is unknown in them. For tests only. */
#ifndef SETASIDE_TESTS_MADE_QUOTA_H
#define SETASIDE_TESTS_MADE_QUOTA_H

#include "checks/facts.h"
#include "checks/index.h"
#include "checks/register_book.h"

enum made_size { MADE_TINY, MADE_SMALL, MADE_LARGE }; /* about 4, 20, 120 budget rows */
/* Fiscal year 2026, days of 2026; facts_free. */
struct facts *made_quota(uint64_t number, enum made_size size);
/* Entries of every register about that district, some lapsed, withdrawn or yet to be; what they correct is written into the
 * facts at once. register_book_free. */
struct register_book *made_registers(uint64_t number, struct facts *facts);

enum { MADE_UNKNOWNS_MAX = 4 };
/* A budget row's share or group, a contract's share or class: what can be found out about it. */
struct made_unknowns {
	struct {
		enum {
			UNKNOWN_ITEM_SHARE,
			UNKNOWN_ITEM_AMOUNT,
			UNKNOWN_ITEM_GROUP,
			UNKNOWN_CONTRACT_SHARE,
			UNKNOWN_CONTRACT_AMOUNT,
			UNKNOWN_CLASS
		} kind;
		uint32_t row;
	} items[MADE_UNKNOWNS_MAX];
	int count;
	int completions; /* 4 to the power of count */
};
/* The first MADE_UNKNOWNS_MAX unknowns of the district. */
struct made_unknowns made_unknowns(const struct facts *facts, const struct facts_index *index);
/* Writes completion 0 … completions − 1 into the facts. */
void made_complete(struct facts *facts, const struct made_unknowns *unknowns, int completion);

#endif
