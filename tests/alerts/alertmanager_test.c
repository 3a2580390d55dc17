#include "alerts/alertmanager.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <time.h>

#include "lib/alert_rig.h"
#include "lib/payloads.h"
#include "lib/sink.h"

Test(alertmanager, refuses_configurations_that_could_not_work)
{
	cr_expect_not_null(
		strstr(alerting_complaint("channel \"a\" { kind = alertmanager }"), "servers"));
	cr_expect_not_null(
		strstr(alerting_complaint("channel \"a\" { kind = alertmanager servers = { "
					  "\"http://am:9093\" } }"),
			"tls = none"));
	cr_expect_not_null(
		strstr(alerting_complaint("channel \"a\" { kind = alertmanager servers = { "
					  "\"https://am:9093\" } url-file = \"/x\" }"),
			"url-file means nothing"));
	cr_expect_not_null(
		strstr(alerting_complaint("channel \"a\" { kind = alertmanager servers = { "
					  "\"https://am:9093\" } rate = 10 }"),
			"rate means nothing"));
	cr_expect_not_null(
		strstr(alerting_complaint(
			       "channel \"a\" { kind = alertmanager servers = { "
			       "\"https://am:9093\" } }\nroute \"r\" { rules = { \"*\" } units = "
			       "{ \"*\" } channels = { \"a\" } digest = daily }"),
			"takes no digests"));
}

Test(alertmanager, classes_every_status)
{
	static const struct {
		int status;
		enum alert_class class;
		bool fault;
	} table[] = { { 200, ALERT_ACKNOWLEDGED, false }, { 400, ALERT_REJECTED, false },
		{ 415, ALERT_REJECTED, false }, { 422, ALERT_REJECTED, false },
		{ 302, ALERT_RETRY, true }, { 404, ALERT_RETRY, true }, { 500, ALERT_RETRY, true },
		{ 429, ALERT_RETRY, true } };

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct alert_outcome o = { .class = ALERT_UNKNOWN };

		alertmanager_judge(table[i].status, 7, &o);
		cr_expect_eq(o.class, table[i].class, "%d", table[i].status);
		cr_expect_eq(o.endpoint_fault, table[i].fault, "%d", table[i].status);
		cr_expect_eq(o.retry_after_s, table[i].status == 429 ? 7 : 0);
	}
}

static void open_two(struct alert_rig *rig, struct sink *a, struct sink *b)
{
	alert_rig_start(rig);
	alert_rig_open(rig,
		"channel \"a\" { kind = alertmanager servers = { \"http://127.0.0.1:%d\", "
		"\"http://127.0.0.1:%d/\" } tls = none allow = { \"127.0.0.1\" } link = "
		"\"https://m.example/\" repeat = 5min }\n",
		sink_port(a), sink_port(b));
}

static json_t *alert_of(struct sink *sink, int index)
{
	char body[16000];
	json_t *list = json_loads(sink_get(sink, index, "body", body, sizeof(body)), 0, NULL);
	json_t *alert = json_incref(json_array_get(list, 0));

	json_decref(list);
	cr_assert_not_null(alert, "%s", body);
	return alert;
}

static void expect_identity_without_figures(json_t *alert)
{
	json_t *labels = json_object_get(alert, "labels");
	json_t *annotations = json_object_get(alert, "annotations");
	const char *name;
	json_t *value;

	cr_expect_eq(json_object_size(labels), 4);
	cr_expect_str_eq(json_string_value(json_object_get(labels, "alertname")), "SmeArrearsOpen");
	cr_expect_str_eq(json_string_value(json_object_get(labels, "unit_id")), "026003");
	cr_expect_str_eq(json_string_value(json_object_get(labels, "case")), "arrears/026003");
	json_object_foreach(annotations, name, value)
		cr_expect(json_is_string(value), "%s is no string", name);
	cr_expect_null(
		strstr(json_string_value(json_object_get(annotations, "description")), "甲公司"));
	cr_expect_not_null(json_object_get(alert, "generatorURL"));
}

Test(alertmanager, posts_to_every_instance_and_one_answer_is_enough)
{
	struct sink_answer down[] = { { 503, NULL, 0 } };
	struct sink_answer up[] = { { 200, NULL, 0 } };
	struct alert_message message = alerting_message("A-1", "", payload_arrears);
	struct sink *a = sink_start(up, 1);
	struct sink *b = sink_start(down, 1);
	struct alert_outcome o;
	struct alert_rig rig;
	json_t *alert;

	open_two(&rig, a, b);
	o = alert_rig_send(&rig, &message);
	cr_expect_eq(o.class, ALERT_ACKNOWLEDGED, "%s", o.answer);
	cr_expect_eq(sink_count(a), 1);
	cr_expect_eq(sink_count(b), 1);
	alert = alert_of(b, 0);
	expect_identity_without_figures(alert);
	cr_expect_str_eq(
		json_string_value(json_object_get(alert, "startsAt")), "2026-10-06T01:00:00Z");
	cr_expect_not_null(json_object_get(alert, "endsAt"));
	json_decref(alert);
	alert_rig_stop(&rig);
	sink_stop(a);
	sink_stop(b);
}

