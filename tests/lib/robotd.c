#include "lib/robotd.h"

#include <criterion/criterion.h>
#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/time.h>

#include "core/buf.h"
#include "core/mem.h"

enum { MESSAGES_MAX = 20000, TEXT_MAX_BYTES = 64 * 1024, FEISHU_SECOND = 5 };

struct robotd {
	struct robotd_rules rules;
	struct evhttp *http;
	int port;
	char url[200], base[64];
	char *texts[MESSAGES_MAX];
	int64_t times[MESSAGES_MAX];
	int accepted, refused, penalties;
	int64_t muted_until_ms;
	const char *next_body;
	int next_status;
	bool away;
	bool has_next;
	char refusal[200];
};

static const char *const paths[] = { "/cgi-bin/webhook/send", "/robot/send",
	"/open-apis/bot/v2/hook/test-key" };
static const char *const keys[] = { "key", "access_token", NULL };

static int64_t now_ms(void)
{
	struct timeval now;

	gettimeofday(&now, NULL);
	return (int64_t)now.tv_sec * 1000 + now.tv_usec / 1000;
}

static void answer(struct evhttp_request *request, int status, const char *body)
{
	struct evbuffer *out = evbuffer_new();

	evbuffer_add(out, body, strlen(body));
	evhttp_add_header(
		evhttp_request_get_output_headers(request), "Content-Type", "application/json");
	evhttp_send_reply(request, status, "Said", out);
	evbuffer_free(out);
}

static void refuse(struct robotd *d, struct evhttp_request *request, int code, const char *why)
{
	char body[300];

	d->refused++;
	snprintf(d->refusal, sizeof(d->refusal), "%d %s", code, why);
	if (d->rules.vendor == ROBOTD_FEISHU)
		snprintf(body, sizeof(body), "{\"code\":%d,\"msg\":\"%s\",\"data\":{}}", code, why);
	else
		snprintf(body, sizeof(body), "{\"errcode\":%d,\"errmsg\":\"%s\"}", code, why);
	answer(request, 200, body);
}

/* Independent of the program's own signing. */
static void hmac64(const char *key, const char *data, char room[64])
{
	unsigned char digest[32];
	unsigned length = 32;

	HMAC(EVP_sha256(), key, (int)strlen(key), (const unsigned char *)data, strlen(data), digest,
		&length);
	EVP_EncodeBlock((unsigned char *)room, digest, 32);
}

static bool fresh(int64_t at_ms)
{
	int64_t off = now_ms() - at_ms;

	return off < 3600 * 1000 && off > -3600 * 1000;
}

static bool signed_well(struct robotd *d, const struct evkeyvalq *query, json_t *root)
{
	const char *secret = d->rules.secret;
	const char *stamp;
	const char *sign;
	char expected[64];
	char text[300];

	if (!secret)
		return true;
	if (d->rules.vendor == ROBOTD_DINGTALK) {
		stamp = evhttp_find_header(query, "timestamp");
		sign = evhttp_find_header(query, "sign");
		snprintf(text, sizeof(text), "%s\n%s", stamp ? stamp : "", secret);
		hmac64(secret, text, expected);
		return stamp && sign && strcmp(sign, expected) == 0 && fresh(atoll(stamp));
	}
	stamp = json_string_value(json_object_get(root, "timestamp"));
	sign = json_string_value(json_object_get(root, "sign"));
	snprintf(text, sizeof(text), "%s\n%s", stamp ? stamp : "", secret);
	hmac64(text, "", expected);
	return stamp && sign && strcmp(sign, expected) == 0 && fresh(1000 * atoll(stamp));
}

static void add_paragraphs(struct buf *text, json_t *content)
{
	json_t *line;
	json_t *tag;
	size_t i;
	size_t k;

	json_array_foreach(content, i, line)
	{
		json_array_foreach(line, k, tag)
			buf_add_text(text, json_string_value(json_object_get(tag, "text")));
		buf_add_char(text, '\n');
	}
}

