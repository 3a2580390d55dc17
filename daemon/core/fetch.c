#include "core/fetch.h"

#include <event2/event.h>
#include <signal.h>

#include "core/fetch_transfer.h"
#include "core/log.h"
#include "core/mem.h"

enum {
	RUNNING_MAX = 16,
	ORIGIN_MAX = 2,
	WAITING_MAX = 1024,
	REAP_MAX = 64,
	NET_MS = 5000,
	SPARE_MAX = 64
};

TAILQ_HEAD(fetch_list, fetch_transfer);

struct fetch {
	struct event_base *base;
	CURLM *multi;
	struct event *timer; /* libcurl's time-outs */
	struct event
		*kick; /* what must not be done inside libcurl's callbacks: start, resume, remove */
	struct fetch_list waiting, running;
	int waiting_count, running_count;
	int running_max, origin_max;
	bool endpoint; /* every transfer under guard */
	struct netguard guard;
	CURL *spare
		[SPARE_MAX]; /* handles for the next transfers: making one costs more than a small transfer */
	int spare_count;
	bool closing;
};

void fetch_global_init(void)
{
	/* TLS libraries write to sockets that the peer has closed. */
	signal(SIGPIPE, SIG_IGN);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		BUG("curl_global_init failed");
}

void fetch_global_free(void)
{
	curl_global_cleanup();
}

const char *fetch_fate_name(enum fetch_fate fate)
{
	switch (fate) {
	case FETCH_UNSENT:
		return "unsent";
	case FETCH_UNKNOWN:
		return "unknown";
	case FETCH_ANSWERED:
		return "answered";
	}
	BUG("fate %d", (int)fate);
}

int fetch_count(const struct fetch *fetch)
{
	return fetch->waiting_count + fetch->running_count;
}

static void kick(struct fetch *fetch)
{
	event_active(fetch->kick, EV_TIMEOUT, 0);
}

static void unlink_transfer(struct fetch_transfer *transfer)
{
	struct fetch *fetch = transfer->owner;

	if (transfer->state == FETCH_RUNNING) {
		curl_multi_remove_handle(fetch->multi, transfer->easy);
		TAILQ_REMOVE(&fetch->running, transfer, link);
		fetch->running_count--;
	} else {
		TAILQ_REMOVE(&fetch->waiting, transfer, link);
		fetch->waiting_count--;
	}
}

static CURL *take_handle(struct fetch *fetch)
{
	CURL *easy = fetch->spare_count > 0 ? fetch->spare[--fetch->spare_count] : curl_easy_init();

	if (!easy)
		BUG("curl_easy_init failed");
	return easy;
}

/* Frees the transfer, but keeps its handle, emptied of all that was set. */
static void drop_transfer(struct fetch_transfer *transfer)
{
	struct fetch *fetch = transfer->owner;

	if (fetch->spare_count < SPARE_MAX) {
		curl_easy_reset(transfer->easy);
		fetch->spare[fetch->spare_count++] = transfer->easy;
		transfer->easy = NULL;
	}
	fetch_transfer_free(transfer);
}

/* The only end of a transfer. err, when given, replaces what libcurl's code would say. */
static void finish(struct fetch_transfer *transfer, CURLcode code, const struct err *err)
{
	struct fetch *fetch = transfer->owner;
	struct fetch_result result;

	fetch_transfer_result(transfer, code, &result);
	if (err)
		result.err = *err;
	unlink_transfer(transfer);
	transfer->state = FETCH_ENDED;
	if (!transfer->cancelled)
		transfer->done(transfer->arg, &result);
	drop_transfer(transfer);
	kick(fetch);
}

static void reap(struct fetch *fetch)
{
	int left = 0, budget = REAP_MAX;

	while (budget-- > 0) {
		struct fetch_transfer *transfer = NULL;
		CURLMsg *message = curl_multi_info_read(fetch->multi, &left);
		if (!message)
			return;
		if (message->msg != CURLMSG_DONE)
			continue;
		CURLcode code = message->data.result;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
		finish(transfer, code, NULL);
	}
	kick(fetch);
}

static void act(struct fetch *fetch, curl_socket_t fd, int flags)
{
	int running = 0;
	CURLMcode code = curl_multi_socket_action(fetch->multi, fd, flags, &running);

	if (code != CURLM_OK && code != CURLM_BAD_SOCKET)
		log_warn("fetch", "libcurl: %s", curl_multi_strerror(code));
	reap(fetch);
}

