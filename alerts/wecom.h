/* WeCom (企业微信) group robot: markdown of at most 4,096 bytes, no signature (alert-formats.md §1). */
#ifndef SETASIDE_ALERTS_WECOM_H
#define SETASIDE_ALERTS_WECOM_H

#include "alerts/robot.h"

extern const struct alert_kind wecom_kind;
extern const struct robot_vendor wecom_vendor;

#endif
