/* Generated messages through every kind with a limit: no limit broken, nothing cut inside a character, an escape or a
 * link, and no name that formats. SETASIDE_MESSAGES says how many (2000); SETASIDE_SEED which (printed when one fails). */
#include <criterion/criterion.h>
#include <openssl/evp.h>
#include <utf8proc.h>

#include "alerts/dingtalk.h"
#include "alerts/feishu.h"
#include "alerts/mail.h"
#include "alerts/mail_compose.h"
#include "alerts/webhook.h"
#include "alerts/wecom.h"
#include "core/mem.h"
#include "core/text.h"
#include "lib/alert_rig.h"
#include "sql/store_outbox.h"

static uint64_t state;
static long over_limit, cut_inside, formatting;

static void note(bool fine, long *counter, const char *text)
{
	if (!fine && (*counter)++ < 5)
		fprintf(stderr, "broken: %.300s\n", text);
}

static unsigned pick(unsigned below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 33) % below;
}

static const char link_address[] = "https://monitor.example/";

/* Names as an attacker, a careless clerk and Unicode write them. */
static json_t *name(unsigned most)
{
	static const char *const pieces[] = { "示例中学", "甲公司", "<@all>", "](http://e.example)",
		"[x", "**", "`", "\\", "\"", "e\xCC\x81\xCC\x82",
		"\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7", "\r\n", "\xE2\x80\xAE", "&#60;",
		"<font color=\"warning\">", "#", "|", "_", "a", "  ", "<at user_id=\"all\">", "!",
		"~~", "\n> ", "\n# ", "\xEF\xB8\x8F", "\x1F", "]", "(1/2)", "https://e.example/x",
		"%s%n", "\xE4\xBD\xA0" };
	struct buf text;
	json_t *result;

	buf_init(&text, 64 * 1024);
	for (unsigned i = pick(most) + 1; i > 0; i--)
		buf_add_text(&text, pieces[pick(sizeof(pieces) / sizeof(*pieces))]);
	result = json_string(text.data);
	buf_free(&text);
	return result;
}

static int64_t amount(void)
{
	return (int64_t)(pick(1000000)) * (pick(3) ? 1 : 9999991);
}

enum made_type { MADE_QUOTA, MADE_ARREARS, MADE_DIGEST, MADE_SOURCE, MADE_STEP, MADE_TYPES };

/* Mostly few, and as many as one message may hold. */
static unsigned length(void)
{
	static const unsigned lengths[] = { 0, 1, 3, 3, 3, 10, 10, 50, 50, 200 };

	return lengths[pick(10)];
}

static json_t *due_soon(void)
{
	json_t *list = json_array();

	for (unsigned i = length(); i > 0; i--)
		json_array_append_new(
			list, json_pack("{s:o, s:o, s:o, s:s, s:I}", "obligation_no", name(3),
				      "contract_no", name(4), "supplier_name", name(8), "due_on",
				      "2026-10-20", "amount_fen", (json_int_t)amount()));
	return json_pack("{s:i, s:I, s:o}", "rows_total", (int)json_array_size(list), "amount_fen",
		(json_int_t)amount(), "rows", list);
}

static json_t *arrears(void)
{
	unsigned rows = length();
	json_t *list = json_array();
	json_t *cleared = json_array();
	json_t *result;

	for (unsigned i = 0; i < rows; i++)
		json_array_append_new(
			list, json_pack("{s:o, s:o, s:o, s:s, s:i, s:I, s:I}", "obligation_no",
				      name(3), "contract_no", name(4), "supplier_name", name(8),
				      "due_on", "2026-09-01", "overdue_days", (int)pick(4000),
				      "overdue_fen", (json_int_t)amount(), "disputed_fen",
				      (json_int_t)(pick(3) ? 0 : amount())));
	for (unsigned i = pick(3) ? 0 : pick(50); i > 0; i--)
		json_array_append_new(cleared, name(2));
	result = json_pack("{s:i, s:I, s:o, s:o}", "rows_total", (int)(rows + pick(500)),
		"overdue_fen", (json_int_t)amount(), "rows", list, "cleared", cleared);
	if (pick(2))
		json_object_set_new(result, "due_soon", due_soon());
	return result;
}

static json_t *names(unsigned count)
{
	json_t *list = json_array();

	while (count-- > 0)
		json_array_append_new(list, name(3));
	return list;
}

