/* Signal callbacks under libevent are ordinary functions on the loop: they may do anything. */
#include "daemon/service.h"

#include <event2/event.h>
#include <event2/util.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/err.h"
#include "core/log.h"
#include "core/mem.h"
#include "core/text.h"

enum { HEARTBEAT_MS = 10000, SOCKETS_MAX = 8, STATUS_MAX = 256 };

static const int SIGNALS[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1 };
enum { SIGNAL_COUNT = sizeof(SIGNALS) / sizeof(*SIGNALS) };

struct service {
	struct service_hooks hooks;
	struct event *signals[SIGNAL_COUNT];
	struct event *watchdog; /* NULL when systemd does not watch */
	struct event *heartbeat;
	int64_t heartbeat_due;
	int lag_ms, lag_max_ms, lag_recent_ms;
	bool stopping;
	char status[STATUS_MAX];
	int sockets[SOCKETS_MAX]; /* -1 = given out */
	char *socket_names[SOCKETS_MAX];
	int socket_count;
};

static const struct timeval HEARTBEAT = { HEARTBEAT_MS / 1000, 0 };

static void on_stop(struct service *service, const char *name)
{
	if (service->stopping) {
		log_warn("service", "SIG%s again while stopping: leaving at once", name);
		_exit(EXIT_FAILURE);
	}
	service->stopping = true;
	log_info("service", "SIG%s: stopping", name);
	service->hooks.stop(service->hooks.arg);
}

static void on_signal(evutil_socket_t number, short what, void *arg)
{
	struct service *service = arg;
	(void)what;
	switch (number) {
	case SIGTERM:
	case SIGINT:
		on_stop(service, number == SIGTERM ? "TERM" : "INT");
		break;
	case SIGHUP:
		if (service->stopping)
			log_info("service", "SIGHUP while stopping: ignored");
		else
			service->hooks.reload(service->hooks.arg);
		break;
	default:
		service->hooks.status(service->hooks.arg);
		break;
	}
}

static void on_watchdog(evutil_socket_t fd, short what, void *arg)
{
	struct service *service = arg;
	(void)fd, (void)what;
	if (service->hooks.alive(service->hooks.arg))
		sd_notify(0, "WATCHDOG=1");
	else
		log_error("service", "no progress: the watchdog is not answered");
}

static void on_heartbeat(evutil_socket_t fd, short what, void *arg)
{
	struct service *service = arg;
	(void)fd, (void)what;
	int64_t now = clock_steady_ms();
	int64_t lag = now - service->heartbeat_due;
	service->lag_ms = lag > 0 ? (int)lag : 0;
	if (service->lag_ms > service->lag_max_ms)
		service->lag_max_ms = service->lag_ms;
	if (service->lag_ms > service->lag_recent_ms)
		service->lag_recent_ms = service->lag_ms;
	service->heartbeat_due = now + HEARTBEAT_MS;
	evtimer_add(service->heartbeat, &HEARTBEAT);
}

static void start_watchdog(struct service *service, struct event_base *base)
{
	uint64_t usec = 0;
	if (sd_watchdog_enabled(0, &usec) <= 0)
		return;
	struct timeval half = { (time_t)(usec / 2000000), (suseconds_t)(usec / 2 % 1000000) };
	service->watchdog = event_new(base, -1, EV_PERSIST, on_watchdog, service);
	if (!service->watchdog)
		BUG("no timer for the watchdog");
	event_priority_set(service->watchdog, SERVICE_PRIORITIES - 1);
	event_add(service->watchdog, &half);
}

static void take_sockets(struct service *service)
{
	char **names = NULL;
	int count = sd_listen_fds_with_names(1, &names);
	for (int i = 0; i < count; i++) {
		int fd = SD_LISTEN_FDS_START + i;
		if (service->socket_count == SOCKETS_MAX) {
			log_warn("service", "more than %d sockets passed: closing the rest",
				SOCKETS_MAX);
			close(fd);
		} else {
			evutil_make_socket_nonblocking(fd);
			service->sockets[service->socket_count] = fd;
			service->socket_names[service->socket_count++] = mem_text(names[i]);
		}
		free(names[i]);
	}
	free(names);
}

struct service *service_new(struct event_base *base, const struct service_hooks *hooks)
{
	struct service *service = mem_zero(1, sizeof(*service));
	service->hooks = *hooks;
	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < SIGNAL_COUNT; i++) {
		service->signals[i] = evsignal_new(base, SIGNALS[i], on_signal, service);
		if (!service->signals[i] || evsignal_add(service->signals[i], NULL))
			BUG("signal %d cannot be watched", SIGNALS[i]);
	}
	service->heartbeat = evtimer_new(base, on_heartbeat, service);
	if (!service->heartbeat)
		BUG("no timer for the heartbeat");
	service->heartbeat_due = clock_steady_ms() + HEARTBEAT_MS;
	evtimer_add(service->heartbeat, &HEARTBEAT);
	start_watchdog(service, base);
	take_sockets(service);
	return service;
}

void service_free(struct service *service)
{
	if (!service)
		return;
	for (int i = 0; i < SIGNAL_COUNT; i++)
		event_free(service->signals[i]);
	if (service->watchdog)
		event_free(service->watchdog);
	event_free(service->heartbeat);
	for (int i = 0; i < service->socket_count; i++) {
		if (service->sockets[i] >= 0)
			close(service->sockets[i]);
		free(service->socket_names[i]);
	}
	free(service);
}

void service_ready(struct service *service)
{
	(void)service;
	sd_notify(0, "READY=1");
}

void service_status(struct service *service, const char *format, ...)
{
	char text[STATUS_MAX];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	text_trim_partial(text);
	for (char *at = text; *at; at++)
		if (*at == '\n')
			*at = ' ';
	if (strcmp(text, service->status) == 0)
		return;
	memcpy(service->status, text, sizeof(text));
	sd_notifyf(0, "STATUS=%s", text);
	log_info("service", "%s", text);
}

const char *service_status_text(const struct service *service)
{
	return service->status;
}

void service_reloading(struct service *service)
{
	(void)service;
	/* MONOTONIC_USEC is what Type=notify-reload of later systemd versions asks for. */
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)clock_steady_us());
}

void service_reloaded(struct service *service)
{
	service_ready(service);
}

void service_stopping(struct service *service)
{
	service->stopping = true;
	sd_notify(0, "STOPPING=1");
}

int service_loop_lag_ms(const struct service *service)
{
	return service->lag_ms;
}

int service_loop_lag_max_ms(const struct service *service)
{
	return service->lag_max_ms;
}

int service_take_socket(struct service *service, const char *name)
{
	for (int i = 0; i < service->socket_count; i++)
		if (service->sockets[i] >= 0 && strcmp(service->socket_names[i], name) == 0) {
			int fd = service->sockets[i];
			service->sockets[i] = -1;
			return fd;
		}
	return -1;
}

int service_loop_lag_take(struct service *service)
{
	int lag = service->lag_recent_ms;

	service->lag_recent_ms = 0;
	return lag;
}
