#include "collectors/source_config.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "collectors/collector.h"
#include "collectors/mapping.h"
#include "collectors/paging.h"
#include "collectors/reader.h"
#include "collectors/source_config_own.h"
#include "core/mem.h"
#include "core/text.h"
#include "sql/kind.h"

enum { LATE_PERIODS = 3 };

static char *text_of(const struct conf_block *block, const char *key)
{
	const char *value = conf_text(block, key);

	return mem_text(value != NULL ? value : "");
}

static char *secret_of(const struct conf_block *block, const char *key)
{
	const char *path = conf_secret_path(block, key);

	return path != NULL ? mem_text(path) : NULL;
}

static char **list_of(const struct conf_block *block, const char *key)
{
	int count = conf_list_count(block, key);
	char **list = mem_zero((size_t)count + 1, sizeof(*list));

	for (int i = 0; i < count; i++)
		list[i] = mem_text(conf_list_item(block, key, i));
	return list;
}

/* The header may hold a colon itself: the last one divides. Without one both stay empty, and check_split complains. */
static void read_split(const struct conf_block *block, struct source_config *ret)
{
	const char *text = conf_text(block, "split");
	const char *colon = strrchr(text, ':');

	ret->split_header = colon ? mem_text_n(text, (size_t)(colon - text)) : mem_text("");
	ret->split_pattern = mem_text(colon ? colon + 1 : "");
	text_trim(ret->split_header);
	text_trim(ret->split_pattern);
}

static void read_watch(const struct conf_block *block, struct source_config *ret)
{
	ret->late_after_ms = conf_given(block, "late-after") ? conf_int(block, "late-after")
							     : LATE_PERIODS * ret->every_ms;
	ret->data_within_ms = conf_given(block, "data-within") ? conf_int(block, "data-within") : 0;
	ret->shrink_percent = (int)conf_int(block, "shrink");
	ret->may_be_empty = conf_bool(block, "may-be-empty");
	ret->authority = (int)conf_int(block, "authority");
}

static void read_http(const struct conf_block *block, struct source_config *ret)
{
	ret->url = text_of(block, "url");
	ret->url_path = secret_of(block, "url-file");
	ret->next = text_of(block, "next");
	ret->cursor = text_of(block, "cursor");
	ret->cursor_param = text_of(block, "cursor-param");
	ret->page_param = text_of(block, "page-param");
	ret->offset_param = text_of(block, "offset-param");
	ret->size_param = text_of(block, "size-param");
	ret->total = text_of(block, "total");
	ret->first_page = (int)conf_int(block, "first-page");
	ret->page_size = (int)conf_int(block, "page-size");
	ret->token_path = secret_of(block, "token-file");
	ret->header_path = secret_of(block, "header-file");
	ret->user = text_of(block, "user");
	ret->ca_path = text_of(block, "ca-file");
	ret->allow = list_of(block, "allow");
	ret->plain_http = conf_bool(block, "plain-http");
	ret->pages_max = (int)conf_int(block, "pages");
}

static void read_values(const struct conf_block *block, struct source_config *ret)
{
	int format = conf_word(block, "format");

	ret->name = mem_text(conf_block_title(block));
	ret->kind = source_kind_words[conf_word(block, "kind")];
	ret->format = format >= 0 ? source_format_words[format] : "csv";
	ret->record = text_of(block, "record");
	ret->every_ms = conf_int(block, "every");
	ret->complete = conf_bool(block, "complete");
	read_watch(block, ret);
	ret->path = text_of(block, "path");
	ret->settle_ms = conf_int(block, "settle");
	ret->marker = text_of(block, "marker");
	read_http(block, ret);
	ret->password_path = secret_of(block, "password-file");
	ret->bytes_max = conf_int(block, "bytes");
	ret->timeout_ms = conf_int(block, "timeout");
	ret->dsn = text_of(block, "dsn");
	ret->query_path = text_of(block, "query-file");
	ret->watermark = text_of(block, "watermark");
	ret->overlap_ms = conf_int(block, "overlap");
	ret->overlap_count = conf_int(block, "overlap-count");
	ret->compare_ms = conf_int(block, "compare");
	ret->encoding = text_of(block, "encoding");
	ret->delimiter = conf_text(block, "delimiter")[0];
	ret->quote = conf_text(block, "quote")[0];
	ret->header_row = (int)conf_int(block, "header-row");
	ret->header_contains = text_of(block, "header-contains");
	ret->header_lines = (int)conf_int(block, "header-lines");
	read_split(block, ret);
	ret->records = text_of(block, "records");
	ret->nan_absent = conf_word(block, "nan") == SOURCE_NAN_ABSENT;
	ret->sheet = text_of(block, "sheet");
	ret->ragged_pad = conf_bool(block, "ragged-pad");
	ret->map = list_of(block, "map");
}

