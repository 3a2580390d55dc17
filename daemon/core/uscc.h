/* Unified social credit code (统一社会信用代码), GB 32100-2015 with the inner check of GB 11714-1997.
 *
 * Follows codes.md §1 and golden G-60: the first failing test names the reason, in the order of the enum. Letters that
 * look like digits are reported, never repaired. Pure, no allocation. */
#ifndef SETASIDE_CORE_USCC_H
#define SETASIDE_CORE_USCC_H

#include <stdbool.h>
#include <stddef.h>

enum { USCC_LENGTH = 18, USCC_TEXT_MAX = 64 };

enum uscc_reason {
	USCC_OK,
	USCC_EMPTY,
	USCC_BAD_LENGTH,
	USCC_BAD_ALPHABET,
	USCC_BAD_DIVISION,
	USCC_BAD_OUTER_CHECK,
	USCC_BAD_INNER_CHECK
};
const char *uscc_reason_name(enum uscc_reason reason); /* "ok", "empty", "length", … */

struct uscc {
	char text
		[USCC_TEXT_MAX]; /* normalised: half width, upper case, no blanks, hyphens, zero-width marks, leading '.
	                             Input longer than the room is cut between characters (its reason is length). */
	enum uscc_reason reason;
	bool unknown_prefix; /* valid, but the first two characters are in no table: a warning */
};

/* text need not be UTF-8: a byte that is no character counts as one outside the alphabet. */
void uscc_read(const char *text, size_t length, struct uscc *ret);

/* What the first two characters say of the body: the kind, never the size. */
enum uscc_kind {
	USCC_KIND_UNKNOWN,
	USCC_KIND_ORGAN,
	USCC_KIND_INSTITUTION,
	USCC_KIND_GROUP,
	USCC_KIND_ENTERPRISE,
	USCC_KIND_INDIVIDUAL,
	USCC_KIND_COOPERATIVE,
	USCC_KIND_COLLECTIVE,
	USCC_KIND_LEGAL_SERVICE, /* law firms, notaries, forensic bodies, arbitration */
	USCC_KIND_SOCIAL_ORGANISATION,
	USCC_KIND_MILITARY,
	USCC_KIND_OTHER /* in the table, but a person has to say */
};
enum uscc_kind uscc_kind(const char *code);
const char *uscc_kind_name(enum uscc_kind kind);

/* 9-character organisation code (8 + check, GB 11714): true if its check character is right. */
bool uscc_org_code_valid(const char *code);

#endif
