#include "alerts/wording.h"

#include <criterion/criterion.h>
#include <jansson.h>

#include "core/mem.h"
#include "core/text.h"
#include "lib/payloads.h"

static const struct wording_options plain = { WORDING_ZH, "", "", false, false, false, false };

static struct wording render(
	const char *json, bool maybe_sent, const struct wording_options *options)
{
	struct err err = ERR_INIT;
	struct payload *payload = payload_parse(json, strlen(json), &err);
	struct wording text;

	cr_assert_not_null(payload, "%s", err.text);
	cr_assert_eq(wording_render(&text, payload, "A-20261006-000001", maybe_sent, options, &err),
		0, "%s", err.text);
	payload_free(payload);
	return text;
}

static void expect_in(const struct wording *text, const char *piece)
{
	cr_expect_not_null(strstr(text->body.text.data, piece), "no \"%s\" in:\n%s", piece,
		text->body.text.data);
}

static void expect_absent(const struct wording *text, const char *piece)
{
	cr_expect_null(
		strstr(text->body.text.data, piece), "\"%s\" in:\n%s", piece, text->body.text.data);
	cr_expect_null(strstr(text->body.html.data, piece));
}

Test(wording, tells_a_quota_gap_with_share_floor_and_difference)
{
	struct wording text = render(payload_quota, false, &plain);

	cr_expect_str_eq(text.subject,
		"预留缺口提示：示例中学 2026年度 差额150.000001万元 A-20261006-000001");
	expect_in(&text, "按已批复预算测算为25.00%，距40%尚差150.000001万元");
	expect_in(&text, "可预留余额200万元");
	expect_in(&text, "口径：2026年度，预算（预留）口径，全口径");
	expect_in(&text, "已达到70%");
	expect_in(&text, "截至2026-10-06，第12批数据（2026-10-06 08:58）");
	expect_in(&text, "数据覆盖：96%合同、91%支付凭证");
	expect_in(&text, "请回复本邮件，并注明编号A-20261006-000001");
	expect_absent(&text, "演示数据");
	expect_absent(&text, "可能重复");
	expect_absent(&text, "违规");
	wording_free(&text);
}

/* A gap of a department in the words of its phase. */
static struct wording render_gap(const char *event, const char *phase, const char *rest)
{
	_cleanup_free_ char *json = mem_format(
		"{\"type\":\"sme.quota.gap\",\"event\":\"%s\",\"timestamp\":\"2026-09-11T01:00:"
		"00Z\","
		"\"as_of\":\"2026-09-11\",\"case\":\"quota/2026/100\",\"severity\":\"urgent\","
		"\"rules\":[\"Q-2\"],\"demonstration\":false,\"unit\":{\"code\":\"100\",\"name\":"
		"\"示例局\"},\"findings\":[],\"quota\":{\"fiscal_year\":2026,\"basis\":\"plan\","
		"\"view\":"
		"\"adjusted\",\"phase\":\"%s\",\"reservable_fen\":2000000000,\"nameable_fen\":0,"
		"\"rows\":[%s]}}",
		event, phase, rest);

	return render(json, false, &plain);
}

#define ROW(target, floor, base, amount, gap, more)                                                \
	"{\"target\":\"" target "\",\"floor_ppm\":" floor ",\"base_fen\":" base                    \
	",\"amount_fen\":" amount ",\"gap_fen\":" gap more "}"
#define SHORT                                                                                      \
	ROW("sme", "400000", "9840000000", "2740000000", "1196000000",                             \
		",\"outlook\":\"gap-at-risk\",\"last_day\":\"2026-10-15\",\"workdays_left\":20")
#define QUIET                                                                                      \
	ROW("small_micro", "700000", "2740000000", "1900000000", "18000000", ",\"quiet\":true")

