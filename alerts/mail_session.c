#include "alerts/mail_session.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <strings.h>

#include "alerts/curl_loop.h"
#include "alerts/mail_compose.h"
#include "core/conf.h"
#include "core/mem.h"

enum { REPLY_MAX = 4096, CONNECT_MS = 30000, KEPT_IDLE_MS = 20000, READ_ROUNDS = 16 };

enum session_state { CLOSED, CONNECTING, IDLE, SENDER, RECIPIENT, DATA, DOT, RESET };

struct mail_session {
	struct curl_loop_call call; /* first member */
	struct event_base *base;
	struct curl_loop *loop;
	const struct mail_server *server;
	enum session_state state;
	CURL *easy;
	struct event *readable, *writable; /* on the open connection */
	struct event *timer;               /* deadline of the mail, or of idleness */
	struct buf out;                    /* what is still to be sent */
	struct buf in;                     /* of the reply being read */
	bool served;                       /* the connection has carried a mail before */
	bool reconnected;
	bool pipelining; /* the server takes MAIL, RCPT and DATA in one go (RFC 2920) */
	bool refused; /* one of them was: facts and answer tell of that one, the others' replies are awaited */
	struct mail_facts facts;
	char answer[1100]; /* room for a whole struct err text */
	char curl_error[CURL_ERROR_SIZE];
	const char *recipient, *bytes;
	size_t length;
	mail_session_done_fn done;
	void *arg;
};

static void arm(struct event *timer, int ms)
{
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

	evtimer_add(timer, &wait);
}

static void cut(struct mail_session *session)
{
	if (session->readable)
		event_free(session->readable);
	if (session->writable)
		event_free(session->writable);
	session->readable = NULL;
	session->writable = NULL;
	if (session->easy) {
		curl_loop_remove(session->loop, session->easy);
		curl_easy_cleanup(session->easy);
	}
	session->easy = NULL;
	session->state = CLOSED;
	session->served = false;
	buf_reset(&session->out);
	buf_reset(&session->in);
}

/* Ends the mail; the connection stays if keep. */
static void finish(struct mail_session *session, bool keep)
{
	mail_session_done_fn done = session->done;
	void *arg = session->arg;
	struct mail_facts facts = session->facts;
	char answer[sizeof(session->answer)];

	memcpy(answer, session->answer, sizeof(answer));
	session->done = NULL;
	session->served = true;
	evtimer_del(session->timer);
	if (keep)
		arm(session->timer, KEPT_IDLE_MS);
	else
		cut(session);
	done(arg, &facts, answer);
}

static int connect_now(struct mail_session *session, struct err *err);

/* The connection is no more, for the given reason. */
static void fall(struct mail_session *session, const char *reason)
{
	struct err err = ERR_INIT;
	bool stale = session->served && !session->reconnected &&
		     (session->state == SENDER || session->state == RESET);

	if (session->state == IDLE || !session->done) {
		cut(session);
		return;
	}
	if (stale) {
		/* Closed while it was idle: no command of this mail was answered, so once more on a fresh one. */
		cut(session);
		session->reconnected = true;
		if (connect_now(session, &err) == 0)
			return;
		reason = err.text;
	}
	snprintf(session->answer, sizeof(session->answer), "%s", reason);
	finish(session, false);
}

/* quiet: a failure is found again, and told, from the loop. */
static void flush(struct mail_session *session, bool quiet)
{
	while (session->out.used > 0) {
		size_t sent = 0;
		CURLcode code =
			curl_easy_send(session->easy, session->out.data, session->out.used, &sent);

		if (code == CURLE_AGAIN || (code != CURLE_OK && quiet)) {
			event_add(session->writable, NULL);
			return;
		}
		if (code != CURLE_OK) {
			fall(session, curl_easy_strerror(code));
			return;
		}
		buf_drop(&session->out, sent);
	}
	if (session->state == DOT)
		session->facts.dot_sent = true;
}

