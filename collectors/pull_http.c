#include "collectors/pull_http.h"

#include <event2/event.h>
#include <string.h>
#include <xxhash.h>

#include "collectors/paging.h"
#include "collectors/source_config.h"
#include "core/backoff.h"
#include "core/conf.h"
#include "core/fetch.h"
#include "core/log.h"
#include "core/mem.h"

enum {
	ATTEMPTS_MAX = 5,
	RESPECT_CAP_S = 3600, /* a pull that is asked to wait longer is asked again by then */
	RETRY_BASE_MS = 1000,
	RETRY_CAP_MS = 60 * 1000,
	POLITE_LOW_MS = 50,
	POLITE_HIGH_MS = 150,
	REDIRECTS_MAX = 3,
	NAME_MAX_BYTES = 1000
};

struct collector_pull {
	const struct source_config *config;
	struct fetch *fetch;
	struct collector_sink sink;
	collector_done_fn done;
	void *arg;
	struct netguard guard;
	char *token, *password, *header;
	char *secret_url; /* content of url-file; NULL = the URL is in the configuration */
	struct store_cursor before, next;

	struct fetch_transfer *transfer; /* one at a time */
	struct event *step;              /* the next page, or the next attempt */
	struct backoff backoff;
	char *url; /* page in work */
	int page, attempt;
	int64_t bytes;
	uint64_t *seen; /* hashes of the pages read */
	int seen_count, seen_capacity;
	struct paging *paging; /* NULL = one page */
	bool file_open, held;  /* held: the transfer is paused for the sink */
	bool waiting;          /* the next page waits for the sink */
	struct err err;        /* why the body was rejected */
};

static void pull_free(struct collector_pull *pull)
{
	fetch_cancel(pull->transfer);
	if (pull->step)
		event_free(pull->step);
	paging_free(pull->paging);
	conf_secret_free(pull->token);
	conf_secret_free(pull->password);
	conf_secret_free(pull->header);
	conf_secret_free(pull->secret_url);
	free(pull->seen);
	free(pull->url);
	free(pull);
}

static void finish(struct collector_pull *pull, enum collector_end end, const struct err *err)
{
	collector_done_fn done = pull->done;
	struct store_cursor next = pull->next;
	void *arg = pull->arg;

	/* An unchanged first page says nothing about the others. */
	if (pull->page > 1 || pull->before.next_link[0])
		next.etag[0] = next.last_modified[0] = '\0';
	pull_free(pull);
	done(arg, end, err || end == COLLECTOR_UNCHANGED ? NULL : &next, err);
}

static void fail(struct collector_pull *pull, struct err *err)
{
	err_prefix(err, "page %d", pull->page);
	finish(pull, COLLECTOR_DONE, err);
}

static void step_after(struct collector_pull *pull, int64_t ms)
{
	struct timeval wait = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

	if (evtimer_add(pull->step, &wait))
		BUG("evtimer_add failed");
}

/* The body --------------------------------------------------------------------------------------------------------- */

/* The page's name in reports and errors: of a URL that holds a secret only the host. Free. */
static char *shown(const struct collector_pull *pull)
{
	char room[NAME_MAX_BYTES];

	if (pull->secret_url)
		return mem_format(
			"%s page %d", log_redact_host(pull->url, room, sizeof(room)), pull->page);
	return mem_format("%.*s", NAME_MAX_BYTES, pull->url);
}

static int open_file(struct collector_pull *pull)
{
	_cleanup_free_ char *name = shown(pull);

	if (pull->sink.file_begin(pull->sink.arg, name, &pull->err))
		return -1;
	pull->file_open = true;
	if (pull->paging)
		paging_page(pull->paging);
	return 0;
}

static enum fetch_flow on_body(
	void *arg, const struct fetch_head *head, const char *bytes, size_t count)
{
	struct collector_pull *pull = arg;

	if (head->status != 200)
		return FETCH_ENOUGH; /* an error page is no data */
	if (!pull->file_open && open_file(pull))
		return FETCH_REJECT;
	pull->bytes += (int64_t)count;
	if (pull->paging && paging_feed(pull->paging, bytes, count, &pull->err))
		return FETCH_REJECT;
	if (pull->sink.file_bytes(pull->sink.arg, bytes, count, &pull->err))
		return FETCH_REJECT;
	pull->held = pull->sink.full(pull->sink.arg);
	return pull->held ? FETCH_PAUSE : FETCH_MORE;
}

/* The pages -------------------------------------------------------------------------------------------------------- */

/* False if the page was read before. */
static bool note_page(struct collector_pull *pull)
{
	uint64_t hash = XXH3_64bits(pull->url, strlen(pull->url));

	for (int i = 0; i < pull->seen_count; i++)
		if (pull->seen[i] == hash)
			return false;
	MEM_GROW(pull->seen, pull->seen_count, pull->seen_capacity);
	pull->seen[pull->seen_count++] = hash;
	return true;
}