static const char *severity_of(json_t *alert)
{
	return json_string_value(json_object_get(json_object_get(alert, "labels"), "severity"));
}

/* Sends an arrears case of severity warning and event, which stands as stood; returns the list that was posted. */
static json_t *posted(const char *event, const char *stood)
{
	struct sink_answer up[] = { { 200, NULL, 0 } };
	json_t *payload = json_loads(payload_arrears, 0, NULL), *list;
	struct sink *sink = sink_start(up, 1);
	char *text, body[16000];
	struct alert_message message;
	struct alert_rig rig;

	json_object_set_new(payload, "event", json_string(event));
	json_object_set_new(payload, "severity", json_string("warning"));
	text = json_dumps(payload, 0);
	message = alerting_message("A-1", "", text);
	message.stood_severity = stood;
	open_two(&rig, sink, sink);
	cr_expect_eq(alert_rig_send(&rig, &message).class, ALERT_ACKNOWLEDGED);
	list = json_loads(sink_get(sink, 0, "body", body, sizeof(body)), 0, NULL);
	cr_assert_not_null(list);
	alert_rig_stop(&rig);
	sink_stop(sink);
	json_decref(payload);
	free(text);
	return list;
}

enum { REPEAT_S = 300 }; /* of open_two */

/* Posted again at the latest when a third of the time to its end is over: two posts may be lost and it does not flap. */
Test(alertmanager, an_open_case_stands_for_three_times_the_wait_until_it_is_posted_again)
{
	time_t before = time(NULL), after, ends;
	json_t *list = posted("updated", "");
	const char *text = json_string_value(json_object_get(json_array_get(list, 0), "endsAt"));
	struct tm utc = { 0 };

	after = time(NULL);
	cr_assert_not_null(text);
	cr_assert_not_null(strptime(text, "%Y-%m-%dT%H:%M:%SZ", &utc), "%s", text);
	ends = timegm(&utc);
	cr_expect_geq(ends, before + 3 * REPEAT_S);
	cr_expect_leq(ends, after + 3 * REPEAT_S);
	json_decref(list);
}

Test(alertmanager, a_case_that_changes_its_severity_ends_under_the_former_one)
{
	json_t *list = posted("updated", "urgent");
	json_t *alert = json_array_get(list, 0), *former = json_array_get(list, 1);

	cr_assert_eq(json_array_size(list), 2);
	cr_expect_str_eq(severity_of(alert), "warning");
	cr_expect_not_null(json_object_get(alert, "startsAt"));
	cr_expect_str_eq(severity_of(former), "urgent");
	cr_expect_str_eq(
		json_string_value(json_object_get(former, "endsAt")), "2026-10-06T01:00:00Z");
	cr_expect_null(json_object_get(former, "startsAt"));
	json_decref(list);
	list = posted("updated", "warning");
	cr_expect_eq(json_array_size(list), 1);
	json_decref(list);
	list = posted("opened", "");
	cr_expect_eq(json_array_size(list), 1);
	json_decref(list);
}

Test(alertmanager, a_case_ends_under_the_severity_with_which_it_stood)
{
	json_t *list = posted("closed", "urgent");

	cr_assert_eq(json_array_size(list), 1);
	cr_expect_str_eq(severity_of(json_array_get(list, 0)), "urgent");
	json_decref(list);
	list = posted("closed", "");
	cr_expect_str_eq(severity_of(json_array_get(list, 0)), "warning");
	json_decref(list);
}

Test(alertmanager, all_instances_down_is_a_fault_of_the_endpoint)
{
	struct sink_answer down[] = { { 503, NULL, 0 } };
	struct alert_message message = alerting_message("A-1", "", payload_arrears);
	struct sink *a = sink_start(down, 1);
	struct sink *b = sink_start(down, 1);
	struct alert_outcome o;
	struct alert_rig rig;

	open_two(&rig, a, b);
	o = alert_rig_send(&rig, &message);
	cr_expect_eq(o.class, ALERT_RETRY);
	cr_expect(o.endpoint_fault);
	cr_expect_eq(o.requests, 2);
	alert_rig_stop(&rig);
	sink_stop(a);
	sink_stop(b);
}
