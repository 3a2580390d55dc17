/* One SMTP connection that carries one mail after another.
 *
 * libcurl connects, does TLS and logs in (CURLOPT_CONNECT_ONLY); the dialogue from MAIL to the answer after the dot is
 * ours, because libcurl waits for that answer inside a call, which would hold the loop for minutes, and because only so
 * it is known whether the dot left. An idle connection is kept for 20 s. Contract of done: exactly once, never inside
 * mail_session_send, never after mail_session_cancel; the session may be used again from inside it. */
#ifndef SETASIDE_ALERTS_MAIL_SESSION_H
#define SETASIDE_ALERTS_MAIL_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "alerts/mail_judge.h"
#include "core/err.h"

struct curl_loop;
struct event_base;
struct mail_session;

/* Lent for the life of the session. */
struct mail_server {
	const char *url;  /* smtp[s]://host[:port]/our-name */
	const char *user; /* NULL = no login */
	const char *password_path;
	const char *ca_file; /* NULL = the system's */
	const char *from;    /* address */
	bool tls;            /* required */
	int timeout_ms;      /* of one mail, connecting included */
};

/* answer: the server's last reply or the reason of the failure; lent. */
typedef void (*mail_session_done_fn)(void *arg, const struct mail_facts *facts, const char *answer);

struct mail_session *mail_session_new(
	struct event_base *base, struct curl_loop *loop, const struct mail_server *server);
/* Cuts the connection; NULL is fine; a running mail is forgotten. */
void mail_session_free(struct mail_session *session);
bool mail_session_busy(const struct mail_session *session);
bool mail_session_open(const struct mail_session *session);

/* recipient and bytes (CRLF lines) must live until done. -1 with err set: nothing was begun. */
int mail_session_send(struct mail_session *session, const char *recipient, const char *bytes,
	size_t length, mail_session_done_fn done, void *arg, struct err *err);
void mail_session_cancel(struct mail_session *session);

#endif