/* What the link of the next page becomes when this pull may read no more. */
static int keep_link(struct collector_pull *pull, struct err *err)
{
	if (pull->config->complete || pull->secret_url)
		return err_set(err, ERR_LIMIT, "more than %d pages, and the source must be read %s",
			pull->config->pages_max,
			pull->secret_url ? "in one pull: its links hold a secret and are not kept"
					 : "completely");
	if (strlen(pull->url) >= STORE_CURSOR_MAX)
		return err_set(err, ERR_LIMIT, "the link to the next page is longer than %d bytes",
			STORE_CURSOR_MAX);
	snprintf(pull->next.next_link, sizeof(pull->next.next_link), "%s", pull->url);
	return 0;
}

/* 1 = pull->url is the next page, 0 = the feed has ended (pull->next is complete then). */
static int find_next(struct collector_pull *pull, struct err *err)
{
	char *url = NULL;

	if (!pull->paging)
		return 0;
	int more = paging_next(pull->paging, &url, err);
	if (more >= 0 && paging_records(pull->paging) == 0 && pull->page == 1 &&
		pull->config->complete)
		more = err_set(err, ERR_DATA,
			"the feed holds no records, and a source that sends everything cannot be "
			"empty");
	if (more <= 0) {
		free(url);
		return more;
	}
	free(pull->url);
	pull->url = url;
	if (!note_page(pull)) {
		_cleanup_free_ char *name = shown(pull);
		return err_set(
			err, ERR_DATA, "its link leads back to a page already read: %.300s", name);
	}
	return pull->page < pull->config->pages_max ? 1 : keep_link(pull, err);
}

static void page_done(struct collector_pull *pull)
{
	struct err err = ERR_INIT;

	pull->file_open = false;
	int more = find_next(pull, &err);
	if (more >= 0 && pull->sink.file_end(pull->sink.arg, &err))
		more = -1;
	if (more < 0) {
		fail(pull, &err);
	} else if (more == 0) {
		finish(pull, COLLECTOR_DONE, NULL);
	} else {
		pull->page++;
		pull->attempt = 0;
		backoff_reset(&pull->backoff);
		step_after(pull, backoff_random(POLITE_LOW_MS, POLITE_HIGH_MS));
	}
}

static bool may_retry(const struct collector_pull *pull, const struct fetch_result *result)
{
	int status = result->head.status;

	if (pull->file_open || pull->attempt >= ATTEMPTS_MAX)
		return false;
	if (result->err.code == ERR_NONE)
		return status == 429 || (status >= 500 && status <= 504 && status != 501);
	return result->err.code == ERR_IO || result->err.code == ERR_TIMEOUT;
}

/* A link kept from an earlier pull may have expired at the portal; the feed is then read from its beginning. */
static bool restart(struct collector_pull *pull, const struct fetch_result *result)
{
	int status = result->head.status;
	struct err err = ERR_INIT; /* the first page's URL was good at the start */

	if (pull->page > 1 || !pull->paging || !pull->before.next_link[0] || pull->file_open ||
		result->err.code != ERR_NONE || (status != 400 && status != 404 && status != 410))
		return false;
	pull->before.next_link[0] = pull->before.etag[0] = pull->before.last_modified[0] = '\0';
	free(pull->url);
	pull->url = paging_begin(pull->paging, "", &err);
	if (!pull->url)
		return false;
	note_page(pull);
	step_after(pull, backoff_random(POLITE_LOW_MS, POLITE_HIGH_MS));
	return true;
}

static void page_failed(struct collector_pull *pull, const struct fetch_result *result)
{
	struct err err = pull->err;

	if (err.code == ERR_NONE)
		err = result->err;
	if (err.code == ERR_NONE)
		err_set(&err, ERR_IO, "the server answered with status %d", result->head.status);
	fail(pull, &err);
}

/* A page of status 200 without a single byte never opened its file. */
static bool is_page(struct collector_pull *pull, const struct fetch_result *result)
{
	if (result->err.code != ERR_NONE || result->head.status != 200)
		return false;
	return pull->file_open || open_file(pull) == 0;
}

static void on_page(void *arg, const struct fetch_result *result)
{
	struct collector_pull *pull = arg;

	pull->transfer = NULL;
	if (result->head.status == 304 && pull->page == 1 && result->err.code == ERR_NONE) {
		finish(pull, COLLECTOR_UNCHANGED, NULL);
	} else if (is_page(pull, result)) {
		if (pull->page == 1) {
			snprintf(pull->next.etag, sizeof(pull->next.etag), "%s", result->head.etag);
			snprintf(pull->next.last_modified, sizeof(pull->next.last_modified), "%s",
				result->head.last_modified);
		}
		page_done(pull);
	} else if (may_retry(pull, result)) {
		step_after(pull, backoff_respect(backoff_next(&pull->backoff),
					 result->head.retry_after_s, RESPECT_CAP_S));
	} else if (!restart(pull, result)) {
		page_failed(pull, result);
	}
}

