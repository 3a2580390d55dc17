/* The commands of the program: one table, each row with its options and help (interface.md §1).
 *
 * A command is one function from its arguments to the exit status: 0 done, 1 failed, 2 usage or configuration,
 * 3 database not reachable, 4 done in part, 5 refused. Data goes to stdout, everything else to stderr. */
#ifndef SETASIDE_DAEMON_COMMAND_H
#define SETASIDE_DAEMON_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "core/day.h"
#include "core/err.h"

enum {
	STATUS_DONE = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_DB_DOWN = 3,
	STATUS_PARTIAL = 4,
	STATUS_REFUSED = 5
};

enum option_type { OPTION_FLAG, OPTION_TEXT, OPTION_DAY, OPTION_INT, OPTION_YEAR, OPTION_WORD };

struct command_option {
	const char *name; /* without the dashes */
	enum option_type type;
	const char *value; /* what stands for the value in the help: "DATE" */
	const char *help;
	const char *const *words; /* OPTION_WORD: NULL-terminated */
};

struct command_value {
	bool given;
	const char *text;
	int64_t number; /* INT; YEAR: 1900 to 2199, 0 when not given; WORD: position */
	day_t day;      /* DAY; DAY_NONE when not given */
};
enum { COMMAND_OPTIONS_MAX = 16 };

struct command_call {
	const struct command *command;
	const char *config_path;                         /* -c, or NULL */
	struct command_value value[COMMAND_OPTIONS_MAX]; /* by the option's position in the table */
	char **argument;
	int arguments;
};

struct command {
	const char *name;
	const char *usage;                    /* positional arguments: "SOURCE", "[ID]" */
	int least, most;                      /* how many of them */
	const char *help;                     /* one sentence */
	const char *more;                     /* lines after the options, or NULL */
	const struct command_option *options; /* ends with name NULL; NULL = none */
	int (*run)(struct command_call *call);
};

extern const struct command *const command_table[]; /* NULL-terminated, in the order of the help */

int command_main(int argc, char **argv);
/* "setaside: text" on stderr; returns the exit status of the error. */
int command_failed(const struct err *err);

extern const struct command command_monitor, command_check_config, command_migrate, command_collect,
	command_import, command_evaluate, command_snapshot, command_figures, command_arrears,
	command_disclosure, command_notice, command_complaints, command_open_items, command_hints,
	command_findings, command_what_if, command_report, command_explain, command_review,
	command_proposals, command_register, command_alerts, command_doctor, command_ocds,
	command_quarantine, command_original, command_wanted, command_unmatched, command_identity,
	command_sources, command_version;

#endif
