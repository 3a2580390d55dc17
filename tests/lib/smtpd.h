/* A scripted SMTP server for tests: 127.0.0.1, a free port, a thread for each connection.
 *
 * It speaks strictly: CRLF only (a bare LF is answered 500 and counted), commands in order, dot-unstuffing. Replies to
 * RCPT and to the final dot come from the script in order over all connections, the last one stays. */
#ifndef SETASIDE_TESTS_SMTPD_H
#define SETASIDE_TESTS_SMTPD_H

#include <stdbool.h>
#include <stddef.h>

enum { SMTPD_REPLIES_MAX = 8 };
#define SMTPD_DROP "drop" /* instead of a reply: close the connection */
#define SMTPD_HANG "hang" /* instead of a reply: say nothing more */

struct smtpd_script {
	const char *mail;                    /* reply to MAIL; NULL = 250 */
	const char *rcpt[SMTPD_REPLIES_MAX]; /* NULL-terminated; none = 250 */
	const char *dot[SMTPD_REPLIES_MAX];
	const char *password; /* AUTH PLAIN is offered and must give it; NULL = not offered */
	bool pipelining; /* offered; the replies to MAIL, RCPT and DATA come one by one all the same */
	bool data_always; /* 354 even when the recipient was refused */
	bool starttls;    /* offered, with the certificate of smtpd_ca */
	int close_after; /* messages on one connection, then it is closed after the reply; 0 = none */
};

struct smtpd;
struct smtpd *smtpd_start(const struct smtpd_script *script); /* copied; texts lent */
void smtpd_stop(struct smtpd *smtpd);
int smtpd_port(const struct smtpd *smtpd);
const char *smtpd_ca(const struct smtpd *smtpd); /* PEM file of the certificate for "localhost" */

int smtpd_connections(struct smtpd *smtpd);
int smtpd_bare_lines(struct smtpd *smtpd);
/* Messages whose final dot arrived, whatever was answered. */
int smtpd_count(struct smtpd *smtpd);
/* One of them, recipient and bytes copied into room (cut); "" if none. */
const char *smtpd_message(struct smtpd *smtpd, int index, char *room, size_t size);
const char *smtpd_recipient(struct smtpd *smtpd, int index, char *room, size_t size);
bool smtpd_was_tls(struct smtpd *smtpd, int index);

#endif
