/* The process as its surroundings see it: signals, systemd's notifications and watchdog, inherited sockets.
 *
 * Without systemd (no NOTIFY_SOCKET, no WATCHDOG_USEC, no LISTEN_FDS) the same calls do nothing, so the daemon runs
 * the same way by hand. One service per process. Hooks are called from the loop. */
#ifndef SETASIDE_DAEMON_SERVICE_H
#define SETASIDE_DAEMON_SERVICE_H

#include <stdbool.h>

struct event_base;
struct service;

struct service_hooks {
	void (*stop)(
		void *arg); /* TERM or INT, once; a second one ends the process at once with status 1 */
	void (*reload)(void *arg); /* HUP, not while stopping */
	void (*status)(void *arg); /* USR1: say in the log what is going on */
	/* Asked before each watchdog ping. False = no progress of our own: systemd will restart us. A database, portal
	 * or mail server that is away is no reason for false. */
	bool (*alive)(void *arg);
	void *arg;
};

/* Ignores PIPE. Hooks are copied. The base must have been given SERVICE_PRIORITIES priorities: the watchdog takes the
 * lowest, so that it pings only when all other work of a turn was done. */
enum { SERVICE_PRIORITIES = 3 };
struct service *service_new(struct event_base *base, const struct service_hooks *hooks);
void service_free(struct service *service);

void service_ready(struct service *service);
/* One line for `systemctl status`; sent only when it differs from the last one. Also the text of the API's status. */
void service_status(struct service *service, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
const char *service_status_text(const struct service *service);
void service_reloading(struct service *service);
void service_reloaded(struct service *service);
void service_stopping(struct service *service);

/* How late the loop's heartbeat came the last time and at worst, in milliseconds: what blocks the loop shows here. */
int service_loop_lag_ms(const struct service *service);
int service_loop_lag_max_ms(const struct service *service);
/* At worst since the last question. */
int service_loop_lag_take(struct service *service);

/* The listening socket that systemd passed under this name (FileDescriptorName=), or -1. Close-on-exec, non-blocking;
 * the caller owns it. Each is given out once. */
int service_take_socket(struct service *service, const char *name);

#endif
