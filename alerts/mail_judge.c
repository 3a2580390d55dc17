#include "alerts/mail_judge.h"

enum { REPLY_CLOSING = 421, REPLY_TOO_BIG = 552 };

void mail_judge(struct alert_outcome *outcome, const struct mail_facts *facts)
{
	bool refusal = facts->answered && facts->reply >= 400;
	bool of_message = facts->phase == MAIL_PHASE_RECIPIENT || facts->phase == MAIL_PHASE_DATA;

	outcome->endpoint_fault = false;
	if (facts->answered && facts->phase == MAIL_PHASE_DATA && facts->dot_sent &&
		facts->reply / 100 == 2) {
		outcome->class = ALERT_ACKNOWLEDGED;
		return;
	}
	if (!refusal) {
		/* Silence, or an answer out of turn: only after the dot can it have arrived. */
		outcome->class = facts->dot_sent ? ALERT_UNKNOWN : ALERT_RETRY;
		outcome->endpoint_fault = true;
		return;
	}
	if (facts->reply == REPLY_TOO_BIG && facts->phase == MAIL_PHASE_SENDER)
		of_message = true;
	outcome->class = facts->reply >= 500 && of_message ? ALERT_REJECTED : ALERT_RETRY;
	outcome->endpoint_fault = !of_message || facts->reply == REPLY_CLOSING;
}
