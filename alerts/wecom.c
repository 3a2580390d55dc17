#include "alerts/wecom.h"

/* FOOTING: what a digest says besides its cases, at most. */
enum { CONTENT_MAX = 4096, RESERVE = 64, FOOTING = 1600 };
enum { TEXT_MAX = CONTENT_MAX - RESERVE - ROBOT_TITLE_MAX - ROBOT_REPEAT_MAX - 8 };

static const struct robot_code codes[] = {
	{ 0, ALERT_ACKNOWLEDGED, 0, false, false },
	{ 40058, ALERT_REJECTED, 0, false, false }, /* too long: a defect of ours */
	{ 45009, ALERT_RETRY, 60, false, false },   /* rate */
	{ 45033, ALERT_RETRY, 5, false, false },    /* too many at once */
	{ 93000, ALERT_REJECTED, 0, true, true },   /* no such robot any more */
	{ -1, ALERT_RETRY, 0, true, false },        /* busy */
	{ 0, ALERT_RETRY, 0, false, false },
};

static json_t *body(const struct robot_part *part)
{
	static const struct robot_markdown_form form = {
		.member = "content", .heading = "##", .line_end = "\n", .text_max = CONTENT_MAX
	};

	return robot_markdown_body(part, &form);
}

const struct robot_vendor wecom_vendor = {
	.kind = &wecom_kind,
	.base = "https://qyapi.weixin.qq.com",
	.path = "/cgi-bin/webhook/send?key=",
	.code_member = "errcode",
	.codes = codes,
	.other_class = ALERT_REJECTED,
	.weights = { .line = 1, .link = 3 },
	.text_max = TEXT_MAX,
	.body = body,
};

static int validate(const struct conf_block *block, struct conf_errors *errors)
{
	return robot_validate(&wecom_vendor, block, errors);
}

static struct alert_channel *open_channel(
	const struct alert_env *env, const struct conf_block *block, struct err *err)
{
	return robot_open(&wecom_vendor, env, block, err);
}

const struct alert_kind wecom_kind = {
	.name = "wecom",
	.retry_first_ms = 5000,
	.timeout_ms = 20000,
	.rate_minute = 15,
	.parts_max = ROBOT_PARTS_MAX,
	.digest_part_bytes = TEXT_MAX - FOOTING, /* an item's line is shorter than its JSON */
	.validate = validate,
	.open = open_channel,
	.prepare = robot_prepare,
	.send = robot_send,
	.cancel = robot_cancel,
	.free_draft = robot_free_draft,
	.close = robot_close,
};
