/* The inside of group robots, shared by robot.c (configuration, parts of a message) and robot_send.c (their way out). */
#ifndef SETASIDE_ALERTS_ROBOT_OWN_H
#define SETASIDE_ALERTS_ROBOT_OWN_H

#include "alerts/robot.h"
#include "alerts/wording.h"
#include "core/fetch.h"

struct robot {
	struct alert_channel_head head;
	const struct robot_vendor *vendor;
	struct fetch *fetch;
	char *url_path, *key_path, *secret_path, *ca_file, *base, *heading, *contact, *link;
	struct wording_options words;
	struct netguard guard;
	bool plain_http;
	int timeout_ms;
	struct event_base *loop;
	int64_t free_at_ms; /* monotonic; no request before it */
};

struct alert_draft {
	json_t *bodies[ROBOT_PARTS_MAX];
	int count;
	int first; /* the part to go on with */
};

/* The address with its key, read for every request, so that a new key needs no restart. */
int robot_address(const struct robot *robot, struct buf *address, struct err *err);

#endif
