/* ocds compile: releases in any wrapping to compiled releases, one JSON line for each process. No configuration, no
 * database. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collectors/json_input.h"
#include "collectors/json_write.h"
#include "collectors/ocds.h"
#include "collectors/ocds_process.h"
#include "daemon/command.h"

enum { PIECE_BYTES = 64 * 1024, LINE_MAX_BYTES = 256 << 20, TOLD_MAX = 10 };

struct compile {
	struct json_input *input;
	struct ocds_processes *processes;
	struct buf text;
	int64_t refused;
};

/* A release that cannot be placed is left out; the others go on. */
static int refuse(struct compile *compile, const struct json_record *record, const char *why)
{
	if (compile->refused++ < TOLD_MAX)
		fprintf(stderr, "setaside: record %" PRId64 " at byte %" PRId64 ": %s\n",
			record->number, record->offset, why);
	return 0;
}

static int add_release(struct compile *compile, const struct json_record *record,
	const struct json_node *release, struct err *err)
{
	struct ocds_origin origin = { .file_no = 1, .place = record->offset };

	if (release->type != JSON_OBJECT)
		return refuse(compile, record, "this is no release");
	if (json_text_at(release, "ocid")[0] == '\0')
		return refuse(compile, record, "the release has no ocid");
	if (json_text_at(release, "date")[0] == '\0')
		return refuse(compile, record, "the release has no date");
	buf_reset(&compile->text);
	json_write(&compile->text, release);
	if (compile->text.failed)
		return err_set(
			err, ERR_LIMIT, "a release of more than %d MiB", LINE_MAX_BYTES >> 20);
	return ocds_processes_add(compile->processes, release, compile->text.data,
		compile->text.used, origin, 0, err);
}

static bool linked(const struct json_node *release)
{
	return json_get(release, "url") && !json_get(release, "ocid");
}

/* A record brings its releases; where it only points at them, what it says was compiled from them has to do. */
static int on_record(void *arg, const struct json_record *record, struct err *err)
{
	struct compile *compile = arg;
	const struct json_node *releases = json_get(record->root, "releases");
	const struct json_node *compiled = json_get(record->root, "compiledRelease");
	bool embedded = releases && releases->type == JSON_ARRAY && releases->first;

	for (const struct json_node *one = embedded ? releases->first : NULL; one; one = one->next)
		embedded = embedded && !linked(one);
	if (!embedded && compiled)
		return add_release(compile, record, compiled, err);
	if (!embedded && releases)
		return refuse(compile, record, "the record holds no releases, only links");
	if (!embedded)
		return add_release(compile, record, record->root, err);
	for (const struct json_node *one = releases->first; one; one = one->next) {
		if (add_release(compile, record, one, err) < 0)
			return -1;
	}
	return 0;
}

static int read_all(struct compile *compile, FILE *file, const char *name, struct err *err)
{
	struct frame_json_options options = { .paths = ocds_record_paths };
	char piece[PIECE_BYTES];
	size_t count = 0;

	if (json_input_begin(compile->input, &options, NULL, on_record, compile, err) < 0)
		return -1;
	while ((count = fread(piece, 1, sizeof(piece), file)) > 0) {
		if (json_input_feed(compile->input, piece, count, err) < 0)
			return -1;
	}
	if (ferror(file))
		return err_set_errno(err, ERR_IO, "cannot read %s", name);
	return json_input_end(compile->input, err);
}

static int print_all(struct compile *compile, struct err *err)
{
	int64_t count = ocds_processes_count(compile->processes);

	for (int64_t i = 0; i < count; i++) {
		const struct json_node *compiled = NULL;
		struct ocds_origin origin;
		if (ocds_process_compile(
			    compile->processes, i, false, &compiled, &origin, NULL, err) < 0)
			return -1;
		buf_reset(&compile->text);
		json_write(&compile->text, compiled);
		if (compile->text.failed)
			return err_set(err, ERR_LIMIT, "a compiled release of more than %d MiB",
				LINE_MAX_BYTES >> 20);
		fwrite(compile->text.data, 1, compile->text.used, stdout);
		putchar('\n');
	}
	return 0;
}

static int compile_file(FILE *file, const char *name, int64_t *ret_refused, struct err *err)
{
	struct compile compile = { .processes = ocds_processes_new(err) };

	if (!compile.processes)
		return -1;
	compile.input = json_input_new();
	buf_init(&compile.text, LINE_MAX_BYTES);
	int status = read_all(&compile, file, name, err);
	if (status == 0)
		status = print_all(&compile, err);
	*ret_refused = compile.refused;
	json_input_free(compile.input);
	ocds_processes_free(compile.processes);
	buf_free(&compile.text);
	return status;
}

static int run_ocds(struct command_call *call)
{
	struct err err = ERR_INIT;
	const char *name = call->argument[1];
	int64_t refused = 0;

	if (strcmp(call->argument[0], "compile") != 0) {
		err_set(&err, ERR_USAGE, "ocds %s is not known; there is ocds compile FILE",
			call->argument[0]);
		return command_failed(&err);
	}
	bool standard_input = strcmp(name, "-") == 0;
	FILE *file = standard_input ? stdin : fopen(name, "re");
	if (!file) {
		err_set_errno(&err, ERR_USAGE, "cannot open %s", name);
		return command_failed(&err);
	}
	int status = compile_file(file, name, &refused, &err);
	if (!standard_input)
		fclose(file);
	if (status < 0) {
		err_prefix(&err, "%s", name);
		return command_failed(&err);
	}
	if (refused > 0)
		fprintf(stderr, "setaside: %" PRId64 " releases were left out\n", refused);
	return refused > 0 ? STATUS_PARTIAL : STATUS_DONE;
}

const struct command command_ocds = {
	.name = "ocds",
	.usage = "compile FILE",
	.least = 2,
	.most = 2,
	.help = "Compiles OCDS releases (package, records, array or lines; - is the standard "
		"input) by the merge rules of "
		"OCDS 1.1, one JSON line for each process.",
	.run = run_ocds,
};
