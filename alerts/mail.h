/* Mail by SMTP submission (alert-formats.md §6): one recipient per transfer over kept connections.
 *
 * TLS is required and fails closed: STARTTLS for smtp://, from the start for smtps://; tls = none
 * is for a relay on a host one owns. Every outcome is of one recipient: 250 after the final dot is
 * acknowledged; 5xx to RCPT or the dot is permanent; 4xx, and anything that goes wrong before the
 * dot, is retry-later; a connection that ends or stays silent after the message was handed over is
 * unknown. A refused login or sender is the endpoint's fault, not the message's. */
#ifndef SETASIDE_ALERTS_MAIL_H
#define SETASIDE_ALERTS_MAIL_H

#include "alerts/alert.h"

extern const struct alert_kind mail_kind;

/* The mail that a draft would send, before dot-stuffing; for proofs. Lent. */
const char *mail_draft_bytes(const struct alert_draft *draft);

#endif