static void put_command(struct mail_session *session, enum session_state state)
{
	if (state == SENDER)
		buf_format(&session->out, "MAIL FROM:<%s>\r\n", session->server->from);
	else if (state == RECIPIENT)
		buf_format(&session->out, "RCPT TO:<%s>\r\n", session->recipient);
	else
		buf_add_text(&session->out, "DATA\r\n");
}

static void expect(struct mail_session *session, enum session_state state, enum mail_phase phase)
{
	session->state = state;
	if (!session->refused) {
		session->facts.phase = phase;
		session->facts.answered = false;
	}
}

static void begin_mail(struct mail_session *session, bool quiet)
{
	session->refused = false;
	expect(session, SENDER, MAIL_PHASE_SENDER);
	put_command(session, SENDER);
	if (session->pipelining) {
		put_command(session, RECIPIENT);
		put_command(session, DATA);
	}
	flush(session, quiet);
}

/* The message with dots doubled at the begin of lines, and the final dot. */
static void send_message(struct mail_session *session)
{
	const char *line = session->bytes;
	const char *end = session->bytes + session->length;

	session->state = DOT;
	session->facts.answered = false;
	while (line < end) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		const char *next = stop ? stop + 1 : end;

		if (*line == '.')
			buf_add_char(&session->out, '.');
		buf_add(&session->out, line, (size_t)(next - line));
		line = next;
	}
	buf_add_text(&session->out, ".\r\n");
	if (session->out.failed)
		BUG("a mail of %zu bytes passed the composer", session->length);
	flush(session, false);
}

static void after_reset(struct mail_session *session)
{
	session->state = IDLE;
	if (session->done)
		begin_mail(session, false);
}

/* A refusal leaves the connection usable after RSET, unless the server says it closes. */
static void refused(struct mail_session *session)
{
	bool keep = session->facts.reply != 421;

	session->refused = false;

	if (keep) {
		/* Written from the loop: its failure must not hide the refusal. */
		session->state = RESET;
		buf_add_text(&session->out, "RSET\r\n");
		event_add(session->writable, NULL);
	}
	finish(session, keep);
}

static void expect_next(struct mail_session *session)
{
	if (session->state == SENDER)
		expect(session, RECIPIENT, MAIL_PHASE_RECIPIENT);
	else
		expect(session, DATA, MAIL_PHASE_DATA);
	if (session->pipelining)
		return; /* it is on its way already */
	put_command(session, session->state);
	flush(session, false);
}

/* A reply to one of MAIL, RCPT, DATA that left together, one of which has been refused. */
static void pass_over(struct mail_session *session, int code)
{
	if (session->state != DATA)
		expect_next(session);
	else if (code == 354)
		finish(session, false); /* it waits for a message that nobody may get */
	else
		refused(session);
}

/* A whole reply came. */
static void step(struct mail_session *session, int code)
{
	bool envelope = session->state == SENDER || session->state == RECIPIENT;

	if (session->state == RESET) {
		after_reset(session);
		return;
	}
	if (session->refused) {
		pass_over(session, code);
		return;
	}
	session->facts.reply = code;
	session->facts.answered = true;
	if (envelope && code / 100 == 2) {
		expect_next(session);
	} else if (envelope && code >= 400 && code != 421 && session->pipelining) {
		session->refused = true;
		expect_next(session);
	} else if (session->state == DATA && code == 354) {
		send_message(session);
	} else if (session->state == DOT && code / 100 == 2) {
		session->state = IDLE;
		finish(session, true);
	} else if (session->state == DOT && code >= 400) {
		session->state = IDLE;
		finish(session, code != 421);
	} else if (code >= 400) {
		refused(session);
	} else {
		fall(session, "the server answered out of turn");
	}
}