Test(wording, says_how_much_can_still_be_reserved_and_by_when)
{
	struct wording text = render_gap("updated", "in-year", SHORT "," QUIET);

	cr_expect_str_eq(text.subject,
		"预留缺口提示：示例局 2026年度 差额1196万元（更新） A-20261006-000001");
	expect_in(&text, "按已批复预算测算为27.84%，距40%尚差1196万元。");
	expect_in(&text, "阶段：年度执行中；测算情况：缺口较大、需尽快安排。");
	expect_in(&text, "可预留余额2000万元。");
	expect_in(&text, "最后可行日：2026-10-15（按常见采购用时推算，尚余20个工作日）。");
	expect_absent(&text, "未达到");
	expect_absent(&text, "其中预留给小微企业的份额");
	wording_free(&text);
}

Test(wording, says_the_day_that_the_last_one_is_not_later_than_while_the_calendar_is_missing)
{
	struct wording text = render_gap("updated", "in-year",
		ROW("sme", "400000", "9840000000", "2740000000", "1196000000",
			",\"outlook\":\"gap-at-risk\",\"last_day\":\"\",\"last_day_at_most\":"
			"\"2026-10-23\""));

	expect_in(&text, "最后可行日：不晚于2026-10-23（本年度工作日历尚未录入，采购用时按自然日"
			 "推算）。");
	expect_absent(&text, "工作日）");
	wording_free(&text);
}

Test(wording, asks_for_an_explanation_only_of_final_figures)
{
	struct wording text = render_gap("updated", "final", SHORT);

	cr_expect_str_eq(text.subject,
		"未达到，请作说明：示例局 2026年度 差额1196万元（更新） A-20261006-000001");
	expect_in(&text, "请就未达到的原因作出说明");
	expect_absent(&text, "可预留余额");
	expect_absent(&text, "最后可行日");
	wording_free(&text);
	text = render_gap("updated", "preliminary", SHORT);
	expect_in(&text, "阶段：年度初步；");
	expect_absent(&text, "未达到");
	expect_absent(&text, "可预留余额");
	wording_free(&text);
	text = render_gap(
		"closed", "final", ROW("sme", "400000", "9840000000", "3936000000", "0", ""));
	expect_in(&text, "已消除");
	expect_absent(&text, "未达到");
	wording_free(&text);
}

Test(wording, lists_suspected_overdue_payments_and_never_calls_them_overdue_before_verification)
{
	struct wording text = render(payload_arrears, false, &plain);

	cr_expect_str_eq(text.subject,
		"疑似逾期（待核实）：示例街道办 3笔 合计128,000.00元（更新） A-20261006-000001");
	expect_in(&text, "有3笔应付中小企业款项疑似逾期（待核实），合计128,000.00元");
	expect_in(&text, "新增1笔，消除0笔");
	expect_in(&text, "1 | HT-1 | HT-1-01 | 甲公司 | 2026-09-01 | 35 | 100,000.00 | "
			 "疑似逾期（待核实）、新增");
	expect_in(&text, "其余1笔");
	expect_in(&text, "有分歧1,000.00元");
	expect_absent(&text, "逾期利息");
	expect_absent(&text, "12.34");
	wording_free(&text);
}

Test(wording, shows_interest_only_when_asked_for)
{
	struct wording_options options = { WORDING_ZH, "", "", true, false, false, false };
	struct wording text = render(payload_arrears, false, &options);

	expect_in(&text, "逾期利息（测算，仅供内部参考）");
	expect_in(&text, "12.34");
	wording_free(&text);
}

static void expect_known_at(const char *timestamp, const char *wanted)
{
	const char *at = strstr(payload_quota, "2026-10-06T00:58:03Z");
	char *json = mem_format(
		"%.*s%s%s", (int)(at - payload_quota), payload_quota, timestamp, at + 20);
	struct wording text = render(json, false, &plain);

	expect_in(&text, wanted);
	wording_free(&text);
	free(json);
}

Test(wording, tells_the_time_of_the_data_as_it_was_in_beijing)
{
	expect_known_at("2026-12-31T16:30:00Z", "（2027-01-01 00:30）");
	expect_known_at("2026-12-31T23:59:59.123456+08:00", "（2026-12-31 23:59）");
	expect_known_at("yesterday", "（yesterday）");
}