static json_t *source(void)
{
	static const char *const faults[] = { "late", "columns", "unit-suspect", "totals",
		"conflict", "unread-file", "unread-sheet" };
	unsigned most_names = pick(4) ? 4 : 40;
	json_t *list = json_array();

	for (unsigned i = pick(8) ? pick(5) : pick(101); i > 0; i--)
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:i, s:I}", "fault",
				faults[pick(7)], "since", "2026-10-05 09:00", "why", name(20),
				"kind", "payment", "column", name(4), "file", name(4), "more",
				names(pick(most_names)), "fewer", names(pick(4)), "row",
				(int)pick(9999), "stated_fen", (json_int_t)amount()));
	return json_pack("{s:o, s:o}", "name", name(2), "faults", list);
}

static json_t *step(void)
{
	return json_pack("{s:i, s:s, s:o, s:o, s:s, s:o}", "proposal_id", 17, "step", "interview",
		"addressee", name(8), "decided_by", name(2), "decided_on", "2026-10-05", "reason",
		name(40));
}

/* What outbox_gather.sql puts into one digest of a webhook, and one item more. */
static size_t most_item_bytes = SIZE_MAX;

static json_t *digest(void)
{
	static const char *const types[] = { "sme.quota.gap", "sme.arrears.suspected",
		"sme.calendar.missing" };
	static const char *const events[] = { "opened", "updated", "closed", "reopened" };
	unsigned count = pick(80) + 1;
	json_t *items = json_array();
	size_t bytes = 0;

	for (unsigned i = 0; i < count && bytes <= most_item_bytes; i++) {
		char ref[32];

		snprintf(ref, sizeof(ref), "A-20261006-%06u", i);
		json_array_append_new(items,
			json_pack("{s:s, s:o, s:s, s:s, s:s, s:o, s:i, s:I}", "ref", ref, "case",
				name(3), "type", types[pick(3)], "event", events[pick(4)],
				"unit_code", "026", "unit_name", name(20), "rows_total",
				(int)pick(10000), "amount_fen", (json_int_t)amount()));
		bytes += json_dumpb(json_array_get(items, i), NULL, 0, 0);
	}
	return json_pack("{s:i, s:o}", "cases_total", 500, "items", items);
}

static json_t *quota(void)
{
	return json_pack("{s:i, s:s, s:s, s:[{s:s, s:i, s:I, s:I, s:I}]}", "fiscal_year", 2026,
		"basis", "plan", "view", pick(2) ? "strict" : "adjusted", "rows", "target", "sme",
		"floor_ppm", 400000, "base_fen", (json_int_t)amount(), "amount_fen",
		(json_int_t)amount(), "gap_fen", (json_int_t)amount());
}

/* What outbox_merge.sql names of the messages before it. */
static void add_preceded(json_t *root)
{
	json_t *list = json_array();

	for (unsigned i = pick(STORE_OUTBOX_PRECEDED_MAX + 1); i > 0; i--)
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:s}", "ref", "A-20261006-1000001", "event",
				      "updated", "timestamp", "2026-10-06T01:00:00Z"));
	json_object_set_new(root, "preceded", list);
	json_object_set_new(root, "preceded_more", json_integer(pick(5000)));
}

static json_t *body_of(enum made_type type)
{
	switch (type) {
	case MADE_QUOTA:
		return quota();
	case MADE_DIGEST:
		return digest();
	case MADE_SOURCE:
		return source();
	case MADE_ARREARS:
	case MADE_STEP:
	case MADE_TYPES:
		break;
	}
	return arrears();
}

static char *payload(void)
{
	static const char *const types[MADE_TYPES] = { "sme.quota.gap", "sme.arrears.suspected",
		"sme.digest", "sme.source.health", "sme.arrears.step" };
	static const char *const members[MADE_TYPES] = { "quota", "arrears", "digest", "source",
		"arrears" };
	enum made_type type = (enum made_type)pick(MADE_TYPES);
	json_t *root = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:[s], s:b, s:{s:o, s:o}, s:o}",
		"type", types[type], "event", pick(4) ? "opened" : "closed", "timestamp",
		"2026-10-06T01:00:00Z", "as_of", "2026-10-06", "case", "case/1", "severity",
		"notice", "rules", "P-1", "demonstration", (int)pick(2), "unit", "code", name(2),
		"name", name(pick(10) ? 12 : 400), members[type], body_of(type));
	char *text;

	cr_assert_not_null(root);
	if (type == MADE_STEP)
		json_object_set_new(root, "step", step());
	if (type != MADE_DIGEST && pick(4) == 0)
		add_preceded(root);
	text = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	return text;
}

static bool begins_inside(const char *text)
{
	utf8proc_int32_t c;

	if (utf8proc_iterate((const utf8proc_uint8_t *)text, -1, &c) <= 0)
		return true;
	return utf8proc_category(c) == UTF8PROC_CATEGORY_MN || c == 0x200D || c == 0xFE0F;
}

