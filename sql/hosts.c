#include "sql/hosts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/mem.h"

enum { ITEM_MAX = 256, LIST_MAX = 8192, ADDRESSES_MAX = 8 };

/* The next item of a comma list into room (cut if too long); false after the last. *cursor NULL
 * = nothing left. */
static bool next_item(const char **cursor, char room[ITEM_MAX])
{
	const char *end;

	room[0] = '\0';
	if (!*cursor)
		return false;
	end = strchrnul(*cursor, ',');
	snprintf(room, ITEM_MAX, "%.*s", (int)(end - *cursor), *cursor);
	*cursor = *end == ',' ? end + 1 : NULL;
	return true;
}

static bool is_address(const char *host, struct in6_addr *ret_six, struct in_addr *ret_four)
{
	return inet_pton(AF_INET, host, ret_four) == 1 || inet_pton(AF_INET6, host, ret_six) == 1;
}

static bool is_socket(const char *host)
{
	return host[0] == '\0' || host[0] == '/' || host[0] == '@';
}

static bool is_name(const char *host, const char *address)
{
	struct in6_addr six;
	struct in_addr four;

	return address[0] == '\0' && !is_socket(host) && !is_address(host, &six, &four);
}

static bool is_local(const char *host, const char *address)
{
	const char *place = address[0] ? address : host;
	struct in6_addr six = IN6ADDR_ANY_INIT;
	struct in_addr four = { .s_addr = 0 };

	if (is_socket(place) || strcmp(place, "localhost") == 0)
		return true;
	if (!is_address(place, &six, &four))
		return false;
	return (ntohl(four.s_addr) >> 24) == 127 || IN6_IS_ADDR_LOOPBACK(&six);
}

static bool any_entry(
	const char *host, const char *hostaddr, bool (*test)(const char *host, const char *address))
{
	char one[ITEM_MAX], address[ITEM_MAX];
	bool more_hosts = true, more_addresses = true;

	for (;;) {
		more_hosts = next_item(&host, one);
		more_addresses = next_item(&hostaddr, address);
		if (!more_hosts && !more_addresses)
			return false;
		if (test(one, address))
			return true;
	}
}

static bool is_remote(const char *host, const char *address)
{
	return !is_local(host, address);
}

bool sql_hosts_remote(const char *host, const char *hostaddr)
{
	return any_entry(host, hostaddr, is_remote);
}

bool sql_hosts_have_names(const char *host, const char *hostaddr)
{
	return any_entry(host, hostaddr, is_name);
}

/* What the thread and the loop share. The thread writes everything before the eventfd, the loop
 * reads after it; the last of the two frees. */
struct shared {
	atomic_int owners;
	int wake;
	char *host, *hostaddr, *port; /* as given */
	struct buf out_host, out_hostaddr, out_port;
	struct err err;
};

struct sql_lookup {
	struct shared *shared;
	struct event *ready;
	sql_lookup_fn done;
	void *arg;
};

static void shared_release(struct shared *shared)
{
	if (atomic_fetch_sub(&shared->owners, 1) != 1)
		return;
	close(shared->wake);
	free(shared->host);
	free(shared->hostaddr);
	free(shared->port);
	buf_free(&shared->out_host);
	buf_free(&shared->out_hostaddr);
	buf_free(&shared->out_port);
	free(shared);
}

static void add_entry(
	struct shared *shared, const char *host, const char *address, const char *port)
{
	const char *comma = shared->out_host.used || shared->out_hostaddr.used ? "," : "";

	buf_format(&shared->out_host, "%s%s", comma, host);
	buf_format(&shared->out_hostaddr, "%s%s", comma, address);
	buf_format(&shared->out_port, "%s%s", comma, port);
}

