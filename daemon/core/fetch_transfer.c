#include "core/fetch_transfer.h"

#include <ctype.h>
#include <event2/event.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/log.h"
#include "core/mem.h"
#include "core/text.h"

enum {
	BODY_LIMIT = 64 << 20,
	HEADER_LINES = 200,
	TIMEOUT_MS = 60000,
	CONNECT_MS = 10000,
	SILENCE_S = 30,
	SILENCE_BYTES = 100,
	KEPT_S = 3, /* below the 5 s after which common servers close an idle connection */
	URL_MAX = 4096
};

/* Setting an option fails only when libcurl was built without it or memory is gone. */
#define SET(transfer, option, value)                                                               \
	do {                                                                                       \
		CURLcode set_code = curl_easy_setopt((transfer)->easy, option, value);             \
		if (set_code != CURLE_OK)                                                          \
			BUG("libcurl: " #option ": %s", curl_easy_strerror(set_code));             \
	} while (0)

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct fetch_transfer *transfer = arg;

	if (purpose != CURLSOCKTYPE_IPCXN || !netguard_permits(&transfer->guard, &to->addr)) {
		netguard_text(&to->addr, transfer->denied);
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *arg)
{
	struct fetch_transfer *transfer = arg;
	enum fetch_flow flow = FETCH_MORE;

	count *= size;
	if (transfer->cancelled)
		return CURL_WRITEFUNC_ERROR;
	if ((int64_t)count > transfer->body_limit - transfer->body_bytes) {
		transfer->body_over = true;
		return CURL_WRITEFUNC_ERROR;
	}
	transfer->body_bytes += (int64_t)count;
	long status = 0;
	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	transfer->head.status = (int)status;
	if (transfer->body_sink)
		flow = transfer->body_sink(transfer->arg, &transfer->head, bytes, count);
	if (transfer->cancelled)
		return CURL_WRITEFUNC_ERROR;
	switch (flow) {
	case FETCH_MORE:
		return count;
	case FETCH_PAUSE:
		/* Pausing by option and not by the return value: these bytes are taken. */
		transfer->paused = true;
		curl_easy_pause(transfer->easy, CURLPAUSE_RECV);
		return count;
	case FETCH_ENOUGH:
		transfer->enough = true;
		return CURL_WRITEFUNC_ERROR;
	case FETCH_REJECT:
		transfer->rejected = true;
		return CURL_WRITEFUNC_ERROR;
	}
	BUG("body sink answered %d", (int)flow);
}

/* Copies a header value that fits; one that does not is as good as absent. */
static void keep(char *room, size_t size, const char *value, size_t length)
{
	room[0] = '\0';
	if (length >= size)
		return;
	memcpy(room, value, length);
	room[length] = '\0';
}

static void head_reset(struct fetch_head *head)
{
	*head = (struct fetch_head){ .date_unix = -1, .retry_after_s = -1 };
}

static int64_t retry_after(const char *value)
{
	int64_t seconds = 0;

	if (text_to_int64(value, &seconds))
		return seconds < 0 ? -1 : seconds;
	if (*value && value[strspn(value, "0123456789")] == '\0')
		return INT64_MAX;
	time_t when = curl_getdate(value, NULL);
	if (when == (time_t)-1)
		return -1;
	time_t now = time(NULL);
	return when > now ? (int64_t)(when - now) : 0;
}

static void keep_header(struct fetch_head *head, const char *line, size_t length)
{
	char value[256];
	const char *colon = memchr(line, ':', length);

	if (!colon)
		return;
	size_t name = (size_t)(colon - line);
	const char *start = colon + 1, *end = line + length;
	while (start < end && isspace((unsigned char)*start))
		start++;
	while (end > start && isspace((unsigned char)end[-1]))
		end--;
	size_t count = (size_t)(end - start);
#define IS(text) (name == sizeof(text) - 1 && strncasecmp(line, text, sizeof(text) - 1) == 0)
	if (IS("etag"))
		keep(head->etag, sizeof(head->etag), start, count);
	else if (IS("last-modified"))
		keep(head->last_modified, sizeof(head->last_modified), start, count);
	else if (IS("content-type"))
		keep(head->content_type, sizeof(head->content_type), start, count);
	else if (IS("retry-after") || IS("x-ogw-ratelimit-reset") || IS("date")) {
		keep(value, sizeof(value), start, count);
		if (IS("x-ogw-ratelimit-reset") && head->retry_after_s >= 0)
			return;
		if (IS("date"))
			head->date_unix = (int64_t)curl_getdate(value, NULL);
		else
			head->retry_after_s = retry_after(value);
	}
#undef IS
}

static size_t take_header(char *line, size_t size, size_t count, void *arg)
{
	struct fetch_transfer *transfer = arg;
	size_t length = size * count;

	if (transfer->cancelled)
		return 0;
	if (++transfer->header_lines > transfer->header_limit) {
		transfer->headers_over = true;
		return 0;
	}
	/* Every hop and every 1xx begins a new head: only the last one counts. */
	if (length >= 5 && memcmp(line, "HTTP/", 5) == 0)
		head_reset(&transfer->head);
	else if (length == 2 && memcmp(line, "\r\n", 2) == 0)
		transfer->head.complete = true;
	else
		keep_header(&transfer->head, line, length);
	return length;
}

/* The origin for the per-origin limit; refuses what is not an absolute http(s) URL without user and
 * password. */
static int parse_url(
	struct fetch_transfer *transfer, const struct fetch_request *request, struct err *err)
{
	CURLU *url = curl_url();
	char *scheme = NULL, *host = NULL, *port = NULL;
	int status = -1;

	if (strlen(request->url) > URL_MAX)
		err_set(err, ERR_USAGE, "URL is longer than %d bytes", URL_MAX);
	else if (!url || curl_url_set(url, CURLUPART_URL, request->url, CURLU_DISALLOW_USER) ||
		 curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) ||
		 curl_url_get(url, CURLUPART_HOST, &host, 0) ||
		 curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT))
		err_set(err, ERR_USAGE,
			"not a URL of the form https://host/path (user names "
			"belong into a file of their own)");
	else if (strcmp(scheme, "https") != 0 &&
		 (strcmp(scheme, "http") != 0 || !request->plain_http))
		err_set(err, ERR_USAGE, "protocol %s is not permitted here", scheme);
	else
		status = 0;
	if (status == 0) {
		transfer->plain = strcmp(scheme, "http") == 0;
		snprintf(transfer->origin, sizeof(transfer->origin), "%s://%s:%s", scheme, host,
			port);
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(url);
	return status;
}