static int count(const char *text, const char *needle)
{
	int n = 0;

	for (const char *at = text; (at = strstr(at, needle)); at += strlen(needle))
		n++;
	return n;
}

/* Nothing of the data may format: what does is ours and known. */
static void expect_harmless(const char *text, bool markdown)
{
	int links = count(text, "](https://monitor.example/)");

	note(text_utf8_valid(text, strlen(text), NULL), &cut_inside, text);
	note(!text[strcspn(text, "<>`*~|&!\\@\x1f\x01\r\"")], &formatting, text);
	/* A link that was cut leaves a bracket without its address. */
	note(count(text, "[") == (markdown ? links : 0), &cut_inside, text);
	note(count(text, "]") == (markdown ? links : 0), &cut_inside, text);
	note(count(text, "://") == links && links <= 1, &formatting, text);
	for (const char *at = text; (at = strchr(at, '#')); at++)
		note(at < text + 4, &formatting, text);
}

static void expect_markdown(const char *text, const char *line_end)
{
	const char *first = strstr(text, line_end);

	expect_harmless(text, true);
	cr_assert_not_null(first);
	note(!begins_inside(first + strlen(line_end)), &cut_inside, text);
}

static void expect_post(const json_t *body)
{
	json_t *post =
		json_object_get(json_object_get(json_object_get(body, "content"), "post"), "zh_cn");
	json_t *content = json_object_get(post, "content");
	json_t *line;
	size_t i;

	expect_harmless(json_string_value(json_object_get(post, "title")), false);
	cr_expect_gt(json_array_size(content), 0);
	json_array_foreach(content, i, line)
	{
		json_t *tag = json_array_get(line, 0);
		const char *href = json_string_value(json_object_get(tag, "href"));
		const char *text = json_string_value(json_object_get(tag, "text"));

		cr_assert_not_null(text);
		note(!href || strcmp(href, link_address) == 0, &cut_inside, text);
		expect_harmless(text, false);
		note(i > 0 || !begins_inside(text), &cut_inside, text);
	}
}

static void expect_within(const struct robot_vendor *vendor, const json_t *body)
{
	const json_t *markdown = json_object_get(body, "markdown");
	char *text = json_dumps(body, JSON_COMPACT);
	enum { SIGNATURE = 100 };

	note(vendor->body_max == 0 || strlen(text) + SIGNATURE <= vendor->body_max, &over_limit,
		text);
	if (vendor == &wecom_vendor)
		note(json_string_length(json_object_get(markdown, "content")) <= 4096, &over_limit,
			text);
	if (vendor == &feishu_vendor)
		expect_post(body);
	else
		expect_markdown(json_string_value(json_object_get(
					markdown, vendor == &wecom_vendor ? "content" : "text")),
			vendor == &wecom_vendor ? "\n" : "\n\n");
	free(text);
}

/* A message as the outbox might lease it, prepared by the rig's channel. */
static struct alert_draft *prepared(struct alert_rig *rig, const char *text, const char *recipient)
{
	struct alert_message message = alerting_message("A-20261006-000001", recipient, text);
	const struct alert_kind *kind = alert_channel_head(rig->channel)->kind;
	struct err err = ERR_INIT;
	struct alert_draft *draft;

	message.maybe_sent = pick(4) == 0;
	message.parts_done = (int)pick(2);
	draft = kind->prepare(rig->channel, &message, &err);
	cr_assert_not_null(draft, "%s: %s", kind->name, err.text);
	return draft;
}

static void through_robot(struct alert_rig *rig, const char *text)
{
	static const struct robot_vendor *const vendors[] = { &wecom_vendor, &dingtalk_vendor,
		&feishu_vendor };
	struct alert_draft *draft = prepared(rig, text, "");

	cr_expect_leq(robot_draft_parts(draft), ROBOT_PARTS_MAX);
	for (int v = 0; v < 3; v++)
		for (int i = 0; vendors[v]->kind == alert_channel_head(rig->channel)->kind &&
				i < robot_draft_parts(draft);
			i++)
			expect_within(vendors[v], robot_draft_body(draft, i));
	alert_channel_head(rig->channel)->kind->free_draft(draft);
}

static void through_webhook(struct alert_rig *rig, const char *text)
{
	struct alert_draft *draft = prepared(rig, text, "");
	const char *body = webhook_draft_body(draft);
	json_t *read = json_loads(body, 0, NULL);

	note(strlen(body) <= WEBHOOK_BODY_MAX, &over_limit, body);
	note(read != NULL, &cut_inside, body);
	json_decref(read);
	webhook_kind.free_draft(draft);
}

