#include "lib/httpd.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/err.h"
#include "core/mem.h"
#include "lib/tls.h"

enum { CONNECTIONS_MAX = 64, REQUEST_MAX = 1 << 20, PATHS_MAX = 512, TRICKLE_MS = 20 };

struct connection {
	struct httpd *httpd;
	pthread_t thread;
	int fd;
	SSL *ssl; /* NULL = plain */
};

struct httpd {
	const struct httpd_route *routes;
	int listener, port;
	atomic_bool stopping;
	pthread_t thread;
	pthread_mutex_t lock; /* all below */
	struct connection connections[CONNECTIONS_MAX];
	int connection_count;
	char *seen[PATHS_MAX];
	int seen_count;
	int taken[PATHS_MAX]; /* answers used, by route */
	char *last;
	char base[64], url[512];
	struct tls *tls; /* NULL = plain */
};

static bool say(struct connection *to, const void *bytes, size_t count)
{
	const char *at = bytes;

	while (count > 0) {
		ssize_t sent = to->ssl ? SSL_write(to->ssl, at, (int)count)
				       : send(to->fd, at, count, MSG_NOSIGNAL);
		if (sent <= 0)
			return false;
		at += sent;
		count -= (size_t)sent;
	}
	return true;
}

static bool say_chunk(struct connection *to, const void *bytes, size_t count)
{
	char head[32];

	snprintf(head, sizeof(head), "%zx\r\n", count);
	return say(to, head, strlen(head)) && say(to, bytes, count) && say(to, "\r\n", 2);
}

/* Reads one request; returns its text (free) or NULL when the peer went away. */
static char *hear(struct connection *from)
{
	char *text = mem_zero(1, REQUEST_MAX);
	size_t used = 0, want = 0;

	for (;;) {
		ssize_t got =
			from->ssl ? SSL_read(from->ssl, text + used, (int)(REQUEST_MAX - 1 - used))
				  : recv(from->fd, text + used, REQUEST_MAX - 1 - used, 0);
		if (got <= 0)
			break;
		used += (size_t)got;
		char *end = strstr(text, "\r\n\r\n");
		if (end && !want) {
			char *length = strcasestr(text, "\r\ncontent-length:");
			want = (size_t)(end - text) + 4;
			if (length && length < end)
				want += strtoul(length + 17, NULL, 10);
		}
		if (want && used >= want)
			return text;
	}
	free(text);
	return NULL;
}

/* Every byte value of zero once, then matches of 258 at distance 1 in one fixed-Huffman block: 13
 * bits each. */
static void say_bomb(struct connection *to, size_t zeros)
{
	static const unsigned char head[10] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };
	unsigned char out[8192];
	size_t used = sizeof(head), count = 0;
	unsigned bits = 0;
	uint32_t hold = 0;
	uint64_t match =
		0xa3; /* length 258: code 11000101 from its first bit on; then distance 00000 */

	memcpy(out, head, sizeof(head));
	/* Final block, fixed codes (011 from the lowest bit), literal 0 (00110000). */
	hold = 0x3 | 0x0c << 3;
	bits = 11;
	while (count < zeros) {
		hold |= (uint32_t)match << bits;
		bits += 13;
		count += 258;
		for (; bits >= 8; bits -= 8, hold >>= 8)
			out[used++] = (unsigned char)hold;
		if (used > sizeof(out) - 8) {
			if (!say_chunk(to, out, used))
				return;
			used = 0;
		}
	}
	if (used)
		say_chunk(to, out, used);
	/* Neither end of block nor checksum: the receiver must have had enough long before. */
}

static void say_headers(struct connection *to, const struct httpd_answer *answer)
{
	char line[2048];
	int status = answer->status ? answer->status : 200;

	snprintf(line, sizeof(line),
		"HTTP/1.1 %d Scripted\r\nDate: Tue, 24 Nov 2026 08:00:00 GMT\r\n", status);
	say(to, line, strlen(line));
	if (answer->headers) {
		char base[64];
		snprintf(base, sizeof(base), "%s", to->httpd->base);
		snprintf(line, sizeof(line), answer->headers, base);
		say(to, line, strlen(line));
	}
	for (int i = 0; answer->way == HTTPD_HEADERS && i < 1000; i++) {
		snprintf(line, sizeof(line), "X-%d: y\r\n", i);
		say(to, line, strlen(line));
	}
}

