#include "alerts/payload.h"
#include "core/buf.h"

#include <criterion/criterion.h>

#include "core/mem.h"
#include "lib/payloads.h"

static void expect_refused(const char *json, const char *reason)
{
	struct err err = ERR_INIT;
	struct payload *payload = payload_parse(json, strlen(json), &err);

	cr_expect_null(payload, "taken: %s", json);
	payload_free(payload);
	cr_expect_not_null(strstr(err.text, reason), "%s", err.text);
}

/* The text with one piece replaced; the piece must be there. */
static char *changed(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	cr_assert_not_null(at, "no %s", from);
	return mem_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void expect_refused_change(const char *from, const char *to, const char *reason)
{
	char *json = changed(payload_quota, from, to);

	expect_refused(json, reason);
	free(json);
}

Test(payload, reads_every_member_of_the_contract)
{
	struct err err = ERR_INIT;
	struct payload *p = payload_parse(payload_quota, strlen(payload_quota), &err);
	char day[DAY_TEXT_MAX];

	cr_assert_not_null(p, "%s", err.text);
	cr_expect_eq(p->type, PAYLOAD_QUOTA);
	cr_expect_eq(p->event, PAYLOAD_OPENED);
	cr_expect_str_eq(day_text(p->as_of, day), "2026-10-06");
	cr_expect_str_eq(p->unit_name, "示例中学");
	cr_expect_eq(p->known_batch, 12);
	cr_expect_eq(p->quota_count, 2);
	cr_expect_eq(p->quota[0].gap_fen, 150000001);
	cr_expect(p->quota[1].small_micro);
	cr_expect(p->has_reservable);
	payload_free(p);
}

Test(payload, names_the_member_that_breaks_the_contract)
{
	expect_refused("", "not JSON");
	expect_refused("[]", "not a JSON object");
	expect_refused("{\"a\":1,\"a\":2}", "not JSON");
	expect_refused_change("\"gap_fen\":150000001", "\"gap_fen\":1500000.01", "fraction");
	expect_refused_change(
		"\"gap_fen\":150000001", "\"gap_fen\":\"1\"", "gap_fen is not an integer");
	expect_refused_change("\"gap_fen\":150000001", "\"gap_fen\":-1", "negative");
	expect_refused_change("sme.quota.gap", "sme.quota.gab", "payload.type");
	expect_refused_change("2026-10-06T01:00:00Z", "2026-10-06 01:00:00", "timestamp");
	expect_refused_change("\"as_of\":\"2026-10-06\"", "\"as_of\":\"2026-02-30\"", "as_of");
	expect_refused_change("\"view\":\"strict\"", "\"view\":\"loose\"", "view");
	expect_refused_change("\"unit\":{", "\"unix\":{", "payload.unit is missing");
	expect_refused_change("\"quota\":{", "\"quote\":{", "payload.quota is missing");
}

Test(payload, gives_equal_bytes_for_equal_payloads_whatever_the_order_of_members)
{
	static const char other_order[] =
		"{\"program\":\"0.1.0\",\"calendar\":{\"obligations\":60,\"year\":2027},"
		"\"unit\":{\"name\":\"示例区\",\"code\":\"district\"},\"rules\":[\"DT-4\"],"
		"\"demonstration\":true,"
		"\"findings\":[17],\"jurisdiction\":\"beijing-xicheng\",\"severity\":\"notice\","
		"\"case\":\"calendar/"
		"2027\",\"as_of\":\"2026-10-06\",\"timestamp\":\"2026-10-06T01:00:00Z\","
		"\"event\":\"opened\",\"type\":\"sme.calendar.missing\"}";
	struct err err = ERR_INIT;
	struct payload *a = payload_parse(payload_calendar, strlen(payload_calendar), &err);
	struct payload *b = payload_parse(other_order, strlen(other_order), &err);
	char *one = payload_json(a, "A-1", false, 20000, &err);
	char *two = payload_json(b, "A-1", false, 20000, &err);

	cr_assert_not_null(one);
	cr_expect_str_eq(one, two);
	cr_expect_not_null(strstr(one, "\"ref\":\"A-1\""));
	free(one);
	free(two);
	payload_free(a);
	payload_free(b);
}

Test(payload, keeps_interest_back_and_cuts_lists_to_the_limit)
{
	struct err err = ERR_INIT;
	struct payload *p = payload_parse(payload_arrears, strlen(payload_arrears), &err);
	char *whole = payload_json(p, "A-1", false, 20000, &err);
	char *cut;

	cr_expect_null(strstr(whole, "interest"));
	cr_expect_not_null(strstr(whole, "HT-2-01"));
	cr_expect_null(strstr(whole, "rows_shown"));
	cut = payload_json(p, "A-1", false, strlen(whole) - 1, &err);
	cr_expect_not_null(strstr(cut, "\"rows_shown\":1"), "%s", cut);
	cr_expect_not_null(strstr(cut, "HT-1-01"));
	cr_expect_null(strstr(cut, "HT-2-01"));
	cr_expect_null(payload_json(p, "A-1", false, 50, &err));
	cr_expect_eq(err.code, ERR_LIMIT);
	free(whole);
	whole = payload_json(p, "A-1", true, 20000, &err);
	cr_expect_not_null(strstr(whole, "\"interest_fen\":1234"));
	free(whole);
	free(cut);
	payload_free(p);
}

/* More than any webhook takes, of what is due soon or of what is wrong with a source. */
static struct payload *long_list(const char *type, const char *before, const char *row, int rows)
{
	struct err err = ERR_INIT;
	struct payload *payload;
	struct buf text;

	buf_init(&text, 256 * 1024);
	buf_format(&text,
		"{\"type\":\"%s\",\"event\":\"opened\",\"timestamp\":\"2026-10-06T01:00:00Z\","
		"\"as_of\":\"2026-10-06\",\"case\":\"c\",\"severity\":\"notice\",\"rules\":[\"P-"
		"1\"],"
		"\"demonstration\":false,\"unit\":{\"code\":\"026\",\"name\":\"示例中学\"},%s",
		type, before);
	for (int i = 0; i < rows; i++)
		buf_format(&text, "%s%s", i > 0 ? "," : "", row);
	buf_add_text(&text, strstr(before, "due_soon") ? "]}}}" : "]}}");
	cr_assert_not(text.failed);
	payload = payload_parse(text.data, text.used, &err);
	cr_assert_not_null(payload, "%s", err.text);
	buf_free(&text);
	return payload;
}

Test(payload, every_list_of_rows_is_cut_to_the_limit_and_its_total_stays)
{
	struct err err = ERR_INIT;
	struct payload *due = long_list("sme.arrears.suspected",
		"\"arrears\":{\"rows_total\":0,\"overdue_fen\":0,\"rows\":[],\"due_soon\":{"
		"\"rows_total\":300,\"amount_fen\":300,\"rows\":[",
		"{\"obligation_no\":\"HT-1-01\",\"contract_no\":\"HT-1\",\"due_on\":\"2026-10-20\","
		"\"amount_fen\":1}",
		200);
	struct payload *faults = long_list("sme.source.health",
		"\"source\":{\"name\":\"treasury\",\"faults\":[",
		"{\"fault\":\"unread-file\",\"file\":\"a.csv\",\"why\":\"no header\"}", 100);
	char *text = payload_json(due, "A-1", false, 5000, &err);

	cr_assert_not_null(text, "%s", err.text);
	cr_expect_leq(strlen(text), 5000);
	cr_expect_gt(due->due_count, 20);
	cr_expect_not_null(strstr(text, "\"rows_total\":300"));
	free(text);
	text = payload_json(faults, "A-1", false, 2000, &err);
	cr_assert_not_null(text, "%s", err.text);
	cr_expect_leq(strlen(text), 2000);
	cr_expect_not_null(strstr(text, "\"faults_total\":100"));
	cr_expect_gt(faults->fault_count, 10);
	free(text);
	payload_free(due);
	payload_free(faults);
}
