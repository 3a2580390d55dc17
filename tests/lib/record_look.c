#include "lib/days.h"
#include "lib/record_look.h"

#include <criterion/criterion.h>

#include "lib/district_rig.h"
#include "lib/evaluate.h"

enum { PATIENCE_MS = 60000 };

static void on_done(void *arg, const struct err *err, const struct record_report *report)
{
	struct record_looked *looked = arg;

	looked->done = true;
	if (err)
		looked->err = *err;
	looked->report = *report;
}

static void start(struct sql_link *link, const char *as_of, bool full, struct record_looked *looked)
{
	struct record_options options = {
		.as_of = day(as_of), .jurisdiction = "beijing-xicheng", .full = full
	};
	struct err err = ERR_INIT;

	*looked = (struct record_looked){ .done = false };
	cr_assert(record_run_start(district.base, link, &options, on_done, looked, &err), "%s",
		err.text);
}

void record_look_start(struct sql_link *link, const char *as_of, struct record_looked *looked)
{
	start(link, as_of, false, looked);
}

static struct record_report look(const char *as_of, bool full)
{
	struct record_looked looked;

	start(district.link, as_of, full, &looked);
	pg_loop_until(district.base, &looked.done, PATIENCE_MS);
	cr_assert_eq(looked.err.code, ERR_NONE, "%s", looked.err.text);
	return looked.report;
}

struct record_report record_look(const char *as_of)
{
	return look(as_of, true);
}

struct record_report record_look_at_changes(const char *as_of)
{
	return look(as_of, false);
}
