#include "alerts/register.h"

#include <openssl/evp.h>

#include "alerts/alert.h"
#include "core/mem.h"
#include "sql/store_outbox.h"

struct register_set {
	struct store_outbox_channel *channels;
	struct store_outbox_route *routes;
	int channel_count, route_count;
	char **texts; /* all of it is owned here */
	const char ***lists;
	int text_count, text_cap, list_count, list_cap;
};

static const char *keep_text(struct register_set *set, const char *text)
{
	MEM_GROW(set->texts, set->text_count, set->text_cap);
	set->texts[set->text_count] = mem_text(text);
	return set->texts[set->text_count++];
}

static const char *const *keep_list(
	struct register_set *set, const struct conf_block *block, const char *key, int count)
{
	const char **list = mem_zero((size_t)count + 1, sizeof(*list));

	for (int i = 0; i < count; i++)
		list[i] = keep_text(set, conf_list_item(block, key, i));
	MEM_GROW(set->lists, set->list_count, set->list_cap);
	set->lists[set->list_count++] = list;
	return list;
}

/* Value and a separator, so that two keys never run together. */
static void digest_text(EVP_MD_CTX *digest, const char *text)
{
	EVP_DigestUpdate(digest, text ? text : "", text ? strlen(text) + 1 : 1);
}

static void digest_key(
	EVP_MD_CTX *digest, const struct conf_block *block, const struct conf_key *key)
{
	char number[32];

	digest_text(digest, key->name);
	switch (key->type) {
	case CONF_TEXT:
		digest_text(digest, conf_text(block, key->name));
		break;
	case CONF_SECRET:
		digest_text(digest, conf_secret_path(block, key->name));
		break;
	case CONF_WORD:
		snprintf(number, sizeof(number), "%d", conf_word(block, key->name));
		digest_text(digest, number);
		break;
	case CONF_BOOL:
		digest_text(digest, conf_bool(block, key->name) ? "yes" : "no");
		break;
	case CONF_LIST:
		for (int i = 0; i < conf_list_count(block, key->name); i++)
			digest_text(digest, conf_list_item(block, key->name, i));
		break;
	case CONF_INT:
	case CONF_DURATION:
	case CONF_SIZE:
		snprintf(number, sizeof(number), "%lld", (long long)conf_int(block, key->name));
		digest_text(digest, number);
		break;
	}
}

/* Another address, or the key that is the rest of one, in the same file is another endpoint: it counts. Passwords and
 * signing secrets do not. */
static int digest_address(EVP_MD_CTX *digest, const struct conf_block *block, struct err *err)
{
	const char *whole = conf_secret_path(block, "url-file");
	const char *path = whole ? whole : conf_secret_path(block, "key-file");
	char *url = path ? conf_secret_read(path, err) : NULL;

	if (path && !url)
		return err_prefix(err, "channel %s", conf_block_title(block));
	digest_text(digest, url);
	conf_secret_free(url);
	return 0;
}

static const char *print_of(
	struct register_set *set, const struct conf_block *block, struct err *err)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	char hex[33];
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	int result;

	if (!digest || !EVP_DigestInit_ex(digest, EVP_sha256(), NULL))
		BUG("OpenSSL has no SHA-256");
	for (const struct conf_key *key = alert_channel_keys; key->name; key++)
		digest_key(digest, block, key);
	result = digest_address(digest, block, err);
	EVP_DigestFinal_ex(digest, hash, NULL);
	EVP_MD_CTX_free(digest);
	for (int i = 0; i < 16; i++)
		snprintf(hex + 2 * i, 3, "%02x", hash[i]);
	return result < 0 ? NULL : keep_text(set, hex);
}

static void take_rate(struct store_outbox_channel *channel, const struct conf_block *block)
{
	struct alert_channel_head head;

	alert_head_init(&head, alert_kind_of(block), block);
	channel->rate_count = head.rate_minute;
	channel->rate_second = head.rate_second;
	channel->parts_max = head.parts_max;
	channel->stands = head.kind->stands;
	channel->rate_window_ms = head.rate_window_ms;
	alert_head_free(&head);
}

static int add_channel(struct register_set *set, const struct conf_block *block, struct err *err)
{
	static const char *const no_recipient[] = { "" };
	struct store_outbox_channel *channel = &set->channels[set->channel_count++];

	channel->name = keep_text(set, conf_block_title(block));
	channel->kind = alert_kind_of(block)->name;
	channel->print = print_of(set, block, err);
	channel->recipient_count = conf_list_count(block, "to");
	channel->recipients = keep_list(set, block, "to", channel->recipient_count);
	if (channel->recipient_count == 0) {
		channel->recipients = no_recipient;
		channel->recipient_count = 1;
	}
	take_rate(channel, block);
	return channel->print ? 0 : -1;
}

static void add_route(struct register_set *set, const struct conf_block *block)
{
	static const char *const severities[] = { "info", "notice", "warning", "urgent" };
	static const char *const digests[] = { "off", "daily", "weekly" };
	struct store_outbox_route *route = &set->routes[set->route_count++];
	char from[ALERT_CLOCK_MAX];
	char to[ALERT_CLOCK_MAX];

	route->name = keep_text(set, conf_block_title(block));
	route->channel_count = conf_list_count(block, "channels");
	route->channels = keep_list(set, block, "channels", route->channel_count);
	route->rule_count = conf_list_count(block, "rules");
	route->rules = keep_list(set, block, "rules", route->rule_count);
	route->unit_count = conf_list_count(block, "units");
	route->units = keep_list(set, block, "units", route->unit_count);
	route->severity = severities[conf_word(block, "severity")];
	route->amount_fen = conf_given(block, "amount") ? conf_int(block, "amount") * 100 : 0;
	route->recipient_count = conf_list_count(block, "to");
	route->recipients = keep_list(set, block, "to", route->recipient_count);
	route->digest = digests[conf_word(block, "digest")];
	route->quiet_from = route->quiet_to = "";
	if (alert_quiet_parse(conf_text(block, "quiet"), from, to)) {
		route->quiet_from = keep_text(set, from);
		route->quiet_to = keep_text(set, to);
	}
	route->working_days = conf_bool(block, "working-days");
	route->all_quiet = conf_bool(block, "all-quiet");
}

struct register_set *register_new(const struct conf *conf, struct err *err)
{
	struct register_set *set = mem_zero(1, sizeof(*set));
	int channels = conf_block_count(conf, "channel");
	int routes = conf_block_count(conf, "route");

	set->channels = mem_zero((size_t)channels + 1, sizeof(*set->channels));
	set->routes = mem_zero((size_t)routes + 1, sizeof(*set->routes));
	for (int i = 0; i < channels; i++) {
		if (add_channel(set, conf_block(conf, "channel", i), err) < 0) {
			register_free(set);
			return NULL;
		}
	}
	for (int i = 0; i < routes; i++)
		add_route(set, conf_block(conf, "route", i));
	return set;
}

void register_free(struct register_set *set)
{
	if (!set)
		return;
	for (int i = 0; i < set->text_count; i++)
		free(set->texts[i]);
	for (int i = 0; i < set->list_count; i++)
		free(set->lists[i]);
	free(set->texts);
	free(set->lists);
	free(set->channels);
	free(set->routes);
	free(set);
}

int register_write(const struct register_set *set, struct sql_link *link, sql_done_fn done,
	void *arg, struct err *err)
{
	return store_outbox_sync(link, set->channels, set->channel_count, set->routes,
		set->route_count, done, arg, err);
}
