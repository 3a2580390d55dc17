/* What a mail program shows of a mail that we sent: for tests. A reader of our own mails, not of any mail; the test
 * of tests/verify reads them with a library of other people. */
#ifndef SETASIDE_TESTS_MAILBOX_H
#define SETASIDE_TESTS_MAILBOX_H

#include <stddef.h>

/* The value of a header, unfolded and its encoded words decoded; "" if there is none. New string. Fails the test when a
 * word is not whole UTF-8 or longer than 75 characters. */
char *mailbox_header(const char *mail, const char *name);
/* The first part of that content type, decoded from base64; NULL if there is none. New string; length may be NULL. */
char *mailbox_part(const char *mail, const char *type, size_t *ret_length);

#endif
