#include "alerts/webhook.h"

#include <sys/stat.h>
#include <time.h>

#include "alerts/clean.h"
#include "alerts/http_answer.h"
#include "alerts/payload.h"
#include "core/fetch.h"
#include "core/mem.h"

enum { URL_MAX_BYTES = 2048 };

/* What the files hold. */
struct secrets {
	char *url; /* conf_secret_free */
	struct webhook_keys keys;
};

/* One version of a file. */
struct stamp {
	ino_t inode;
	off_t size;
	int64_t changed_s, changed_ns;
};

struct webhook {
	struct alert_channel_head head;
	struct fetch *fetch; /* of its own: connections are kept between messages */
	char *url_path, *secret_path, *ca_file;
	struct netguard guard;
	bool plain_http, interest, cloudevents;
	int timeout_ms;
	struct secrets secrets; /* as of the stamps */
	struct stamp url_stamp, secret_stamp;
};

struct alert_draft {
	char *id;
	char *body;
	size_t length;
	bool maybe_sent;
};

struct alert_try {
	struct webhook *hook;
	struct alert_draft *draft;
	struct fetch_transfer *transfer;
	struct buf answer;
	alert_done_fn done;
	void *arg;
};

static int webhook_validate(const struct conf_block *block, struct conf_errors *errors)
{
	static const char *const foreign[] = { "server", "helo", "list", "unsubscribe", "from",
		"to", "user", "password-file", "contact", "link", "base-url", "key-file", "heading",
		"keywords", "suppliers", "servers", "repeat", NULL };
	int bad = alert_refuse_keys(block, foreign, errors);

	if (!conf_given(block, "url-file"))
		bad = conf_complain(errors, block, NULL,
			"a webhook needs url-file, a file that holds its address");
	if (!conf_given(block, "secret-file"))
		bad = conf_complain(errors, block, NULL,
			"a webhook needs secret-file, a file that holds its whsec_ secret");
	return http_networks_validate(block, errors) < 0 ? -1 : bad;
}

static bool url_fine(const struct webhook *hook, const char *url)
{
	bool fine = strncmp(url, "https://", 8) == 0 ||
		    (hook->plain_http && strncmp(url, "http://", 7) == 0);

	return fine && strlen(url) < URL_MAX_BYTES;
}

static void wipe(struct secrets *secrets)
{
	conf_secret_free(secrets->url);
	webhook_keys_wipe(&secrets->keys);
	secrets->url = NULL;
}

static int read_keys(const struct webhook *hook, struct webhook_keys *keys, struct err *err)
{
	char *text = conf_secret_read(hook->secret_path, err);
	int result;

	if (!text)
		return -1;
	result = webhook_keys_read(keys, text, err);
	conf_secret_free(text);
	return result < 0 ? err_prefix(err, "%s", hook->secret_path) : 0;
}

static int read_secrets(const struct webhook *hook, struct secrets *ret, struct err *err)
{
	*ret = (struct secrets){ .url = conf_secret_read(hook->url_path, err) };
	if (!ret->url)
		return -1;
	if (!url_fine(hook, ret->url))
		err_set(err, ERR_USAGE, "the address in %s is not %s", hook->url_path,
			hook->plain_http ? "http:// or https://"
					 : "https:// (tls = none permits http)");
	else if (read_keys(hook, &ret->keys, err) == 0)
		return 0;
	wipe(ret);
	return -1;
}

static struct stamp stamp_of(const char *path)
{
	struct stat file;

	if (stat(path, &file) < 0)
		return (struct stamp){ 0 };
	return (struct stamp){ .inode = file.st_ino,
		.size = file.st_size,
		.changed_s = file.st_ctim.tv_sec,
		.changed_ns = file.st_ctim.tv_nsec };
}

static bool same(const struct stamp *a, const struct stamp *b)
{
	return a->inode != 0 && a->inode == b->inode && a->size == b->size &&
	       a->changed_s == b->changed_s && a->changed_ns == b->changed_ns;
}

