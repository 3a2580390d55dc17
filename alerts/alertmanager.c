#include "alerts/alertmanager.h"

#include <jansson.h>
#include <time.h>

#include "alerts/clean.h"
#include "alerts/http_answer.h"
#include "alerts/payload.h"
#include "alerts/wording.h"
#include "core/fetch.h"
#include "core/mem.h"

enum { END_MARGIN = 3 };

struct manager {
	struct alert_channel_head head;
	struct fetch *fetch;
	char **servers;
	int server_count;
	char *ca_file, *link;
	struct wording_options words;
	struct netguard guard;
	bool plain_http;
	int timeout_ms;
};

struct alert_draft {
	json_t *alert;
	json_t *replaced; /* under its former severity; NULL = it stands under the same */
	bool closed;
};

struct alert_try {
	struct manager *manager;
	struct alert_draft *draft;
	struct fetch_transfer *transfer;
	struct buf answer;
	struct alert_outcome outcome; /* the best of all instances so far */
	char *body;
	int server;
	alert_done_fn done;
	void *arg;
};

static bool server_fine(const char *server, bool plain)
{
	bool scheme = strncmp(server, "https://", 8) == 0 ||
		      (plain && strncmp(server, "http://", 7) == 0);

	return scheme && strlen(server) < 500 && !strpbrk(server, " \t\"<>?#");
}

static int manager_validate(const struct conf_block *block, struct conf_errors *errors)
{
	static const char *const foreign[] = { "body", "server", "helo", "list", "unsubscribe",
		"from", "to", "user", "password-file", "url-file", "secret-file", "base-url",
		"key-file", "heading", "keywords", "suppliers", "contact", "rate", "rate-window",
		NULL };
	int bad = alert_refuse_keys(block, foreign, errors);

	if (conf_list_count(block, "servers") == 0)
		bad = conf_complain(errors, block, NULL,
			"an Alertmanager channel needs servers = { \"http://host:9093\" }, every "
			"instance of the cluster");
	for (int i = 0; i < conf_list_count(block, "servers"); i++)
		if (!server_fine(conf_list_item(block, "servers", i), conf_word(block, "tls") == 1))
			bad = conf_complain(errors, block, "servers",
				"\"%s\" is not https://host:port (tls = none permits http)",
				conf_list_item(block, "servers", i));
	return http_networks_validate(block, errors) < 0 ? -1 : bad;
}

static void manager_close(struct alert_channel *channel)
{
	struct manager *manager = (struct manager *)(void *)channel;

	alert_head_free(&manager->head);
	for (int i = 0; i < manager->server_count; i++)
		free(manager->servers[i]);
	free(manager->servers);
	free(manager->ca_file);
	free(manager->link);
	free(manager);
}

static void take_servers(struct manager *manager, const struct conf_block *block)
{
	int count = conf_list_count(block, "servers");

	manager->servers = mem_zero((size_t)count + 1, sizeof(*manager->servers));
	for (int i = 0; i < count; i++) {
		const char *server = conf_list_item(block, "servers", i);
		size_t length = strlen(server);

		while (length > 0 && server[length - 1] == '/')
			length--;
		manager->servers[manager->server_count++] =
			mem_format("%.*s/api/v2/alerts", (int)length, server);
	}
}

static struct alert_channel *manager_open(
	const struct alert_env *env, const struct conf_block *block, struct err *err)
{
	struct manager *manager = mem_zero(1, sizeof(*manager));

	alert_head_init(&manager->head, &alertmanager_kind, block);
	manager->fetch = env->fetch;
	take_servers(manager, block);
	manager->ca_file =
		conf_given(block, "ca-file") ? mem_text(conf_text(block, "ca-file")) : NULL;
	manager->link = mem_text(conf_given(block, "link") ? conf_text(block, "link") : "");
	manager->plain_http = conf_word(block, "tls") == 1;
	manager->timeout_ms = (int)(conf_given(block, "timeout") ? conf_int(block, "timeout")
								 : alertmanager_kind.timeout_ms);
	manager->words = (struct wording_options){
		.language = conf_word(block, "language") == 1 ? WORDING_EN : WORDING_ZH,
		.contact = "",
		.link = "",
		.chat = true,
		.omit_suppliers = true,
	};
	if (http_networks_read(block, &manager->guard, err) == 0)
		return (struct alert_channel *)(void *)manager;
	err_prefix(err, "channel %s", manager->head.name);
	manager_close((struct alert_channel *)(void *)manager);
	return NULL;
}

static void manager_free_draft(struct alert_draft *draft)
{
	if (!draft)
		return;
	json_decref(draft->alert);
	json_decref(draft->replaced);
	free(draft);
}