Test(wording, begins_with_the_notice_after_an_unknown_outcome)
{
	struct wording text = render(payload_quota, true, &plain);

	cr_expect_eq(strncmp(text.body.text.data, "本邮件可能重复发送（上次结果未知）\n", 52), 0);
	wording_free(&text);
}

Test(wording, marks_demonstration_data_in_subject_and_body)
{
	struct wording text = render(payload_calendar, false, &plain);

	cr_expect_eq(strncmp(text.subject, "【演示数据】工作日历缺失：2027年", 40), 0, "%s",
		text.subject);
	expect_in(&text, "演示数据：");
	expect_in(&text, "缺少2027年的工作日历，60笔款项");
	wording_free(&text);
}

Test(wording, speaks_english_when_told_to)
{
	struct wording_options options = { WORDING_EN, "the desk, ext. 12",
		"https://monitor.example", false, false, false, false };
	struct wording text = render(payload_quota, false, &options);

	expect_in(&text, "computed from the approved budget as 25.00%, short of 40% by 150.000001 "
			 "x 10,000 yuan");
	expect_in(&text, "contact the desk, ext. 12 and name A-20261006-000001");
	expect_in(&text, "See: https://monitor.example");
	wording_free(&text);
}

Test(wording, tells_how_many_messages_a_channel_does_not_take)
{
	_cleanup_free_ char *monitor =
		mem_text("{\"type\":\"sme.monitor.state\",\"event\":\"opened\",\"timestamp\":"
			 "\"2026-10-06T01:00:00Z\",\"as_of\":\"2026-10-06\",\"case\":\"monitor/"
			 "refused/hook\",\"severity\":\"warning\",\"rules\":[\"M-1\"],"
			 "\"demonstration\":false,\"unit\":{\"code\":\"district\",\"name\":\"\"},"
			 "\"findings\":[],\"program\":\"1\",\"coverage\":{},\"monitor\":{\"fault\":"
			 "\"refused\",\"subject\":\"hook\",\"detail\":\"HTTP 400\",\"value\":2,"
			 "\"since\":\"\"}}");
	struct wording text = render(monitor, false, &plain);

	expect_in(
		&text, "通道“hook”有2条信息已三次以上未被接收，程序继续重试。最近应答：HTTP 400。");
	expect_absent(&text, "district");
	wording_free(&text);
}

Test(wording, does_not_show_a_reader_the_word_by_which_programs_know_the_district)
{
	static const char test[] =
		"{\"type\":\"sme.channel.test\",\"event\":\"opened\",\"timestamp\":"
		"\"2026-10-06T01:00:00Z\",\"as_of\":\"2026-10-06\",\"case\":\"test\",\"severity\":"
		"\"info\",\"rules\":[\"test\"],\"demonstration\":false,\"unit\":{\"code\":"
		"\"district\",\"name\":\"\"},\"findings\":[],\"program\":\"1\"}";
	_cleanup_free_ char *named = mem_format(
		"%.*s\"district\",\"name\":\"示例区\"},\"findings\":[],\"program\":\"1\"}",
		(int)(strstr(test, "\"district\"") - test), test);
	struct wording text = render(test, false, &plain);

	expect_absent(&text, "district");
	expect_absent(&text, "单位");
	wording_free(&text);
	text = render(named, false, &plain);
	expect_in(&text, "单位：示例区");
	wording_free(&text);
}

Test(wording, cuts_shares_so_that_none_below_its_floor_prints_as_the_floor)
{
	char room[WORDING_SHARE_MAX];

	cr_expect_str_eq(wording_share(39999999, 100000000, room), "39.99%");
	cr_expect_str_eq(wording_share(40, 100, room), "40.00%");
	cr_expect_str_eq(wording_share(1, INT64_MAX, room), "0.00%");
	cr_expect_str_eq(wording_share(INT64_MAX, INT64_MAX, room), "100.00%");
	cr_expect_str_eq(wording_share(5, 0, room), "–");
	cr_expect_str_eq(wording_percent(400000, room), "40%");
	cr_expect_str_eq(wording_percent(665000, room), "66.5%");
	cr_expect_str_eq(wording_percent(1, room), "0.0001%");
}