/* What a reader sees; NULL when the message is not of the form the vendor wants. */
static char *text_of(struct robotd *d, json_t *root)
{
	json_t *markdown = json_object_get(root, "markdown");
	json_t *post =
		json_object_get(json_object_get(json_object_get(root, "content"), "post"), "zh_cn");
	const char *type = json_string_value(
		json_object_get(root, d->rules.vendor == ROBOTD_FEISHU ? "msg_type" : "msgtype"));
	struct buf text;
	char *result;

	if (!type || strcmp(type, d->rules.vendor == ROBOTD_FEISHU ? "post" : "markdown") != 0)
		return NULL;
	if (d->rules.vendor != ROBOTD_FEISHU) {
		json_t *content = json_object_get(
			markdown, d->rules.vendor == ROBOTD_WECOM ? "content" : "text");
		return json_string_length(content) ? mem_text(json_string_value(content)) : NULL;
	}
	if (!json_string_length(json_object_get(post, "title")) ||
		!json_array_size(json_object_get(post, "content")))
		return NULL;
	buf_init(&text, TEXT_MAX_BYTES);
	buf_format(&text, "%s\n", json_string_value(json_object_get(post, "title")));
	add_paragraphs(&text, json_object_get(post, "content"));
	result = buf_take(&text);
	buf_free(&text);
	return result;
}

static int within(const struct robotd *d, int64_t window_ms)
{
	int64_t since = now_ms() - window_ms;
	int count = 0;

	for (int i = d->accepted - 1; i >= 0 && d->times[i] > since; i--)
		count++;
	return count;
}

static bool too_many(struct robotd *d)
{
	static const int limits[] = { 20, 20, 100 };
	int limit = d->rules.limit > 0 ? d->rules.limit : limits[d->rules.vendor];
	int64_t window = d->rules.window_ms > 0 ? d->rules.window_ms : 60000;
	int64_t now = now_ms();

	if (now < d->muted_until_ms)
		return true;
	if (d->rules.vendor == ROBOTD_FEISHU && within(d, 1000) >= FEISHU_SECOND)
		return true;
	if (within(d, window) < limit)
		return false;
	if (d->rules.vendor == ROBOTD_DINGTALK)
		d->muted_until_ms = now + 10 * window;
	return true;
}

static void judge(struct robotd *d, struct evhttp_request *request, const struct evkeyvalq *query,
	json_t *root, size_t length)
{
	static const int long_codes[] = { 40058, 460101, 9499 };
	static const int rate_codes[] = { 45009, 130101, 11232 };
	static const int sign_codes[] = { 93000, 310000, 19021 };
	static const int word_codes[] = { 93000, 310000, 19024 };
	enum robotd_vendor v = d->rules.vendor;
	char *text = root ? text_of(d, root) : NULL;

	if (!text)
		refuse(d, request, v == ROBOTD_FEISHU ? 9499 : 40008, "invalid message");
	else if (v == ROBOTD_WECOM ? strlen(text) > 4096 : length > 20000)
		refuse(d, request, long_codes[v], "exceed max length");
	else if (!signed_well(d, query, root))
		refuse(d, request, sign_codes[v], "sign not match");
	else if (d->rules.keyword && !strstr(text, d->rules.keyword))
		refuse(d, request, word_codes[v], "keyword missing");
	else if (too_many(d)) {
		d->penalties++;
		refuse(d, request, rate_codes[v], "send too fast");
	} else {
		d->times[d->accepted] = now_ms();
		d->texts[d->accepted++] = text;
		text = NULL;
		cr_assert_lt(d->accepted, MESSAGES_MAX);
		answer(request, 200,
			v == ROBOTD_FEISHU ? "{\"StatusCode\":0,\"code\":0,\"msg\":\"success\"}"
					   : "{\"errcode\":0,\"errmsg\":\"ok\"}");
	}
	free(text);
}

