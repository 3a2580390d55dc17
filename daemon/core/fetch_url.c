#include <curl/curl.h>

#include "core/fetch.h"
#include "core/mem.h"

/* "https://host:port" of a URL; free. NULL when it has none. */
static char *origin_of(const char *text)
{
	CURLU *url = curl_url();
	char *scheme = NULL, *host = NULL, *port = NULL, *origin = NULL;

	if (url && !curl_url_set(url, CURLUPART_URL, text, 0) &&
		!curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) &&
		!curl_url_get(url, CURLUPART_HOST, &host, 0)) {
		curl_url_get(url, CURLUPART_PORT, &port, 0);
		origin = mem_format("%s://%s%s%s", scheme, host, port ? ":" : "", port ? port : "");
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(url);
	return origin;
}

/* Path and query that link means on base, with every byte of the link as it is: a cursor is opaque. */
static char *target_of(const char *base, const char *link)
{
	CURLU *url = curl_url();
	char *path = NULL, *query = NULL, *target = NULL;

	if (url && link[0] && !curl_url_set(url, CURLUPART_URL, base, 0) &&
		!curl_url_set(url, CURLUPART_URL, link, CURLU_DISALLOW_USER) &&
		!curl_url_get(url, CURLUPART_PATH, &path, 0)) {
		curl_url_get(url, CURLUPART_QUERY, &query, 0);
		target = mem_format("%s%s%s", path, query ? "?" : "", query ? query : "");
	}
	curl_free(path);
	curl_free(query);
	curl_url_cleanup(url);
	return target;
}

char *fetch_url_follow(const char *base, const char *link, struct err *err)
{
	_cleanup_free_ char *origin = origin_of(base);
	_cleanup_free_ char *target = target_of(base, link);

	if (origin && target)
		return mem_format("%s%s", origin, target);
	err_set(err, ERR_DATA, "\"%.200s\" is no link to follow", link);
	return NULL;
}

char *fetch_url_with(const char *text, const char *name, const char *value, struct err *err)
{
	_cleanup_free_ char *part = mem_format("%s=%s", name, value);
	CURLU *url = curl_url();
	char *whole = NULL, *copy = NULL;

	/* Encoded is what stands behind the first equals sign. */
	if (url && !curl_url_set(url, CURLUPART_URL, text, 0) &&
		!curl_url_set(url, CURLUPART_QUERY, part, CURLU_APPENDQUERY | CURLU_URLENCODE) &&
		!curl_url_get(url, CURLUPART_URL, &whole, 0))
		copy = mem_text(whole);
	else
		err_set(err, ERR_DATA, "the URL takes no parameter \"%.100s\"", name);
	curl_free(whole);
	curl_url_cleanup(url);
	return copy;
}
