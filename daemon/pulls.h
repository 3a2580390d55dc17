/* The configured sources at work: one task of the schedule for each, its run, its wait after a failure.
 *
 * A run pins the configuration it was started with; a reload swaps the configuration and the tasks follow: new ones are
 * added, vanished ones removed, and a run whose source vanished or changed is cancelled (it can be run again). */
#ifndef SETASIDE_DAEMON_PULLS_H
#define SETASIDE_DAEMON_PULLS_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/config.h"
#include "daemon/schedule.h"

struct pulls;
struct source_env;
struct sql_link;

/* Called when a pull ended in a way that may be told of: a batch was made, or a source became late or is no longer. */
typedef void (*pulls_moved_fn)(void *arg);
/* env and schedule are lent. Tasks start only when the schedule does. */
struct pulls *pulls_new(struct schedule *schedule, const struct source_env *env,
	struct config *config, pulls_moved_fn moved, void *arg);
void pulls_reload(struct pulls *pulls, struct config *config);
/* Reads from the ledger when each source last succeeded, for the status. */
void pulls_recall(struct pulls *pulls, struct sql_link *link);
/* Tells the ledger which sources there are and what is expected of them. */
void pulls_watch(struct pulls *pulls);
/* Cancels every run that is not just committing. */
void pulls_stop(struct pulls *pulls);
int pulls_running(const struct pulls *pulls);
/* Cancels what runs. */
void pulls_free(struct pulls *pulls);

struct pull_status {
	const char *name;
	int64_t last_success; /* Unix seconds, 0 = never */
	bool running;
	bool late; /* no good pull for longer than late-after */
	const char *last_error;
	const struct source_progress *progress; /* while running; lent */
};
int pulls_count(const struct pulls *pulls);
struct pull_status pulls_status(const struct pulls *pulls, int index);

#endif
