#include "alerts/alert.h"

#include <stdio.h>
#include <string.h>

#include "alerts/alertmanager.h"
#include "alerts/dingtalk.h"
#include "alerts/feishu.h"
#include "alerts/mail.h"
#include "alerts/webhook.h"
#include "alerts/wecom.h"

const struct alert_kind *const alert_kinds[] = { &mail_kind, &webhook_kind, &wecom_kind,
	&dingtalk_kind, &feishu_kind, &alertmanager_kind, NULL };

static const char *const kind_words[] = { "mail", "webhook", "wecom", "dingtalk", "feishu",
	"alertmanager", NULL };
static const char *const language_words[] = { "zh", "en", NULL };
static const char *const tls_words[] = { "required", "none", NULL };
static const char *const body_words[] = { "standard", "cloudevents", NULL };
static const char *const severity_words[] = { "info", "notice", "warning", "urgent", NULL };
static const char *const digest_words[] = { "off", "daily", "weekly", NULL };

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

const struct conf_key alert_channel_keys[] = {
	{ "kind", CONF_WORD, NULL, 0, 0, NULL, kind_words, CONF_REQUIRED, "What speaks to it." },
	{ "language", CONF_WORD, "zh", 0, 0, NULL, language_words, 0, "Language of the texts." },
	{ "contact", CONF_TEXT, NULL, 1, 300, NULL, NULL, 0,
		"Whom to ask or object to, as printed in every message." },
	{ "link", CONF_TEXT, NULL, 1, 500, NULL, NULL, 0,
		"Address of the dashboard, as printed in every message." },
	{ "interest", CONF_BOOL, "no", 0, 0, NULL, NULL, 0,
		"Show estimated interest; an internal figure." },
	{ "tls", CONF_WORD, "required", 0, 0, NULL, tls_words, 0,
		"none: permit plain http or plain SMTP, for a host you own." },
	{ "ca-file", CONF_TEXT, NULL, 1, 4096, NULL, NULL, 0,
		"PEM bundle instead of the system's authorities." },
	{ "in-flight", CONF_INT, NULL, 1, 64, "tries", NULL, 0,
		"Tries that run at once. With 1 a kill of the program repeats at most one message; "
		"with "
		"more it is faster and repeats as many at most." },
	{ "rate", CONF_INT, NULL, 0, 100000, "requests", NULL, 0,
		"Requests within any minute (wecom and dingtalk 15, feishu 60); 0 = no limit. When "
		"more "
		"than half of it waits, one digest names all. A robot's message may take up to "
		"four "
		"requests, and leaves when the budget has room for all of them." },
	{ "rate-window", CONF_DURATION, "1min", 100, HOUR, NULL, NULL, 0,
		"The minute of rate, for gateways that count otherwise." },
	{ "timeout", CONF_DURATION, NULL, SECOND, 20 * MINUTE, NULL, NULL, 0,
		"Longest time of one try (mail 10min, others 20s)." },
	{ "retry-first", CONF_DURATION, NULL, 100, HOUR, NULL, NULL, 0,
		"First wait before a retry; it grows with the square of the tries (mail 5min, "
		"others 5s)." },
	{ "retry-cap", CONF_DURATION, "70min", 100, DAY, NULL, NULL, 0,
		"Longest wait between two tries." },
	{ "give-up", CONF_DURATION, "5d", MINUTE, 30 * DAY, NULL, NULL, 0,
		"After that long a message waits for a person." },
	{ "server", CONF_TEXT, NULL, 1, 500, NULL, NULL, 0,
		"mail: smtp://host[:port] (STARTTLS) or smtps://host[:port]." },
	{ "helo", CONF_TEXT, NULL, 1, 253, NULL, NULL, 0,
		"mail: the name we greet with; else the domain of from." },
	{ "from", CONF_TEXT, NULL, 1, 500, NULL, NULL, 0,
		"mail: sender, \"name <address>\" or an address." },
	{ "to", CONF_LIST, NULL, 1, 200, "addresses", NULL, 0, "mail: recipients." },
	{ "list", CONF_INT, "2", 0, 1000, "rows", NULL, 0,
		"mail: attach lists of payments and of gathered cases from that many rows on as a "
		"workbook (XLSX); 0 = never." },
	{ "unsubscribe", CONF_LIST, NULL, 0, 2, "addresses", NULL, 0,
		"mail: where digests are unsubscribed: \"https://...\", which must take one POST, "
		"and "
		"\"mailto:address\"; {to} stands for the recipient." },
	{ "user", CONF_TEXT, NULL, 1, 200, NULL, NULL, 0, "mail: account name." },
	{ "password-file", CONF_SECRET, NULL, 0, 0, NULL, NULL, 0, "mail: its password." },
	{ "url-file", CONF_SECRET, NULL, 0, 0, NULL, NULL, 0,
		"webhook, robots: file with the whole address, which is itself a secret." },
	{ "base-url", CONF_TEXT, NULL, 8, 500, NULL, NULL, 0,
		"robots: host of a private deployment, with key-file; else the vendor's own." },
	{ "key-file", CONF_SECRET, NULL, 0, 0, NULL, NULL, 0,
		"robots: file with the key, token or hook id alone, instead of url-file." },
	{ "secret-file", CONF_SECRET, NULL, 0, 0, NULL, NULL, 0,
		"webhook: one or more whsec_ secrets with blanks between, newest first; dingtalk "
		"and "
		"feishu: the signing secret." },
	{ "body", CONF_WORD, "standard", 0, 0, NULL, body_words, 0,
		"webhook: cloudevents wraps the data as a CloudEvent 1.0, structured JSON." },
	{ "heading", CONF_TEXT, "监测提示", 1, 60, NULL, NULL, 0,
		"robots: first words of every message and part." },
	{ "keywords", CONF_LIST, NULL, 1, 10, "words", NULL, 0,
		"robots: the keywords set at the robot; heading must hold one." },
	{ "suppliers", CONF_BOOL, "no", 0, 0, NULL, NULL, 0, "robots: name suppliers." },
	{ "servers", CONF_LIST, NULL, 1, 16, "addresses", NULL, 0,
		"alertmanager: every instance of the cluster, http://host:9093." },
	{ "repeat", CONF_DURATION, "1min", 100, HOUR, NULL, NULL, 0,
		"alertmanager: how often what is open is posted again." },
	{ "allow", CONF_LIST, NULL, 0, 32, "networks", NULL, 0,
		"webhook, robots, alertmanager: private networks (CIDR) it may connect to." },
	{ NULL, CONF_TEXT, NULL, 0, 0, NULL, NULL, 0, NULL },
};