/* An empty label value would drop the label, and a label of data must be one line. */
static void add_label(json_t *labels, const char *name, const char *value)
{
	char room[200];

	clean_line(value, strlen(value), room, sizeof(room));
	if (*room)
		json_object_set_new(labels, name, json_string(room));
}

static json_t *labels_of(const struct payload *payload, const char *severity)
{
	static const char *const names[] = { [PAYLOAD_QUOTA] = "SmeQuotaGap",
		[PAYLOAD_ARREARS] = "SmeArrearsOpen",
		[PAYLOAD_CALENDAR] = "SmeCalendarMissing",
		[PAYLOAD_SOURCE] = "SmeSourceHealth",
		[PAYLOAD_TEST] = "SmeChannelTest",
		[PAYLOAD_DIGEST] = "SmeDigest",
		[PAYLOAD_STEP] = "SmeArrearsStep",
		[PAYLOAD_MONITOR] = "SmeMonitorState" };
	json_t *labels = json_object();

	add_label(labels, "alertname", names[payload->type]);
	add_label(labels, "severity", severity);
	add_label(labels, "unit_id", payload->unit_code);
	add_label(labels, "case", payload->case_key);
	return labels;
}

static json_t *annotations_of(
	const struct payload *payload, const struct wording *words, const char *ref)
{
	json_t *annotations = json_object();
	char rules[200] = "";
	char day[DAY_TEXT_MAX];

	for (int i = 0; payload->rules[i]; i++)
		snprintf(rules + strlen(rules), sizeof(rules) - strlen(rules), "%s%s",
			i > 0 ? ", " : "", payload->rules[i]);
	clean_line(rules, strlen(rules), rules, sizeof(rules));
	json_object_set_new(annotations, "summary", json_string(words->subject));
	json_object_set_new(annotations, "description",
		json_stringn(words->body.text.data, words->body.text.used));
	json_object_set_new(annotations, "ref", json_string(ref));
	json_object_set_new(annotations, "rule", json_string(rules));
	json_object_set_new(annotations, "as_of", json_string(day_text(payload->as_of, day)));
	return annotations;
}

/* Severity is one of the labels, so that receivers can route by it, and labels are what the receiver knows an alert by: a
 * case that changes its severity is another alert there, and the one that stood ends with the same post. A closed case
 * ends as what it stood for. */
static struct alert_draft *draft_of(const struct manager *manager, const struct payload *payload,
	const struct wording *words, const struct alert_message *message)
{
	struct alert_draft *draft = mem_zero(1, sizeof(*draft));
	const char *stood = message->stood_severity ? message->stood_severity : "";
	bool moved = *stood && strcmp(stood, payload->severity) != 0;

	draft->closed = payload->event == PAYLOAD_CLOSED;
	draft->alert = json_pack("{s:o, s:o}", "labels",
		labels_of(payload, draft->closed && *stood ? stood : payload->severity),
		"annotations", annotations_of(payload, words, message->ref));
	json_object_set_new(draft->alert, draft->closed ? "endsAt" : "startsAt",
		json_string(payload->timestamp));
	if (*manager->link)
		json_object_set_new(draft->alert, "generatorURL", json_string(manager->link));
	if (moved && !draft->closed)
		draft->replaced = json_pack("{s:o, s:O, s:s}", "labels", labels_of(payload, stood),
			"annotations", json_object_get(draft->alert, "annotations"), "endsAt",
			payload->timestamp);
	return draft;
}

const struct json_t *alertmanager_draft_alert(const struct alert_draft *draft)
{
	return draft->alert;
}

static struct alert_draft *manager_prepare(
	struct alert_channel *channel, const struct alert_message *message, struct err *err)
{
	struct manager *manager = (struct manager *)(void *)channel;
	struct payload *payload = payload_parse(message->payload, message->payload_length, err);
	struct alert_draft *draft = NULL;
	struct wording words;

	if (!payload)
		return NULL;
	if (wording_render(&words, payload, message->ref, false, &manager->words, err) == 0) {
		draft = draft_of(manager, payload, &words, message);
		wording_free(&words);
	}
	payload_free(payload);
	return draft;
}

void alertmanager_judge(int status, int64_t retry_after_s, struct alert_outcome *outcome)
{
	outcome->retry_after_s = 0;
	outcome->endpoint_fault = false;
	if (status >= 200 && status < 300) {
		outcome->class = ALERT_ACKNOWLEDGED;
	} else if (status == 400 || status == 415 || status == 422) {
		outcome->class =
			ALERT_REJECTED; /* the alert is not what the API takes: a defect of ours */
	} else {
		outcome->class = ALERT_RETRY;
		outcome->endpoint_fault = true;
		if (status == 429 || status == 503)
			outcome->retry_after_s = retry_after_s > 0 ? retry_after_s : 0;
	}
}

