/* From what is known of an SMTP transaction to its outcome; pure. */
#ifndef SETASIDE_ALERTS_MAIL_JUDGE_H
#define SETASIDE_ALERTS_MAIL_JUDGE_H

#include <stdbool.h>

#include "alerts/alert.h"

enum mail_phase { MAIL_PHASE_CONNECT, MAIL_PHASE_SENDER, MAIL_PHASE_RECIPIENT, MAIL_PHASE_DATA };

struct mail_facts {
	bool dot_sent;         /* the last byte of the message left us: the receiver may have it */
	bool answered;         /* the last command got its reply */
	int reply;             /* code of that reply, 0 = none */
	enum mail_phase phase; /* of the last command */
};

/* Fills class and endpoint_fault. */
void mail_judge(struct alert_outcome *outcome, const struct mail_facts *facts);

#endif
