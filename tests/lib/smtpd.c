#include "lib/smtpd.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/mem.h"
#include "lib/tls.h"

enum { MESSAGES_MAX = 4096, CLIENTS_MAX = 64, LINE_MAX_BYTES = 2000 };

struct message {
	char *recipient, *bytes;
	bool tls;
};

struct smtpd {
	struct smtpd_script script;
	int listener, port;
	pthread_t acceptor;
	pthread_mutex_t lock; /* all below */
	pthread_cond_t quiet;
	int clients[CLIENTS_MAX];
	int client_count;
	int connections, bare_lines, rcpt_used, dot_used;
	struct message messages[MESSAGES_MAX];
	int message_count;
	struct tls *tls;
	bool stopping;
};

struct client {
	struct smtpd *smtpd;
	int fd;
	SSL *ssl;
	char recipient[300];
	bool authenticated;
	int done;
};

static int take(struct client *client, char *byte)
{
	return client->ssl ? SSL_read(client->ssl, byte, 1) : (int)recv(client->fd, byte, 1, 0);
}

static void say(struct client *client, const char *text)
{
	char line[1000];
	int length = snprintf(line, sizeof(line), "%s\r\n", text);

	if (client->ssl)
		SSL_write(client->ssl, line, length);
	else if (send(client->fd, line, (size_t)length, MSG_NOSIGNAL) < 0)
		return;
}

/* One line without its CRLF; false at the end of the connection. */
static bool read_line(struct client *client, char room[LINE_MAX_BYTES])
{
	size_t used = 0;
	char byte;

	while (used + 1 < LINE_MAX_BYTES && take(client, &byte) == 1) {
		if (byte == '\n') {
			bool strict = used > 0 && room[used - 1] == '\r';

			room[strict ? used - 1 : used] = '\0';
			if (!strict) {
				pthread_mutex_lock(&client->smtpd->lock);
				client->smtpd->bare_lines++;
				pthread_mutex_unlock(&client->smtpd->lock);
			}
			return true;
		}
		room[used++] = byte;
	}
	return false;
}

static const char *next_reply(
	struct smtpd *smtpd, const char *const replies[SMTPD_REPLIES_MAX], int *used)
{
	const char *reply;

	pthread_mutex_lock(&smtpd->lock);
	if (*used + 1 < SMTPD_REPLIES_MAX && replies[*used] && replies[*used + 1])
		reply = replies[(*used)++];
	else
		reply = replies[*used];
	pthread_mutex_unlock(&smtpd->lock);
	return reply ? reply : "250 2.0.0 ok";
}

/* Gives the scripted reply; false when the connection ends instead. */
static bool act(struct client *client, const char *reply)
{
	char line[LINE_MAX_BYTES];

	if (strcmp(reply, SMTPD_DROP) == 0)
		return false;
	if (strcmp(reply, SMTPD_HANG) == 0) {
		while (read_line(client, line))
			;
		return false;
	}
	say(client, reply);
	return true;
}

static bool read_message(struct client *client)
{
	struct smtpd *smtpd = client->smtpd;
	char line[LINE_MAX_BYTES];
	struct message *message;
	struct buf bytes;

	buf_init(&bytes, 16 * 1024 * 1024);
	for (;;) {
		if (!read_line(client, line)) {
			buf_free(&bytes);
			return false;
		}
		if (strcmp(line, ".") == 0)
			break;
		buf_format(&bytes, "%s\r\n", line[0] == '.' ? line + 1 : line);
	}
	pthread_mutex_lock(&smtpd->lock);
	if (smtpd->message_count == MESSAGES_MAX)
		abort();
	message = &smtpd->messages[smtpd->message_count++];
	message->recipient = mem_text(client->recipient);
	message->bytes = buf_take(&bytes);
	message->tls = client->ssl != NULL;
	pthread_mutex_unlock(&smtpd->lock);
	buf_free(&bytes);
	return true;
}

static void greet(struct client *client)
{
	say(client, "250-localhost");
	if (client->smtpd->script.starttls && !client->ssl)
		say(client, "250-STARTTLS");
	if (client->smtpd->script.password)
		say(client, "250-AUTH PLAIN");
	if (client->smtpd->script.pipelining)
		say(client, "250-PIPELINING");
	say(client, "250 SIZE 10240000");
}

