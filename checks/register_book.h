/* The registers: what an authority or a named person decided beside the records, and how it bears on them.
 *
 *   exemption   a project, or a package of it, is not suitable for reserving (Q-8, all that G-14 asks for)
 *   deemed      a supplier counts as small or micro: disabled-welfare unit, prison enterprise
 *   size        an authority's answer about a supplier's class: goes before declaration, register and figures (Q-14, Z-5)
 *   correction  the right value of a field of a budget row or contract
 *
 * Which day decides (C). An exemption must hold on the day the project was announced, else on that of its earliest contract,
 * else on the as-of day, but not later than 31 December of the fiscal year;
 * deemed and size on the day of signing or award; a correction on the record's own day (approved_on, signed_on). A lapse
 * therefore changes nothing that was done before it. A withdrawal does: from withdrawn_on on, that day included, the entry
 * has no effect on anything, as if it had not been given; as of an earlier day it still has. A correction says what the
 * record should have said and has no effect once withdrawn, whatever the as-of day.
 * Of several entries that hold: one for this contract or package goes before a general one, then the later valid_from, then
 * the greater number. Pure. */
#ifndef SETASIDE_CHECKS_REGISTER_BOOK_H
#define SETASIDE_CHECKS_REGISTER_BOOK_H

#include "checks/facts.h"
#include "checks/law.h"
#include "checks/size.h"

enum register_name {
	REGISTER_UNKNOWN,
	REGISTER_EXEMPTION,
	REGISTER_DEEMED,
	REGISTER_SIZE,
	REGISTER_CORRECTION
};

/* Texts not stated are "". */
struct register_entry {
	const char *entry_no;
	enum register_name name;
	int fiscal_year;
	const char *unit_code, *project_code, *package_no; /* package "": all of the project */
	const char *supplier_uscc,
		*contract_no; /* deemed, size: contract "" = all of the supplier's */
	const char *field, *value;
	int64_t value_ppm; /* of a corrected share */
	const char *reason, *evidence, *approver;
	day_t valid_from, valid_to; /* both ends included; valid_to DAY_NONE = open */
	day_t withdrawn_on;
};

struct register_book;
struct register_book *register_book_new(void);
void register_book_free(struct register_book *book);
void register_book_add(struct register_book *book, const struct register_entry *entry); /* copies */

enum register_name register_name_of(const char *word);
const char *register_word(enum register_name name);

/* book may be NULL in all of these: nothing is on record. NULL: no entry holds. Entries are good until the next add. */
const struct register_entry *register_exemption(
	const struct register_book *book, const struct budget_item_fact *item, day_t as_of);
const struct register_entry *register_deemed(
	const struct register_book *book, const struct contract_fact *contract, day_t as_of);
const struct register_entry *register_size(
	const struct register_book *book, const struct contract_fact *contract, day_t as_of);
/* The same for a party of an award of that day. */
const struct register_entry *register_supplier(const struct register_book *book,
	enum register_name name, const char *supplier, day_t day, day_t as_of);
/* The supplier's class for this contract: an authority's answer, else as size_at_declaration(). */
struct size_verdict register_size_verdict(const struct law *law,
	const struct contract_fact *contract, const struct supplier_fact *supplier, day_t as_of);

/* Writes what corrections say into the records, and when exempted projects were signed. Once after they were read. */
void register_book_correct(const struct register_book *book, struct facts *facts);
/* The corrections that count for one record, one of each field, one after the other: from = NULL begins, NULL ends. */
const struct register_entry *register_correction_of_item(const struct register_book *book,
	const struct budget_item_fact *item, const struct register_entry *from);
const struct register_entry *register_correction_of_contract(const struct register_book *book,
	const struct contract_fact *contract, const struct register_entry *from);

#endif
