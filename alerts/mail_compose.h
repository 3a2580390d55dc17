/* One mail as bytes: headers and a multipart/alternative body, text first; with a list, that and the workbook inside a
 * multipart/mixed one.
 *
 * Pure: equal parts give equal bytes, so a retry is the same mail. Message-ID comes from reference
 * and recipient, the thread from the case, Date is the first try's, in +0800. Lines end in CRLF, no
 * line is longer than 76 bytes except a header value that cannot be folded; all text is base64.
 * Whatever the texts hold, they cannot make a header or an SMTP command: addresses are checked at
 * configuration time, everything else is cleaned and encoded (RFC 2045-2047, 5322; alert-formats.md
 * §6.2). */
#ifndef SETASIDE_ALERTS_MAIL_COMPOSE_H
#define SETASIDE_ALERTS_MAIL_COMPOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/err.h"

enum { MAIL_BYTES_MAX = 10 * 1000 * 1000, MAIL_ADDRESS_MAX = 254 };

struct mail_parts {
	const char *from_name;             /* "" = none */
	const char *from, *to;             /* addresses that mail_address_valid() accepts */
	const char *subject, *text, *html; /* text and html with LF line ends */
	const char *ref, *case_key;
	const char *as_of;    /* YYYY-MM-DD */
	const char *rules;    /* "Q-3" or "P-1 P-3" */
	int64_t first_try_at; /* Unix seconds */
	/* The attached workbook, NULL = none; its name in UTF-8 and in ASCII. */
	const struct buf *list;
	const char *list_name, *list_name_ascii;
	/* Of digests: the channel's name, NULL of others, and where they are unsubscribed (mail_unsubscribe.h). */
	const char *channel;
	char *const *unsubscribe;
	int unsubscribe_count;
};

/* ASCII dot-atom local part, host name or [address]; nothing a header or command could trip over.
 */
bool mail_address_valid(const char *address);
/* "name <address>" or "address"; writes NUL-terminated pieces. ERR_USAGE says what is wrong. */
int mail_address_parse(
	const char *text, char name[256], char address[MAIL_ADDRESS_MAX + 1], struct err *err);

/* Appends the whole mail. ERR_DATA for a bad address or reference, ERR_LIMIT past out's ceiling. */
int mail_compose(const struct mail_parts *parts, struct buf *out, struct err *err);

/* "Name: value" CRLF with RFC 2047 words where needed, folded at 76, never inside a character. For
 * mail_compose and its test. */
void mail_header_add(struct buf *out, const char *name, const char *value);

#endif