static void say_chunks(struct connection *to, const char *body, size_t length)
{
	for (size_t at = 0; at < length; at += 1000)
		if (!say_chunk(to, body + at, length - at < 1000 ? length - at : 1000))
			return;
}

static void trickle(struct connection *to, const char *body, size_t length)
{
	for (size_t at = 0; !to->httpd->stopping; at++) {
		if (!say(to, length ? &body[at % length] : " ", 1))
			return;
		poll(NULL, 0, TRICKLE_MS);
	}
}

static void wait_for_end(struct connection *to)
{
	struct pollfd wait = { .fd = to->fd, .events = POLLIN };
	char byte;

	while (!to->httpd->stopping && (poll(&wait, 1, 20) == 0 || recv(to->fd, &byte, 1, 0) > 0))
		;
}

/* True if the connection stays open. */
static bool answer_body(struct connection *to, const struct httpd_answer *answer)
{
	const char *body = answer->body ? answer->body : "";
	size_t length = answer->length ? answer->length : strlen(body);
	char line[128];

	switch (answer->way) {
	case HTTPD_PLAIN:
	case HTTPD_EARLY_END:
	case HTTPD_KEEP_THEN_DROP:
	case HTTPD_HEADERS:
		snprintf(line, sizeof(line), "Content-Length: %zu\r\n\r\n", length);
		say(to, line, strlen(line));
		say(to, body, answer->way == HTTPD_EARLY_END ? length / 2 : length);
		return answer->way != HTTPD_EARLY_END;
	case HTTPD_CHUNKED:
	case HTTPD_CHUNKED_CUT:
		say(to, "Transfer-Encoding: chunked\r\n\r\n", 30);
		say_chunks(to, body, answer->way == HTTPD_CHUNKED_CUT ? length / 2 : length);
		if (answer->way == HTTPD_CHUNKED_CUT)
			return false;
		say(to, "0\r\n\r\n", 5);
		return true;
	case HTTPD_BOMB:
		say(to, "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n", 54);
		say_bomb(to, answer->bomb);
		return false;
	case HTTPD_UNTIL_CLOSE:
		say(to, "Connection: close\r\n\r\n", 21);
		say(to, body, length);
		return false;
	case HTTPD_TRICKLE:
		say(to, "Content-Length: 1000000\r\n\r\n", 27);
		trickle(to, body, length);
		return false;
	case HTTPD_HANG:
	case HTTPD_DROP:
		break;
	}
	return false;
}

static const struct httpd_answer *next_answer(struct httpd *httpd, const char *text)
{
	static const struct httpd_answer missing = { .status = 404 };
	const struct httpd_answer *answer = &missing;
	const char *start = strchr(text, ' ');
	char *path = start ? mem_text_n(start + 1, strcspn(start + 1, " ")) : mem_text("");

	pthread_mutex_lock(&httpd->lock);
	if (httpd->seen_count < PATHS_MAX)
		httpd->seen[httpd->seen_count++] = path;
	else
		free(path);
	free(httpd->last);
	httpd->last = mem_text(text);
	for (int i = 0; httpd->routes[i].path; i++) {
		const struct httpd_route *route = &httpd->routes[i];
		if (strcmp(route->path, path) != 0)
			continue;
		int at = httpd->taken[i] < route->count ? httpd->taken[i] : route->count - 1;
		httpd->taken[i]++;
		answer = &route->answers[at];
		break;
	}
	pthread_mutex_unlock(&httpd->lock);
	return answer;
}

static bool connection_open(struct connection *connection)
{
	if (!connection->httpd->tls)
		return true;
	connection->ssl = SSL_new(tls_context(connection->httpd->tls));
	SSL_set_fd(connection->ssl, connection->fd);
	return SSL_accept(connection->ssl) == 1;
}

