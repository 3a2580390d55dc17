#include "alerts/mail.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <signal.h>
#include <sys/resource.h>

#include "core/fetch.h"
#include "lib/alert_rig.h"
#include "lib/alerting.h"
#include "lib/payloads.h"
#include "lib/pg.h"
#include "lib/smtpd.h"

static struct event_base *base;
static struct smtpd *smtpd;
static struct conf *conf;
static struct alert_channel *channel;
static char room[20000];

static void begin(const struct smtpd_script *script, const char *tls, const char *more)
{
	struct alert_env env = { 0 };
	struct err err = ERR_INIT;

	fetch_global_init();
	base = pg_loop_new();
	env.base = base;
	smtpd = smtpd_start(script);
	conf = alerting_conf(
		"channel \"office\" { kind = mail server = \"smtp://localhost:%d\" "
		"from = \"采购监测 <monitor@xc.example>\" to = { \"unit12@xc.example\" } "
		"timeout = 2s tls = %s ca-file = \"%s\" %s }\n",
		smtpd_port(smtpd), tls, smtpd_ca(smtpd), more);
	channel = mail_kind.open(&env, conf_block(conf, "channel", 0), &err);
	cr_assert_not_null(channel, "%s", err.text);
}

static void end(void)
{
	cr_expect_eq(smtpd_bare_lines(smtpd), 0);
	mail_kind.close(channel);
	smtpd_stop(smtpd);
	conf_free(conf);
	pg_loop_free(base);
	fetch_global_free();
	alerting_files_remove();
}

static struct alert_outcome send_one(const char *ref)
{
	struct alert_message message = alerting_message(ref, "unit12@xc.example", payload_quota);

	return alerting_send(base, channel, &message);
}

static void expect_class(struct alert_outcome outcome, enum alert_class class)
{
	cr_expect_eq(
		outcome.class, class, "%s: %s", alert_class_name(outcome.class), outcome.answer);
}

Test(mail, is_acknowledged_by_the_answer_to_the_dot_and_keeps_its_connection)
{
	struct smtpd_script script = { .dot = { "250 2.0.0 queued as 4711" } };
	struct alert_outcome outcome;

	begin(&script, "none", "");
	outcome = send_one("A-20260302-000001");
	expect_class(outcome, ALERT_ACKNOWLEDGED);
	cr_expect_str_eq(outcome.answer, "250 2.0.0 queued as 4711");
	cr_expect_gt(outcome.bytes, 1000);
	expect_class(send_one("A-20260302-000002"), ALERT_ACKNOWLEDGED);
	cr_expect_eq(smtpd_connections(smtpd), 1);
	cr_expect_eq(smtpd_count(smtpd), 2);
	cr_expect_not_null(strstr(
		smtpd_message(smtpd, 0, room, sizeof(room)), "X-Ref: A-20260302-000001\r\n"));
	cr_expect_str_eq(smtpd_recipient(smtpd, 0, room, sizeof(room)), "<unit12@xc.example>");
	end();
}

static bool sent_with_list(const char *payload)
{
	struct alert_message message =
		alerting_message("A-20260302-000001", "unit12@xc.example", payload);
	static char mail[200000];

	expect_class(alerting_send(base, channel, &message), ALERT_ACKNOWLEDGED);
	smtpd_message(smtpd, smtpd_count(smtpd) - 1, mail, sizeof(mail));
	cr_expect_not_null(strstr(mail, "text/plain"));
	return strstr(mail, "spreadsheetml") != NULL;
}

Test(mail, attaches_lists_from_as_many_rows_on_as_the_channel_says)
{
	struct smtpd_script script = { .rcpt = { NULL } };
	char *one = alert_rig_arrears(1, "甲"), *three = alert_rig_arrears(3, "甲");

	begin(&script, "none", "");
	cr_expect(sent_with_list(three));
	cr_expect_not(sent_with_list(one), "a single row stands in the text");
	cr_expect_not(sent_with_list(payload_quota), "nothing to list");
	end();
	begin(&script, "none", "list = 0");
	cr_expect_not(sent_with_list(three));
	end();
	free(one);
	free(three);
}