static int need(const struct conf_block *block, const char *key, const char *why,
	struct conf_errors *errors)
{
	if (conf_given(block, key))
		return 0;
	return conf_complain(errors, block, key, "%s is missing: %s", key, why);
}

/* A format whose rows are of one kind needs to know which, and its rules must be right. */
static int check_record(const struct conf_block *block, const struct source_config *config,
	struct conf_errors *errors)
{
	if (strcmp(config->format, "canonical") == 0 || strcmp(config->format, "ocds") == 0)
		return 0;
	if (need(block, "record", "say which record kind the rows are, for example payment",
		    errors) < 0)
		return -1;
	const struct kind *kind = kind_find(config->record);
	if (kind == NULL)
		return conf_complain(
			errors, block, "record", "there is no record kind \"%s\"", config->record);
	struct mapping_options options = { .kind = kind,
		.rules = (const char *const *)config->map };
	struct err err = ERR_INIT;
	struct mapping *mapping = mapping_new(&options, &err);
	if (mapping == NULL)
		return conf_complain(errors, block, "map", "%s", err.text);
	mapping_free(mapping);
	return 0;
}

static int check_split(const struct conf_block *block, const struct source_config *config,
	struct conf_errors *errors)
{
	if (conf_text(block, "split")[0] == 0 ||
		(config->split_header[0] != 0 && strchr(config->split_pattern, '9') != NULL))
		return 0;
	return conf_complain(errors, block, "split",
		"split \"%s\" is not of the form \"HEADER: 99/99/9999\"",
		conf_text(block, "split"));
}

static int check_nan(const struct conf_block *block, const struct source_config *config,
	struct conf_errors *errors)
{
	if (!config->nan_absent || strcmp(config->format, "json") == 0)
		return 0;
	return conf_complain(errors, block, "nan", "nan = absent is for format json, this is %s",
		config->format);
}

/* Rows of an equal key are numbered in the order of the whole list: a part of it would number them anew. */
static int check_numbered(const struct conf_block *block, const struct source_config *config,
	struct conf_errors *errors)
{
	const struct kind *kind = kind_find(config->record);

	for (int i = 0; config->watermark[0] && kind && i < kind->count; i++) {
		if (kind->columns[i].flags & KIND_OCCURRENCE)
			return conf_complain(errors, block, "watermark",
				"%s rows of one key are told apart by their order in the whole "
				"list, "
				"which a query from a watermark on does not send: remove watermark "
				"and set complete = yes",
				kind->name);
	}
	return 0;
}

/* A path that is not there yet is looked at again by the pull. */
static int check_drop(const struct conf_block *block, const struct source_config *config,
	struct conf_errors *errors)
{
	struct stat info;

	if (!config->complete || strcmp(config->format, "canonical") == 0 ||
		stat(config->path, &info) < 0 || !S_ISDIR(info.st_mode))
		return 0;
	return conf_complain(errors, block, "complete", SOURCE_CONFIG_DROP_COMPLETE);
}

/* A URL is told in reports, logs and errors; its secrets are not to be. */
static const char *secret_parameter(const char *url)
{
	static const char *const names[] = { "key", "apikey", "api_key", "api-key", "appkey",
		"app_key", "appsecret", "app_secret", "accesskey", "access_key", "secret", "token",
		"access_token", "password", "passwd", "pwd", "sign", "signature", "auth" };

	for (const char *at = strchr(url, '?'); at && *at; at = strpbrk(at, "&;")) {
		at++;
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			size_t length = strlen(names[i]);
			if (strncasecmp(at, names[i], length) == 0 && at[length] == '=')
				return names[i];
		}
	}
	return NULL;
}

