#include "alerts/feishu.h"

enum { BODY_MAX = 20000, FRAME = 320, FIXED_BY_ADMIN_S = 600 };

static const struct robot_code codes[] = {
	{ 0, ALERT_ACKNOWLEDGED, 0, false, false },
	{ 9499, ALERT_REJECTED, 0, false, false }, /* malformed or too large: a defect of ours */
	{ 11232, ALERT_RETRY, 60, false, false },  /* rate */
	{ 2200, ALERT_RETRY, 0, true, false },     /* the vendor's own failure */
	/* Signature or clock, source address, keyword: nothing gets through until somebody acts. */
	{ 19021, ALERT_RETRY, FIXED_BY_ADMIN_S, true, false },
	{ 19022, ALERT_RETRY, FIXED_BY_ADMIN_S, true, false },
	{ 19024, ALERT_RETRY, FIXED_BY_ADMIN_S, true, false },
	{ 19001, ALERT_REJECTED, 0, true, true }, /* no such robot any more */
	{ 0, ALERT_RETRY, 0, false, false },
};

int feishu_sign(struct buf *out, const char *secret, int64_t now_s, struct err *err)
{
	struct buf key;
	int result;

	buf_init(&key, 4096);
	buf_format(&key, "%lld\n%s", (long long)now_s, secret);
	result = robot_hmac(out, key.data, "", err);
	buf_free(&key);
	return result;
}

static int sign(
	struct buf *address, json_t *body, const char *secret, int64_t now_ms, struct err *err)
{
	struct buf signature;
	char seconds[24];
	int result;

	(void)address;
	buf_init(&signature, 256);
	result = feishu_sign(&signature, secret, now_ms / 1000, err);
	snprintf(seconds, sizeof(seconds), "%lld", (long long)(now_ms / 1000));
	json_object_set_new(body, "timestamp", json_string(seconds));
	json_object_set_new(body, "sign", json_string(signature.data));
	buf_free(&signature);
	return result;
}

static void add_paragraph(json_t *content, const struct buf *line)
{
	if (line->used > 0)
		json_array_append_new(content,
			json_pack("[{s:s, s:s%}]", "tag", "text", "text", line->data, line->used));
}

static void add_link(json_t *content, const char *bytes, size_t length)
{
	size_t label = (size_t)((const char *)memchr(bytes, '\x1f', length) - bytes);

	json_array_append_new(
		content, json_pack("[{s:s, s:s%, s:s%}]", "tag", "a", "text", bytes, label, "href",
				 bytes + label + 1, length - label - 1));
}

/* Lines become paragraphs; a link stands in its own. */
static json_t *paragraphs(const struct robot_part *part)
{
	json_t *content = json_array();
	struct buf line;

	buf_init(&line, BODY_MAX);
	buf_add_text(&line, part->repeated);
	add_paragraph(content, &line);
	buf_reset(&line);
	for (int i = part->range.first; i < part->range.end; i++) {
		const struct robot_unit *unit = &part->text->units[i];
		const char *bytes = part->text->bytes.data + unit->offset;

		if (unit->kind == ROBOT_CHARACTER) {
			buf_add(&line, bytes, unit->length);
			continue;
		}
		add_paragraph(content, &line);
		buf_reset(&line);
		if (unit->kind == ROBOT_LINK)
			add_link(content, bytes, unit->length);
	}
	add_paragraph(content, &line);
	buf_free(&line);
	return content;
}

static json_t *body(const struct robot_part *part)
{
	return json_pack("{s:s, s:{s:{s:{s:s, s:o}}}}", "msg_type", "post", "content", "post",
		"zh_cn", "title", part->title, "content", paragraphs(part));
}

const struct robot_vendor feishu_vendor = {
	.kind = &feishu_kind,
	.base = "https://open.feishu.cn",
	.path = "/open-apis/bot/v2/hook/",
	.code_member = "code",
	.codes = codes,
	.other_class = ALERT_RETRY,
	/* [{"tag":"text","text":""}], and a link also ends the paragraph before it. */
	.weights = { .line = 28, .link = 64 },
	.text_max = BODY_MAX - FRAME - ROBOT_TITLE_MAX - ROBOT_REPEAT_MAX,
	.body_max = BODY_MAX,
	.signs = true,
	.body = body,
	.sign = sign,
};

static int validate(const struct conf_block *block, struct conf_errors *errors)
{
	return robot_validate(&feishu_vendor, block, errors);
}

static struct alert_channel *open_channel(
	const struct alert_env *env, const struct conf_block *block, struct err *err)
{
	return robot_open(&feishu_vendor, env, block, err);
}

const struct alert_kind feishu_kind = {
	.name = "feishu",
	.retry_first_ms = 5000,
	.timeout_ms = 20000,
	.rate_minute = 60,
	.parts_max = ROBOT_PARTS_MAX,
	.rate_second = 3,
	.validate = validate,
	.open = open_channel,
	.prepare = robot_prepare,
	.send = robot_send,
	.cancel = robot_cancel,
	.free_draft = robot_free_draft,
	.close = robot_close,
};
