/* DingTalk (钉钉) custom robot: markdown in a body of at most 20,000 bytes; the signature goes into the address
 * (alert-formats.md §2). */
#ifndef SETASIDE_ALERTS_DINGTALK_H
#define SETASIDE_ALERTS_DINGTALK_H

#include "alerts/robot.h"

extern const struct alert_kind dingtalk_kind;
extern const struct robot_vendor dingtalk_vendor;

/* base64(HMAC-SHA256(secret, "MS\nsecret")), appended. */
int dingtalk_sign(struct buf *out, const char *secret, int64_t now_ms, struct err *err);

#endif