/* Looks at the files for every try, so that a new address or key needs no restart; reads them when they changed. */
static int fresh_secrets(struct webhook *hook, struct err *err)
{
	struct stamp url = stamp_of(hook->url_path), secret = stamp_of(hook->secret_path);

	if (hook->secrets.url && same(&url, &hook->url_stamp) && same(&secret, &hook->secret_stamp))
		return 0;
	wipe(&hook->secrets);
	hook->url_stamp = url;
	hook->secret_stamp = secret;
	return read_secrets(hook, &hook->secrets, err);
}

static void webhook_close(struct alert_channel *channel)
{
	struct webhook *hook = (struct webhook *)(void *)channel;

	fetch_free(hook->fetch);
	wipe(&hook->secrets);
	alert_head_free(&hook->head);
	free(hook->url_path);
	free(hook->secret_path);
	free(hook->ca_file);
	free(hook);
}

static struct alert_channel *webhook_open(
	const struct alert_env *env, const struct conf_block *block, struct err *err)
{
	struct webhook *hook = mem_zero(1, sizeof(*hook));

	alert_head_init(&hook->head, &webhook_kind, block);
	hook->plain_http = conf_word(block, "tls") == 1;
	hook->interest = conf_bool(block, "interest");
	hook->cloudevents = conf_word(block, "body") == 1;
	hook->timeout_ms = (int)(conf_given(block, "timeout") ? conf_int(block, "timeout")
							      : webhook_kind.timeout_ms);
	if (conf_given(block, "ca-file"))
		hook->ca_file = mem_text(conf_text(block, "ca-file"));
	hook->url_path = mem_text(conf_secret_path(block, "url-file"));
	hook->secret_path = mem_text(conf_secret_path(block, "secret-file"));
	if (http_networks_read(block, &hook->guard, err) == 0)
		hook->fetch =
			fetch_new_endpoint(env->base, hook->head.in_flight_max, &hook->guard, err);
	/* Read now only to say early what is wrong. */
	if (!hook->fetch || fresh_secrets(hook, err) < 0) {
		err_prefix(err, "channel %s", hook->head.name);
		webhook_close((struct alert_channel *)(void *)hook);
		return NULL;
	}
	wipe(&hook->secrets);
	return (struct alert_channel *)(void *)hook;
}

static void webhook_free_draft(struct alert_draft *draft)
{
	if (!draft)
		return;
	free(draft->id);
	free(draft->body);
	free(draft);
}

/* The event's source as a URI reference: whatever else the name holds becomes a dash. */
static void source_of(const struct payload *payload, char room[100])
{
	int used = snprintf(room, 100, "/setaside/");

	for (const char *c = payload->jurisdiction; *c && used < 99; c++) {
		bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
			     (*c >= '0' && *c <= '9');

		room[used++] = plain ? *c : '-';
	}
	room[used] = '\0';
}

static char *body_of(const struct webhook *hook, const struct payload *payload, const char *ref,
	const char *data)
{
	char source[100];

	if (!hook->cloudevents)
		return mem_format("{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":%s}",
			payload->type_text, payload->timestamp, data);
	source_of(payload, source);
	return mem_format(
		"{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"%s\",\"type\":\"%s\","
		"\"time\":\"%s\",\"datacontenttype\":\"application/json\",\"data\":%s}",
		ref, source, payload->type_text, payload->timestamp, data);
}

static struct alert_draft *webhook_prepare(
	struct alert_channel *channel, const struct alert_message *message, struct err *err)
{
	struct webhook *hook = (struct webhook *)(void *)channel;
	enum { FRAME = 400 };
	struct payload *payload = payload_parse(message->payload, message->payload_length, err);
	struct alert_draft *draft = NULL;
	char *data;

	if (!payload)
		return NULL;
	data = payload_json(payload, message->ref, hook->interest, WEBHOOK_BODY_MAX - FRAME, err);
	if (data && strchr(message->ref, '.')) {
		err_set(err, ERR_DATA, "a webhook id may not hold a full stop: %s", message->ref);
	} else if (data) {
		draft = mem_zero(1, sizeof(*draft));
		draft->id = mem_text(message->ref);
		draft->maybe_sent = message->maybe_sent;
		draft->body = body_of(hook, payload, message->ref, data);
		draft->length = strlen(draft->body);
	}
	free(data);
	payload_free(payload);
	return draft;
}

const char *webhook_draft_body(const struct alert_draft *draft)
{
	return draft->body;
}