static bool start_tls(struct client *client)
{
	say(client, "220 go ahead");
	client->ssl = SSL_new(tls_context(client->smtpd->tls));
	SSL_set_fd(client->ssl, client->fd);
	return SSL_accept(client->ssl) == 1;
}

static bool check_password(struct client *client, const char *base64)
{
	unsigned char plain[400];
	int length = EVP_DecodeBlock(plain, (const unsigned char *)base64, (int)strlen(base64));
	const char *password = client->smtpd->script.password;
	size_t wanted = strlen(password);

	/* NUL user NUL password, then up to two bytes of padding. */
	for (int i = 1; i + (int)wanted <= length; i++)
		if (plain[i - 1] == '\0' && memcmp(plain + i, password, wanted) == 0)
			return true;
	return false;
}

static bool authenticate(struct client *client)
{
	char line[LINE_MAX_BYTES];

	say(client, "334 ");
	if (!read_line(client, line))
		return false;
	client->authenticated = check_password(client, line);
	say(client, client->authenticated ? "235 welcome" : "535 5.7.8 wrong password");
	return true;
}

static bool on_data(struct client *client)
{
	struct smtpd *smtpd = client->smtpd;
	int close_after = smtpd->script.close_after;

	if (!client->recipient[0] && !smtpd->script.data_always) {
		say(client, "503 5.5.1 no valid recipients");
		return true;
	}
	say(client, "354 go on");
	if (!read_message(client))
		return false;
	if (!act(client, next_reply(smtpd, smtpd->script.dot, &smtpd->dot_used)))
		return false;
	return close_after == 0 || ++client->done < close_after;
}

/* One command; false ends the connection. */
static bool obey(struct client *client, const char *line)
{
	struct smtpd *smtpd = client->smtpd;

	if (strncmp(line, "EHLO", 4) == 0) {
		greet(client);
	} else if (strncmp(line, "STARTTLS", 8) == 0 && smtpd->script.starttls) {
		return start_tls(client);
	} else if (strcmp(line, "AUTH PLAIN") == 0 && smtpd->script.password) {
		return authenticate(client);
	} else if (strncmp(line, "MAIL FROM:", 10) == 0) {
		if (smtpd->script.password && !client->authenticated)
			say(client, "530 5.7.0 authentication required");
		else
			return act(
				client, smtpd->script.mail ? smtpd->script.mail : "250 2.1.0 ok");
	} else if (strncmp(line, "RCPT TO:", 8) == 0) {
		const char *reply = next_reply(smtpd, smtpd->script.rcpt, &smtpd->rcpt_used);

		snprintf(client->recipient, sizeof(client->recipient), "%.299s",
			*reply == '2' ? line + 8 : "");
		return act(client, reply);
	} else if (strcmp(line, "DATA") == 0) {
		return on_data(client);
	} else if (strcmp(line, "QUIT") == 0) {
		say(client, "221 bye");
		return false;
	} else if (strcmp(line, "RSET") == 0) {
		client->recipient[0] = '\0';
		say(client, "250 2.0.0 ok");
	} else {
		say(client, "500 5.5.2 what");
	}
	return true;
}

static void forget(struct smtpd *smtpd, int fd)
{
	pthread_mutex_lock(&smtpd->lock);
	for (int i = 0; i < smtpd->client_count; i++) {
		if (smtpd->clients[i] == fd) {
			smtpd->clients[i] = smtpd->clients[--smtpd->client_count];
			break;
		}
	}
	close(fd);
	pthread_cond_broadcast(&smtpd->quiet);
	pthread_mutex_unlock(&smtpd->lock);
}

static void *serve(void *arg)
{
	struct client *client = arg;
	char line[LINE_MAX_BYTES];

	say(client, "220 localhost ESMTP test");
	while (read_line(client, line) && obey(client, line))
		;
	if (client->ssl)
		SSL_free(client->ssl);
	forget(client->smtpd, client->fd);
	free(client);
	return NULL;
}

