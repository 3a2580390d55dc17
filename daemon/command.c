/* From argv to a command: global options, the table, the command's own options, help made from the tables. */
#include "daemon/command.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/text.h"

const struct command *const command_table[] = {
	&command_monitor,
	&command_check_config,
	&command_migrate,
	&command_collect,
	&command_import,
	&command_sources,
	&command_quarantine,
	&command_wanted,
	&command_unmatched,
	&command_identity,
	&command_evaluate,
	&command_snapshot,
	&command_figures,
	&command_arrears,
	&command_disclosure,
	&command_notice,
	&command_complaints,
	&command_open_items,
	&command_hints,
	&command_findings,
	&command_explain,
	&command_original,
	&command_what_if,
	&command_report,
	&command_review,
	&command_proposals,
	&command_register,
	&command_alerts,
	&command_doctor,
	&command_ocds,
	&command_version,
	NULL,
};

int command_failed(const struct err *err)
{
	fprintf(stderr, "setaside: %s\n", err->text);
	return err_exit_status(err->code);
}

static void print_overview(FILE *out)
{
	fprintf(out,
		"setaside %s: SME set-aside quota and overdue payments\n\n"
		"Usage: setaside [-c FILE] COMMAND [OPTION]...\n\nCommands:\n",
		SETASIDE_VERSION);
	for (const struct command *const *c = command_table; *c; c++)
		fprintf(out, "  %-13s %s\n", (*c)->name, (*c)->help);
	fputs("\nsetaside COMMAND --help tells more. The configuration is FILE, else "
	      "$SETASIDE_CONFIG, else\n"
	      "/etc/setaside/setaside.conf. Exit status: 0 done, 1 failed, 2 usage or "
	      "configuration,\n"
	      "3 database not reachable, 4 done in part (rows in quarantine), 5 refused.\n",
		out);
}

static void print_help(const struct command *command)
{
	printf("Usage: setaside [-c FILE] %s%s%s%s\n\n%s\n", command->name,
		command->usage[0] ? " " : "", command->usage,
		command->options ? " [OPTION]..." : "", command->help);
	if (command->options)
		puts("\nOptions:");
	for (const struct command_option *o = command->options; o && o->name; o++) {
		char left[64];
		snprintf(left, sizeof(left), "--%s%s%s", o->name, o->value ? " " : "",
			o->value ? o->value : "");
		printf("  %-24s %s\n", left, o->help);
	}
	if (command->more)
		printf("\n%s", command->more);
}

static int read_value(const struct command_option *option, const char *text,
	struct command_value *ret, struct err *err)
{
	ret->given = true;
	ret->text = text;
	switch (option->type) {
	case OPTION_FLAG:
	case OPTION_TEXT:
		return 0;
	case OPTION_INT:
		if (text_to_int64(text, &ret->number))
			return 0;
		return err_set(
			err, ERR_USAGE, "--%s \"%s\" is not a whole number", option->name, text);
	case OPTION_YEAR:
		if (text_to_int64(text, &ret->number) && ret->number >= 1900 && ret->number <= 2199)
			return 0;
		return err_set(err, ERR_USAGE, "--%s %s is not a year from 1900 to 2199",
			option->name, text);
	case OPTION_DAY:
		if (day_parse(text, strlen(text), &ret->day))
			return 0;
		return err_set(err, ERR_USAGE, "--%s \"%s\" is not a date, write YYYY-MM-DD",
			option->name, text);
	case OPTION_WORD:
		for (ret->number = 0; option->words[ret->number]; ret->number++)
			if (strcmp(option->words[ret->number], text) == 0)
				return 0;
		return err_set(err, ERR_USAGE, "--%s \"%s\" is not one of %s", option->name, text,
			option->value);
	}
	BUG("option type %d", (int)option->type);
}

enum { HELP = 1000 };

static void long_options(const struct command *command, struct option *room)
{
	int i = 0;
	for (; command->options && command->options[i].name; i++)
		room[i] = (struct option){ command->options[i].name,
			command->options[i].type == OPTION_FLAG ? no_argument : required_argument,
			NULL, HELP + 1 + i };
	room[i] = (struct option){ "help", no_argument, NULL, HELP };
}

/* 0 = go on, 1 = help was shown, -1 = err. argv[0] is the command's name. */
static int read_arguments(struct command_call *call, int argc, char **argv, struct err *err)
{
	struct option options[COMMAND_OPTIONS_MAX + 2] = { 0 };
	int found;
	for (int i = 0; i < COMMAND_OPTIONS_MAX; i++)
		call->value[i].day = DAY_NONE;
	long_options(call->command, options);
	optind = 0; /* glibc: start anew, also its permutation */
	opterr = 0;
	while ((found = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (found == 'h' || found == HELP) {
			print_help(call->command);
			return 1;
		}
		if (found == ':')
			return err_set(err, ERR_USAGE, "%s needs a value", argv[optind - 1]);
		if (found == '?')
			return err_set(err, ERR_USAGE, "unknown option %s, see setaside %s --help",
				argv[optind - 1], call->command->name);
		int i = found - HELP - 1;
		if (read_value(&call->command->options[i], optarg, &call->value[i], err))
			return -1;
	}
	call->argument = argv + optind;
	call->arguments = argc - optind;
	if (call->arguments < call->command->least || call->arguments > call->command->most)
		return err_set(err, ERR_USAGE, "usage: setaside %s %s", call->command->name,
			call->command->usage);
	return 0;
}

static int run_command(
	const struct command *command, const char *config_path, int argc, char **argv)
{
	struct command_call call = { .command = command, .config_path = config_path };
	struct err err = ERR_INIT;
	int answer = read_arguments(&call, argc, argv, &err);
	if (answer < 0)
		return command_failed(&err);
	int status = answer > 0 ? STATUS_DONE : command->run(&call);
	if (fflush(stdout) || ferror(stdout)) {
		err_set_errno(&err, ERR_IO, "cannot write to the standard output");
		return command_failed(&err);
	}
	return status;
}

static const struct command *find_command(const char *name)
{
	for (const struct command *const *c = command_table; *c; c++)
		if (strcmp((*c)->name, name) == 0)
			return *c;
	return NULL;
}

int command_main(int argc, char **argv)
{
	static const struct option options[] = { { "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' }, { "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 } };
	struct err err = ERR_INIT;
	const char *config_path = NULL;
	int found;
	opterr = 0;
	while ((found = getopt_long(argc, argv, "+:c:hV", options, NULL)) != -1)
		switch (found) {
		case 'c':
			config_path = optarg;
			break;
		case 'h':
			print_overview(stdout);
			return STATUS_DONE;
		case 'V':
			return run_command(&command_version, NULL, 1, argv);
		default:
			err_set(&err, ERR_USAGE, "%s %s, see setaside --help", argv[optind - 1],
				found == ':' ? "needs a value" : "is not known");
			return command_failed(&err);
		}
	if (optind == argc) {
		print_overview(stderr);
		return STATUS_USAGE;
	}
	const struct command *command = find_command(argv[optind]);
	if (!command) {
		err_set(&err, ERR_USAGE, "unknown command %s, see setaside --help", argv[optind]);
		return command_failed(&err);
	}
	return run_command(command, config_path, argc - optind, argv + optind);
}
