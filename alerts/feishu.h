/* Feishu / Lark (飞书) custom bot: a post in a body of at most 20,000 bytes; the signature goes into the body
 * (alert-formats.md §3). */
#ifndef SETASIDE_ALERTS_FEISHU_H
#define SETASIDE_ALERTS_FEISHU_H

#include "alerts/robot.h"

extern const struct alert_kind feishu_kind;
extern const struct robot_vendor feishu_vendor;

/* base64(HMAC-SHA256("S\nsecret", "")), appended: the time is part of the key, the data is empty. */
int feishu_sign(struct buf *out, const char *secret, int64_t now_s, struct err *err);

#endif
