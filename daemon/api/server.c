#include "api/server.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "api/internal.h"
#include "api/route.h"
#include "core/log.h"
#include "core/mem.h"

enum {
	HEADERS_MAX = 16 << 10,
	REQUEST_BODY_MAX = 1 << 20, /* thousands of imagined changes */
	SILENCE_S = 15,
	SINGLE_WRITE = 1 << 20,
	BACKLOG = 128
};

const struct conf_key api_conf_keys[] = {
	{ .name = "listen",
		.type = CONF_TEXT,
		.fallback = "127.0.0.1:8870",
		.flags = CONF_NO_RELOAD,
		.help = "loopback address and port, or unix:/path of a socket for the proxy in "
			"front" },
	{ .name = "person-header",
		.type = CONF_TEXT,
		.fallback = "",
		.flags = CONF_NO_RELOAD,
		.help = "header in which the proxy in front names the person who signed in, as "
			"X-Remote-User; without it nothing can be written by HTTP" },
	{ .name = NULL },
};

/* A sockaddr for "unix:/path" or a loopback "address:port"; false for anything else. */
static bool parse_listen(const char *listen, struct sockaddr_storage *ret, int *ret_length)
{
	struct sockaddr_un *local = (struct sockaddr_un *)ret;
	int length = sizeof(*ret);

	*ret = (struct sockaddr_storage){ 0 };
	if (strncmp(listen, "unix:/", 6) == 0 && strlen(listen + 5) < sizeof(local->sun_path)) {
		local->sun_family = AF_UNIX;
		snprintf(local->sun_path, sizeof(local->sun_path), "%s", listen + 5);
		*ret_length = sizeof(*local);
		return true;
	}
	if (evutil_parse_sockaddr_port(listen, (struct sockaddr *)ret, &length))
		return false;
	*ret_length = length;
	if (ret->ss_family == AF_INET)
		return ntohl(((struct sockaddr_in *)ret)->sin_addr.s_addr) >> 24 == 127;
	return ret->ss_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(&((struct sockaddr_in6 *)ret)->sin6_addr);
}

int api_config_read(
	const struct conf_block *block, struct api_config *ret_config, struct conf_errors *errors)
{
	struct sockaddr_storage address;
	const char *listen = conf_text(block, "listen");
	int length;

	if (!parse_listen(listen, &address, &length))
		return conf_complain(errors, block, "listen",
			"\"%s\" is neither a loopback address with a port nor unix:/path; the "
			"pages have no sign-in, so put a "
			"proxy in front to reach them from elsewhere",
			listen);
	ret_config->listen = mem_text(listen);
	ret_config->person_header = mem_text(conf_text(block, "person-header"));
	return 0;
}

void api_config_free(struct api_config *config)
{
	free(config->listen);
	free(config->person_header);
	*config = (struct api_config){ 0 };
}

struct sql_link *api_read_link(struct api_server *server)
{
	server->next_link = (server->next_link + 1) % server->options.read_count;
	return server->read[server->next_link];
}

/* Without this a body leaves in pieces of 16 KiB and waits for delayed acknowledgements in between. */
static struct bufferevent *make_connection(struct event_base *base, void *arg)
{
	struct bufferevent *connection = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);

	(void)arg;
	if (connection)
		bufferevent_set_max_single_write(connection, SINGLE_WRITE);
	return connection;
}

static void on_request(struct evhttp_request *request, void *arg)
{
	int on = 1;
	struct evhttp_connection *connection = evhttp_request_get_connection(request);
	evutil_socket_t fd = bufferevent_getfd(evhttp_connection_get_bufferevent(connection));

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on,
		sizeof(on)); /* fails on unix sockets, which is fine */
	route_dispatch(arg, request);
}

static void on_reopen(evutil_socket_t fd, short what, void *arg)
{
	struct api_server *server = arg;

	(void)fd;
	(void)what;
	for (int i = 0; i < server->listener_count && !server->stopping; i++)
		evconnlistener_enable(server->listener[i]);
}

/* Out of descriptors: accept would fail a million times a second. Look again in a tenth of a second. */
static void on_accept_error(struct evconnlistener *listener, void *arg)
{
	struct api_server *server = arg;
	struct timeval wait = { 0, 100000 };

	log_warn("api", "accept: %s", strerror(errno));
	evconnlistener_disable(listener);
	evtimer_add(server->reopen, &wait);
}

static int adopt(struct api_server *server, struct evconnlistener *listener, struct err *err)
{
	if (!listener)
		return err_set_errno(
			err, ERR_IO, "api: cannot listen on %s", server->options.listen);
	if (!evhttp_bind_listener(server->http, listener)) {
		evconnlistener_free(listener);
		return err_set(err, ERR_IO, "api: cannot bind the listener");
	}
	evconnlistener_set_error_cb(listener, on_accept_error);
	server->listener[server->listener_count++] = listener;
	return 0;
}

