#include "alerts/feishu.h"

#include <criterion/criterion.h>

#include "lib/alert_rig.h"
#include "lib/payloads.h"
#include "lib/robotd.h"

static const char secret[] = "feishu-secret-demo";

Test(feishu, signs_as_the_vendors_vector_says)
{
	struct err err = ERR_INIT;
	json_t *body = json_object();
	struct buf out;

	buf_init(&out, 200);
	cr_assert_eq(feishu_sign(&out, secret, 1767225600, &err), 0);
	cr_expect_str_eq(out.data, "ovpHRGbZ2LzSqoNC2qugrGOEqXExxpdrJMB8sYAhl8Q=");
	cr_assert_eq(feishu_vendor.sign(NULL, body, secret, 1767225600999, &err), 0);
	cr_expect_str_eq(json_string_value(json_object_get(body, "timestamp")), "1767225600");
	cr_expect_str_eq(json_string_value(json_object_get(body, "sign")), out.data);
	json_decref(body);
	buf_free(&out);
}

Test(feishu, delivers_signed_and_classes_every_code)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_FEISHU, .secret = secret };
	static const struct {
		const char *body;
		enum alert_class class;
		bool fault;
		int least_pause_s;
	} table[] = {
		{ "{\"code\":9499,\"msg\":\"Bad Request\"}", ALERT_REJECTED, false, 0 },
		{ "{\"code\":11232}", ALERT_RETRY, false, 60 },
		{ "{\"code\":2200}", ALERT_RETRY, true, 0 },
		{ "{\"code\":19021}", ALERT_RETRY, true, 600 },
		{ "{\"code\":19022}", ALERT_RETRY, true, 600 },
		{ "{\"code\":19024}", ALERT_RETRY, true, 600 },
		{ "{\"code\":4711}", ALERT_RETRY, false, 0 },
		{ "{\"StatusCode\":0}", ALERT_UNKNOWN, true, 0 },
	};
	char *payload = alert_rig_arrears(200, "甲\\\"公司\\\"");
	struct alert_message message = alerting_message("A-20261006-000001", "", payload);
	struct alert_outcome o;
	struct alert_rig rig;
	struct robotd *robot;

	alert_rig_start(&rig);
	robot = robotd_start(rig.env.base, &rules);
	alert_rig_open(&rig,
		"channel \"f\" { kind = feishu key-file = \"%s\" base-url = \"%s\" secret-file = "
		"\"%s\" tls = none allow = { \"127.0.0.1\" } suppliers = yes link = "
		"\"https://monitor.example/\" }\n",
		alerting_file("test-key"), robotd_base(robot), alerting_file(secret));
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		robotd_answer_next(robot, 200, table[i].body);
		o = alert_rig_send(&rig, &message);
		cr_expect_eq(o.class, table[i].class, "row %zu", i);
		cr_expect_eq(o.endpoint_fault, table[i].fault, "row %zu", i);
		cr_expect_geq(o.retry_after_s, table[i].least_pause_s, "row %zu", i);
	}
	o = alert_rig_send(&rig, &message);
	cr_expect_eq(o.class, ALERT_ACKNOWLEDGED, "%s", o.answer);
	cr_expect_gt(o.requests, 1);
	cr_expect_eq(robotd_refused(robot), 0, "%s", robotd_last_refusal(robot));
	cr_expect_eq(robotd_count(robot, "HT-199-01"), 1);
	alert_rig_close(&rig);
	robotd_stop(robot);
	alert_rig_stop(&rig);
	free(payload);
}
