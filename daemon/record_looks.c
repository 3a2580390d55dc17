#include "daemon/record_looks.h"

#include <inttypes.h>
#include <stdlib.h>

#include "checks/record_run.h"
#include "core/backoff.h"
#include "core/log.h"
#include "core/mem.h"
#include "daemon/schedule.h"

enum { QUIET_MS = 2000, RETRY_FIRST_MS = 60000, RETRY_CAP_MS = 60 * 60000 };

struct record_looks {
	struct event_base *base;
	struct sql_link *link;
	char *jurisdiction;
	struct schedule_task *task;
	struct record_run *run; /* not NULL exactly while it runs */
	day_t wanted_day, seen_day;
	int64_t seen_batch; /* < 0 = none */
	int failures;
};

static void on_looked(void *arg, const struct err *err, const struct record_report *report)
{
	struct record_looks *looks = arg;
	int64_t next = -1;

	looks->run = NULL;
	if (err) {
		log_warn("records", "%s", err->text);
		next = backoff_exponential(RETRY_FIRST_MS, RETRY_CAP_MS, ++looks->failures);
	} else if (report->overtaken) {
		next = QUIET_MS;
		log_info("records", "batch %" PRId64 ": another look was quicker",
			report->known_batch);
	} else {
		looks->failures = 0;
		looks->seen_day = looks->wanted_day;
		looks->seen_batch = report->known_batch;
		log_info("records",
			"batch %" PRId64 ": %" PRId64 " findings of records, %" PRId64
			" opened, %" PRId64 " updated, %" PRId64 " closed; %" PRId64
			" procurements looked at",
			report->known_batch, report->findings, report->opened, report->updated,
			report->closed, report->procurements);
	}
	schedule_done(looks->task, next);
}

static void on_due(void *arg)
{
	struct record_looks *looks = arg;
	struct err err = ERR_INIT;
	struct record_options options = { .as_of = looks->wanted_day,
		.jurisdiction = looks->jurisdiction };

	looks->run = record_run_start(looks->base, looks->link, &options, on_looked, looks, &err);
	if (!looks->run)
		on_looked(looks, &err, NULL);
}

struct record_looks *record_looks_new(struct schedule *schedule, struct event_base *base,
	struct sql_link *link, const char *jurisdiction)
{
	struct record_looks *looks = mem_zero(1, sizeof(*looks));

	looks->base = base;
	looks->link = link;
	looks->jurisdiction = mem_text(jurisdiction);
	looks->seen_batch = -1;
	looks->seen_day = looks->wanted_day = DAY_NONE;
	looks->task = schedule_add(
		schedule, &(struct schedule_options){ "records", -1, 0, on_due, looks });
	return looks;
}

void record_looks_stop(struct record_looks *looks)
{
	if (!looks->run)
		return;
	record_run_cancel(looks->run);
	looks->run = NULL;
	schedule_done(looks->task, -1);
}

void record_looks_free(struct record_looks *looks)
{
	if (!looks)
		return;
	record_looks_stop(looks);
	schedule_remove(looks->task);
	free(looks->jurisdiction);
	free(looks);
}

void record_looks_after(struct record_looks *looks, day_t as_of, int64_t batch)
{
	if (looks->seen_day == as_of && looks->seen_batch == batch)
		return;
	looks->wanted_day = as_of;
	schedule_soon(looks->task, QUIET_MS);
}

bool record_looks_running(const struct record_looks *looks)
{
	return looks->run != NULL;
}
