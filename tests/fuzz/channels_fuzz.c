/* One text, whatever it holds, as every name and reason of a message, through a channel of each kind. The first byte says
 * which kind, the second which message. */
#include <jansson.h>
#include <string.h>
#include <unistd.h>
#include <utf8proc.h>

#include "alerts/alertmanager.h"
#include "alerts/mail.h"
#include "alerts/robot.h"
#include "alerts/webhook.h"
#include "core/fetch.h"
#include "core/mem.h"
#include "core/text.h"
#include "fuzz/fuzz.h"

#include <event2/event.h>

enum { KINDS = 6, MAIL = 0, WEBHOOK, ALERTMANAGER, WECOM, DINGTALK, FEISHU, TEXT_MAX = 4000 };
enum { DIGEST = 2 }; /* place among the types of messages */

static const char configuration[] =
	"channel \"0\" { kind = mail server = \"smtp://127.0.0.1:9\" tls = none from = \"监测 "
	"<m@x.example>\" to = { \"a@x.example\" } link = \"https://monitor.example/\" interest = "
	"yes }\n"
	"channel \"1\" { kind = webhook url-file = \"%s\" secret-file = \"%s\" }\n"
	"channel \"2\" { kind = alertmanager servers = { \"http://127.0.0.1:9\" } tls = none }\n"
	"channel \"3\" { kind = wecom url-file = \"%s\" suppliers = yes link = "
	"\"https://monitor.example/\" }\n"
	"channel \"4\" { kind = dingtalk url-file = \"%s\" suppliers = yes link = "
	"\"https://monitor.example/\" }\n"
	"channel \"5\" { kind = feishu url-file = \"%s\" suppliers = yes link = "
	"\"https://monitor.example/\" }\n";

static const struct conf_section sections[] = {
	{ "channel", true, alert_channel_keys, "A channel." },
	{ NULL, false, NULL, NULL },
};

static struct alert_channel *channels[KINDS];

static char *file_of(const char *text)
{
	char *path = mem_text("/tmp/setaside-fuzz-XXXXXX");
	int fd = mkstemp(path);

	MUST(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	return path;
}

/* Once: the channels live as long as the process. */
static void open_channels(void)
{
	static struct alert_env env;
	static struct conf *conf;
	struct conf_errors errors = CONF_ERRORS_INIT;
	struct err err = ERR_INIT;
	char *url = file_of("https://robot.example/hook?key=0123456789");
	char *secret = file_of("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
	char *text = mem_format(configuration, url, secret, url, url, url);

	fetch_global_init();
	env.base = event_base_new();
	env.fetch = fetch_new(env.base, &err);
	conf = conf_parse("fuzz", text, strlen(text), sections, &errors);
	MUST(env.fetch && conf && errors.total == 0);
	for (int i = 0; i < KINDS; i++) {
		const struct conf_block *block = conf_block(conf, "channel", i);

		channels[i] = alert_kind_of(block)->open(&env, block, &err);
		MUST(channels[i]);
	}
	unlink(url);
	unlink(secret);
	free(url);
	free(secret);
	free(text);
}

/* The bytes as the database would hold them: UTF-8 without NUL. */
static char *text_of(const uint8_t *bytes, size_t count)
{
	struct buf text;
	char *taken;

	buf_init(&text, 4 * TEXT_MAX + 16);
	buf_add_text(&text, "");
	for (size_t i = 0; i < count && i < TEXT_MAX;) {
		utf8proc_int32_t c;
		utf8proc_ssize_t step =
			utf8proc_iterate(bytes + i, (utf8proc_ssize_t)(count - i), &c);

		if (step > 0 && c != 0)
			buf_add(&text, bytes + i, (size_t)step);
		i += step > 0 ? (size_t)step : 1;
	}
	taken = buf_take(&text);
	buf_free(&text);
	return taken ? taken : mem_text("");
}

static json_t *rows_of(const char *text)
{
	json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:i}", "obligation_no",
		text, "contract_no", text, "supplier_name", text, "project_name", text, "due_on",
		"2026-09-01", "overdue_days", 35, "overdue_fen", 1234560, "disputed_fen", 1,
		"interest_fen", 99);
	json_t *due = json_pack("{s:s, s:s, s:s, s:s, s:i}", "obligation_no", text, "contract_no",
		text, "supplier_name", text, "due_on", "2026-11-01", "amount_fen", 500);

	return json_pack("{s:i, s:i, s:[o, O], s:{s:i, s:i, s:[o]}}", "rows_total", 2,
		"overdue_fen", 2469120, "rows", row, row, "due_soon", "rows_total", 1, "amount_fen",
		500, "rows", due);
}

