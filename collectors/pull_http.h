/* Collector "http": one document, or a feed of pages that name the next one.
 *
 * Without `next` the answer is one file. With it, every page must be JSON and a package of records; pages are read one
 * after the other until one is empty or names no next page (an empty page may well name one, and following it would
 * never end). A page that was read already is an error, because nobody can say then what was missed. After `pages` pages
 * the pull ends and the cursor keeps the link, so the next pull goes on there; a source that sends everything must fit,
 * and its first page must hold a record (an empty one would close everything).
 *
 * When the last committed pull was of one page, that page is asked for with its ETag and date; 304 ends the pull as
 * unchanged. (Of several pages, the first may stay the same while others change.) 429, 5xx and
 * connections that fail before any byte of the body are tried again up to 5 times within the pull, never before the
 * server's Retry-After; everything else ends the pull, and what was pulled is dropped. Credentials come from files that
 * are read at every pull and are sent to the configured host only (core/fetch.h: fetch_url_follow). */
#ifndef SETASIDE_COLLECTORS_PULL_HTTP_H
#define SETASIDE_COLLECTORS_PULL_HTTP_H

#include "collectors/collector.h"

extern const struct collector pull_http;

#endif