const struct conf_key alert_route_keys[] = {
	{ "rules", CONF_LIST, NULL, 1, 100, "rules", NULL, CONF_REQUIRED,
		"Rule IDs, or \"*\" for all." },
	{ "units", CONF_LIST, NULL, 1, 1000, "units", NULL, CONF_REQUIRED,
		"Codes of units or departments, \"district\", or \"*\" for all." },
	{ "channels", CONF_LIST, NULL, 1, 50, "channels", NULL, CONF_REQUIRED,
		"Names of channels that hear it." },
	{ "digest", CONF_WORD, "off", 0, 0, NULL, digest_words, 0,
		"Gather messages; off sends each at once. A digest leaves in the morning, a weekly "
		"one "
		"on the first day of the week; urgent messages never wait." },
	{ "severity", CONF_WORD, "info", 0, 0, NULL, severity_words, 0, "The least that is told." },
	{ "amount", CONF_INT, NULL, 0, INT64_C(1000000000000), "yuan", NULL, 0,
		"The least sum that is told." },
	{ "to", CONF_LIST, NULL, 1, 200, "addresses", NULL, 0,
		"Who of the channels' recipients hears it; else all." },
	{ "quiet", CONF_TEXT, NULL, 11, 11, NULL, NULL, 0,
		"Quiet hours like 20:00-08:00, Beijing time: only urgent messages leave." },
	{ "working-days", CONF_BOOL, "no", 0, 0, NULL, NULL, 0,
		"Only urgent messages leave on days off, by the calendar." },
	{ "all-quiet", CONF_BOOL, "no", 0, 0, NULL, NULL, 0,
		"A digest that has nothing to tell says so." },
	{ NULL, CONF_TEXT, NULL, 0, 0, NULL, NULL, 0, NULL },
};

