#include "alerts/webhook.h"

#include <criterion/criterion.h>
#include <event2/event.h>

#include "core/fetch.h"
#include "lib/alert_rig.h"
#include "lib/alerting.h"
#include "lib/payloads.h"
#include "lib/pg.h"
#include "lib/sink.h"

static const char secret[] = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

Test(webhook, refuses_configurations_that_could_not_work)
{
	cr_expect_not_null(
		strstr(alerting_complaint("channel \"h\" { kind = webhook }"), "url-file"));
	cr_expect_not_null(
		strstr(alerting_complaint("channel \"h\" { kind = webhook url-file = \"/a\" }"),
			"secret-file"));
	cr_expect_not_null(strstr(
		alerting_complaint(
			"channel \"h\" { kind = webhook url-file = \"/a\" secret-file = \"/b\" "
			"allow = { \"10.0.0.1/8\" } }"),
		"10.0.0.1/8"));
	cr_expect_not_null(strstr(
		alerting_complaint(
			"channel \"h\" { kind = webhook url-file = \"/a\" secret-file = \"/b\" "
			"server = \"smtp://x\" }"),
		"server means nothing"));
}

static void expect_unopened(const char *url, const char *whsec, const char *reason)
{
	struct alert_env env = { 0 };
	struct err err = ERR_INIT;
	struct conf *conf = alerting_conf(
		"channel \"h\" { kind = webhook url-file = \"%s\" secret-file = \"%s\" }\n",
		alerting_file(url), alerting_file(whsec));

	cr_expect_null(webhook_kind.open(&env, conf_block(conf, "channel", 0), &err));
	cr_expect_not_null(strstr(err.text, reason), "%s", err.text);
	cr_expect_not_null(strstr(err.text, "channel h"), "%s", err.text);
	conf_free(conf);
	alerting_files_remove();
}

Test(webhook, does_not_open_with_a_bad_address_or_secret_and_quotes_neither)
{
	expect_unopened("http://plain.example/", secret, "https://");
	expect_unopened("ftp://x", secret, "https://");
	expect_unopened("https://x.example/", "MDEyMzQ1Njc4OTAx", "whsec_");
}

static void rewrite(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	cr_assert_not_null(file);
	cr_assert_geq(fputs(text, file), 0);
	cr_assert_eq(fclose(file), 0);
}

Test(webhook, signs_with_the_keys_that_the_file_holds_now)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct alert_message message = alerting_message("A-1", "", payload_quota);
	struct sink *sink = sink_start(answers, 1);
	struct alert_channel *channel;
	struct alert_env env;
	struct err err = ERR_INIT;
	struct conf *conf;
	const char *keys = alerting_file(secret);
	char text[200];

	fetch_global_init();
	env.base = pg_loop_new();
	env.fetch = fetch_new(env.base, &err);
	snprintf(text, sizeof(text), "http://127.0.0.1:%d/", sink_port(sink));
	conf = alerting_conf(
		"channel \"h\" { kind = webhook url-file = \"%s\" secret-file = \"%s\" tls = none "
		"allow = { \"127.0.0.1\" } }\n",
		alerting_file(text), keys);
	channel = webhook_kind.open(&env, conf_block(conf, "channel", 0), &err);
	cr_assert_not_null(channel, "%s", err.text);
	cr_expect_eq(alerting_send(env.base, channel, &message).class, ALERT_ACKNOWLEDGED);
	snprintf(text, sizeof(text), "%s %s", secret, secret);
	rewrite(keys, text);
	cr_expect_eq(alerting_send(env.base, channel, &message).class, ALERT_ACKNOWLEDGED);
	cr_expect_null(strchr(sink_get(sink, 0, "webhook-signature", text, sizeof(text)), ' '));
	cr_expect_not_null(
		strstr(sink_get(sink, 1, "webhook-signature", text, sizeof(text)), " v1,"));
	webhook_kind.close(channel);
	fetch_free(env.fetch);
	pg_loop_free(env.base);
	fetch_global_free();
	conf_free(conf);
	sink_stop(sink);
	alerting_files_remove();
}

static void expect_body(const char *option, const char *content_type, const char *start)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct alert_message message = alerting_message("A-1", "", payload_quota);
	struct sink *sink = sink_start(answers, 1);
	struct alert_rig rig;
	char text[4000];

	alert_rig_start(&rig);
	snprintf(text, sizeof(text), "http://127.0.0.1:%d/", sink_port(sink));
	alert_rig_open(&rig,
		"channel \"h\" { kind = webhook url-file = \"%s\" secret-file = \"%s\" tls = none "
		"allow = { \"127.0.0.1\" } %s }\n",
		alerting_file(text), alerting_file(secret), option);
	cr_expect_eq(alert_rig_send(&rig, &message).class, ALERT_ACKNOWLEDGED);
	cr_expect_str_eq(sink_get(sink, 0, "content-type", text, sizeof(text)), content_type);
	sink_get(sink, 0, "body", text, sizeof(text));
	cr_expect_eq(strncmp(text, start, strlen(start)), 0, "%s", text);
	cr_expect_str_eq(sink_get(sink, 0, "webhook-id", text, sizeof(text)), "A-1");
	alert_rig_close(&rig);
	alert_rig_stop(&rig);
	sink_stop(sink);
	alerting_files_remove();
}

Test(webhook, wraps_its_data_as_a_cloud_event_on_request)
{
	expect_body("", "application/json", "{\"type\":\"sme.quota.gap\",\"timestamp\":\"20");
	expect_body("body = cloudevents", "application/cloudevents+json",
		"{\"specversion\":\"1.0\",\"id\":\"A-1\",\"source\":\"/setaside/beijing-xicheng\","
		"\"type\":\"sme.quota.gap\",\"time\":\"20");
}

Test(webhook, connects_to_no_private_network_that_is_not_allowed)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct alert_message message = alerting_message("A-1", "", payload_quota);
	struct sink *sink = sink_start(answers, 1);
	struct alert_outcome outcome;
	struct alert_channel *channel;
	struct alert_env env;
	struct err err = ERR_INIT;
	struct conf *conf;
	char url[100];

	fetch_global_init();
	env.base = pg_loop_new();
	env.fetch = fetch_new(env.base, &err);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", sink_port(sink));
	conf = alerting_conf("channel \"h\" { kind = webhook url-file = \"%s\" secret-file = "
			     "\"%s\" tls = none }\n",
		alerting_file(url), alerting_file(secret));
	channel = webhook_kind.open(&env, conf_block(conf, "channel", 0), &err);
	cr_assert_not_null(channel, "%s", err.text);
	outcome = alerting_send(env.base, channel, &message);
	cr_expect_eq(outcome.class, ALERT_RETRY);
	cr_expect(outcome.endpoint_fault);
	cr_expect_eq(sink_count(sink), 0);
	webhook_kind.close(channel);
	fetch_free(env.fetch);
	pg_loop_free(env.base);
	fetch_global_free();
	conf_free(conf);
	sink_stop(sink);
	alerting_files_remove();
}
