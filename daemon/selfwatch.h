/* The monitor watches itself.
 *
 * From time to time it looks at what can go wrong with it: a channel that fails, messages that nobody could be told or
 * that are refused again and again, a clock that is off (by the answers of the receivers), a loop that is late, a disk that fills. What is wrong is told once,
 * through every route that hears rule M-1 of the district, except through the channel that fails; that it is over is told
 * as well (sql/queries/watch_look.sql); a route that hears M-1 only later is told what still stands. Routes that want it hear that all is quiet.
 *
 * Dead-man: an address outside is asked (GET) at a steady pace as long as the database is there, the schedule moves, this
 * program is the sender, and no fault stands of which nobody could be told (sql/queries/watch_well.sql). When the calls
 * stop, it is for the other side to raise the alarm. Any 2xx is fine; other answers are logged. */
#ifndef SETASIDE_DAEMON_SELFWATCH_H
#define SETASIDE_DAEMON_SELFWATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/conf.h"
#include "core/netguard.h"

struct config;
struct fetch;
struct schedule;
struct sql_link;
struct selfwatch;

extern const struct conf_key selfwatch_conf_keys[]; /* section "watch" */
struct selfwatch_config {
	char *ping_path; /* secret file with the address, NULL = no dead-man */
	char *ca_file;   /* NULL = system */
	struct netguard guard;
	bool plain_http;
	int64_t ping_ms, every_ms;
	int64_t disk_free, loop_lag_ms, clock_skew_s;
};
int selfwatch_config_read(const struct conf_block *block, struct selfwatch_config *config,
	struct conf_errors *errors);
void selfwatch_config_free(struct selfwatch_config *config);

struct selfwatch_hooks {
	int (*lag_ms)(void *arg); /* how late the loop was at worst since the last question */
	void *arg;
};

/* All are lent; the config is held by a reference. */
struct selfwatch *selfwatch_new(struct schedule *schedule, struct fetch *fetch,
	struct sql_link *link, struct config *config, const struct selfwatch_hooks *hooks);
void selfwatch_reload(struct selfwatch *watch, struct config *config);
/* Drops what is under way. NULL is fine. Before the schedule. */
void selfwatch_free(struct selfwatch *watch);

#endif
