#include "collectors/paging.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "collectors/frame_json.h"
#include "collectors/ocds.h"
#include "core/fetch.h"
#include "core/mem.h"

enum { NUMBER_ROOM = 24 };

struct paging {
	const struct source_config *config;
	char *base;
	const char *paths[2]; /* json: where the records stand */
	struct frame_json *frame;
	XXH3_state_t *state; /* of the page's bytes */
	uint64_t before;     /* digest of the page before; 0 = there was none */
	int64_t records;     /* of this page */
	int64_t taken;       /* of all pages */
	int64_t place;       /* number of this page, or its offset */
	bool from_start;     /* taken counts from the first page */
};

static bool is_counted(const struct source_config *config)
{
	return config->page_param[0] || config->offset_param[0];
}

static bool is_paged(const struct source_config *config)
{
	return config->next[0] || config->cursor[0] || is_counted(config);
}

/* Records ---------------------------------------------------------------------------------------------------------- */

/* Where no list stands at the path, the page itself comes as a record: an object there is one, anything else none. */
static int on_record(void *arg, const struct json_record *record, struct err *err)
{
	struct paging *paging = arg;
	const struct json_node *node = record->root;

	(void)err;
	if (paging->paths[0] && node == frame_json_envelope(paging->frame))
		node = json_path(node, paging->paths[0]);
	if (node && node->type == JSON_OBJECT)
		paging->records++;
	return 0;
}

void paging_page(struct paging *paging)
{
	bool ocds = strcmp(paging->config->format, "ocds") == 0;
	struct frame_json_options options = { .paths = ocds ? ocds_record_paths : paging->paths,
		.package = ocds,
		.nan_absent = paging->config->nan_absent };

	frame_json_free(paging->frame);
	paging->frame = frame_json_new(&options, on_record, paging);
	paging->records = 0;
	XXH3_64bits_reset(paging->state);
}

int paging_feed(struct paging *paging, const char *bytes, size_t count, struct err *err)
{
	XXH3_64bits_update(paging->state, bytes, count);
	return frame_json_feed(paging->frame, bytes, count, err);
}

int64_t paging_records(const struct paging *paging)
{
	return paging->records;
}

/* URLs ------------------------------------------------------------------------------------------------------------- */

static char *with_number(const char *url, const char *name, int64_t number, struct err *err)
{
	char room[NUMBER_ROOM];

	snprintf(room, sizeof(room), "%" PRId64, number);
	return fetch_url_with(url, name, room, err);
}

/* The base with the size asked for; free. */
static char *sized(const struct paging *paging, struct err *err)
{
	const struct source_config *config = paging->config;

	if (!config->size_param[0])
		return mem_text(paging->base);
	return with_number(paging->base, config->size_param, config->page_size, err);
}

static const char *counting_param(const struct source_config *config)
{
	return config->page_param[0] ? config->page_param : config->offset_param;
}

/* The URL of the page at paging->place; free. */
static char *counted(const struct paging *paging, struct err *err)
{
	_cleanup_free_ char *url = sized(paging, err);

	return url ? with_number(url, counting_param(paging->config), paging->place, err) : NULL;
}

/* The place in a link that counted() made for an earlier pull: it stands last. */
static bool place_in(const struct paging *paging, const char *kept, int64_t *ret)
{
	const char *name = counting_param(paging->config), *equals = strrchr(kept, '=');
	size_t length = strlen(name);
	char *end = NULL;

	if (!equals || (size_t)(equals - kept) < length ||
		memcmp(equals - length, name, length) != 0)
		return false;
	*ret = strtoll(equals + 1, &end, 10);
	return end != equals + 1 && *end == '\0' && *ret >= 0;
}

char *paging_begin(struct paging *paging, const char *kept, struct err *err)
{
	paging->taken = 0;
	paging->before = 0;
	paging->place = paging->config->page_param[0] ? paging->config->first_page : 0;
	paging->from_start = kept[0] == '\0';
	if (!is_counted(paging->config))
		return kept[0] ? mem_text(kept) : sized(paging, err);
	if (kept[0])
		paging->from_start = !place_in(paging, kept, &paging->place);
	return counted(paging, err);
}

/* The next page ---------------------------------------------------------------------------------------------------- */