static void free_try(struct alert_try *try)
{
	manager_free_draft(try->draft);
	buf_free(&try->answer);
	free(try->body);
	free(try);
}

static enum fetch_flow on_answer(
	void *arg, const struct fetch_head *head, const char *bytes, size_t count)
{
	struct alert_try *try = arg;

	(void)head;
	return http_answer_take(&try->answer, bytes, count);
}

/* Posting an alert twice is the protocol: what may have arrived is simply posted again. */
static void judge(void *arg, const struct fetch_head *head, const struct buf *answer,
	struct alert_outcome *outcome)
{
	(void)arg;
	(void)answer;
	alertmanager_judge(head->status, head->retry_after_s, outcome);
}

static int start_server(struct alert_try *try, struct err *err);

/* A positive answer outweighs all others; otherwise the last one counts. */
static void keep_best(struct alert_try *try, const struct alert_outcome *outcome)
{
	size_t bytes = try->outcome.bytes;
	int requests = try->outcome.requests;

	if (requests > 1 && try->outcome.class == ALERT_ACKNOWLEDGED)
		return;
	try->outcome = *outcome;
	try->outcome.bytes = bytes;
	try->outcome.requests = requests;
}

static void on_done(void *arg, const struct fetch_result *result)
{
	struct alert_try *try = arg;
	struct alert_outcome outcome = { .class = ALERT_RETRY };
	struct err err = ERR_INIT;

	http_answer_judge(result, &try->answer, judge, NULL, &outcome);
	keep_best(try, &outcome);
	try->transfer = NULL;
	while (++try->server < try->manager->server_count) {
		if (start_server(try, &err) == 0)
			return;
		outcome = (struct alert_outcome){ .class = ALERT_RETRY, .endpoint_fault = true };
		alert_answer_set(&outcome, err.text, strlen(err.text));
		keep_best(try, &outcome);
	}
	try->done(try->arg, &try->outcome);
	free_try(try);
}

static int start_server(struct alert_try *try, struct err *err)
{
	static const char *const headers[] = { "Content-Type: application/json", NULL };
	const struct manager *manager = try->manager;
	struct fetch_request request = { .method = FETCH_POST,
		.url = manager->servers[try->server],
		.headers = headers,
		.body = try->body,
		.body_length = strlen(try->body),
		.guard = &manager->guard,
		.ca_file = manager->ca_file,
		.plain_http = manager->plain_http,
		.timeout_ms = manager->timeout_ms,
		.body_limit = INT64_C(1024) * 1024,
		.body_sink = on_answer,
		.done = on_done,
		.arg = try };

	buf_reset(&try->answer);
	try->transfer = fetch_start(manager->fetch, &request, err);
	if (!try->transfer)
		return -1;
	try->outcome.bytes += request.body_length;
	try->outcome.requests++;
	return 0;
}

static char *body_of(const struct alert_try *try)
{
	char text[32];
	time_t end = time(NULL) + (time_t)(END_MARGIN * try->manager->head.repeat_ms / 1000);
	json_t *list = json_array();
	struct tm utc;
	char *body;

	if (!try->draft->closed) {
		gmtime_r(&end, &utc);
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
		json_object_set_new(try->draft->alert, "endsAt", json_string(text));
	}
	json_array_append(list, try->draft->alert);
	if (try->draft->replaced)
		json_array_append(list, try->draft->replaced);
	body = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	return body;
}

static struct alert_try *manager_send(struct alert_channel *channel, struct alert_draft *draft,
	alert_done_fn done, void *arg, struct err *err)
{
	struct alert_try *try = mem_zero(1, sizeof(*try));
	int result = -1;

	try->manager = (struct manager *)(void *)channel;
	try->draft = draft;
	try->done = done;
	try->arg = arg;
	http_answer_init(&try->answer);
	try->body = body_of(try);
	if (!try->body)
		err_set(err, ERR_DATA, "the alert cannot be written as JSON");
	/* Whatever refuses to start is answered by the next instance; with none left nothing was sent. */
	while (try->body && result < 0 && try->server < try->manager->server_count) {
		result = start_server(try, err);
		try->server += result < 0;
	}
	if (result < 0) {
		free_try(try);
		return NULL;
	}
	return try;
}

static void manager_cancel(struct alert_try *try)
{
	fetch_cancel(try->transfer);
	free_try(try);
}

const struct alert_kind alertmanager_kind = {
	.name = "alertmanager",
	.retry_first_ms = 5000,
	.timeout_ms = 20000,
	.stands = true,
	.validate = manager_validate,
	.open = manager_open,
	.prepare = manager_prepare,
	.send = manager_send,
	.cancel = manager_cancel,
	.free_draft = manager_free_draft,
	.close = manager_close,
};
