#include "lib/sink.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <pthread.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/mem.h"

enum { REQUESTS_MAX = 4096, CLIENTS_MAX = 128, REQUEST_MAX = 65536 };

struct sink {
	struct sink_answer answers[SINK_ANSWERS_MAX];
	int answer_count;
	int listener, port;
	pthread_t acceptor;
	pthread_mutex_t lock; /* all below */
	pthread_cond_t quiet;
	int clients[CLIENTS_MAX];
	int client_count;
	char *requests[REQUESTS_MAX];
	int request_count;
};

struct client {
	struct sink *sink;
	int fd;
};

/* Copies the header's value, or the body, out of one raw request. */
static void header_of(const char *request, const char *name, char *room, size_t size)
{
	const char *end = strstr(request, "\r\n\r\n");
	size_t length = strlen(name);

	room[0] = '\0';
	if (!end)
		return;
	if (strcmp(name, "body") == 0) {
		snprintf(room, size, "%s", end + 4);
		return;
	}
	for (const char *line = strstr(request, "\r\n"); line && line < end;
		line = strstr(line, "\r\n")) {
		line += 2;
		if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
			const char *value = line + length + 1 + strspn(line + length + 1, " ");

			snprintf(room, size, "%.*s", (int)strcspn(value, "\r"), value);
			return;
		}
	}
}

static bool read_request(int fd, char *room)
{
	size_t used = 0;
	char length[32];

	for (;;) {
		ssize_t got = recv(fd, room + used, REQUEST_MAX - 1 - used, 0);
		char *end;

		if (got <= 0)
			return false;
		used += (size_t)got;
		room[used] = '\0';
		end = strstr(room, "\r\n\r\n");
		if (!end)
			continue;
		header_of(room, "Content-Length", length, sizeof(length));
		if (used >= (size_t)(end + 4 - room) + (size_t)strtoul(length, NULL, 10))
			return true;
	}
}

static struct sink_answer remember(struct sink *sink, const char *request)
{
	struct sink_answer answer;
	int index;

	pthread_mutex_lock(&sink->lock);
	if (sink->request_count == REQUESTS_MAX)
		abort();
	index = sink->request_count++;
	sink->requests[index] = mem_text(request);
	answer = sink->answers[index < sink->answer_count ? index : sink->answer_count - 1];
	pthread_mutex_unlock(&sink->lock);
	return answer;
}

static void *serve(void *arg)
{
	struct client *client = arg;
	struct sink *sink = client->sink;
	char *room = mem_alloc(REQUEST_MAX);

	if (read_request(client->fd, room)) {
		struct sink_answer answer = remember(sink, room);

		if (answer.status == SINK_HANG) {
			while (recv(client->fd, room, 1, 0) > 0)
				;
		} else if (answer.status != SINK_DROP) {
			int length;

			usleep((useconds_t)answer.delay_ms * 1000);
			length = snprintf(room, REQUEST_MAX,
				"HTTP/1.1 %d Said\r\n%sContent-Length: 2\r\nConnection: "
				"close\r\n\r\nok",
				answer.status, answer.headers ? answer.headers : "");

			if (send(client->fd, room, (size_t)length, MSG_NOSIGNAL) < 0)
				room[0] = '\0';
		}
	}
	pthread_mutex_lock(&sink->lock);
	for (int i = 0; i < sink->client_count; i++) {
		if (sink->clients[i] == client->fd) {
			sink->clients[i] = sink->clients[--sink->client_count];
			break;
		}
	}
	close(client->fd);
	pthread_cond_broadcast(&sink->quiet);
	pthread_mutex_unlock(&sink->lock);
	free(room);
	free(client);
	return NULL;
}

static void *accept_all(void *arg)
{
	struct sink *sink = arg;
	int fd;

	while ((fd = accept(sink->listener, NULL, NULL)) >= 0) {
		struct client *client = mem_zero(1, sizeof(*client));
		pthread_t thread;

		*client = (struct client){ sink, fd };
		pthread_mutex_lock(&sink->lock);
		if (sink->client_count == CLIENTS_MAX)
			abort();
		sink->clients[sink->client_count++] = fd;
		pthread_mutex_unlock(&sink->lock);
		if (pthread_create(&thread, NULL, serve, client) != 0)
			abort();
		pthread_detach(thread);
	}
	return NULL;
}

struct sink *sink_start(const struct sink_answer *answers, int count)
{
	struct sink *sink = mem_zero(1, sizeof(*sink));
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);

	cr_assert(count > 0 && count <= SINK_ANSWERS_MAX);
	memcpy(sink->answers, answers, (size_t)count * sizeof(*answers));
	sink->answer_count = count;
	pthread_mutex_init(&sink->lock, NULL);
	pthread_cond_init(&sink->quiet, NULL);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sink->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cr_assert_eq(bind(sink->listener, (struct sockaddr *)&address, sizeof(address)), 0);
	cr_assert_eq(listen(sink->listener, 128), 0);
	cr_assert_eq(getsockname(sink->listener, (struct sockaddr *)&address, &length), 0);
	sink->port = ntohs(address.sin_port);
	cr_assert_eq(pthread_create(&sink->acceptor, NULL, accept_all, sink), 0);
	return sink;
}

void sink_stop(struct sink *sink)
{
	shutdown(sink->listener, SHUT_RDWR);
	pthread_join(sink->acceptor, NULL);
	close(sink->listener);
	pthread_mutex_lock(&sink->lock);
	for (int i = 0; i < sink->client_count; i++)
		shutdown(sink->clients[i], SHUT_RDWR);
	while (sink->client_count > 0)
		pthread_cond_wait(&sink->quiet, &sink->lock);
	pthread_mutex_unlock(&sink->lock);
	for (int i = 0; i < sink->request_count; i++)
		free(sink->requests[i]);
	pthread_cond_destroy(&sink->quiet);
	pthread_mutex_destroy(&sink->lock);
	free(sink);
}

int sink_port(const struct sink *sink)
{
	return sink->port;
}

void sink_answer(struct sink *sink, struct sink_answer answer)
{
	pthread_mutex_lock(&sink->lock);
	sink->answers[0] = answer;
	sink->answer_count = 1;
	pthread_mutex_unlock(&sink->lock);
}

int sink_count(struct sink *sink)
{
	int count;

	pthread_mutex_lock(&sink->lock);
	count = sink->request_count;
	pthread_mutex_unlock(&sink->lock);
	return count;
}

const char *sink_get(struct sink *sink, int index, const char *name, char *room, size_t size)
{
	room[0] = '\0';
	pthread_mutex_lock(&sink->lock);
	if (index < sink->request_count)
		header_of(sink->requests[index], name, room, size);
	pthread_mutex_unlock(&sink->lock);
	return room;
}

int sink_count_id(struct sink *sink, const char *id)
{
	int found = 0;

	pthread_mutex_lock(&sink->lock);
	for (int i = 0; i < sink->request_count; i++) {
		char value[128];

		header_of(sink->requests[i], "webhook-id", value, sizeof(value));
		found += strcmp(value, id) == 0;
	}
	pthread_mutex_unlock(&sink->lock);
	return found;
}
