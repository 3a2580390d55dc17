/* Headers of a list for digests (RFC 2369, 2919, 8058): who does not want them can say so with one click. Notices that are
 * sent by duty have none of them. */
#ifndef SETASIDE_ALERTS_MAIL_UNSUBSCRIBE_H
#define SETASIDE_ALERTS_MAIL_UNSUBSCRIBE_H

#include "core/buf.h"
#include "core/err.h"

enum { MAIL_UNSUBSCRIBE_MAX = 2, MAIL_UNSUBSCRIBE_BYTES = 400 };

/* "https://host/..." or "mailto:address[?subject=...]", printable ASCII without blanks, commas and angle brackets; the
 * https one with {to}, which says whom. ERR_USAGE says what is wrong. */
int mail_unsubscribe_check(const char *address, struct err *err);

/* Appends List-Id, with addresses List-Unsubscribe, and with an https one List-Unsubscribe-Post. name is the channel's, NULL
 * = no digest: nothing; sender and recipient are valid addresses; {to} becomes the recipient, percent-encoded. */
void mail_unsubscribe_add(struct buf *out, const char *name, const char *sender,
	const char *recipient, char *const *addresses, int count);

#endif
