/* A replay server with scripted faults, each on the second page of a feed whose first page was good: the pull fails by
 * the name of the fault, within its limits, and nothing of either page is in the ledger. */
#include <criterion/criterion.h>
#include <event2/event.h>
#include <string.h>
#include <time.h>

#include "collectors/source.h"
#include "core/fetch.h"
#include "core/mem.h"
#include "lib/httpd.h"
#include "lib/pull_rig.h"

enum { TIMEOUT_MS = 2000, BYTES_MAX = 8 << 20, SECONDS_MAX = 30 };

static struct httpd *httpd;

static void tear_down(void)
{
	if (httpd)
		httpd_stop(httpd);
	pull_rig_tear_down();
}

TestSuite(feed_faults, .init = pull_rig_over_http, .fini = tear_down, .timeout = 120);

#define RELEASE(ocid, name)                                                                        \
	"{\"ocid\":\"" ocid "\",\"id\":\"r\",\"date\":\"2026-03-01\",\"buyer\":{\"id\":\"B1\","    \
	"\"name\":\"" name "\"},\"awards\":[{\"id\":\"a\",\"status\":\"active\",\"value\":{"       \
	"\"amount\":5,\"currency\":\"CNY\"},\"suppliers\":[{\"id\":\"S1\"}]}]}"
#define PAGE(releases, next) "{\"links\":{\"next\":\"" next "\"},\"releases\":[" releases "]}"
#define GOOD                 PAGE(RELEASE("o2", "乙"), "")

static int64_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static struct source_config feed(void)
{
	struct source_config config = pull_rig_feed(httpd_url(httpd, "/1"));

	config.timeout_ms = TIMEOUT_MS;
	config.bytes_max = BYTES_MAX;
	return config;
}

/* Pulls a good page and then this answer. */
static void pull_second(const struct httpd_answer *second, int count)
{
	static const struct httpd_answer first = { .body = PAGE(RELEASE("o1", "甲"), "/2") };
	struct httpd_route routes[] = { { "/1", &first, 1 }, { "/2", second, count },
		{ NULL, NULL, 0 } };
	int64_t start = seconds();

	httpd = httpd_start(routes);
	struct source_config config = feed();
	pull_run(&pull, &config, NULL);
	cr_expect_lt(seconds() - start, SECONDS_MAX, "it took too long");
}

static void fails(const struct httpd_answer *second, const char *word)
{
	pull_second(second, 1);
	cr_assert(pull.failed, "it was taken");
	cr_expect(strstr(pull.err.text, word), "%s", pull.err.text);
	cr_expect_str_eq(pg_text(pull.db, "SELECT (SELECT count(*) FROM batch) + (SELECT count(*) "
					  "FROM award) + (SELECT count(*) FROM quarantine)"),
		"0");
}

Test(feed_faults, trickle)
{
	fails(&(struct httpd_answer){ .way = HTTPD_TRICKLE, .body = GOOD }, "page 2");
}

Test(feed_faults, bomb)
{
	static const struct httpd_answer bomb = { .way = HTTPD_BOMB, .bomb = 1 << 30 };
	struct httpd_route routes[] = { { "/1", &bomb, 1 }, { NULL, NULL, 0 } };

	/* A gigabyte of zeros is no JSON from its first byte on. */
	fails(&bomb, "page 2: json-syntax");
	httpd_stop(httpd);
	/* Where nothing looks into the page, what comes out of the packing counts. */
	httpd = httpd_start(routes);
	struct source_config config = feed();
	config.next = (char *)"";
	pull_run(&pull, &config, NULL);
	cr_assert(pull.failed);
	cr_expect(strstr(pull.err.text, "8388608"), "%s", pull.err.text);
}

Test(feed_faults, early_end)
{
	fails(&(struct httpd_answer){ .way = HTTPD_EARLY_END, .body = GOOD }, "ended early");
	httpd_stop(httpd);
	fails(&(struct httpd_answer){ .way = HTTPD_CHUNKED_CUT, .body = GOOD }, "ended early");
}

/* A length that is too short cuts the page where it stands. */
Test(feed_faults, wrong_length)
{
	fails(&(struct httpd_answer){ .way = HTTPD_UNTIL_CLOSE,
		      .headers = "Content-Length: 60\r\n",
		      .body = GOOD },
		"json-torn");
}

Test(feed_faults, loop_of_next_links)
{
	fails(&(struct httpd_answer){ .body = PAGE(RELEASE("o2", "乙"), "/1") }, "/1");
	httpd_stop(httpd);
	fails(&(struct httpd_answer){ .body = PAGE(RELEASE("o2", "乙"), "/2") }, "/2");
}

static void comes_after_patience(int status)
{
	struct httpd_answer answers[] = {
		{ .status = status, .headers = "Retry-After: 1\r\n", .body = "<html>later</html>" },
		{ .body = GOOD }
	};

	pull_second(answers, 2);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	cr_expect_str_eq(pg_text(pull.db, "SELECT count(*) FROM award"), "2");
	cr_expect_eq(httpd_count(httpd, "/2"), 2);
}

Test(feed_faults, status_429)
{
	comes_after_patience(429);
}

Test(feed_faults, status_503)
{
	comes_after_patience(503);
}

/* The feed's own host is allowed; where it sends us is not. */
Test(feed_faults, redirect_inward)
{
	fails(&(struct httpd_answer){ .status = 302,
		      .headers = "Location: http://10.0.0.1/secret\r\n" },
		"10.0.0.1");
}

Test(feed_faults, encoding_that_is_announced_and_is_not_there)
{
	fails(&(struct httpd_answer){ .headers = "Content-Encoding: gzip\r\n", .body = GOOD },
		"page 2");
}

Test(feed_faults, encoding_nobody_asked_for)
{
	fails(&(struct httpd_answer){ .headers = "Content-Encoding: br\r\n", .body = GOOD },
		"page 2");
	/* Asking once more would bring the same, and four waits of up to 27 seconds. */
	cr_expect_eq(httpd_count(httpd, "/2"), 1);
}

/* The first page was UTF-8, the second is GB18030: refused, not stored as other letters. */
Test(feed_faults, charset_that_changes_between_pages)
{
	fails(&(struct httpd_answer){ .headers =
					      "Content-Type: application/json; charset=utf-8\r\n",
		      .body = PAGE(RELEASE("o2", "\xD2\xD2\xB9\xAB\xCB\xBE"), "") },
		"bad-encoding");
}

/* The same under the mark of another encoding. */
Test(feed_faults, page_in_utf_16)
{
	static const char body[] = "\xFF\xFE{\0}\0";

	fails(&(struct httpd_answer){ .body = body, .length = sizeof(body) - 1 }, "page 2");
}