static const char *sent(const char *payload)
{
	struct alert_message message =
		alerting_message("A-20260302-000001", "unit12@xc.example", payload);
	static char mail[200000];

	expect_class(alerting_send(base, channel, &message), ALERT_ACKNOWLEDGED);
	return smtpd_message(smtpd, smtpd_count(smtpd) - 1, mail, sizeof(mail));
}

Test(mail, offers_to_unsubscribe_from_digests_and_from_nothing_else)
{
	struct smtpd_script script = { .rcpt = { NULL } };
	const char *mail;

	begin(&script, "none",
		"unsubscribe = { \"https://office.example/off?who={to}\", "
		"\"mailto:monitor@xc.example?subject=off\" }");
	mail = sent(payload_digest);
	cr_expect_not_null(
		strstr(mail, "\r\nList-Id:\r\n <digest.office.xc.example>\r\n"), "%s", mail);
	cr_expect_not_null(strstr(mail, "\r\nList-Unsubscribe:\r\n "
					"<https://office.example/off?who=unit12%40xc.example>,\r\n "
					"<mailto:monitor@xc.example?subject=off>\r\n"
					"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
	mail = sent(payload_quota);
	cr_expect_null(strstr(mail, "List-"), "a notice that is sent by duty");
	end();
	begin(&script, "none", "");
	mail = sent(payload_digest);
	cr_expect_not_null(strstr(mail, "List-Id:"));
	cr_expect_null(strstr(mail, "List-Unsubscribe"), "nobody said where");
	end();
	begin(&script, "none", "unsubscribe = { \"mailto:monitor@xc.example\" }");
	mail = sent(payload_digest);
	cr_expect_not_null(strstr(mail, "List-Unsubscribe:\r\n <mailto:monitor@xc.example>\r\n"));
	cr_expect_null(strstr(mail, "One-Click"), "a mail address takes no POST");
	end();
}

Test(mail, refuses_addresses_that_nobody_could_unsubscribe_at)
{
	static const struct {
		const char *address, *why;
	} bad[] = { { "http://office.example/{to}", "neither https:// nor mailto:" },
		{ "office@x.example", "neither https:// nor mailto:" },
		{ "https://", "neither https:// nor mailto:" },
		{ "https://office.example/off", "does not say whom" },
		{ "mailto:office", "names no mail address" },
		{ "mailto:a@b, c@d", "must be percent-encoded" },
		{ "https://x/{to}>\\r\\nBcc: c@d", "must be percent-encoded" } };
	const char *complaint;
	char text[400];

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		snprintf(text, sizeof(text),
			"channel \"a\" { kind = mail server = \"smtp://x\" from = \"a@b\" "
			"to = { \"c@d\" } unsubscribe = { \"%s\" } }",
			bad[i].address);
		complaint = alerting_complaint("%s", text);
		cr_expect_not_null(
			strstr(complaint, bad[i].why), "%s: %s", bad[i].address, complaint);
	}
}

/* As on a full disk: nothing can be written to a file. */
Test(mail, leaves_without_its_list_when_there_is_no_room_for_temporary_files)
{
	struct smtpd_script script = { .rcpt = { NULL } };
	char *payload = alert_rig_arrears(3, "甲");
	struct rlimit before, none;

	begin(&script, "none", "");
	signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = (struct rlimit){ 0, before.rlim_max };
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
	cr_expect_not(sent_with_list(payload));
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
	cr_expect(sent_with_list(payload), "and with it when there is room again");
	end();
	free(payload);
}

Test(mail, speaks_starttls_and_gives_the_password_only_then)
{
	struct smtpd_script script = { .starttls = true, .password = "geheim" };
	const char *file = alerting_file("geheim\n");
	char more[200];

	snprintf(more, sizeof(more), "user = \"monitor\" password-file = \"%s\"", file);
	begin(&script, "required", more);
	expect_class(send_one("A-20260302-000001"), ALERT_ACKNOWLEDGED);
	cr_expect(smtpd_was_tls(smtpd, 0));
	end();
}

Test(mail, says_nothing_to_a_server_without_starttls)
{
	struct smtpd_script script = { .starttls = false };
	struct alert_outcome outcome;

	begin(&script, "required", "");
	outcome = send_one("A-20260302-000001");
	expect_class(outcome, ALERT_RETRY);
	cr_expect(outcome.endpoint_fault);
	cr_expect_eq(smtpd_count(smtpd), 0);
	end();
}

Test(mail, takes_a_wrong_password_as_the_endpoints_fault)
{
	struct smtpd_script script = { .starttls = true, .password = "geheim" };
	const char *file = alerting_file("falsch\n");
	struct alert_outcome outcome;
	char more[200];

	snprintf(more, sizeof(more), "user = \"monitor\" password-file = \"%s\"", file);
	begin(&script, "required", more);
	outcome = send_one("A-20260302-000001");
	expect_class(outcome, ALERT_RETRY);
	cr_expect(outcome.endpoint_fault);
	cr_expect_null(strstr(outcome.answer, "falsch"));
	end();
}

Test(mail, classes_refusals_of_the_recipient)
{
	struct smtpd_script script = { .rcpt = { "450 4.2.0 greylisted", "550 5.1.1 no such user",
					       "250 ok" } };
	struct alert_outcome outcome;

	begin(&script, "none", "");
	outcome = send_one("A-20260302-000001");
	expect_class(outcome, ALERT_RETRY);
	cr_expect_not(outcome.endpoint_fault);
	cr_expect_str_eq(outcome.answer, "450 4.2.0 greylisted");
	expect_class(send_one("A-20260302-000001"), ALERT_REJECTED);
	expect_class(send_one("A-20260302-000001"), ALERT_ACKNOWLEDGED);
	end();
}

/* All three commands have left when one is refused: the refusal counts, the connection goes on. */
Test(mail, classes_refusals_of_a_server_that_takes_commands_in_one_go)
{
	struct smtpd_script script = { .pipelining = true,
		.rcpt = { "450 4.2.0 greylisted", "550 5.1.1 no such user", "250 ok" },
		.dot = { "451 4.3.0 later", "250 2.0.0 queued" } };
	struct alert_outcome outcome;

	begin(&script, "none", "");
	outcome = send_one("A-20260302-000001");
	expect_class(outcome, ALERT_RETRY);
	cr_expect_not(outcome.endpoint_fault);
	cr_expect_str_eq(outcome.answer, "450 4.2.0 greylisted");
	outcome = send_one("A-20260302-000001");
	expect_class(outcome, ALERT_REJECTED);
	cr_expect_str_eq(outcome.answer, "550 5.1.1 no such user");
	expect_class(send_one("A-20260302-000001"), ALERT_RETRY);
	outcome = send_one("A-20260302-000001");
	expect_class(outcome, ALERT_ACKNOWLEDGED);
	cr_expect_str_eq(outcome.answer, "250 2.0.0 queued");
	cr_expect_eq(smtpd_count(smtpd), 2);
	cr_expect_eq(smtpd_connections(smtpd), 1);
	end();
}

Test(mail, sends_no_dot_to_a_server_that_wants_a_message_for_nobody)
{
	struct smtpd_script script = { .pipelining = true,
		.data_always = true,
		.rcpt = { "550 5.1.1 no such user", "250 ok" } };

	begin(&script, "none", "");
	expect_class(send_one("A-20260302-000001"), ALERT_REJECTED);
	expect_class(send_one("A-20260302-000001"), ALERT_ACKNOWLEDGED);
	cr_expect_eq(smtpd_count(smtpd), 1);
	cr_expect_eq(smtpd_connections(smtpd), 2);
	end();
}

Test(mail, takes_a_refused_sender_in_one_go_as_the_endpoints_fault)
{
	struct smtpd_script script = { .pipelining = true, .mail = "451 4.7.1 not now" };
	struct alert_outcome outcome;

	begin(&script, "none", "");
	outcome = send_one("A-20260302-000001");
	expect_class(outcome, ALERT_RETRY);
	cr_expect(outcome.endpoint_fault);
	cr_expect_str_eq(outcome.answer, "451 4.7.1 not now");
	cr_expect_eq(smtpd_count(smtpd), 0);
	end();
}

Test(mail, trusts_no_offer_made_before_starttls)
{
	struct smtpd_script script = { .pipelining = true, .starttls = true };

	begin(&script, "required", "");
	expect_class(send_one("A-20260302-000001"), ALERT_ACKNOWLEDGED);
	expect_class(send_one("A-20260302-000002"), ALERT_ACKNOWLEDGED);
	cr_expect(smtpd_was_tls(smtpd, 1));
	cr_expect_eq(smtpd_connections(smtpd), 1);
	end();
}

Test(mail, classes_refusals_after_the_dot)
{
	struct smtpd_script script = { .dot = { "451 4.3.0 later", "554 5.7.1 spam", "250 ok" } };

	begin(&script, "none", "");
	expect_class(send_one("A-20260302-000001"), ALERT_RETRY);
	expect_class(send_one("A-20260302-000001"), ALERT_REJECTED);
	expect_class(send_one("A-20260302-000001"), ALERT_ACKNOWLEDGED);
	end();
}

Test(mail, does_not_know_when_the_connection_ends_or_stays_silent_after_the_dot)
{
	struct smtpd_script script = { .dot = { SMTPD_DROP, SMTPD_HANG, "250 ok" } };

	begin(&script, "none", "");
	expect_class(send_one("A-20260302-000001"), ALERT_UNKNOWN);
	expect_class(send_one("A-20260302-000001"), ALERT_UNKNOWN);
	expect_class(send_one("A-20260302-000001"), ALERT_ACKNOWLEDGED);
	cr_expect_eq(smtpd_count(smtpd), 3);
	end();
}

Test(mail, retries_when_the_connection_ends_before_the_message)
{
	struct smtpd_script script = { .rcpt = { SMTPD_DROP, "250 ok" } };

	begin(&script, "none", "");
	expect_class(send_one("A-20260302-000001"), ALERT_RETRY);
	cr_expect_eq(smtpd_count(smtpd), 0);
	end();
}

Test(mail, goes_on_by_itself_when_a_kept_connection_was_closed_meanwhile)
{
	struct smtpd_script script = { .close_after = 1 };

	begin(&script, "none", "");
	expect_class(send_one("A-20260302-000001"), ALERT_ACKNOWLEDGED);
	expect_class(send_one("A-20260302-000002"), ALERT_ACKNOWLEDGED);
	cr_expect_eq(smtpd_connections(smtpd), 2);
	end();
}

static void never(void *arg, const struct alert_outcome *outcome)
{
	(void)arg;
	cr_assert_fail("told after a hang: %s", outcome->answer);
}

Test(mail, does_not_hold_the_loop_while_the_server_is_silent_and_can_be_cancelled)
{
	struct smtpd_script script = { .dot = { SMTPD_HANG } };
	struct alert_message message = alerting_message("A-1", "unit12@xc.example", payload_quota);
	struct err err = ERR_INIT;
	struct timespec before;
	struct timespec after;
	struct alert_try *try;

	begin(&script, "none", "");
	try = mail_kind.send(
		channel, mail_kind.prepare(channel, &message, &err), never, NULL, &err);
	clock_gettime(CLOCK_MONOTONIC, &before);
	pg_loop_for(base, 300);
	clock_gettime(CLOCK_MONOTONIC, &after);
	cr_expect_eq(smtpd_count(smtpd), 1, "the dot did not arrive");
	cr_expect_lt(
		(after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000,
		1500);
	mail_kind.cancel(try);
	end();
}

Test(mail, refuses_configurations_that_could_not_work)
{
	cr_expect_not_null(strstr(alerting_complaint("channel \"a\" { kind = mail }"), "server"));
	cr_expect_not_null(
		strstr(alerting_complaint("channel \"a\" { kind = mail server = \"http://x\" "
					  "from = \"a@b\" to = { \"c@d\" } }"),
			"smtp://"));
	cr_expect_not_null(
		strstr(alerting_complaint("channel \"a\" { kind = mail server = \"smtp://x\" "
					  "from = \"a@b\" to = { \"单位@d\" } }"),
			"ASCII"));
	cr_expect_not_null(
		strstr(alerting_complaint("channel \"a\" { kind = mail server = \"smtp://x\" "
					  "from = \"a@b\" to = { \"c@d\" } url-file = \"/x\" }"),
			"url-file"));
	cr_expect_not_null(
		strstr(alerting_complaint(
			       "channel \"a\" { kind = mail server = \"smtp://x\" from = \"a@b\" "
			       "to = { \"c@d\" } tls = none user = \"u\" password-file = \"/x\" }"),
			"never sent without TLS"));
	cr_expect_not_null(strstr(
		alerting_complaint(
			"route \"r\" { rules = { \"*\" } units = { \"*\" } channels = { \"b\" } }"),
		"no channel is called \"b\""));
}
