/* Group robots: what WeCom, DingTalk and Feishu have in common (alert-formats.md §1 to §3, §7).
 *
 * A message becomes one to ROBOT_PARTS_MAX parts, each one JSON POST, numbered "(2/3)". Where the vendor counts requests
 * a second, each request waits its share of one after the answer of the last. The cut depends on the payload
 * alone, so a retry goes on with the first part that was not acknowledged (alert_message.parts_done). Success is the
 * vendor's own code in the body and nothing else; its table gives every other code its class. The address holds the
 * secret and is never logged. By default no supplier is named. */
#ifndef SETASIDE_ALERTS_ROBOT_H
#define SETASIDE_ALERTS_ROBOT_H

#include <jansson.h>

#include "alerts/alert.h"
#include "alerts/robot_text.h"

enum {
	ROBOT_PARTS_MAX =
		4, /* of a channel with a smaller rate fewer: alert_channel_head.parts_max */
	ROBOT_TITLE_MAX = 240,  /* bytes; of the escaped title with part number */
	ROBOT_REPEAT_MAX = 100, /* bytes of the line that says "may be a repetition" */
	ROBOT_ADDRESS_MAX = 2048
};

struct robot_part {
	const char *title;    /* escaped */
	const char *repeated; /* a line to put first, or "" */
	const struct robot_text *text;
	struct robot_range range;
};

/* What a code in the answer means. */
struct robot_code {
	int64_t code;
	enum alert_class class;
	int pause_s;      /* the robot stays silent this long; 0 = our schedule */
	bool fault, gone; /* alert_outcome.endpoint_fault, endpoint_gone */
};

struct robot_vendor {
	const struct alert_kind *kind;
	const char *base;        /* default of base-url */
	const char *path;        /* base + path + key is the address */
	const char *code_member; /* of the answer */
	const struct robot_code
		*codes; /* the first is success; ends with class ALERT_RETRY, code 0 */
	enum alert_class other_class; /* codes that are not in the table */
	struct robot_weights weights;
	size_t text_max; /* weight of one part's text, without title and repetition line */
	size_t body_max; /* bytes of the JSON body, 0 = the vendor says nothing */
	bool signs;
	json_t *(*body)(const struct robot_part *part);
	/* May change the address (NULL = does not) or the body; secret is not NULL. */
	int (*sign)(struct buf *address, json_t *body, const char *secret, int64_t now_ms,
		struct err *err);
};

/* Bodies {"msgtype": "markdown", "markdown": {member: text}}: the title as a heading, the line about repetition, the
 * text. */
struct robot_markdown_form {
	const char *member, *heading, *line_end;
	size_t text_max;
	bool titled; /* the title also stands beside the text */
};
/* NULL when the text is longer than text_max. */
json_t *robot_markdown_body(const struct robot_part *part, const struct robot_markdown_form *form);

struct alert_channel *robot_open(const struct robot_vendor *vendor, const struct alert_env *env,
	const struct conf_block *block, struct err *err);
int robot_validate(const struct robot_vendor *vendor, const struct conf_block *block,
	struct conf_errors *errors);
struct alert_draft *robot_prepare(
	struct alert_channel *channel, const struct alert_message *message, struct err *err);
struct alert_try *robot_send(struct alert_channel *channel, struct alert_draft *draft,
	alert_done_fn done, void *arg, struct err *err);
void robot_cancel(struct alert_try *try);
void robot_free_draft(struct alert_draft *draft);
void robot_close(struct alert_channel *channel);

/* A draft as the bodies that would be sent, without signatures; for proofs. Lent. */
int robot_draft_parts(const struct alert_draft *draft);
const json_t *robot_draft_body(const struct alert_draft *draft, int part);

/* base64(HMAC-SHA256(key, data)), appended. */
int robot_hmac(struct buf *out, const char *key, const char *data, struct err *err);

/* The class of one complete answer: HTTP status and body. */
void robot_judge(const struct robot_vendor *vendor, int status, int64_t retry_after_s,
	const char *body, size_t length, struct alert_outcome *outcome);

#endif
