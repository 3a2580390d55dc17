/* Alertmanager v2: POST /api/v2/alerts to every instance of a cluster (alert-formats.md §5).
 *
 * A case is one alert: its labels are name, severity, unit and case; money, counts and dates stand in the
 * annotations, so an update is the same alert. endsAt is now + 3 x repeat while it is open and the closing time
 * afterwards. The message counts as delivered when one instance has taken it. Alertmanager remembers nothing over a
 * restart, so what stands is posted again (alerts/standing.h). */
#ifndef SETASIDE_ALERTS_ALERTMANAGER_H
#define SETASIDE_ALERTS_ALERTMANAGER_H

#include "alerts/alert.h"

extern const struct alert_kind alertmanager_kind;

/* The alert that a draft would post, without its end; for proofs. Lent. */
struct json_t;
const struct json_t *alertmanager_draft_alert(const struct alert_draft *draft);

/* HTTP status of one instance. */
void alertmanager_judge(int status, int64_t retry_after_s, struct alert_outcome *outcome);

#endif