static void *accept_all(void *arg)
{
	struct smtpd *smtpd = arg;
	int fd;

	while ((fd = accept(smtpd->listener, NULL, NULL)) >= 0) {
		struct client *client = mem_zero(1, sizeof(*client));
		pthread_t thread;

		client->smtpd = smtpd;
		client->fd = fd;
		pthread_mutex_lock(&smtpd->lock);
		if (smtpd->client_count == CLIENTS_MAX)
			abort();
		smtpd->clients[smtpd->client_count++] = fd;
		smtpd->connections++;
		pthread_mutex_unlock(&smtpd->lock);
		if (pthread_create(&thread, NULL, serve, client) != 0)
			abort();
		pthread_detach(thread);
	}
	return NULL;
}

struct smtpd *smtpd_start(const struct smtpd_script *script)
{
	struct smtpd *smtpd = mem_zero(1, sizeof(*smtpd));
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);

	smtpd->script = *script;
	pthread_mutex_init(&smtpd->lock, NULL);
	pthread_cond_init(&smtpd->quiet, NULL);
	smtpd->tls = tls_new();
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	smtpd->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cr_assert_eq(bind(smtpd->listener, (struct sockaddr *)&address, sizeof(address)), 0);
	cr_assert_eq(listen(smtpd->listener, 64), 0);
	cr_assert_eq(getsockname(smtpd->listener, (struct sockaddr *)&address, &length), 0);
	smtpd->port = ntohs(address.sin_port);
	cr_assert_eq(pthread_create(&smtpd->acceptor, NULL, accept_all, smtpd), 0);
	return smtpd;
}

void smtpd_stop(struct smtpd *smtpd)
{
	if (!smtpd)
		return;
	shutdown(smtpd->listener, SHUT_RDWR);
	pthread_join(smtpd->acceptor, NULL);
	close(smtpd->listener);
	pthread_mutex_lock(&smtpd->lock);
	for (int i = 0; i < smtpd->client_count; i++)
		shutdown(smtpd->clients[i], SHUT_RDWR);
	while (smtpd->client_count > 0)
		pthread_cond_wait(&smtpd->quiet, &smtpd->lock);
	pthread_mutex_unlock(&smtpd->lock);
	for (int i = 0; i < smtpd->message_count; i++) {
		free(smtpd->messages[i].recipient);
		free(smtpd->messages[i].bytes);
	}
	tls_free(smtpd->tls);
	pthread_cond_destroy(&smtpd->quiet);
	pthread_mutex_destroy(&smtpd->lock);
	free(smtpd);
}

int smtpd_port(const struct smtpd *smtpd)
{
	return smtpd->port;
}

const char *smtpd_ca(const struct smtpd *smtpd)
{
	return tls_ca(smtpd->tls);
}

static int locked_int(struct smtpd *smtpd, const int *value)
{
	int copy;

	pthread_mutex_lock(&smtpd->lock);
	copy = *value;
	pthread_mutex_unlock(&smtpd->lock);
	return copy;
}

int smtpd_connections(struct smtpd *smtpd)
{
	return locked_int(smtpd, &smtpd->connections);
}

int smtpd_bare_lines(struct smtpd *smtpd)
{
	return locked_int(smtpd, &smtpd->bare_lines);
}

int smtpd_count(struct smtpd *smtpd)
{
	return locked_int(smtpd, &smtpd->message_count);
}

const char *smtpd_message(struct smtpd *smtpd, int index, char *room, size_t size)
{
	pthread_mutex_lock(&smtpd->lock);
	snprintf(
		room, size, "%s", index < smtpd->message_count ? smtpd->messages[index].bytes : "");
	pthread_mutex_unlock(&smtpd->lock);
	return room;
}

const char *smtpd_recipient(struct smtpd *smtpd, int index, char *room, size_t size)
{
	pthread_mutex_lock(&smtpd->lock);
	snprintf(room, size, "%s",
		index < smtpd->message_count ? smtpd->messages[index].recipient : "");
	pthread_mutex_unlock(&smtpd->lock);
	return room;
}

bool smtpd_was_tls(struct smtpd *smtpd, int index)
{
	bool tls;

	pthread_mutex_lock(&smtpd->lock);
	tls = index < smtpd->message_count && smtpd->messages[index].tls;
	pthread_mutex_unlock(&smtpd->lock);
	return tls;
}