static void on_socket(evutil_socket_t fd, short what, void *arg)
{
	int flags =
		(what & EV_READ ? CURL_CSELECT_IN : 0) | (what & EV_WRITE ? CURL_CSELECT_OUT : 0);

	act(arg, fd, flags);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	act(arg, CURL_SOCKET_TIMEOUT, 0);
}

static int want_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *slot)
{
	struct fetch *fetch = arg;
	struct event *event = slot;

	(void)easy;
	if (event)
		event_free(event); /* replaced, never re-assigned */
	event = NULL;
	if (what != CURL_POLL_REMOVE) {
		int interest = EV_PERSIST | (what & CURL_POLL_IN ? EV_READ : 0) |
			       (what & CURL_POLL_OUT ? EV_WRITE : 0);
		event = event_new(fetch->base, fd, (short)interest, on_socket, fetch);
		if (!event || event_add(event, NULL))
			return -1;
	}
	curl_multi_assign(fetch->multi, fd, event);
	return 0;
}

static int want_timer(CURLM *multi, long ms, void *arg)
{
	struct fetch *fetch = arg;
	struct timeval wait = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

	(void)multi;
	return ms < 0 ? evtimer_del(fetch->timer) : evtimer_add(fetch->timer, &wait);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct fetch_transfer *transfer = arg;
	struct err err = ERR_INIT;

	(void)fd;
	(void)what;
	err_set(&err, ERR_TIMEOUT, "%s: %s within %d ms", transfer->origin,
		transfer->state == FETCH_WAITING ? "no free slot" : "no end", transfer->timeout_ms);
	finish(transfer, CURLE_OPERATION_TIMEDOUT, &err);
}

static void deadline_set(struct fetch_transfer *transfer, int ms)
{
	struct timeval wait = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

	if (evtimer_add(transfer->deadline, &wait))
		BUG("evtimer_add failed");
}

static bool origin_is_busy(const struct fetch *fetch, const char *origin)
{
	const struct fetch_transfer *other;
	int count = 0;

	if (fetch->running_count < fetch->origin_max)
		return false;
	TAILQ_FOREACH(other, &fetch->running, link)
	count += strcmp(other->origin, origin) == 0;
	return count >= fetch->origin_max;
}

static void dispatch(struct fetch *fetch)
{
	struct fetch_transfer *transfer = TAILQ_FIRST(&fetch->waiting);

	while (transfer && fetch->running_count < fetch->running_max) {
		struct fetch_transfer *next = TAILQ_NEXT(transfer, link);
		if (!origin_is_busy(fetch, transfer->origin)) {
			TAILQ_REMOVE(&fetch->waiting, transfer, link);
			fetch->waiting_count--;
			transfer->state = FETCH_RUNNING;
			TAILQ_INSERT_TAIL(&fetch->running, transfer, link);
			fetch->running_count++;
			deadline_set(transfer, transfer->timeout_ms + NET_MS);
			CURLMcode code = curl_multi_add_handle(fetch->multi, transfer->easy);
			if (code != CURLM_OK)
				BUG("curl_multi_add_handle: %s", curl_multi_strerror(code));
		}
		transfer = next;
	}
}

/* Unpausing hands over what libcurl kept back, inside the call; a sink that refuses it then ends
 * the transfer here, because libcurl only reports the code. */
static void resume(struct fetch_transfer *transfer)
{
	transfer->resume = false;
	if (!transfer->paused)
		return;
	transfer->paused = false;
	CURLcode code = curl_easy_pause(transfer->easy, CURLPAUSE_CONT);
	if (code != CURLE_OK)
		finish(transfer, code, NULL);
}

static void on_kick(evutil_socket_t fd, short what, void *arg)
{
	struct fetch *fetch = arg;
	struct fetch_transfer *transfer = TAILQ_FIRST(&fetch->running);

	(void)fd;
	(void)what;
	while (transfer) {
		struct fetch_transfer *next = TAILQ_NEXT(transfer, link);
		if (transfer->cancelled)
			finish(transfer, CURLE_OK, NULL);
		else if (transfer->resume)
			resume(transfer);
		transfer = next;
	}
	dispatch(fetch);
	reap(fetch);
}