/* The secret header, and what makes the first page of a pull from the beginning conditional. */
static void set_headers(const struct collector_pull *pull, const char *headers[4], char *rooms[2])
{
	int count = 0;

	if (pull->header)
		headers[count++] = pull->header;
	if (pull->page > 1 || pull->before.next_link[0])
		return;
	if (pull->before.etag[0])
		headers[count++] = rooms[0] = mem_format("If-None-Match: %s", pull->before.etag);
	if (pull->before.last_modified[0])
		headers[count++] = rooms[1] =
			mem_format("If-Modified-Since: %s", pull->before.last_modified);
}

static int start_page(struct collector_pull *pull, struct err *err)
{
	const struct source_config *config = pull->config;
	const char *headers[4] = { NULL };
	char *rooms[2] = { NULL, NULL };
	struct fetch_request request = { .method = FETCH_GET,
		.url = pull->url,
		.headers = headers,
		.guard = &pull->guard,
		.ca_file = config->ca_path[0] ? config->ca_path : NULL,
		.plain_http = config->plain_http,
		/* libcurl takes a header of ours along to any host. */
		.redirects = pull->header ? 0 : REDIRECTS_MAX,
		.body_limit = config->bytes_max - pull->bytes,
		.timeout_ms = (int)config->timeout_ms,
		.bearer = pull->token,
		.body_sink = on_body,
		.done = on_page,
		.arg = pull };

	if (request.body_limit <= 0)
		return err_set(err, ERR_LIMIT, "the feed has more than %lld bytes",
			(long long)config->bytes_max);
	if (config->user[0]) {
		request.user = config->user;
		request.password = pull->password;
	}
	set_headers(pull, headers, rooms);
	pull->attempt++;
	pull->transfer = fetch_start(pull->fetch, &request, err);
	free(rooms[0]);
	free(rooms[1]);
	return pull->transfer ? 0 : -1;
}

static void on_step(evutil_socket_t fd, short what, void *arg)
{
	struct collector_pull *pull = arg;
	struct err err = ERR_INIT;

	(void)fd;
	(void)what;
	pull->waiting = pull->sink.full(pull->sink.arg);
	if (!pull->waiting && start_page(pull, &err))
		fail(pull, &err);
}

/* Start and end ---------------------------------------------------------------------------------------------------- */

static int read_secrets(struct collector_pull *pull, struct err *err)
{
	const struct source_config *config = pull->config;

	if (config->url_path && !(pull->secret_url = conf_secret_read(config->url_path, err)))
		return -1;
	if (config->token_path && !(pull->token = conf_secret_read(config->token_path, err)))
		return -1;
	if (config->header_path && !(pull->header = conf_secret_read(config->header_path, err)))
		return -1;
	if (config->user[0] && config->password_path &&
		!(pull->password = conf_secret_read(config->password_path, err)))
		return -1;
	for (char **block = config->allow; block && *block; block++)
		if (netguard_allow(&pull->guard, *block, err))
			return -1;
	return 0;
}

static int begin(struct collector_pull *pull, struct err *err)
{
	const char *base = pull->secret_url ? pull->secret_url : pull->config->url;

	pull->paging = paging_new(pull->config, base);
	/* A configuration that no longer pages begins at its own URL again. */
	if (!pull->paging)
		pull->before.next_link[0] = '\0';
	pull->url = pull->paging ? paging_begin(pull->paging, pull->before.next_link, err)
				 : mem_text(base);
	if (!pull->url)
		return -1;
	note_page(pull);
	return start_page(pull, err);
}

static struct collector_pull *start(const struct collector_env *env,
	const struct source_config *config, const struct store_cursor *cursor,
	const struct collector_sink *sink, collector_done_fn done, void *arg, struct err *err)
{
	struct collector_pull *pull = mem_zero(1, sizeof(*pull));

	if (!env->fetch)
		BUG("an http source without a fetcher");
	pull->config = config;
	pull->fetch = env->fetch;
	pull->sink = *sink;
	pull->done = done;
	pull->arg = arg;
	pull->before = pull->next = *cursor;
	pull->next.next_link[0] = '\0';
	pull->page = 1;
	backoff_init(&pull->backoff, RETRY_BASE_MS, RETRY_CAP_MS);
	pull->step = evtimer_new(env->base, on_step, pull);
	if (read_secrets(pull, err) || begin(pull, err)) {
		pull_free(pull);
		return NULL;
	}
	return pull;
}

static void resume(struct collector_pull *pull)
{
	if (pull->waiting) {
		pull->waiting = false;
		step_after(pull, 0);
	} else if (pull->held && pull->transfer) {
		pull->held = false;
		fetch_resume(pull->transfer);
	}
}

static void cancel(struct collector_pull *pull)
{
	pull_free(pull);
}

const struct collector pull_http = {
	.kind = "http", .start = start, .resume = resume, .cancel = cancel
};