static bool look_up(struct shared *shared, const char *host, const char *port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG };
	struct addrinfo *found = NULL;
	char text[INET6_ADDRSTRLEN + 20];
	int rc = getaddrinfo(host, NULL, &hints, &found);
	int n = 0;

	if (rc != 0) {
		err_set(&shared->err, ERR_DB_DOWN, "the host name %s could not be looked up: %s",
			host, gai_strerror(rc));
		return false;
	}
	for (const struct addrinfo *a = found; a && n < ADDRESSES_MAX; a = a->ai_next)
		if (getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof(text), NULL, 0,
			    NI_NUMERICHOST) == 0) {
			add_entry(shared, host, text, port);
			n++;
		}
	freeaddrinfo(found);
	return n > 0;
}

static void look_up_all(struct shared *shared)
{
	const char *hosts = shared->host, *addresses = shared->hostaddr, *ports = shared->port;
	char host[ITEM_MAX], address[ITEM_MAX], port[ITEM_MAX], last_port[ITEM_MAX] = "";
	int usable = 0;

	while (next_item(&hosts, host)) {
		next_item(&addresses, address);
		/* One port stands for all hosts. */
		if (next_item(&ports, port))
			memcpy(last_port, port, sizeof(last_port));
		if (is_name(host, address)) {
			usable += look_up(shared, host, last_port);
			continue;
		}
		add_entry(shared, host, address, last_port);
		usable++;
	}
	if (shared->out_host.failed || shared->out_hostaddr.failed || shared->out_port.failed)
		err_set(&shared->err, ERR_USAGE, "the list of database hosts is too long");
	else if (usable > 0)
		err_clear(&shared->err);
}

static void *run_lookup(void *arg)
{
	struct shared *shared = arg;
	uint64_t one = 1;

	look_up_all(shared);
	while (write(shared->wake, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	shared_release(shared);
	return NULL;
}

static void on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct sql_lookup *lookup = arg;
	struct shared *shared = lookup->shared;
	struct sql_hosts hosts = { .host = shared->out_host.data,
		.hostaddr = shared->out_hostaddr.data,
		.port = shared->out_port.data };

	(void)fd;
	(void)what;
	event_free(lookup->ready);
	lookup->done(lookup->arg, &hosts, &shared->err);
	free(lookup);
	shared_release(shared);
}

static struct shared *shared_new(const struct sql_hosts *hosts, int wake)
{
	struct shared *shared = mem_zero(1, sizeof(*shared));

	atomic_init(&shared->owners, 2);
	shared->wake = wake;
	shared->host = mem_text(hosts->host);
	shared->hostaddr = mem_text(hosts->hostaddr);
	shared->port = mem_text(hosts->port);
	buf_init(&shared->out_host, LIST_MAX);
	buf_init(&shared->out_hostaddr, LIST_MAX);
	buf_init(&shared->out_port, LIST_MAX);
	return shared;
}

static int start_thread(struct shared *shared)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int rc;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	rc = pthread_create(&thread, &attributes, run_lookup, shared);
	pthread_attr_destroy(&attributes);
	return rc;
}

struct sql_lookup *sql_lookup_start(struct event_base *base, const struct sql_hosts *hosts,
	sql_lookup_fn done, void *arg, struct err *err)
{
	int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	struct sql_lookup *lookup;

	if (wake < 0) {
		err_set_errno(err, ERR_IO, "no eventfd for a name lookup");
		return NULL;
	}
	lookup = mem_zero(1, sizeof(*lookup));
	lookup->shared = shared_new(hosts, wake);
	lookup->done = done;
	lookup->arg = arg;
	errno = start_thread(lookup->shared);
	if (errno != 0) {
		err_set_errno(err, ERR_IO, "no thread for a name lookup");
		shared_release(lookup->shared);
		shared_release(lookup->shared);
		free(lookup);
		return NULL;
	}
	lookup->ready = event_new(base, wake, EV_READ, on_ready, lookup);
	if (!lookup->ready || event_add(lookup->ready, NULL) < 0)
		BUG("event_new failed");
	return lookup;
}

void sql_lookup_cancel(struct sql_lookup *lookup)
{
	if (!lookup)
		return;
	event_free(lookup->ready);
	shared_release(lookup->shared);
	free(lookup);
}