/* 1 + *ret = how many records the feed has, 0 = nothing says so. */
static int find_total(const struct paging *paging, int64_t *ret, struct err *err)
{
	const char *path = paging->config->total;
	const struct json_node *node;
	char *end = NULL;

	if (!path[0] || !paging->from_start)
		return 0;
	node = json_path(frame_json_envelope(paging->frame), path);
	if (!node)
		return err_set(
			err, ERR_DATA, "the page does not say at \"%s\" how many there are", path);
	*ret = strtoll(node->text, &end, 10);
	if (end == node->text || *end != '\0' || *ret < 0)
		return err_set(err, ERR_DATA, "\"%.40s\" at \"%s\" is no number of records",
			node->text, path);
	return 1;
}

/* Page numbers and offsets. 1, 0, -1 as paging_next. */
static int next_counted(struct paging *paging, bool all, char **ret_url, struct err *err)
{
	uint64_t digest = XXH3_64bits_digest(paging->state);

	if (all || paging->records == 0)
		return 0;
	if (digest == paging->before)
		return err_set(err, ERR_DATA,
			"it is the same as the page before: the server does not know \"%s\" or has "
			"no end",
			counting_param(paging->config));
	paging->before = digest;
	paging->place += paging->config->page_param[0] ? 1 : paging->records;
	*ret_url = counted(paging, err);
	return *ret_url ? 1 : -1;
}

/* A link or a mark in the page. 1, 0, -1 as paging_next. */
static int next_told(struct paging *paging, char **ret_url, struct err *err)
{
	const struct source_config *config = paging->config;
	const char *path = config->next[0] ? config->next : config->cursor;
	const struct json_node *node = json_path(frame_json_envelope(paging->frame), path);

	if (paging->records == 0 || !node || node->length == 0 ||
		(node->type != JSON_TEXT && node->type != JSON_NUMBER))
		return 0;
	if (config->next[0]) {
		*ret_url = fetch_url_follow(paging->base, node->text, err);
	} else {
		_cleanup_free_ char *url = sized(paging, err);
		*ret_url = url ? fetch_url_with(url, config->cursor_param, node->text, err) : NULL;
	}
	return *ret_url ? 1 : -1;
}

int paging_next(struct paging *paging, char **ret_url, struct err *err)
{
	int64_t total = 0;

	*ret_url = NULL;
	if (frame_json_finish(paging->frame, err))
		return -1;
	paging->taken += paging->records;
	int known = find_total(paging, &total, err);
	if (known < 0)
		return -1;
	int more = is_counted(paging->config)
			   ? next_counted(paging, known && paging->taken >= total, ret_url, err)
			   : next_told(paging, ret_url, err);
	if (more == 0 && known && paging->taken < total)
		return err_set(err, ERR_DATA,
			"the feed ends after %" PRId64 " records and says it has %" PRId64,
			paging->taken, total);
	return more;
}

/* Start and end ---------------------------------------------------------------------------------------------------- */

struct paging *paging_new(const struct source_config *config, const char *base)
{
	struct paging *paging;

	if (!is_paged(config))
		return NULL;
	paging = mem_zero(1, sizeof(*paging));
	paging->config = config;
	paging->base = mem_text(base);
	paging->paths[0] = config->records && config->records[0] ? config->records : NULL;
	paging->state = XXH3_createState();
	paging_page(paging);
	return paging;
}

void paging_free(struct paging *paging)
{
	if (!paging)
		return;
	frame_json_free(paging->frame);
	XXH3_freeState(paging->state);
	free(paging->base);
	free(paging);
}

const char *paging_complaint(const struct source_config *config)
{
	int ways = (config->next[0] != 0) + (config->cursor[0] != 0) +
		   (config->page_param[0] != 0) + (config->offset_param[0] != 0);

	if (ways > 1)
		return "next, cursor, page-param and offset-param exclude one another";
	if ((config->cursor[0] != 0) != (config->cursor_param[0] != 0))
		return "cursor says where the mark stands and cursor-param into which parameter it "
		       "goes: both or none";
	if ((config->page_size != 0) != (config->size_param[0] != 0))
		return "page-size and size-param belong together";
	if (ways == 0 && (config->total[0] || config->page_size))
		return "total, page-size and size-param are for a feed with next, cursor, "
		       "page-param "
		       "or offset-param";
	if (ways > 0 && strcmp(config->format, "json") != 0 && strcmp(config->format, "ocds") != 0)
		return "only pages of format json or ocds say how many records they hold";
	return NULL;
}
