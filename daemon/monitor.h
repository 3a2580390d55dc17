/* The daemon: every part built in one column, the loop, and the way down. */
#ifndef SETASIDE_DAEMON_MONITOR_H
#define SETASIDE_DAEMON_MONITOR_H

/* Runs in the foreground until TERM or INT. path as in config_path(). Returns the exit status: 0 after an orderly stop,
 * 1 when the stop took longer than its deadline or a part could not be built, 2 for a configuration that is wrong.
 * A database that is away is no reason to leave: it is a status. */
int monitor_run(const char *path);

#endif