static int check_http(const struct conf_block *block, const struct source_config *config,
	struct conf_errors *errors)
{
	const char *complaint = paging_complaint(config), *secret = secret_parameter(config->url);
	int result = need(block, "format", "say what the pages are, for example ocds", errors);

	if ((config->url[0] != 0) == (config->url_path != NULL))
		result |= conf_complain(errors, block, "url",
			"name the page to fetch, either with url or with url-file");
	if (secret)
		result |= conf_complain(errors, block, "url",
			"the parameter \"%s\" looks like a secret, and url is shown in reports: "
			"put "
			"the URL into a file and name it with url-file",
			secret);
	if (complaint)
		result |= conf_complain(errors, block, "next", "%s", complaint);
	return result;
}

static int check(const struct conf_block *block, const struct source_config *config,
	struct conf_errors *errors)
{
	int result = check_record(block, config, errors) | check_split(block, config, errors) |
		     check_nan(block, config, errors);

	switch (conf_word(block, "kind")) {
	case SOURCE_KIND_FILE:
		result |= need(block, "path", "name the directory or file to read", errors);
		result |= check_drop(block, config, errors);
		break;
	case SOURCE_KIND_HTTP:
		result |= check_http(block, config, errors);
		break;
	default:
		result |= need(block, "dsn", "name the database to read", errors);
		result |= need(block, "query-file", "name the file with the query", errors);
		if (config->complete && config->watermark[0] != 0)
			result |= conf_complain(errors, block, "complete",
				"a query from a watermark on sends what changed, not everything: "
				"all "
				"other rows would be closed; remove complete or watermark");
		result |= check_numbered(block, config, errors);
	}
	if (reader_find(config->format) == NULL)
		result |= conf_complain(errors, block, "format",
			"this build does not read format %s", config->format);
	if (collector_find(config->kind) == NULL)
		result |= conf_complain(errors, block, "kind",
			"this build has no collector of kind %s", config->kind);
	return result;
}

int source_config_read(
	const struct conf_block *block, struct source_config *ret, struct conf_errors *errors)
{
	*ret = (struct source_config){ 0 };
	read_values(block, ret);
	if (check(block, ret, errors) == 0)
		return 0;
	source_config_free(ret);
	return -1;
}

void source_config_import(
	struct source_config *ret, const char *name, const char *directory, bool complete)
{
	*ret = (struct source_config){
		.name = mem_text(name),
		.kind = source_kind_words[SOURCE_KIND_FILE],
		.format = source_format_words[0],
		.record = mem_text(""),
		.complete = complete,
		.path = mem_text(directory),
		.marker = mem_text(""),
		.url = mem_text(""),
		.next = mem_text(""),
		.cursor = mem_text(""),
		.cursor_param = mem_text(""),
		.page_param = mem_text(""),
		.offset_param = mem_text(""),
		.size_param = mem_text(""),
		.total = mem_text(""),
		.user = mem_text(""),
		.ca_path = mem_text(""),
		.allow = mem_zero(1, sizeof(char *)),
		.pages_max = SOURCE_PAGES_MAX,
		.bytes_max = 1024 * SOURCE_GIGABYTE,
		.timeout_ms = SOURCE_DAY_MS,
		.dsn = mem_text(""),
		.query_path = mem_text(""),
		.watermark = mem_text(""),
		.encoding = mem_text(""),
		.header_contains = mem_text(""),
		.header_lines = 1,
		.split_header = mem_text(""),
		.split_pattern = mem_text(""),
		.records = mem_text(""),
		.sheet = mem_text(""),
		.map = mem_zero(1, sizeof(char *)),
	};
}

static void list_free(char **list)
{
	for (char **item = list; item != NULL && *item != NULL; item++)
		free(*item);
	free(list);
}

void source_config_free(struct source_config *config)
{
	char *texts[] = { config->name, config->record, config->path, config->marker, config->url,
		config->url_path, config->next, config->cursor, config->cursor_param,
		config->page_param, config->offset_param, config->size_param, config->total,
		config->token_path, config->header_path, config->user, config->password_path,
		config->ca_path, config->dsn, config->query_path, config->watermark,
		config->encoding, config->header_contains, config->split_header,
		config->split_pattern, config->records, config->sheet };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		free(texts[i]);
	list_free(config->allow);
	list_free(config->map);
	*config = (struct source_config){ 0 };
}