static bool key_right(struct robotd *d, const struct evkeyvalq *query)
{
	const char *name = keys[d->rules.vendor];
	const char *key = name ? evhttp_find_header(query, name) : "test-key";

	return key && strcmp(key, "test-key") == 0;
}

static void on_request(struct evhttp_request *request, void *arg)
{
	struct robotd *d = arg;
	struct evbuffer *in = evhttp_request_get_input_buffer(request);
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
	size_t length = evbuffer_get_length(in);
	const char *bytes = (const char *)evbuffer_pullup(in, -1);
	struct evkeyvalq query;
	json_t *root;

	if (d->has_next) {
		d->has_next = false;
		if (d->next_status == 0)
			evhttp_connection_free(evhttp_request_get_connection(request));
		else
			answer(request, d->next_status, d->next_body);
		return;
	}
	if (d->away) {
		answer(request, 502, "");
		return;
	}
	root = json_loadb(bytes ? bytes : "", length, JSON_REJECT_DUPLICATES, NULL);
	evhttp_parse_query_str(evhttp_uri_get_query(uri) ? evhttp_uri_get_query(uri) : "", &query);
	if (strcmp(evhttp_uri_get_path(uri), paths[d->rules.vendor]) != 0 || !key_right(d, &query))
		refuse(d, request, 93000, "invalid webhook url");
	else
		judge(d, request, &query, root, length);
	evhttp_clear_headers(&query);
	json_decref(root);
}

struct robotd *robotd_start(struct event_base *base, const struct robotd_rules *rules)
{
	struct robotd *d = mem_zero(1, sizeof(*d));
	struct evhttp_bound_socket *bound;
	struct sockaddr_in address;
	socklen_t size = sizeof(address);

	d->rules = *rules;
	d->http = evhttp_new(base);
	bound = evhttp_bind_socket_with_handle(d->http, "127.0.0.1", 0);
	cr_assert_not_null(bound);
	cr_assert_eq(
		getsockname(evhttp_bound_socket_get_fd(bound), (struct sockaddr *)&address, &size),
		0);
	d->port = ntohs(address.sin_port);
	evhttp_set_gencb(d->http, on_request, d);
	return d;
}

void robotd_stop(struct robotd *d)
{
	evhttp_free(d->http);
	for (int i = 0; i < d->accepted; i++)
		free(d->texts[i]);
	free(d);
}

const char *robotd_base(struct robotd *d)
{
	snprintf(d->base, sizeof(d->base), "http://127.0.0.1:%d", d->port);
	return d->base;
}

const char *robotd_url(struct robotd *d)
{
	const char *name = keys[d->rules.vendor];

	snprintf(d->url, sizeof(d->url), "http://127.0.0.1:%d%s%s%s%s", d->port,
		paths[d->rules.vendor], name ? "?" : "", name ? name : "", name ? "=test-key" : "");
	return d->url;
}

void robotd_answer_next(struct robotd *d, int status, const char *body)
{
	d->has_next = true;
	d->next_status = status;
	d->next_body = body;
}

void robotd_away(struct robotd *d, bool away)
{
	d->away = away;
}

int robotd_accepted(const struct robotd *d)
{
	return d->accepted;
}

int robotd_refused(const struct robotd *d)
{
	return d->refused;
}

int robotd_penalties(const struct robotd *d)
{
	return d->penalties;
}

const char *robotd_last_refusal(const struct robotd *d)
{
	return d->refusal;
}

const char *robotd_text(const struct robotd *d, int index)
{
	cr_assert_lt(index, d->accepted);
	return d->texts[index];
}

int robotd_count(const struct robotd *d, const char *needle)
{
	int count = 0;

	for (int i = 0; i < d->accepted; i++)
		count += strstr(d->texts[i], needle) != NULL;
	return count;
}
