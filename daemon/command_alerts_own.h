/* What the verbs of the command alerts share; command_alerts.c has the table of them. */
#ifndef SETASIDE_DAEMON_COMMAND_ALERTS_OWN_H
#define SETASIDE_DAEMON_COMMAND_ALERTS_OWN_H

#include <jansson.h>

#include "daemon/command.h"
#include "daemon/session.h"
#include "daemon/tabulate.h"

enum alerts_option {
	ALERTS_LIMIT,
	ALERTS_FORMAT,
	ALERTS_OUT,
	ALERTS_CHANNEL,
	ALERTS_STATE,
	ALERTS_UNIT,
	ALERTS_CASE,
	ALERTS_TEXT,
	ALERTS_SINCE,
	ALERTS_UNTIL,
	ALERTS_BY,
	ALERTS_REASON,
	ALERTS_TO
};
enum alerts_format { ALERTS_JSON, ALERTS_CSV, ALERTS_TABLE, ALERTS_XLSX };

struct alerts {
	struct session session;
	const struct command_call *call;
	json_t *rows;
	int seen;
	int refused;
};

/* The value as given, or NULL. */
const char *alerts_text(const struct alerts *alerts, enum alerts_option option);
/* Writes alerts.rows as --format and --out ask for, then ends the session; outcome is that of the statement. */
void alerts_write(struct alerts *alerts, const struct tab_column *columns, int count,
	const struct err *outcome);

/* command_alerts_act.c: event is the word of alerts/life.h. */
int alerts_act(struct alerts *alerts, const char *event);
/* command_alerts_channel.c */
int alerts_enable(struct alerts *alerts);
/* command_alerts_route.c */
int alerts_dry_run(struct alerts *alerts);
/* command_alerts_list.c */
int alerts_list(struct alerts *alerts);
int alerts_deliveries(struct alerts *alerts);

#endif
