#include "daemon/service.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/mem.h"

static struct event_base *base;
static int stops, reloads, statuses;
static bool alive = true;

static void on_stop(void *arg)
{
	(void)arg;
	stops++;
}

static void on_reload(void *arg)
{
	(void)arg;
	reloads++;
}

static void on_status(void *arg)
{
	(void)arg;
	statuses++;
}

static bool on_alive(void *arg)
{
	(void)arg;
	return alive;
}

static const struct service_hooks HOOKS = { on_stop, on_reload, on_status, on_alive, NULL };

static void turn(int ms)
{
	event_base_loopexit(base, &(struct timeval){ ms / 1000, ms % 1000 * 1000 });
	event_base_dispatch(base);
}

static void setup(void)
{
	base = event_base_new();
	event_base_priority_init(base, SERVICE_PRIORITIES);
}

static void teardown(void)
{
	event_base_free(base);
}

/* A socket where systemd would listen; its path goes into NOTIFY_SOCKET. */
static int notify_socket(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char directory[] = "/tmp/service_test_XXXXXX";
	cr_assert_not_null(mkdtemp(directory));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify", directory);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	return fd;
}

static void remove_notify_socket(int fd)
{
	_cleanup_free_ char *path = mem_text(getenv("NOTIFY_SOCKET"));
	close(fd);
	unlink(path);
	*strrchr(path, '/') = '\0';
	rmdir(path);
}

/* The next notification, "" if none waits. */
static const char *notified(int fd)
{
	static char text[512];
	ssize_t count = recv(fd, text, sizeof(text) - 1, 0);
	text[count > 0 ? count : 0] = '\0';
	return text;
}

TestSuite(service, .init = setup, .fini = teardown);

Test(service, signals_reach_their_hooks)
{
	struct service *service = service_new(base, &HOOKS);
	raise(SIGHUP);
	raise(SIGUSR1);
	raise(SIGPIPE);
	turn(20);
	cr_expect_eq(reloads, 1);
	cr_expect_eq(statuses, 1);
	cr_expect_eq(stops, 0);
	raise(SIGTERM);
	turn(20);
	cr_expect_eq(stops, 1);
	raise(SIGHUP);
	turn(20);
	cr_expect_eq(reloads, 1, "no reload while stopping");
	service_free(service);
}

/* Runs body in a child and returns its exit status, or -1 when it did not exit by itself. */
static int in_child(int (*body)(struct event_base *own))
{
	pid_t child = fork();
	if (child == 0) {
		struct event_base *own = event_base_new();
		event_base_priority_init(own, SERVICE_PRIORITIES);
		_exit(body(own));
	}
	int status = 0;
	cr_assert_eq(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int stop_twice(struct event_base *own)
{
	service_new(own, &HOOKS);
	raise(SIGTERM);
	event_base_loop(own, EVLOOP_ONCE);
	raise(SIGINT);
	event_base_loop(own, EVLOOP_ONCE);
	return 42;
}

Test(service, a_second_stop_signal_leaves_at_once)
{
	cr_expect_eq(in_child(stop_twice), EXIT_FAILURE);
}

Test(service, the_notifications_are_those_that_systemd_knows)
{
	int fd = notify_socket();
	struct service *service = service_new(base, &HOOKS);
	service_ready(service);
	cr_expect_str_eq(notified(fd), "READY=1");
	service_status(service, "database %s\nsecond line", "away");
	cr_expect_str_eq(notified(fd), "STATUS=database away second line");
	service_status(service, "database away second line");
	cr_expect_str_eq(notified(fd), "", "an unchanged status is not sent again");
	cr_expect_str_eq(service_status_text(service), "database away second line");
	service_reloading(service);
	cr_expect(strncmp(notified(fd), "RELOADING=1\nMONOTONIC_USEC=", 27) == 0);
	service_reloaded(service);
	cr_expect_str_eq(notified(fd), "READY=1");
	service_stopping(service);
	cr_expect_str_eq(notified(fd), "STOPPING=1");
	service_free(service);
	remove_notify_socket(fd);
}

Test(service, the_watchdog_is_answered_only_while_there_is_progress)
{
	int fd = notify_socket();
	setenv("WATCHDOG_USEC", "40000", 1);
	struct service *service = service_new(base, &HOOKS);
	turn(70);
	cr_expect_str_eq(notified(fd), "WATCHDOG=1");
	while (*notified(fd))
		;
	alive = false;
	turn(70);
	cr_expect_str_eq(notified(fd), "");
	service_free(service);
	remove_notify_socket(fd);
}

static int take_sockets(struct event_base *own)
{
	int pair[2];
	char pid[16];
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) || dup2(pair[0], 3) != 3)
		return 1;
	snprintf(pid, sizeof(pid), "%d", getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "1", 1);
	setenv("LISTEN_FDNAMES", "api", 1);
	struct service *service = service_new(own, &HOOKS);
	if (service_take_socket(service, "other") != -1)
		return 2;
	if (service_take_socket(service, "api") != 3)
		return 3;
	if (!(fcntl(3, F_GETFL) & O_NONBLOCK) || !(fcntl(3, F_GETFD) & FD_CLOEXEC))
		return 4;
	return service_take_socket(service, "api") == -1 ? 0 : 5;
}

Test(service, a_socket_is_taken_by_its_name_and_once)
{
	cr_expect_eq(in_child(take_sockets), 0);
}

Test(service, without_systemd_there_is_nothing_to_answer_and_no_socket)
{
	unsetenv("NOTIFY_SOCKET");
	struct service *service = service_new(base, &HOOKS);
	service_ready(service);
	service_status(service, "fine");
	cr_expect_eq(service_take_socket(service, "api"), -1);
	cr_expect_eq(service_loop_lag_ms(service), 0);
	service_free(service);
}
