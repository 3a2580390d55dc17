/* Standard Webhooks 1.0: signed POST to one endpoint (alert-formats.md §4).
 *
 * webhook-id is the message's reference and the body depends on the payload alone, so a receiver
 * that remembers ids hears everything once; with body = cloudevents the data travels as a CloudEvent (structured JSON)
 * whose id is the reference too. After an unknown outcome the header
 * setaside-maybe-repeated: 1 says so. Success is a 2xx and nothing else; no redirect is followed.
 * 410 asks to disable the channel; Retry-After of 429, 502, 503 and 504 is honoured. The address
 * and the secrets come from files and are never logged. */
#ifndef SETASIDE_ALERTS_WEBHOOK_H
#define SETASIDE_ALERTS_WEBHOOK_H

#include "alerts/alert.h"
#include "alerts/webhook_sign.h"

enum { WEBHOOK_BODY_MAX = 20000 };

extern const struct alert_kind webhook_kind;

/* The body that a draft would post; for proofs. Lent. */
const char *webhook_draft_body(const struct alert_draft *draft);

#endif