static void add_member(json_t *root, int type, const char *text)
{
	switch (type) {
	case 0:
		json_object_set_new(root, "arrears", rows_of(text));
		break;
	case 1:
		json_object_set_new(root, "arrears", rows_of(text));
		json_object_set_new(root, "step",
			json_pack("{s:i, s:s, s:s, s:s, s:s, s:s}", "proposal_id", 1, "step",
				"interview", "addressee", text, "decided_by", text, "decided_on",
				"2026-10-01", "reason", text));
		break;
	case DIGEST:
		json_object_set_new(root, "digest",
			json_pack("{s:i, s:[{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i}]}",
				"cases_total", 1, "items", "ref", "A-20261006-000007", "case",
				"arrears/1", "type", "sme.arrears.suspected", "event", "opened",
				"unit_code", text, "unit_name", text, "rows_total", 1, "amount_fen",
				5));
		break;
	case 3:
		json_object_set_new(root, "monitor",
			json_pack("{s:s, s:s, s:s, s:s, s:i}", "fault", "channel", "subject", text,
				"detail", text, "since", text, "value", 3));
		break;
	default:
		json_object_set_new(root, "quota",
			json_pack("{s:i, s:s, s:s, s:[{s:s, s:i, s:i, s:i, s:i}]}", "fiscal_year",
				2026, "basis", "plan", "view", "strict", "rows", "target", "sme",
				"floor_ppm", 400000, "base_fen", 100, "amount_fen", 25, "gap_fen",
				15));
	}
}

static char *payload_of(int type, const char *text)
{
	static const char *const types[] = { "sme.arrears.suspected", "sme.arrears.step",
		"sme.digest", "sme.monitor.state", "sme.quota.gap" };
	json_t *root = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:[s], s:[s], s:b, s:s, s:{s:s, s:s}, "
		"s:{s:s, s:s}, s:[], s:s}",
		"type", types[type], "event", "updated", "timestamp", "2026-10-06T01:00:00Z",
		"as_of", "2026-10-06", "case", text, "severity", "notice", "rules", text,
		"citations", text, "demonstration", 0, "jurisdiction", text, "unit", "code", text,
		"name", text, "department", "code", "0", "name", text, "findings", "program", text);
	char *dumped;

	MUST(root);
	add_member(root, type, text);
	dumped = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	return dumped;
}

/* No control bytes, no bidi controls, nothing that is not UTF-8. */
static void look_at_plain(const char *text, bool one_line)
{
	MUST(text_utf8_valid(text, strlen(text), NULL));
	for (const char *c = text; *c; c++)
		MUST((unsigned char)*c >= 0x20 || (*c == '\n' && !one_line));
	MUST(!strstr(text, "\xE2\x80\xAE") && !strstr(text, "\xE2\x81\xA6") &&
		!strstr(text, "\x7F"));
}

