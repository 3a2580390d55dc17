#include "alerts/dingtalk.h"

enum { BODY_MAX = 20000, FRAME = 200, MUTED_S = 660, FIXED_BY_ADMIN_S = 600 };

static const struct robot_code codes[] = {
	{ 0, ALERT_ACKNOWLEDGED, 0, false, false },
	{ 130101, ALERT_RETRY, MUTED_S, false, false }, /* too fast: muted for ten minutes */
	{ 660026, ALERT_RETRY, MUTED_S, false, false },
	/* Signature, clock, keyword or source address: nothing gets through until somebody acts. */
	{ 310000, ALERT_RETRY, FIXED_BY_ADMIN_S, true, false },
	{ 460101, ALERT_REJECTED, 0, false, false }, /* too long: a defect of ours */
	{ 101002, ALERT_REJECTED, 0, false, false },
	{ 300001, ALERT_REJECTED, 0, true, true }, /* the token is no robot's */
	{ 400101, ALERT_REJECTED, 0, true, true },
	{ -1, ALERT_RETRY, 0, true, false }, /* busy */
	{ 0, ALERT_RETRY, 0, false, false },
};

int dingtalk_sign(struct buf *out, const char *secret, int64_t now_ms, struct err *err)
{
	struct buf data;
	int result;

	buf_init(&data, 4096);
	buf_format(&data, "%lld\n%s", (long long)now_ms, secret);
	result = robot_hmac(out, secret, data.data, err);
	buf_free(&data);
	return result;
}

static void add_percent(struct buf *out, const char *base64)
{
	for (; *base64; base64++) {
		if (*base64 == '+' || *base64 == '/' || *base64 == '=')
			buf_format(out, "%%%02X", (unsigned)*base64);
		else
			buf_add_char(out, *base64);
	}
}

static int sign(
	struct buf *address, json_t *body, const char *secret, int64_t now_ms, struct err *err)
{
	struct buf signature;
	int result;

	(void)body;
	buf_init(&signature, 256);
	result = dingtalk_sign(&signature, secret, now_ms, err);
	buf_format(address, "%ctimestamp=%lld&sign=", strchr(address->data, '?') ? '&' : '?',
		(long long)now_ms);
	add_percent(address, signature.data);
	buf_free(&signature);
	return result;
}

static json_t *body(const struct robot_part *part)
{
	static const struct robot_markdown_form form = { .member = "text",
		.heading = "####",
		.line_end = "\n\n",
		.text_max = BODY_MAX,
		.titled = true };

	return robot_markdown_body(part, &form);
}

const struct robot_vendor dingtalk_vendor = {
	.kind = &dingtalk_kind,
	.base = "https://oapi.dingtalk.com",
	.path = "/robot/send?access_token=",
	.code_member = "errcode",
	.codes = codes,
	.other_class = ALERT_RETRY,
	.weights = { .line = 4, .link = 3 },
	.text_max = BODY_MAX - FRAME - 2 * ROBOT_TITLE_MAX - ROBOT_REPEAT_MAX,
	.body_max = BODY_MAX,
	.signs = true,
	.body = body,
	.sign = sign,
};

static int validate(const struct conf_block *block, struct conf_errors *errors)
{
	return robot_validate(&dingtalk_vendor, block, errors);
}

static struct alert_channel *open_channel(
	const struct alert_env *env, const struct conf_block *block, struct err *err)
{
	return robot_open(&dingtalk_vendor, env, block, err);
}

const struct alert_kind dingtalk_kind = {
	.name = "dingtalk",
	.retry_first_ms = 5000,
	.timeout_ms = 20000,
	.rate_minute = 15,
	.parts_max = ROBOT_PARTS_MAX,
	.validate = validate,
	.open = open_channel,
	.prepare = robot_prepare,
	.send = robot_send,
	.cancel = robot_cancel,
	.free_draft = robot_free_draft,
	.close = robot_close,
};
