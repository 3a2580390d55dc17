#include "collectors/watch.h"

#include <event2/event.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "core/mem.h"

enum { BURST_MS = 200 };

struct watch {
	int fd;
	struct event *readable, *quiet;
	void (*seen)(void *arg);
	void *arg;
};

/* What happened does not matter: the scan looks for itself. */
static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	static const struct timeval burst = { 0, BURST_MS * 1000 };
	struct watch *watch = arg;
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));

	(void)what;
	while (read(fd, events, sizeof(events)) > 0)
		;
	if (!event_pending(watch->quiet, EV_TIMEOUT, NULL))
		event_add(watch->quiet, &burst);
}

static void on_quiet(evutil_socket_t fd, short what, void *arg)
{
	struct watch *watch = arg;

	(void)fd;
	(void)what;
	watch->seen(watch->arg);
}

struct watch *watch_new(struct event_base *base, const char *directory, void (*seen)(void *arg),
	void *arg, struct err *err)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (fd < 0) {
		err_set_errno(err, ERR_IO, "cannot watch directories");
		return NULL;
	}
	if (inotify_add_watch(fd, directory, IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR) < 0) {
		err_set_errno(err, ERR_IO, "cannot watch the directory %s", directory);
		close(fd);
		return NULL;
	}
	struct watch *watch = mem_zero(1, sizeof(*watch));
	watch->fd = fd;
	watch->seen = seen;
	watch->arg = arg;
	watch->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, watch);
	watch->quiet = event_new(base, -1, 0, on_quiet, watch);
	event_add(watch->readable, NULL);
	return watch;
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	event_free(watch->readable);
	event_free(watch->quiet);
	close(watch->fd);
	free(watch);
}