static void look_at_mail(const char *mail, bool digest)
{
	size_t column = 0;
	int headers = 0;
	const char *end = strstr(mail, "\r\n\r\n");

	MUST(end);
	for (const char *c = mail; *c; c++) {
		if (c[0] == '\r' && c[1] == '\n') {
			column = 0;
			c++;
			continue;
		}
		if (column == 0 && c < end && *c != ' ')
			headers++;
		MUST(*c >= 0x20 && *c <= 0x7E && ++column <= 76);
	}
	/* From To Subject Date Message-ID In-Reply-To References, two against answering robots, three X-, two of MIME;
	 * digests have a List-Id. */
	MUST(headers == 14 + digest);
}

static void look_at_webhook(const char *body, const char *text)
{
	json_t *root = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
	const json_t *unit = json_object_get(json_object_get(root, "data"), "unit");

	MUST(root && strlen(body) <= WEBHOOK_BODY_MAX);
	MUST(json_object_size(root) == 3);
	MUST(strcmp(json_string_value(json_object_get(unit, "name")), text) == 0);
	json_decref(root);
}

static void look_at_alert(const json_t *alert)
{
	const char *name;
	json_t *value;

	json_object_foreach(json_object_get(alert, "labels"), name, value)
	{
		MUST(json_string_length(value) > 0);
		look_at_plain(json_string_value(value), true);
	}
	MUST(json_object_get(json_object_get(alert, "labels"), "alertname"));
	json_object_foreach(json_object_get(alert, "annotations"), name, value)
	{
		MUST(json_is_string(value));
		look_at_plain(json_string_value(value), strcmp(name, "description") != 0);
	}
}

/* Nothing of the data formats or mentions; the one link is ours. */
static void look_at_robot_text(const char *text)
{
	int links = 0;

	for (const char *at = text; (at = strstr(at, "](https://monitor.example/)")); at++)
		links++;
	for (const char *at = text; (at = strchr(at, '[')); at++)
		links--;
	MUST(links == 0);
	look_at_plain(text, false);
	MUST(!text[strcspn(text, "<>`*~|&!\\@\"")]);
}

static void look_at_strings(const json_t *value)
{
	const char *name;
	json_t *child;
	size_t i;

	if (json_is_string(value)) {
		if (strcmp(json_string_value(value), "https://monitor.example/") != 0)
			look_at_robot_text(json_string_value(value));
	} else if (json_is_array(value)) {
		json_array_foreach((json_t *)(uintptr_t)value, i, child) look_at_strings(child);
	} else {
		json_object_foreach((json_t *)(uintptr_t)value, name, child) look_at_strings(child);
	}
}

static void look_at_draft(int kind, int type, const struct alert_draft *draft, const char *text)
{
	if (kind == MAIL)
		look_at_mail(mail_draft_bytes(draft), type == DIGEST);
	else if (kind == WEBHOOK)
		look_at_webhook(webhook_draft_body(draft), text);
	else if (kind == ALERTMANAGER)
		look_at_alert(alertmanager_draft_alert(draft));
	else
		for (int i = 0; i < robot_draft_parts(draft); i++)
			look_at_strings(robot_draft_body(draft, i));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	struct alert_message message = { .ref = "A-20261006-000001",
		.case_key = "case/1",
		.recipient = "a@x.example",
		.first_try_at = 1772413205 };
	struct err err = ERR_INIT;
	struct alert_draft *draft;
	char *text, *payload;
	int kind, type;

	if (count < 2)
		return 0;
	if (!channels[0])
		open_channels();
	kind = bytes[0] % KINDS;
	text = text_of(bytes + 2, count - 2);
	type = bytes[1] % 5;
	payload = payload_of(type, text);
	message.case_key = text;
	message.payload = payload;
	message.payload_length = strlen(payload);
	draft = alert_channel_head(channels[kind])->kind->prepare(channels[kind], &message, &err);
	/* What cannot be composed at all is refused, with a reason. */
	MUST(draft || *err.text);
	if (draft) {
		look_at_draft(kind, type, draft, text);
		alert_channel_head(channels[kind])->kind->free_draft(draft);
	}
	free(payload);
	free(text);
	return 0;
}
