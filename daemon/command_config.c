/* check-config and version: what needs no database. */
#include <event2/event.h>
#include <stdio.h>

#include "daemon/command.h"
#include "daemon/config.h"
#include "daemon/session.h"
#include "sql/migrate.h"

static int run_check_config(struct command_call *call)
{
	struct config *config = session_config(call);
	if (!config)
		return STATUS_USAGE;
	printf("%s: valid; %s, %d sources, %d channels, %d routes\n", conf_path(config->conf),
		config->jurisdiction, config->source_count,
		conf_block_count(config->conf, "channel"), conf_block_count(config->conf, "route"));
	config_unref(config);
	return STATUS_DONE;
}

const struct command command_check_config = {
	.name = "check-config",
	.usage = "",
	.help = "Reads and validates the whole configuration, prints every error with its line.",
	.run = run_check_config,
};

static int run_version(struct command_call *call)
{
	(void)call;
	printf("setaside %s\nschema %d\nlibevent %s\n", SETASIDE_VERSION,
		sql_schema_version_wanted(), event_get_version());
	return STATUS_DONE;
}

const struct command command_version = {
	.name = "version",
	.usage = "",
	.help = "Prints the versions of the program, of its schema and of libevent.",
	.run = run_version,
};
