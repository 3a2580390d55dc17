/* A loop, a fetcher and one channel of a configuration: what every channel test needs. For tests only. */
#ifndef SETASIDE_TESTS_ALERT_RIG_H
#define SETASIDE_TESTS_ALERT_RIG_H

#include "alerts/alert.h"
#include "lib/alerting.h"
#include "lib/pg.h"

struct alert_rig {
	struct alert_env env;
	struct conf *conf;
	struct alert_channel *channel;
};
void alert_rig_start(struct alert_rig *rig);
/* Opens the one channel of the text; fails the test on a complaint. May be called again after alert_rig_close. */
void alert_rig_open(struct alert_rig *rig, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void alert_rig_close(struct alert_rig *rig);
struct alert_outcome alert_rig_send(struct alert_rig *rig, const struct alert_message *message);
void alert_rig_stop(struct alert_rig *rig);

/* An arrears payload with that many rows; every name is name (JSON-escaped by the caller). free it. */
char *alert_rig_arrears(int rows, const char *name);

#endif
