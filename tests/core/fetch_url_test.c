#include <criterion/criterion.h>

#include "core/fetch.h"

static void follows(const char *base, const char *link, const char *want)
{
	struct err err = ERR_INIT;
	char *url = fetch_url_follow(base, link, &err);

	if (want)
		cr_expect_str_eq(url ? url : err.text, want, "%s", link);
	else
		cr_expect_null(url, "%s: %s", link, url);
	if (!want)
		cr_expect_eq(err.code, ERR_DATA);
	free(url);
}

Test(fetch_url, links_are_resolved_against_the_page)
{
	const char *base = "https://a.example:8443/feed/list?x=1";

	follows(base, "/other?c=2", "https://a.example:8443/other?c=2");
	follows(base, "more?c=2", "https://a.example:8443/feed/more?c=2");
	follows(base, "?c=3", "https://a.example:8443/feed/list?c=3");
	follows(base, "https://a.example:8443/feed/list?c=%2B4#top",
		"https://a.example:8443/feed/list?c=%2B4");
}

Test(fetch_url, a_link_never_leaves_the_configured_host)
{
	const char *base = "https://a.example/feed?x=1";

	follows(base, "http://evil.example:81/p?q=1", "https://a.example/p?q=1");
	follows(base, "//evil.example/p", "https://a.example/p");
	follows(base, "https://evil.example", "https://a.example/");
}

Test(fetch_url, what_is_no_link_is_refused)
{
	follows("https://a.example/", "", NULL);
	follows("https://a.example/", "https://user:pw@b.example/", NULL);
	follows("https://a.example/", "http://[::bad", NULL);
}