const struct alert_kind *alert_kind_find(const char *name)
{
	for (const struct alert_kind *const *kind = alert_kinds; *kind; kind++)
		if (strcmp((*kind)->name, name) == 0)
			return *kind;
	return NULL;
}

const struct alert_kind *alert_kind_of(const struct conf_block *block)
{
	const struct alert_kind *kind = alert_kind_find(kind_words[conf_word(block, "kind")]);

	if (!kind)
		BUG("a channel of a kind that nobody sends");
	return kind;
}

static bool clock_valid(const char *text)
{
	static const char form[] = "dd:dd";

	for (int i = 0; i < 5; i++)
		if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
			return false;
	return (text[0] < '2' || (text[0] == '2' && text[1] < '4')) && text[3] < '6';
}

bool alert_quiet_parse(const char *text, char from[ALERT_CLOCK_MAX], char to[ALERT_CLOCK_MAX])
{
	if (!text || strlen(text) != 11 || text[5] != '-' || !clock_valid(text) ||
		!clock_valid(text + 6))
		return false;
	snprintf(from, ALERT_CLOCK_MAX, "%.5s", text);
	snprintf(to, ALERT_CLOCK_MAX, "%.5s", text + 6);
	return true;
}

/* NULL = none. */
static const struct conf_block *channel_called(const struct conf *conf, const char *name)
{
	for (int i = 0; i < conf_block_count(conf, "channel"); i++)
		if (strcmp(conf_block_title(conf_block(conf, "channel", i)), name) == 0)
			return conf_block(conf, "channel", i);
	return NULL;
}

static int validate_route(
	const struct conf *conf, const struct conf_block *block, struct conf_errors *errors)
{
	char clock[ALERT_CLOCK_MAX];
	int bad = 0;

	if (conf_given(block, "quiet") &&
		!alert_quiet_parse(conf_text(block, "quiet"), clock, clock))
		bad = conf_complain(errors, block, "quiet",
			"\"%s\" are no quiet hours; write them like \"20:00-08:00\"",
			conf_text(block, "quiet"));
	if (conf_bool(block, "all-quiet") && conf_word(block, "digest") == 0)
		bad = conf_complain(errors, block, "all-quiet",
			"all-quiet belongs to a digest; add digest = daily or weekly");
	for (int i = 0; i < conf_list_count(block, "channels"); i++) {
		const char *name = conf_list_item(block, "channels", i);
		const struct conf_block *channel = channel_called(conf, name);

		if (channel && alert_kind_of(channel)->stands && conf_word(block, "digest") > 0)
			bad = conf_complain(errors, block, "digest",
				"channel \"%s\" shows each case as long as it is open and takes no "
				"digests; write a route of its own for it",
				name);
		if (!channel)
			bad = conf_complain(errors, block, "channels",
				"no channel is called \"%s\"; write channel \"%s\" { ... } or "
				"correct the name",
				name, name);
	}
	return bad;
}

int alert_config_validate(const struct conf *conf, struct conf_errors *errors)
{
	int bad = 0;

	for (int i = 0; i < conf_block_count(conf, "channel"); i++) {
		const struct conf_block *block = conf_block(conf, "channel", i);

		if (alert_kind_of(block)->validate(block, errors) < 0)
			bad = -1;
	}
	for (int i = 0; i < conf_block_count(conf, "route"); i++)
		if (validate_route(conf, conf_block(conf, "route", i), errors) < 0)
			bad = -1;
	return bad;
}

int alert_refuse_keys(
	const struct conf_block *block, const char *const *keys, struct conf_errors *errors)
{
	int bad = 0;

	for (; *keys; keys++)
		if (conf_given(block, *keys))
			bad = conf_complain(errors, block, *keys,
				"%s means nothing for a channel of kind %s; remove it", *keys,
				kind_words[conf_word(block, "kind")]);
	return bad;
}