/* Takes one line off the input; true when it ends a reply. */
static bool take_line(struct mail_session *session, int *ret_code)
{
	const char *end = memchr(session->in.data, '\n', session->in.used);
	size_t length;
	const char *line = session->in.data;
	bool last;

	if (!end)
		return false;
	length = (size_t)(end - line) + 1;
	last = length >= 4 && line[3] != '-';
	*ret_code = 0;
	if (length >= 4 && line[0] >= '2' && line[0] <= '5' && line[1] >= '0' && line[1] <= '9' &&
		line[2] >= '0' && line[2] <= '9')
		*ret_code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
	if (session->state != RESET && !session->refused)
		snprintf(session->answer, sizeof(session->answer), "%.*s", (int)length, line);
	buf_drop(&session->in, length);
	return last;
}

static void take_replies(struct mail_session *session)
{
	while (session->easy && memchr(session->in.data, '\n', session->in.used)) {
		int code = 0;

		if (!take_line(session, &code))
			continue;
		if (code == 0 || session->state == IDLE) {
			/* 421 to an idle connection is the usual farewell. */
			fall(session, session->answer);
			return;
		}
		step(session, code);
	}
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct mail_session *session = arg;

	(void)fd;
	(void)what;
	for (int i = 0; i < READ_ROUNDS && session->easy; i++) {
		char room[1024];
		size_t got = 0;
		CURLcode code = curl_easy_recv(session->easy, room, sizeof(room), &got);

		if (code == CURLE_AGAIN)
			return;
		if (code != CURLE_OK || got == 0) {
			fall(session, code != CURLE_OK ? curl_easy_strerror(code)
						       : "the server closed the connection");
			return;
		}
		if (buf_add(&session->in, room, got) < 0) {
			fall(session, "the server's reply is too long");
			return;
		}
		take_replies(session);
		/* Less than there was room for: neither the socket nor TLS holds more. */
		if (got < sizeof(room))
			return;
	}
	if (session->readable)
		event_active(session->readable, EV_READ, 1);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	flush(arg, false);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct mail_session *session = arg;

	(void)fd;
	(void)what;
	if (session->done) {
		session->reconnected = true; /* late is late */
		fall(session, "the server did not answer in time");
		return;
	}
	if (session->state == IDLE) {
		size_t sent;

		/* Polite, not waited for. */
		curl_easy_send(session->easy, "QUIT\r\n", 6, &sent);
	}
	cut(session);
}

static void watch_connection(struct mail_session *session)
{
	curl_socket_t fd = CURL_SOCKET_BAD;

	curl_easy_getinfo(session->easy, CURLINFO_ACTIVESOCKET, &fd);
	if (fd == CURL_SOCKET_BAD) {
		fall(session, "the connection ended at once");
		return;
	}
	session->readable =
		event_new(session->base, fd, EV_READ | EV_PERSIST, on_readable, session);
	session->writable = event_new(session->base, fd, EV_WRITE, on_writable, session);
	event_add(session->readable, NULL);
	begin_mail(session, false);
}

/* libcurl has connected, encrypted and logged in, or has failed to. */
static void on_connected(struct curl_loop_call *call, CURLcode result)
{
	struct mail_session *session = (struct mail_session *)(void *)call;

	if (result == CURLE_OK) {
		watch_connection(session);
		return;
	}
	if (!(session->facts.answered && session->facts.reply >= 400))
		snprintf(session->answer, sizeof(session->answer), "%s",
			*session->curl_error ? session->curl_error : curl_easy_strerror(result));
	finish(session, false);
}

/* What was offered before STARTTLS does not count: its 220 begins anew. */
static void learn(struct mail_session *session, const char *line, size_t length)
{
	static const char word[] = "PIPELINING";
	size_t end = 4 + sizeof(word) - 1;

	if (length > 3 && memcmp(line, "220", 3) == 0)
		session->pipelining = false;
	else if (length > end && memcmp(line, "250", 3) == 0 &&
		 strncasecmp(line + 4, word, sizeof(word) - 1) == 0 &&
		 (line[end] == '\r' || line[end] == '\n'))
		session->pipelining = true;
}

