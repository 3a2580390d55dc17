#include "alerts/curl_loop.h"

#include <event2/event.h>
#include <sys/socket.h>

#include "core/mem.h"

enum { REAP_MAX = 64 };

struct curl_loop {
	struct event_base *base;
	CURLM *multi;
	struct event *timer;
};

static void turn(struct curl_loop *loop, curl_socket_t fd, int flags);

static void on_socket(evutil_socket_t fd, short what, void *arg)
{
	int flags =
		(what & EV_READ ? CURL_CSELECT_IN : 0) | (what & EV_WRITE ? CURL_CSELECT_OUT : 0);

	turn(arg, fd, flags);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	turn(arg, CURL_SOCKET_TIMEOUT, 0);
}

static int want_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *slot)
{
	struct curl_loop *loop = arg;
	struct event *event = slot;
	short flags = EV_PERSIST;

	(void)easy;
	if (event)
		event_free(event); /* replaced, never assigned again */
	event = NULL;
	if (what != CURL_POLL_REMOVE) {
		flags |= what & CURL_POLL_IN ? EV_READ : 0;
		flags |= what & CURL_POLL_OUT ? EV_WRITE : 0;
		event = event_new(loop->base, fd, flags, on_socket, loop);
		if (!event || event_add(event, NULL) < 0)
			return -1;
	}
	curl_multi_assign(loop->multi, fd, event);
	return 0;
}

static int want_timer(CURLM *multi, long ms, void *arg)
{
	struct curl_loop *loop = arg;
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

	(void)multi;
	return ms < 0 ? evtimer_del(loop->timer) : evtimer_add(loop->timer, &wait);
}

/* Tells the owners of finished transfers; bounded, the rest by the timer. */
static void reap(struct curl_loop *loop)
{
	struct timeval now = { 0, 0 };
	int left = 0;

	for (int i = 0; i < REAP_MAX; i++) {
		CURLMsg *message = curl_multi_info_read(loop->multi, &left);
		struct curl_loop_call *call = NULL;
		CURLcode result;
		CURL *easy;

		if (!message)
			return;
		if (message->msg != CURLMSG_DONE)
			continue;
		easy = message->easy_handle;
		result = message->data.result;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&call);
		call->done(call, result);
	}
	evtimer_add(loop->timer, &now);
}

static void turn(struct curl_loop *loop, curl_socket_t fd, int flags)
{
	int running = 0;
	CURLMcode code = curl_multi_socket_action(loop->multi, fd, flags, &running);

	if (code != CURLM_OK && code != CURLM_BAD_SOCKET)
		BUG("curl_multi_socket_action: %s", curl_multi_strerror(code));
	reap(loop);
}

/* As libcurl would, and not left to child processes. */
static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)arg;
	(void)purpose;
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

struct curl_loop *curl_loop_new(struct event_base *base, struct err *err)
{
	struct curl_loop *loop = mem_zero(1, sizeof(*loop));

	loop->base = base;
	loop->multi = curl_multi_init();
	loop->timer = evtimer_new(base, on_timer, loop);
	if (!loop->multi || !loop->timer) {
		err_set(err, ERR_IO, "cannot make a libcurl handle for mail");
		curl_loop_free(loop);
		return NULL;
	}
	curl_multi_setopt(loop->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
	curl_multi_setopt(loop->multi, CURLMOPT_SOCKETDATA, loop);
	curl_multi_setopt(loop->multi, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(loop->multi, CURLMOPT_TIMERDATA, loop);
	return loop;
}

void curl_loop_free(struct curl_loop *loop)
{
	if (!loop)
		return;
	if (loop->multi)
		curl_multi_cleanup(loop->multi);
	if (loop->timer)
		event_free(loop->timer);
	free(loop);
}

int curl_loop_add(struct curl_loop *loop, CURL *easy, struct curl_loop_call *call, struct err *err)
{
	CURLMcode code;

	curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	code = curl_multi_add_handle(loop->multi, easy);
	if (code != CURLM_OK)
		return err_set(
			err, ERR_IO, "libcurl refuses a transfer: %s", curl_multi_strerror(code));
	return 0;
}

void curl_loop_remove(struct curl_loop *loop, CURL *easy)
{
	curl_multi_remove_handle(loop->multi, easy);
}
