/* What a named person does to a case: acknowledges it, gives it to somebody, keeps it silent. */
#include <stdio.h>

#include "alerts/life.h"
#include "core/buf.h"
#include "daemon/command_alerts_own.h"
#include "sql/store_case.h"

enum { STATES_MAX = 256 };

struct acting {
	struct alerts *alerts;
	const char *event;
};

static void on_acted(void *arg, const struct err *err, const struct store_case_acted *acted)
{
	struct acting *acting = arg;
	struct alerts *alerts = acting->alerts;

	if (acted)
		printf("%s is %s by %s: %lld findings\n",
			*acted->cases ? acted->cases : alerts->call->argument[1], acting->event,
			alerts_text(alerts, ALERTS_BY), (long long)acted->findings);
	session_finish(&alerts->session, err);
}

static const char *text_or_empty(const struct alerts *alerts, enum alerts_option option)
{
	const char *text = alerts_text(alerts, option);

	return text ? text : "";
}

int alerts_act(struct alerts *alerts, const char *event)
{
	struct acting acting = { alerts, event };
	struct err err = ERR_INIT;
	struct buf from, next;
	int result;

	buf_init(&from, STATES_MAX);
	buf_init(&next, STATES_MAX);
	life_steps_of(&life_finding, event, LIFE_PERSON, &from, &next);
	result = store_case_act(alerts->session.link,
		&(struct store_case_act){ .subject = alerts->call->argument[1],
			.event = event,
			.person = text_or_empty(alerts, ALERTS_BY),
			.reason = text_or_empty(alerts, ALERTS_REASON),
			.to = text_or_empty(alerts, ALERTS_TO),
			.until = alerts->call->value[ALERTS_UNTIL].given
					 ? alerts->call->value[ALERTS_UNTIL].day
					 : DAY_NONE,
			.from = from.data,
			.next = next.data },
		on_acted, &acting, &err);
	buf_free(&from);
	buf_free(&next);
	return result == 0 ? session_run(&alerts->session) : command_failed(&err);
}
