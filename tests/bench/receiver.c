/* The fast receiver of tests/bench/alerts: answers every POST at once, counts, keeps arrival times.
 *
 *   receiver PORTFILE COUNT OUT: listens on 127.0.0.1, writes its port to PORTFILE; after COUNT requests writes
 *   "FIRST LAST" (Unix seconds with fractions) to OUT and ends. Every request also appends its arrival to stdout. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS = 20000, ROOM = 32768 };

struct client {
	char bytes[ROOM];
	size_t used;
};
static struct client *clients[CLIENTS];
static double first, last;
static long seen, wanted;
static const char *out_path;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void finish(void)
{
	FILE *out = fopen(out_path, "w");

	if (!out)
		exit(1);
	fprintf(out, "%.6f %.6f\n", first, last);
	fclose(out);
	exit(0);
}

/* Length of the first whole request, 0 while it is not whole. */
static size_t whole(const struct client *client)
{
	const char *end = memmem(client->bytes, client->used, "\r\n\r\n", 4);
	size_t head = end ? (size_t)(end - client->bytes) + 4 : 0;
	size_t body = 0;

	for (const char *line = client->bytes; end && line < end;) {
		const char *next = memmem(line, (size_t)(end + 2 - line), "\r\n", 2);

		if (strncasecmp(line, "content-length:", 15) == 0)
			body = strtoul(line + 15, NULL, 10);
		line = next + 2;
	}
	return end && client->used >= head + body ? head + body : 0;
}

static void drop(int fd)
{
	free(clients[fd]);
	clients[fd] = NULL;
	close(fd);
}

static void serve(int fd)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
	struct client *client = clients[fd];
	ssize_t got = recv(fd, client->bytes + client->used, ROOM - client->used, 0);
	size_t length;

	if (got <= 0) {
		drop(fd);
		return;
	}
	client->used += (size_t)got;
	while ((length = whole(client)) > 0) {
		last = now();
		if (seen++ == 0)
			first = last;
		printf("%.6f\n", last);
		fflush(stdout);
		client->used -= length;
		memmove(client->bytes, client->bytes + length, client->used);
		if (send(fd, answer, sizeof(answer) - 1, MSG_NOSIGNAL) < 0) {
			drop(fd);
			return;
		}
		if (seen == wanted)
			finish();
	}
}

static int listen_here(const char *port_file)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	FILE *out;

	if (bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, 4096) < 0 ||
		getsockname(fd, (struct sockaddr *)&address, &size) < 0)
		exit(1);
	out = fopen(port_file, "w");
	if (!out)
		exit(1);
	fprintf(out, "%d\n", ntohs(address.sin_port));
	fclose(out);
	return fd;
}

int main(int argc, char **argv)
{
	int poll = epoll_create1(0);
	struct rlimit files;
	int listener;

	if (argc != 4)
		return 2;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	wanted = atol(argv[2]);
	out_path = argv[3];
	listener = listen_here(argv[1]);
	epoll_ctl(poll, EPOLL_CTL_ADD, listener,
		&(struct epoll_event){ .events = EPOLLIN, .data.fd = listener });
	for (;;) {
		struct epoll_event events[64];
		int count = epoll_wait(poll, events, 64, -1);

		for (int i = 0; i < count; i++) {
			int fd = events[i].data.fd;

			if (fd != listener) {
				serve(fd);
				continue;
			}
			fd = accept(listener, NULL, NULL);
			if (fd < 0 || fd >= CLIENTS)
				return 1;
			clients[fd] = calloc(1, sizeof(*clients[fd]));
			epoll_ctl(poll, EPOLL_CTL_ADD, fd,
				&(struct epoll_event){ .events = EPOLLIN, .data.fd = fd });
		}
	}
}