static struct fetch *make(struct event_base *base, int running_max, int origin_max, struct err *err)
{
	struct fetch *fetch = mem_zero(1, sizeof(*fetch));

	fetch->running_max = running_max;
	fetch->origin_max = origin_max;
	TAILQ_INIT(&fetch->waiting);
	TAILQ_INIT(&fetch->running);
	fetch->base = base;
	fetch->multi = curl_multi_init();
	fetch->timer = evtimer_new(base, on_timer, fetch);
	fetch->kick = evtimer_new(base, on_kick, fetch);
	if (!fetch->multi || !fetch->timer || !fetch->kick) {
		err_set(err, ERR_IO, "libcurl or libevent cannot be set up");
		fetch_free(fetch);
		return NULL;
	}
	curl_multi_setopt(fetch->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
	curl_multi_setopt(fetch->multi, CURLMOPT_SOCKETDATA, fetch);
	curl_multi_setopt(fetch->multi, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(fetch->multi, CURLMOPT_TIMERDATA, fetch);
	curl_multi_setopt(fetch->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)running_max);
	curl_multi_setopt(fetch->multi, CURLMOPT_MAXCONNECTS, (long)running_max);
	return fetch;
}

struct fetch *fetch_new(struct event_base *base, struct err *err)
{
	return make(base, RUNNING_MAX, ORIGIN_MAX, err);
}

struct fetch *fetch_new_endpoint(
	struct event_base *base, int parallel, const struct netguard *guard, struct err *err)
{
	struct fetch *fetch = make(base, parallel, parallel, err);

	if (fetch) {
		fetch->endpoint = true;
		fetch->guard = *guard;
	}
	return fetch;
}

static void end_all(struct fetch_list *list)
{
	struct fetch_transfer *transfer;
	struct err err = ERR_INIT;

	err_set(&err, ERR_CANCELLED, "the program is stopping");
	while ((transfer = TAILQ_FIRST(list))) {
		/* A name that is still being resolved must not hold up the end. */
		curl_easy_setopt(transfer->easy, CURLOPT_QUICK_EXIT, 1L);
		finish(transfer, CURLE_ABORTED_BY_CALLBACK, &err);
	}
}

void fetch_free(struct fetch *fetch)
{
	if (!fetch)
		return;
	fetch->closing = true;
	end_all(&fetch->running);
	end_all(&fetch->waiting);
	while (fetch->spare_count > 0)
		curl_easy_cleanup(fetch->spare[--fetch->spare_count]);
	curl_multi_cleanup(fetch->multi);
	if (fetch->timer)
		event_free(fetch->timer);
	if (fetch->kick)
		event_free(fetch->kick);
	free(fetch);
}

struct fetch_transfer *fetch_start(
	struct fetch *fetch, const struct fetch_request *request, struct err *err)
{
	if (fetch->closing) {
		err_set(err, ERR_CANCELLED, "the program is stopping");
		return NULL;
	}
	if (fetch->waiting_count >= WAITING_MAX) {
		err_set(err, ERR_LIMIT, "%d transfers are waiting already", WAITING_MAX);
		return NULL;
	}
	struct fetch_request own = *request;
	if (fetch->endpoint)
		own.guard = &fetch->guard;
	struct fetch_transfer *transfer =
		fetch_transfer_new(&own, take_handle(fetch), fetch->endpoint, err);
	if (!transfer)
		return NULL;
	transfer->owner = fetch;
	transfer->state = FETCH_WAITING;
	transfer->deadline = evtimer_new(fetch->base, on_deadline, transfer);
	if (!transfer->deadline)
		BUG("evtimer_new failed");
	TAILQ_INSERT_TAIL(&fetch->waiting, transfer, link);
	fetch->waiting_count++;
	deadline_set(transfer, transfer->timeout_ms);
	kick(fetch);
	return transfer;
}

void fetch_resume(struct fetch_transfer *transfer)
{
	transfer->resume = true;
	kick(transfer->owner);
}

void fetch_cancel(struct fetch_transfer *transfer)
{
	if (!transfer || transfer->state == FETCH_ENDED)
		return;
	transfer->cancelled = true;
	if (transfer->state == FETCH_WAITING) {
		unlink_transfer(transfer);
		drop_transfer(transfer);
		return;
	}
	/* Possibly inside a callback of libcurl: removed on the next turn. */
	kick(transfer->owner);
}