static void *serve(void *arg)
{
	struct connection *connection = arg;
	struct httpd *httpd = connection->httpd;
	bool open = connection_open(connection), drop = false;

	while (open && !httpd->stopping) {
		char *text = hear(connection);
		if (!text)
			break;
		const struct httpd_answer *answer = drop ? NULL : next_answer(httpd, text);
		free(text);
		if (!answer || answer->way == HTTPD_DROP)
			break;
		if (answer->way == HTTPD_HANG) {
			wait_for_end(connection);
			break;
		}
		say_headers(connection, answer);
		open = answer_body(connection, answer);
		drop = answer->way == HTTPD_KEEP_THEN_DROP;
	}
	SSL_free(connection->ssl);
	shutdown(connection->fd, SHUT_RDWR);
	return NULL;
}

static void *accept_all(void *arg)
{
	struct httpd *httpd = arg;

	while (!httpd->stopping) {
		int fd = accept4(httpd->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			break;
		pthread_mutex_lock(&httpd->lock);
		if (httpd->stopping || httpd->connection_count == CONNECTIONS_MAX) {
			close(fd);
		} else {
			struct connection *one = &httpd->connections[httpd->connection_count];
			*one = (struct connection){ .httpd = httpd, .fd = fd };
			if (pthread_create(&one->thread, NULL, serve, one) == 0)
				httpd->connection_count++;
			else
				close(fd);
		}
		pthread_mutex_unlock(&httpd->lock);
	}
	return NULL;
}

static struct httpd *start(const struct httpd_route *routes, struct tls *tls)
{
	struct httpd *httpd = mem_zero(1, sizeof(*httpd));
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	httpd->routes = routes;
	httpd->tls = tls;
	pthread_mutex_init(&httpd->lock, NULL);
	httpd->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (httpd->listener < 0 || bind(httpd->listener, (struct sockaddr *)&address, size) ||
		listen(httpd->listener, 64) ||
		getsockname(httpd->listener, (struct sockaddr *)&address, &size))
		BUG("the test server cannot start");
	httpd->port = ntohs(address.sin_port);
	snprintf(httpd->base, sizeof(httpd->base), "%s://127.0.0.1:%d", tls ? "https" : "http",
		httpd->port);
	if (pthread_create(&httpd->thread, NULL, accept_all, httpd))
		BUG("the test server cannot start");
	return httpd;
}

struct httpd *httpd_start(const struct httpd_route *routes)
{
	return start(routes, NULL);
}

struct httpd *httpd_start_tls(const struct httpd_route *routes)
{
	return start(routes, tls_new());
}

const char *httpd_ca(const struct httpd *httpd)
{
	return tls_ca(httpd->tls);
}

void httpd_stop(struct httpd *httpd)
{
	httpd->stopping = true;
	shutdown(httpd->listener, SHUT_RDWR);
	pthread_join(httpd->thread, NULL);
	close(httpd->listener);
	for (int i = 0; i < httpd->connection_count; i++) {
		shutdown(httpd->connections[i].fd, SHUT_RDWR);
		pthread_join(httpd->connections[i].thread, NULL);
		close(httpd->connections[i].fd);
	}
	for (int i = 0; i < httpd->seen_count; i++)
		free(httpd->seen[i]);
	free(httpd->last);
	tls_free(httpd->tls);
	pthread_mutex_destroy(&httpd->lock);
	free(httpd);
}

const char *httpd_url(struct httpd *httpd, const char *path)
{
	snprintf(httpd->url, sizeof(httpd->url), "%s%s", httpd->base, path);
	return httpd->url;
}

int httpd_port(const struct httpd *httpd)
{
	return httpd->port;
}

int httpd_count(struct httpd *httpd, const char *path)
{
	int count = 0;

	pthread_mutex_lock(&httpd->lock);
	for (int i = 0; i < httpd->seen_count; i++)
		count += !path || strcmp(path, httpd->seen[i]) == 0;
	pthread_mutex_unlock(&httpd->lock);
	return count;
}

const char *httpd_last(struct httpd *httpd, char *room, size_t size)
{
	pthread_mutex_lock(&httpd->lock);
	snprintf(room, size, "%s", httpd->last ? httpd->last : "");
	pthread_mutex_unlock(&httpd->lock);
	return room;
}