/* ASCII in lines of at most 76 bytes that end in CRLF. */
static bool has_mail_lines(const char *mail)
{
	int column = 0;

	for (const char *c = mail; *c; c++) {
		if (c[0] == '\r' && c[1] == '\n') {
			column = 0;
			c++;
		} else if (*c < 0x20 || *c > 0x7E || ++column > 76) {
			return false;
		}
	}
	return column == 0;
}

/* The text of the mail, decoded; free it. */
static char *mail_text(const char *mail)
{
	const char *begin = strstr(strstr(mail, "text/plain"), "\r\n\r\n") + 4;
	const char *end = strstr(begin, "\r\n--");
	struct buf lines;
	char *text;

	buf_init(&lines, MAIL_BYTES_MAX);
	for (const char *c = begin; c < end; c++)
		if (*c > ' ')
			buf_add(&lines, c, 1);
	text = mem_zero(lines.used + 1, 1);
	cr_assert_gt(EVP_DecodeBlock((unsigned char *)text, (const unsigned char *)lines.data,
			     (int)lines.used),
		0);
	buf_free(&lines);
	return text;
}

static void through_mail(struct alert_rig *rig, const char *text)
{
	struct alert_draft *draft = prepared(rig, text, "unit@xc.example");
	const char *mail = mail_draft_bytes(draft);
	char *said = mail_text(mail);

	note(strlen(mail) <= MAIL_BYTES_MAX && has_mail_lines(mail), &over_limit, mail);
	note(text_utf8_valid(said, strlen(said), NULL), &cut_inside, said);
	free(said);
	mail_kind.free_draft(draft);
}

#define LINK "link = \"https://monitor.example/\""
static const struct {
	const char *kind, *file_key, *file, *secret_key, *more;
	void (*through)(struct alert_rig *rig, const char *text);
} ways[] = {
	{ "wecom", "key-file", "test-key", NULL, "suppliers = yes " LINK, through_robot },
	{ "dingtalk", "key-file", "test-key", NULL, "suppliers = yes " LINK, through_robot },
	{ "feishu", "key-file", "test-key", NULL, "suppliers = yes " LINK, through_robot },
	{ "webhook", "url-file", "http://127.0.0.1:9/x", "secret-file",
		"tls = none allow = { \"127.0.0.1\" }", through_webhook },
	{ "webhook", "url-file", "http://127.0.0.1:9/x", "secret-file",
		"tls = none allow = { \"127.0.0.1\" } body = cloudevents", through_webhook },
	{ "mail", "password-file", "secret", NULL,
		"server = \"smtp://localhost:2525\" from = \"a@xc.example\" to = { "
		"\"unit@xc.example\" } list = 50 user = \"a\" " LINK,
		through_mail },
};
enum { WAYS = sizeof(ways) / sizeof(*ways) };

static void open_way(struct alert_rig *rig, int way)
{
	char secret[400] = "";

	most_item_bytes =
		ways[way].through == through_webhook ? (size_t)webhook_kind.digest_bytes : SIZE_MAX;
	if (ways[way].secret_key)
		snprintf(secret, sizeof(secret), "%s = \"%s\"", ways[way].secret_key,
			alerting_file("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="));
	alert_rig_open(rig, "channel \"r\" { kind = %s %s = \"%s\" %s %s }\n", ways[way].kind,
		ways[way].file_key, alerting_file(ways[way].file), secret, ways[way].more);
}

Test(made_messages, break_no_limit_and_are_cut_inside_nothing)
{
	const char *wanted = getenv("SETASIDE_MESSAGES");
	const char *seed = getenv("SETASIDE_SEED");
	long messages = wanted ? atol(wanted) : 2000;
	struct alert_rig rig;

	state = seed ? strtoull(seed, NULL, 10) : 88172645463325252ull;
	alert_rig_start(&rig);
	for (int way = 0; way < WAYS; way++) {
		open_way(&rig, way);
		for (long i = messages / WAYS; i > 0; i--) {
			char *text = payload();

			ways[way].through(&rig, text);
			free(text);
		}
		alert_rig_close(&rig);
	}
	alert_rig_stop(&rig);
	cr_expect_eq(over_limit, 0);
	cr_expect_eq(cut_inside, 0);
	cr_expect_eq(formatting, 0);
	if (wanted)
		printf("messages %ld count\nover_limit %ld count\ncut_inside %ld count\n"
		       "formatting %ld count\n",
			messages, over_limit, cut_inside, formatting);
}