static void remember_address(struct api_server *server)
{
	struct sockaddr_storage address = { 0 };
	socklen_t length = sizeof(address);
	int fd = evconnlistener_get_fd(server->listener[0]);

	if (getsockname(fd, (struct sockaddr *)&address, &length))
		return;
	if (address.ss_family == AF_INET)
		snprintf(server->address, sizeof(server->address), "http://127.0.0.1:%d/",
			ntohs(((struct sockaddr_in *)&address)->sin_port));
	else if (address.ss_family == AF_INET6)
		snprintf(server->address, sizeof(server->address), "http://[::1]:%d/",
			ntohs(((struct sockaddr_in6 *)&address)->sin6_port));
}

static int listen_on(struct api_server *server, struct err *err)
{
	struct sockaddr_storage address;
	int length, on = 1, fd;

	if (!parse_listen(server->options.listen, &address, &length))
		return err_set(err, ERR_USAGE, "api: %s is not a loopback address or unix:/path",
			server->options.listen);
	fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_set_errno(err, ERR_IO, "api: socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (address.ss_family == AF_UNIX) {
		snprintf(server->unix_path, sizeof(server->unix_path), "%s",
			((struct sockaddr_un *)&address)->sun_path);
		unlink(server->unix_path);
	}
	if (bind(fd, (struct sockaddr *)&address, (socklen_t)length) ||
		(server->unix_path[0] && chmod(server->unix_path, 0660))) {
		err_set_errno(err, ERR_IO, "api: cannot listen on %s", server->options.listen);
		close(fd);
		return -1;
	}
	return adopt(server,
		evconnlistener_new(server->base, NULL, NULL,
			LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, BACKLOG, fd),
		err);
}

static int open_listeners(struct api_server *server, struct err *err)
{
	if (server->options.fd_count > API_LISTENERS_MAX)
		return err_set(
			err, ERR_USAGE, "api: more than %d sockets passed", API_LISTENERS_MAX);
	if (server->options.fd_count == 0)
		return listen_on(server, err);
	for (int i = 0; i < server->options.fd_count; i++) {
		evutil_make_socket_nonblocking(server->options.fds[i]);
		/* backlog 0: the passed socket listens already */
		if (adopt(server,
			    evconnlistener_new(server->base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE, 0,
				    server->options.fds[i]),
			    err))
			return -1;
	}
	return 0;
}

struct api_server *api_server_new(const struct api_options *options, struct err *err)
{
	struct api_server *server = mem_zero(1, sizeof(*server));

	if (options->read_count < 1 || options->read_count > API_READ_LINKS_MAX)
		BUG("%d links to read from", options->read_count);
	server->base = options->base;
	server->options = *options;
	server->options.read = NULL;
	server->person_header = mem_text(options->person_header ? options->person_header : "");
	memcpy(server->read, options->read, sizeof(*server->read) * (size_t)options->read_count);
	server->http = evhttp_new(options->base);
	server->reopen = evtimer_new(options->base, on_reopen, server);
	if (!server->http || !server->reopen)
		BUG("no memory for the HTTP server");
	evhttp_set_max_headers_size(server->http, HEADERS_MAX);
	evhttp_set_max_body_size(server->http, REQUEST_BODY_MAX);
	evhttp_set_timeout(server->http, SILENCE_S);
	evhttp_set_allowed_methods(
		server->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST);
	evhttp_set_default_content_type(server->http, "application/json");
	evhttp_set_bevcb(server->http, make_connection, NULL);
	evhttp_set_gencb(server->http, on_request, server);
	if (open_listeners(server, err)) {
		api_server_free(server);
		return NULL;
	}
	server->options.fds = NULL;
	server->options.person_header = server->person_header;
	remember_address(server);
	return server;
}

const char *api_server_address(const struct api_server *server)
{
	return server->address;
}

void api_server_stop(struct api_server *server)
{
	server->stopping = true;
	evtimer_del(server->reopen);
	for (int i = 0; i < server->listener_count; i++)
		evconnlistener_disable(server->listener[i]);
}

bool api_server_drained(const struct api_server *server)
{
	return server->replies.count == 0;
}

void api_server_free(struct api_server *server)
{
	if (!server)
		return;
	reply_list_abort(&server->replies);
	evhttp_free(server->http); /* frees the bound listeners too */
	event_free(server->reopen);
	if (server->unix_path[0])
		unlink(server->unix_path);
	free(server->person_header);
	free(server);
}
