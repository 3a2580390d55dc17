/* Notices of new files in a directory, by inotify through the loop.
 *
 * seen() is called once for a burst of closed or moved-in files, from the loop. A watch can be lost (the directory was
 * removed, a network file system says nothing): it is a shortcut, the slow scan of the source stays. */
#ifndef SETASIDE_COLLECTORS_WATCH_H
#define SETASIDE_COLLECTORS_WATCH_H

#include "core/err.h"

struct event_base;
struct watch;
/* NULL + ERR_IO when the kernel gives none. */
struct watch *watch_new(struct event_base *base, const char *directory, void (*seen)(void *arg),
	void *arg, struct err *err);
void watch_free(struct watch *watch); /* NULL is fine */

#endif