static enum fetch_flow on_answer(
	void *arg, const struct fetch_head *head, const char *bytes, size_t count)
{
	struct alert_try *try = arg;

	(void)head;
	return http_answer_take(&try->answer, bytes, count);
}

static void judge(void *arg, const struct fetch_head *head, const struct buf *answer,
	struct alert_outcome *outcome)
{
	int status = head->status;

	(void)arg;
	(void)answer;
	if (status >= 200 && status < 300) {
		outcome->class = ALERT_ACKNOWLEDGED;
		return;
	}
	if (status == 410) {
		outcome->class = ALERT_REJECTED;
		outcome->endpoint_gone = true;
		return;
	}
	outcome->class = ALERT_RETRY;
	outcome->endpoint_fault = status < 400 || status >= 500 || status == 401 || status == 403 ||
				  status == 404 || status == 429;
	if (status == 429 || status == 502 || status == 503 || status == 504)
		outcome->retry_after_s = head->retry_after_s > 0 ? head->retry_after_s : 0;
}

static void free_try(struct alert_try *try)
{
	webhook_free_draft(try->draft);
	buf_free(&try->answer);
	free(try);
}

static void on_done(void *arg, const struct fetch_result *result)
{
	struct alert_try *try = arg;
	struct alert_outcome outcome = { .bytes = try->draft->length };

	http_answer_judge(result, &try->answer, judge, NULL, &outcome);
	try->done(try->arg, &outcome);
	free_try(try);
}

static int start_with(struct alert_try *try, const struct secrets *secrets, struct err *err)
{
	struct webhook *hook = try->hook;
	struct alert_draft *draft = try->draft;
	int64_t now = (int64_t)time(NULL);
	_cleanup_free_ char *id = mem_format("webhook-id: %s", draft->id);
	_cleanup_free_ char *stamp = mem_format("webhook-timestamp: %lld", (long long)now);
	const char *headers[] = { hook->cloudevents ? "Content-Type: application/cloudevents+json"
						    : "Content-Type: application/json",
		id, stamp, NULL, draft->maybe_sent ? "setaside-maybe-repeated: 1" : NULL, NULL };
	struct fetch_request request = { .method = FETCH_POST,
		.url = secrets->url,
		.headers = headers,
		.body = draft->body,
		.body_length = draft->length,
		.ca_file = hook->ca_file,
		.plain_http = hook->plain_http,
		.timeout_ms = hook->timeout_ms,
		.body_limit = INT64_C(1024) * 1024,
		.body_sink = on_answer,
		.done = on_done,
		.arg = try };
	struct buf signature;
	int result;

	buf_init(&signature, 1024);
	buf_add_text(&signature, "webhook-signature: ");
	result = webhook_sign(
		&signature, &secrets->keys, draft->id, now, draft->body, draft->length, err);
	headers[3] = signature.data;
	if (result == 0) {
		try->transfer = fetch_start(hook->fetch, &request, err);
		result = try->transfer ? 0 : -1;
	}
	buf_free(&signature);
	return result;
}

static int start(struct alert_try *try, struct err *err)
{
	return fresh_secrets(try->hook, err) < 0 ? -1 : start_with(try, &try->hook->secrets, err);
}

static struct alert_try *webhook_send(struct alert_channel *channel, struct alert_draft *draft,
	alert_done_fn done, void *arg, struct err *err)
{
	struct alert_try *try = mem_zero(1, sizeof(*try));

	try->hook = (struct webhook *)(void *)channel;
	try->draft = draft;
	try->done = done;
	try->arg = arg;
	http_answer_init(&try->answer);
	if (start(try, err) < 0) {
		free_try(try);
		return NULL;
	}
	return try;
}

static void webhook_cancel(struct alert_try *try)
{
	fetch_cancel(try->transfer);
	free_try(try);
}

const struct alert_kind webhook_kind = {
	.name = "webhook",
	.retry_first_ms = 5000,
	.timeout_ms = 20000,
	.digest_bytes = WEBHOOK_BODY_MAX - 6000, /* the rest of the payload is far below that */
	.validate = webhook_validate,
	.open = webhook_open,
	.prepare = webhook_prepare,
	.send = webhook_send,
	.cancel = webhook_cancel,
	.free_draft = webhook_free_draft,
	.close = webhook_close,
};