Test(wording, neutralises_names_that_carry_markup_or_line_ends)
{
	char *json = mem_format(
		payload_named_format, "<script>alert(1)</script>\\r\\nBcc: x@y.z\\u202e&\\\"");
	struct wording text = render(json, false, &plain);

	cr_expect_null(strchr(text.subject, '\n'));
	cr_expect_null(strchr(text.subject, '\r'));
	cr_expect_null(strstr(text.body.html.data, "<script"));
	cr_expect_not_null(strstr(text.body.html.data, "&lt;script&gt;"));
	cr_expect_null(strstr(text.body.text.data, "\nBcc:"));
	cr_expect_null(strstr(text.body.text.data, "\xE2\x80\xAE"));
	wording_free(&text);
	free(json);
}

Test(wording, cuts_endless_names_between_characters)
{
	char name[3 * 1000 + 1];
	char *json;
	struct wording text;

	for (int i = 0; i < 1000; i++)
		memcpy(name + 3 * i, "校", 4);
	json = mem_format(payload_named_format, name);
	text = render(json, false, &plain);
	cr_expect(text_utf8_valid(text.subject, strlen(text.subject), NULL));
	cr_expect_null(strstr(text.subject, "\xEF\xBF\xBD"));
	cr_expect_not_null(strstr(text.subject, "A-20261006-000001"));
	wording_free(&text);
	free(json);
}

Test(wording, names_a_unit_of_a_digest_whole_in_mail_and_marks_where_a_group_gets_it_cut)
{
	static const char name[] = "示例区住房和城乡建设局服务中心（演示数据：第二分中心）";
	struct wording_options group = plain;
	json_t *json = json_loads(payload_digest, 0, NULL);
	json_t *item = json_array_get(json_object_get(json_object_get(json, "digest"), "items"), 0);
	struct wording mail, chat;
	char *payload;

	group.chat = true;
	json_object_set_new(item, "unit_name", json_string(name));
	payload = json_dumps(json, 0);
	mail = render(payload, false, &plain);
	chat = render(payload, false, &group);
	expect_in(&mail, name);
	expect_absent(&chat, name);
	expect_in(&chat, "示例区住房和城乡建设局服务中心（演示数…");
	wording_free(&mail);
	wording_free(&chat);
	json_decref(json);
	free(payload);
}

Test(wording, says_what_can_be_unsubscribed_where_digests_can)
{
	static const struct wording_options with = { WORDING_ZH, "", "", false, false, false,
		true };
	struct wording digest = render(payload_digest, false, &with);
	struct wording notice = render(payload_quota, false, &with);
	struct wording without = render(payload_quota, false, &plain);

	expect_in(&digest, "本汇总邮件可以退订");
	expect_absent(&digest, "不提供退订");
	expect_in(&notice, "本提示依职责发送，不提供退订。");
	expect_absent(&without, "退订");
	wording_free(&digest);
	wording_free(&notice);
	wording_free(&without);
}

Test(wording, counts_the_faults_of_a_source_that_are_left_out)
{
	static const char text[] =
		"{\"type\":\"sme.source.health\",\"event\":\"opened\",\"timestamp\":"
		"\"2026-10-06T01:00:00Z\",\"as_of\":\"2026-10-06\",\"case\":\"c\",\"severity\":"
		"\"notice\",\"rules\":[\"M-1\"],\"unit\":{\"code\":\"district\",\"name\":\"\"},"
		"\"source\":{\"name\":\"treasury\",\"faults\":[{\"fault\":\"empty\"},{\"fault\":"
		"\"late\",\"since\":\"2026-10-05 09:00\"}]}}";
	struct err err = ERR_INIT;
	struct payload *payload = payload_parse(text, strlen(text), &err);
	struct wording words;

	cr_assert_not_null(payload, "%s", err.text);
	cr_expect(payload_shorten(payload));
	cr_assert_eq(wording_render(&words, payload, "A-1", false, &plain, &err), 0);
	expect_in(&words, "最近一批没有任何数据行。");
	expect_in(&words, "其余1项");
	expect_absent(&words, "2026-10-05 09:00");
	wording_free(&words);
	payload_free(payload);
}
