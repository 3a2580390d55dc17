#include "daemon/command.h"
#include "daemon/monitor.h"

static int run_monitor(struct command_call *call)
{
	return monitor_run(call->config_path);
}

const struct command command_monitor = {
	.name = "monitor",
	.usage = "",
	.help = "The daemon, in the foreground: collects, judges, tells, serves pages; TERM ends "
		"it, HUP reloads.",
	.run = run_monitor,
};