/* Replies while libcurl speaks: greeting, EHLO, STARTTLS, AUTH. */
static size_t take_greeting(char *line, size_t size, size_t count, void *arg)
{
	struct mail_session *session = arg;
	size_t length = size * count;

	if (length >= 4 && line[3] != '-' && line[0] >= '2' && line[0] <= '5') {
		session->facts.reply =
			(line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
		session->facts.answered = true;
		snprintf(session->answer, sizeof(session->answer), "%.*s", (int)length, line);
	}
	learn(session, line, length);
	return length;
}

static void set_options(struct mail_session *session, const char *password)
{
	const struct mail_server *server = session->server;
	CURL *easy = session->easy;
	int connect_ms = server->timeout_ms < CONNECT_MS ? server->timeout_ms : CONNECT_MS;

	curl_easy_setopt(easy, CURLOPT_URL, server->url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(
		easy, CURLOPT_USE_SSL, (long)(server->tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
	if (server->ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, server->ca_file);
	if (password) {
		curl_easy_setopt(easy, CURLOPT_USERNAME, server->user);
		curl_easy_setopt(easy, CURLOPT_PASSWORD, password);
	}
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_greeting);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, session);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, session->curl_error);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)server->timeout_ms);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
}

static int connect_now(struct mail_session *session, struct err *err)
{
	char *password = NULL;

	session->facts = (struct mail_facts){ .phase = MAIL_PHASE_CONNECT };
	session->curl_error[0] = '\0';
	session->pipelining = false;
	session->refused = false;
	if (session->server->password_path) {
		password = conf_secret_read(session->server->password_path, err);
		if (!password)
			return -1;
	}
	session->easy = curl_easy_init();
	if (session->easy)
		set_options(session, password);
	conf_secret_free(password);
	if (!session->easy)
		return err_set(err, ERR_IO, "cannot make a libcurl handle for mail");
	if (curl_loop_add(session->loop, session->easy, &session->call, err) < 0) {
		curl_easy_cleanup(session->easy);
		session->easy = NULL;
		return -1;
	}
	session->state = CONNECTING;
	return 0;
}

struct mail_session *mail_session_new(
	struct event_base *base, struct curl_loop *loop, const struct mail_server *server)
{
	struct mail_session *session = mem_zero(1, sizeof(*session));

	session->call.done = on_connected;
	session->base = base;
	session->loop = loop;
	session->server = server;
	session->timer = evtimer_new(base, on_timer, session);
	buf_init(&session->out, 2 * (size_t)MAIL_BYTES_MAX);
	buf_init(&session->in, REPLY_MAX);
	return session;
}

void mail_session_free(struct mail_session *session)
{
	if (!session)
		return;
	cut(session);
	event_free(session->timer);
	buf_free(&session->out);
	buf_free(&session->in);
	free(session);
}

bool mail_session_busy(const struct mail_session *session)
{
	return session->done != NULL;
}

bool mail_session_open(const struct mail_session *session)
{
	return session->easy != NULL;
}

int mail_session_send(struct mail_session *session, const char *recipient, const char *bytes,
	size_t length, mail_session_done_fn done, void *arg, struct err *err)
{
	session->recipient = recipient;
	session->bytes = bytes;
	session->length = length;
	session->facts = (struct mail_facts){ .phase = MAIL_PHASE_CONNECT };
	session->answer[0] = '\0';
	session->reconnected = false;
	if (session->state == CLOSED && connect_now(session, err) < 0)
		return -1;
	session->done = done;
	session->arg = arg;
	arm(session->timer, session->server->timeout_ms);
	if (session->state == IDLE)
		begin_mail(session, true);
	return 0;
}

void mail_session_cancel(struct mail_session *session)
{
	session->done = NULL;
	evtimer_del(session->timer);
	cut(session);
}