static int add_header(struct fetch_transfer *transfer, const char *line, struct err *err)
{
	if (strpbrk(line, "\r\n") || !strchr(line, ':'))
		return err_set(err, ERR_USAGE, "a request header is not one \"Name: value\" line");
	struct curl_slist *longer = curl_slist_append(transfer->headers, line);
	if (!longer)
		BUG("out of memory");
	transfer->headers = longer;
	return 0;
}

static int set_headers(
	struct fetch_transfer *transfer, const struct fetch_request *request, struct err *err)
{
	for (const char *const *line = request->headers; line && *line; line++)
		if (add_header(transfer, *line, err))
			return -1;
	/* No 100-continue: it costs a second with servers that do not know it. */
	if (request->method == FETCH_POST && add_header(transfer, "Expect:", err))
		return -1;
	SET(transfer, CURLOPT_HTTPHEADER, transfer->headers);
	return 0;
}

static int set_secrets(
	struct fetch_transfer *transfer, const struct fetch_request *request, struct err *err)
{
	if ((request->bearer && strpbrk(request->bearer, "\r\n")) ||
		(request->user && strchr(request->user, ':')))
		return err_set(err, ERR_USAGE, "a user name or token holds a character it cannot");
	SET(transfer, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(transfer, CURLOPT_UNRESTRICTED_AUTH, 0L);
	if (request->bearer) {
		SET(transfer, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
		SET(transfer, CURLOPT_XOAUTH2_BEARER, request->bearer);
	} else if (request->user) {
		SET(transfer, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		SET(transfer, CURLOPT_USERNAME, request->user);
		SET(transfer, CURLOPT_PASSWORD, request->password ? request->password : "");
	}
	return 0;
}

static void set_limits(struct fetch_transfer *transfer, const struct fetch_request *request)
{
	transfer->timeout_ms = request->timeout_ms ? request->timeout_ms : TIMEOUT_MS;
	transfer->body_limit = request->body_limit ? request->body_limit : BODY_LIMIT;
	transfer->header_limit = request->header_lines ? request->header_lines : HEADER_LINES;
	SET(transfer, CURLOPT_TIMEOUT_MS, (long)transfer->timeout_ms);
	SET(transfer, CURLOPT_CONNECTTIMEOUT_MS,
		(long)(request->connect_ms ? request->connect_ms : CONNECT_MS));
	SET(transfer, CURLOPT_LOW_SPEED_LIMIT, (long)SILENCE_BYTES);
	SET(transfer, CURLOPT_LOW_SPEED_TIME,
		(long)(request->silence_s ? request->silence_s : SILENCE_S));
	/* Only an early "no": chunked and compressed bodies pass it and are counted in take_body().
	 * The answer to a POST says in its head what became of it: that is read to the end. */
	if (request->method == FETCH_GET)
		SET(transfer, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)transfer->body_limit);
}

static void set_route(
	struct fetch_transfer *transfer, const struct fetch_request *request, bool kept)
{
	const char *protocols = transfer->plain ? "http,https" : "https";

	SET(transfer, CURLOPT_URL, request->url);
	SET(transfer, CURLOPT_PROTOCOLS_STR, protocols);
	SET(transfer, CURLOPT_REDIR_PROTOCOLS_STR, protocols);
	SET(transfer, CURLOPT_FOLLOWLOCATION, request->redirects > 0 ? 1L : 0L);
	SET(transfer, CURLOPT_MAXREDIRS, (long)request->redirects);
	SET(transfer, CURLOPT_PROXY, "");
	SET(transfer, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(transfer, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SET(transfer, CURLOPT_OPENSOCKETDATA, transfer);
	SET(transfer, CURLOPT_TCP_KEEPALIVE, 1L);
	if (request->ca_file)
		SET(transfer, CURLOPT_CAINFO, request->ca_file);
	/* A kept connection is not judged again: one made under a wider guard dies with its
	 * transfer, unless all have that guard. */
	SET(transfer, CURLOPT_FORBID_REUSE, netguard_is_wider(request->guard) && !kept ? 1L : 0L);
	SET(transfer, CURLOPT_FRESH_CONNECT,
		request->method == FETCH_POST && !transfer->body ? 1L : 0L);
	if (kept)
		SET(transfer, CURLOPT_MAXAGE_CONN, (long)KEPT_S);
}

static size_t give_body(char *room, size_t size, size_t count, void *arg)
{
	struct fetch_transfer *transfer = arg;
	size_t left = transfer->body_length - transfer->body_sent;

	count *= size;
	count = count < left ? count : left;
	memcpy(room, transfer->body + transfer->body_sent, count);
	transfer->body_sent += count;
	return count;
}

/* libcurl repeats a request by itself when a kept connection turns out dead. It cannot rewind a body that comes from a
 * callback, so once a byte of it has left the transfer fails instead; an empty body takes a fresh connection. */
static void set_body(
	struct fetch_transfer *transfer, const struct fetch_request *request, bool kept)
{
	if (request->method == FETCH_POST) {
		SET(transfer, CURLOPT_POST, 1L);
		SET(transfer, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
	}
	if (request->method == FETCH_POST && kept && request->body_length > 0) {
		transfer->body = mem_zero(1, request->body_length);
		transfer->body_length = request->body_length;
		memcpy(transfer->body, request->body, request->body_length);
		SET(transfer, CURLOPT_READFUNCTION, give_body);
		SET(transfer, CURLOPT_READDATA, transfer);
	} else if (request->method == FETCH_POST) {
		SET(transfer, CURLOPT_COPYPOSTFIELDS, request->body_length ? request->body : "");
	}
	SET(transfer, CURLOPT_ACCEPT_ENCODING, "gzip");
	SET(transfer, CURLOPT_WRITEFUNCTION, take_body);
	SET(transfer, CURLOPT_WRITEDATA, transfer);
	SET(transfer, CURLOPT_HEADERFUNCTION, take_header);
	SET(transfer, CURLOPT_HEADERDATA, transfer);
}

struct fetch_transfer *fetch_transfer_new(
	const struct fetch_request *request, CURL *easy, bool kept, struct err *err)
{
	struct fetch_transfer *transfer = mem_zero(1, sizeof(*transfer));

	transfer->easy = easy;
	if (!request->done)
		BUG("a transfer without done");
	if (request->method == FETCH_POST && request->redirects > 0) {
		err_set(err, ERR_USAGE, "a POST does not follow redirects");
		goto fail;
	}
	if (parse_url(transfer, request, err))
		goto fail;
	head_reset(&transfer->head);
	transfer->body_sink = request->body_sink;
	transfer->done = request->done;
	transfer->arg = request->arg;
	if (request->guard)
		transfer->guard = *request->guard;
	SET(transfer, CURLOPT_PRIVATE, transfer);
	SET(transfer, CURLOPT_NOSIGNAL, 1L);
	SET(transfer, CURLOPT_ERRORBUFFER, transfer->curl_error);
	SET(transfer, CURLOPT_USERAGENT, "setaside/" SETASIDE_VERSION);
	if (set_headers(transfer, request, err) || set_secrets(transfer, request, err))
		goto fail;
	set_limits(transfer, request);
	set_body(transfer, request, kept);
	set_route(transfer, request, kept);
	return transfer;
fail:
	fetch_transfer_free(transfer);
	return NULL;
}

void fetch_transfer_free(struct fetch_transfer *transfer)
{
	if (!transfer)
		return;
	if (transfer->deadline)
		event_free(transfer->deadline);
	curl_easy_cleanup(transfer->easy);
	curl_slist_free_all(transfer->headers);
	free(transfer->body);
	free(transfer);
}

static void explain(struct fetch_transfer *transfer, CURLcode code, struct err *err)
{
	const char *text =
		transfer->curl_error[0] ? transfer->curl_error : curl_easy_strerror(code);

	if (transfer->body_over || code == CURLE_FILESIZE_EXCEEDED)
		err_set(err, ERR_LIMIT, "body is larger than %lld bytes",
			(long long)transfer->body_limit);
	else if (transfer->headers_over)
		err_set(err, ERR_LIMIT, "more than %d header lines", transfer->header_limit);
	else if (transfer->rejected)
		err_set(err, ERR_REFUSED, "the body was not accepted");
	else if (code == CURLE_COULDNT_CONNECT && transfer->denied[0])
		err_set(err, ERR_REFUSED, "address %s is not permitted", transfer->denied);
	else if (code == CURLE_OPERATION_TIMEDOUT)
		err_set(err, ERR_TIMEOUT, "%s", text);
	else if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_TOO_MANY_REDIRECTS)
		err_set(err, ERR_REFUSED, "redirect not followed: %s", text);
	else if (code == CURLE_BAD_CONTENT_ENCODING)
		/* The server will pack the next answer in the same way. */
		err_set(err, ERR_DATA, "the body came in an encoding that was not asked for: %s",
			text);
	else if (code == CURLE_PARTIAL_FILE)
		err_set(err, ERR_IO, "the answer ended early: %s", text);
	else
		err_set(err, ERR_IO, "%s", text);
}

void fetch_transfer_result(
	struct fetch_transfer *transfer, CURLcode code, struct fetch_result *ret_result)
{
	struct fetch_result result = { .head = transfer->head, .body_bytes = transfer->body_bytes };
	char *url = NULL, room[256];
	long status = 0, sent = 0;
	curl_off_t elapsed_us = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_EFFECTIVE_URL, &url);
	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &sent);
	curl_easy_getinfo(transfer->easy, CURLINFO_TOTAL_TIME_T, &elapsed_us);
	result.url = url ? url : "";
	result.head.status = (int)status;
	result.elapsed_ms = elapsed_us / 1000;
	if (code == CURLE_OK || transfer->enough) {
		result.fate = FETCH_ANSWERED;
	} else {
		result.fate = sent > 0 ? FETCH_UNKNOWN : FETCH_UNSENT;
		explain(transfer, code, &result.err);
		err_prefix(&result.err, "%s", log_redact_url(result.url, room, sizeof(room)));
	}
	*ret_result = result;
}
