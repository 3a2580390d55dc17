/* What the files of the monitor share: the struct that holds every part. Not for others. */
#ifndef SETASIDE_DAEMON_MONITOR_OWN_H
#define SETASIDE_DAEMON_MONITOR_OWN_H

#include <stdbool.h>
#include <stdint.h>

#include "api/server.h"
#include "collectors/source.h"
#include "core/err.h"
#include "daemon/config.h"
#include "daemon/database.h"
#include "daemon/deliveries.h"
#include "daemon/evaluation.h"
#include "daemon/monitor.h"
#include "daemon/page_documents.h"
#include "daemon/pulls.h"
#include "daemon/record_looks.h"
#include "daemon/schedule.h"
#include "daemon/service.h"
#include "daemon/selfwatch.h"

struct archive;
struct event;
struct event_base;
struct fetch;

enum { MONITOR_SOURCES_SHOWN = 64 };

struct monitor {
	const char *path;
	struct config *config;
	struct event_base *base;
	struct service *service;
	struct schedule *schedule;
	struct database *database;
	struct fetch *fetch;
	struct archive *archive;
	struct source_env source_env;
	struct pulls *pulls;
	struct record_looks *record_looks;
	struct evaluation *evaluation;
	struct deliveries *deliveries;
	struct selfwatch *watch;
	struct api_server *api;
	struct page_documents documents;
	struct event *start_deadline, *stop_deadline;
	int64_t started_at;
	int64_t state_version, last_batch, last_evaluation, queued;
	struct api_source_status source_status[MONITOR_SOURCES_SHOWN];
	bool ready, stopping, late;
};

/* monitor_pages.c: makes monitor->api. */
int monitor_pages_start(struct monitor *monitor, struct err *err);

#endif
