/* Words of size, yes/no, reservation and state, to the codes of fields.md §4 and §5. Pure, thread-safe; all texts are
 * normalised first (NFKC, blanks deleted, lower case). Number codes have no default but 1 = yes, 0 = no: they need the
 * source's own value map. */
#ifndef SETASIDE_COLLECTORS_VALUE_WORDS_H
#define SETASIDE_COLLECTORS_VALUE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Room for a normalised word or sentence; what is longer is treated as an unknown word. */
enum { VALUE_WORD_MAX = 2048 };
/* Writes the normal form into room; false if the text is not UTF-8 or does not fit. */
bool value_word_normal(const char *text, size_t length, char room[VALUE_WORD_MAX]);

enum value_size {
	VALUE_SIZE_EMPTY, /* nothing stated */
	VALUE_SIZE_UNKNOWN, /* stated as unknown, or 否 under 是否中小企业: large or no enterprise at all */
	VALUE_SIZE_LARGE,
	VALUE_SIZE_MEDIUM,
	VALUE_SIZE_SMALL,
	VALUE_SIZE_MICRO,
	VALUE_SIZE_SMALL_OR_MICRO,
	VALUE_SIZE_SME,
	VALUE_SIZE_INDIVIDUAL,
	VALUE_SIZE_NON_ENTERPRISE,
	VALUE_SIZE_PRISON,   /* says nothing of the class: deemed = prison */
	VALUE_SIZE_DISABLED, /* deemed = disabled_welfare */
	VALUE_SIZE_TAG,      /* 专精特新 and others: another programme, no size */
	VALUE_SIZE_UNMAPPED, /* L, 1, CS01: size-code-unmapped, needs the source's value map */
	VALUE_SIZE_NOT_A_SIZE
};
enum value_size value_size_read(const char *text, size_t length);
const char *value_size_name(enum value_size size);

enum value_bool3 {
	VALUE_BOOL_NO,
	VALUE_BOOL_YES,
	VALUE_BOOL_UNKNOWN, /* empty, both or no box ticked */
	VALUE_BOOL_REFUSED  /* 2, or a word that is none of these */
};
enum value_bool3 value_bool_read(const char *text, size_t length);

enum value_reserve_form {
	VALUE_RESERVE_NOTHING, /* empty, or a citation that states nothing about this project */
	VALUE_RESERVE_NONE,
	VALUE_RESERVE_WHOLE,
	VALUE_RESERVE_PACKAGE,
	VALUE_RESERVE_WHOLE_OR_PACKAGE, /* package if a package number exists, else whole */
	VALUE_RESERVE_CONSORTIUM,
	VALUE_RESERVE_SUBCONTRACT,
	VALUE_RESERVE_UNKNOWN_FORM, /* reserved, nobody says how */
	VALUE_RESERVE_NOT_UNDERSTOOD
};
enum value_reserve_for {
	VALUE_FOR_NONE,
	VALUE_FOR_SME,
	VALUE_FOR_SMALL_MICRO,
	VALUE_FOR_PRISON,
	VALUE_FOR_DISABLED
};
struct value_reserve {
	enum value_reserve_form form;
	enum value_reserve_for whom;
};
void value_reserve_read(const char *text, size_t length, struct value_reserve *ret);

/* Canonical word of a column ("status", "kind", "instrument", "class", "term_unit", "clock_basis", "deemed", …) for a
 * word of office language; NULL if the table has none. column is the canonical csv name, record the name of the kind.
 * The answer is static. */
const char *value_word_find(
	const char *record, const char *column, const char *text, size_t length);

#endif
