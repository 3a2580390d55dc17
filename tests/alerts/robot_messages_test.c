/* Generated messages through every robot: no limit broken, nothing cut inside a character, an escape or a link, and no
 * name that formats. SETASIDE_MESSAGES says how many (1500); SETASIDE_SEED which (printed when one fails). */
#include <criterion/criterion.h>
#include <utf8proc.h>

#include "alerts/dingtalk.h"
#include "alerts/feishu.h"
#include "alerts/wecom.h"
#include "core/mem.h"
#include "core/text.h"
#include "lib/alert_rig.h"

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

static json_t *arrears(void)
{
	static const unsigned lengths[] = { 0, 3, 50, 200 };
	unsigned rows = lengths[pick(4)];
	json_t *list = json_array();

	for (unsigned i = 0; i < rows; i++)
		json_array_append_new(
			list, json_pack("{s:o, s:o, s:o, s:s, s:i, s:I, s:I}", "obligation_no",
				      name(3), "contract_no", name(4), "supplier_name", name(8),
				      "due_on", "2026-09-01", "overdue_days", (int)pick(4000),
				      "overdue_fen", (json_int_t)amount(), "disputed_fen",
				      (json_int_t)(pick(3) ? 0 : amount())));
	return json_pack("{s:i, s:I, s:o}", "rows_total", (int)(rows + pick(500)), "overdue_fen",
		(json_int_t)amount(), "rows", list);
}

static json_t *digest(void)
{
	static const char *const types[] = { "sme.quota.gap", "sme.arrears.suspected",
		"sme.calendar.missing" };
	static const char *const events[] = { "opened", "updated", "closed", "reopened" };
	unsigned count = pick(80) + 1;
	json_t *items = json_array();

	for (unsigned i = 0; i < count; i++) {
		char ref[32];

		snprintf(ref, sizeof(ref), "A-20261006-%06u", i);
		json_array_append_new(items,
			json_pack("{s:s, s:o, s:s, s:s, s:s, s:o, s:i, s:I}", "ref", ref, "case",
				name(3), "type", types[pick(3)], "event", events[pick(4)],
				"unit_code", "026", "unit_name", name(20), "rows_total",
				(int)pick(10000), "amount_fen", (json_int_t)amount()));
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

static char *payload(void)
{
	static const char *const types[] = { "sme.quota.gap", "sme.arrears.suspected",
		"sme.digest" };
	static const char *const members[] = { "quota", "arrears", "digest" };
	unsigned type = pick(3);
	json_t *body = type == 0 ? quota() : type == 1 ? arrears() : digest();
	json_t *root = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:[s], s:b, s:{s:o, s:o}, s:o}",
		"type", types[type], "event", pick(4) ? "opened" : "closed", "timestamp",
		"2026-10-06T01:00:00Z", "as_of", "2026-10-06", "case", "case/1", "severity",
		"notice", "rules", "P-1", "demonstration", (int)pick(2), "unit", "code", name(2),
		"name", name(pick(10) ? 12 : 400), members[type], body);
	char *text;

	cr_assert_not_null(root);
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

static void through(struct alert_rig *rig, const struct robot_vendor *vendor, const char *text)
{
	struct alert_message message = alerting_message("A-20261006-000001", "", text);
	struct err err = ERR_INIT;
	struct alert_draft *draft;

	message.maybe_sent = pick(4) == 0;
	message.parts_done = (int)pick(2);
	draft = vendor->kind->prepare(rig->channel, &message, &err);
	cr_assert_not_null(draft, "%s: %s", vendor->kind->name, err.text);
	cr_expect_leq(robot_draft_parts(draft), ROBOT_PARTS_MAX);
	for (int i = 0; i < robot_draft_parts(draft); i++)
		expect_within(vendor, robot_draft_body(draft, i));
	vendor->kind->free_draft(draft);
}

Test(robot_messages, break_no_limit_and_are_cut_inside_nothing)
{
	static const struct robot_vendor *const vendors[] = { &wecom_vendor, &dingtalk_vendor,
		&feishu_vendor };
	const char *wanted = getenv("SETASIDE_MESSAGES");
	const char *seed = getenv("SETASIDE_SEED");
	long messages = wanted ? atol(wanted) : 1500;
	struct alert_rig rig;

	state = seed ? strtoull(seed, NULL, 10) : 88172645463325252ull;
	alert_rig_start(&rig);
	for (int v = 0; v < 3; v++) {
		alert_rig_open(&rig,
			"channel \"r\" { kind = %s key-file = \"%s\" suppliers = yes link = \"%s\" "
			"}\n",
			vendors[v]->kind->name, alerting_file("test-key"), link_address);
		for (long i = messages / 3; i > 0; i--) {
			char *text = payload();

			through(&rig, vendors[v], text);
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
