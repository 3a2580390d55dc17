#include "alerts/mail.h"

#include <curl/curl.h>

#include "alerts/curl_loop.h"
#include "alerts/mail_compose.h"
#include "alerts/mail_list.h"
#include "alerts/mail_session.h"
#include "alerts/mail_unsubscribe.h"
#include "alerts/wording_table.h"
#include "core/log.h"
#include "core/mem.h"

struct mail {
	struct alert_channel_head head;
	struct event_base *base;
	struct curl_loop *loop;
	struct mail_session **sessions; /* head.in_flight_max places, filled when needed */
	struct mail_server server;
	char *url, *user, *password_path, *ca_file, *contact, *link;
	char from_name[256];
	char from[MAIL_ADDRESS_MAX + 1];
	struct wording_options text;
	int list; /* least rows that are attached, 0 = never */
	char *unsubscribe[MAIL_UNSUBSCRIBE_MAX];
	int unsubscribe_count;
};

struct alert_draft {
	char *recipient;
	struct buf bytes;
};

struct alert_try {
	struct alert_draft *draft;
	struct mail_session *session;
	alert_done_fn done;
	void *arg;
};

struct mail_list {
	struct buf bytes;
	char name[100], ascii[100];
};

static bool server_valid(const char *server)
{
	CURLU *url = curl_url();
	char *part = NULL;
	bool fine = url && curl_url_set(url, CURLUPART_URL, server, 0) == CURLUE_OK;

	fine = fine && curl_url_get(url, CURLUPART_SCHEME, &part, 0) == CURLUE_OK &&
	       (strcmp(part, "smtp") == 0 || strcmp(part, "smtps") == 0);
	curl_free(part);
	part = NULL;
	fine = fine && curl_url_get(url, CURLUPART_PATH, &part, 0) == CURLUE_OK &&
	       strcmp(part, "/") == 0;
	curl_free(part);
	part = NULL;
	fine = fine && curl_url_get(url, CURLUPART_USER, &part, 0) != CURLUE_OK &&
	       curl_url_get(url, CURLUPART_QUERY, &part, 0) != CURLUE_OK;
	curl_free(part);
	curl_url_cleanup(url);
	return fine;
}

static bool host_valid(const char *host)
{
	char address[MAIL_ADDRESS_MAX + 8];

	snprintf(address, sizeof(address), "a@%s", host);
	return mail_address_valid(address);
}

static int validate_addresses(const struct conf_block *block, struct conf_errors *errors)
{
	char name[256];
	char address[MAIL_ADDRESS_MAX + 1];
	struct err err = ERR_INIT;
	int bad = 0;

	if (!conf_given(block, "from"))
		bad = conf_complain(
			errors, block, NULL, "a mail channel needs from = \"name <address>\"");
	else if (mail_address_parse(conf_text(block, "from"), name, address, &err) < 0)
		bad = conf_complain(errors, block, "from", "%s", err.text);
	if (conf_list_count(block, "to") == 0)
		bad = conf_complain(
			errors, block, NULL, "a mail channel needs to = { \"address\" }");
	for (int i = 0; i < conf_list_count(block, "to"); i++)
		if (!mail_address_valid(conf_list_item(block, "to", i)))
			bad = conf_complain(errors, block, "to",
				"\"%s\" is not a mail address of the form name@host in ASCII",
				conf_list_item(block, "to", i));
	return bad;
}

static int mail_validate(const struct conf_block *block, struct conf_errors *errors)
{
	static const char *const foreign[] = { "body", "url-file", "secret-file", "allow",
		"base-url", "key-file", "heading", "keywords", "suppliers", "servers", "repeat",
		NULL };
	int bad = alert_refuse_keys(block, foreign, errors);

	if (!conf_given(block, "server"))
		bad = conf_complain(
			errors, block, NULL, "a mail channel needs server = \"smtp://host:587\"");
	else if (!server_valid(conf_text(block, "server")))
		bad = conf_complain(errors, block, "server",
			"write smtp://host[:port] or smtps://host[:port], the account in user");
	if (conf_given(block, "helo") && !host_valid(conf_text(block, "helo")))
		bad = conf_complain(errors, block, "helo", "a host name is wanted");
	if (conf_given(block, "user") != conf_given(block, "password-file"))
		bad = conf_complain(errors, block, NULL,
			"user and password-file belong together; give both or none");
	if (conf_given(block, "user") && conf_word(block, "tls") == 1)
		bad = conf_complain(errors, block, "tls",
			"a password is never sent without TLS; remove tls = none or user");
	for (int i = 0; i < conf_list_count(block, "unsubscribe"); i++) {
		struct err err = ERR_INIT;

		if (mail_unsubscribe_check(conf_list_item(block, "unsubscribe", i), &err) < 0)
			bad = conf_complain(errors, block, "unsubscribe", "%s", err.text);
	}
	return validate_addresses(block, errors) < 0 ? -1 : bad;
}

static void mail_close(struct alert_channel *channel)
{
	struct mail *mail = (struct mail *)(void *)channel;

	for (int i = 0; mail->sessions && i < mail->head.in_flight_max; i++)
		mail_session_free(mail->sessions[i]);
	free(mail->sessions);
	curl_loop_free(mail->loop);
	alert_head_free(&mail->head);
	free(mail->url);
	free(mail->user);
	free(mail->password_path);
	free(mail->ca_file);
	free(mail->contact);
	free(mail->link);
	for (int i = 0; i < mail->unsubscribe_count; i++)
		free(mail->unsubscribe[i]);
	free(mail);
}

static char *text_or_null(const struct conf_block *block, const char *key)
{
	return conf_given(block, key) ? mem_text(conf_text(block, key)) : NULL;
}

static void read_block(struct mail *mail, const struct conf_block *block)
{
	const char *server = conf_text(block, "server");
	size_t length = strlen(server);

	alert_head_init(&mail->head, &mail_kind, block);
	mail->user = text_or_null(block, "user");
	mail->ca_file = text_or_null(block, "ca-file");
	mail->contact = text_or_null(block, "contact");
	mail->link = text_or_null(block, "link");
	if (conf_secret_path(block, "password-file"))
		mail->password_path = mem_text(conf_secret_path(block, "password-file"));
	mail->text.language = conf_word(block, "language") == 1 ? WORDING_EN : WORDING_ZH;
	mail->text.contact = mail->contact ? mail->contact : "";
	mail->text.link = mail->link ? mail->link : "";
	mail->text.interest = conf_bool(block, "interest");
	mail->list = (int)conf_int(block, "list");
	mail->unsubscribe_count = conf_list_count(block, "unsubscribe");
	for (int i = 0; i < mail->unsubscribe_count; i++)
		mail->unsubscribe[i] = mem_text(conf_list_item(block, "unsubscribe", i));
	mail->text.unsubscribe = mail->unsubscribe_count > 0;
	while (length > 0 && server[length - 1] == '/')
		length--;
	mail->url = mem_format("%.*s/%s", (int)length, server,
		conf_given(block, "helo") ? conf_text(block, "helo") : strchr(mail->from, '@') + 1);
	mail->server = (struct mail_server){ .url = mail->url,
		.user = mail->user,
		.password_path = mail->password_path,
		.ca_file = mail->ca_file,
		.from = mail->from,
		.tls = conf_word(block, "tls") == 0,
		.timeout_ms = (int)(conf_given(block, "timeout") ? conf_int(block, "timeout")
								 : mail_kind.timeout_ms) };
}

static struct alert_channel *mail_open(
	const struct alert_env *env, const struct conf_block *block, struct err *err)
{
	struct mail *mail = mem_zero(1, sizeof(*mail));
	char *password;

	if (mail_address_parse(conf_text(block, "from"), mail->from_name, mail->from, err) < 0) {
		free(mail);
		return NULL;
	}
	read_block(mail, block);
	mail->base = env->base;
	mail->sessions = mem_zero((size_t)mail->head.in_flight_max, sizeof(*mail->sessions));
	mail->loop = curl_loop_new(env->base, err);
	/* Read now only to say early what is wrong; each try reads it afresh. */
	password = mail->password_path ? conf_secret_read(mail->password_path, err) : NULL;
	if (!mail->loop || (mail->password_path && !password)) {
		err_prefix(err, "channel %s", mail->head.name);
		mail_close((struct alert_channel *)(void *)mail);
		return NULL;
	}
	conf_secret_free(password);
	return (struct alert_channel *)(void *)mail;
}

static void mail_free_draft(struct alert_draft *draft)
{
	if (!draft)
		return;
	free(draft->recipient);
	buf_free(&draft->bytes);
	free(draft);
}

/* Names the workbook and makes it; parts borrow both. All that it lists stands in the text too: without room for
 * temporary files the mail leaves without it. */
static void attach(const struct mail *mail, const struct alert_message *message,
	const struct payload *payload, struct mail_list *list, struct mail_parts *parts)
{
	const struct wording_set *words = &wording_table[mail->text.language];
	struct err err = ERR_INIT;

	if (mail->list == 0 || mail_list_rows(payload) < mail->list)
		return;
	if (mail_list_write(payload, message->ref, message->first_try_at, &mail->text, &list->bytes,
		    &err) < 0) {
		log_warn("mail", "%s leaves without its list: %s", message->ref, err.text);
		return;
	}
	snprintf(list->name, sizeof(list->name), words->list_name, message->ref);
	snprintf(list->ascii, sizeof(list->ascii), wording_table[WORDING_EN].list_name,
		message->ref);
	parts->list = &list->bytes;
	parts->list_name = list->name;
	parts->list_name_ascii = list->ascii;
}

static int compose(struct mail *mail, const struct alert_message *message,
	const struct payload *payload, struct buf *out, struct err *err)
{
	char day[DAY_TEXT_MAX];
	char rules[256] = "";
	struct wording text;
	struct mail_parts parts = { .from_name = mail->from_name,
		.from = mail->from,
		.to = message->recipient,
		.ref = message->ref,
		.case_key = message->case_key,
		.as_of = day_text(payload->as_of, day),
		.rules = rules,
		.first_try_at = message->first_try_at };
	struct mail_list list;
	size_t used = 0;
	int result;

	for (int i = 0; payload->rules[i] && used < sizeof(rules) - 1; i++)
		used += (size_t)snprintf(rules + used, sizeof(rules) - used, "%s%s",
			i > 0 ? " " : "", payload->rules[i]);
	if (wording_render(&text, payload, message->ref, message->maybe_sent, &mail->text, err) < 0)
		return -1;
	parts.subject = text.subject;
	parts.text = text.body.text.data;
	parts.html = text.body.html.data;
	if (payload->type == PAYLOAD_DIGEST) {
		parts.channel = mail->head.name;
		parts.unsubscribe = mail->unsubscribe;
		parts.unsubscribe_count = mail->unsubscribe_count;
	}
	buf_init(&list.bytes, MAIL_BYTES_MAX);
	attach(mail, message, payload, &list, &parts);
	result = mail_compose(&parts, out, err);
	buf_free(&list.bytes);
	wording_free(&text);
	return result;
}

static struct alert_draft *mail_prepare(
	struct alert_channel *channel, const struct alert_message *message, struct err *err)
{
	struct mail *mail = (struct mail *)(void *)channel;
	struct payload *payload = payload_parse(message->payload, message->payload_length, err);
	struct alert_draft *draft;

	if (!payload)
		return NULL;
	draft = mem_zero(1, sizeof(*draft));
	draft->recipient = mem_text(message->recipient);
	buf_init(&draft->bytes, MAIL_BYTES_MAX);
	if (compose(mail, message, payload, &draft->bytes, err) < 0) {
		mail_free_draft(draft);
		draft = NULL;
	}
	payload_free(payload);
	return draft;
}

const char *mail_draft_bytes(const struct alert_draft *draft)
{
	return draft->bytes.data;
}

static void free_try(struct alert_try *try)
{
	mail_free_draft(try->draft);
	free(try);
}

static void on_done(void *arg, const struct mail_facts *facts, const char *answer)
{
	struct alert_try *try = arg;
	struct alert_outcome outcome = { .bytes = try->draft->bytes.used };

	mail_judge(&outcome, facts);
	alert_answer_set(&outcome, answer, strlen(answer));
	try->done(try->arg, &outcome);
	free_try(try);
}

/* An open idle connection if there is one, else any idle session, else a new one. */
static struct mail_session *pick_session(struct mail *mail)
{
	struct mail_session **closed = NULL;

	for (int i = 0; i < mail->head.in_flight_max; i++) {
		struct mail_session *session = mail->sessions[i];

		if (session && mail_session_busy(session))
			continue;
		if (session && mail_session_open(session))
			return session;
		if (!closed || (session && !*closed))
			closed = &mail->sessions[i];
	}
	if (closed && !*closed)
		*closed = mail_session_new(mail->base, mail->loop, &mail->server);
	return closed ? *closed : NULL;
}

static struct alert_try *mail_send(struct alert_channel *channel, struct alert_draft *draft,
	alert_done_fn done, void *arg, struct err *err)
{
	struct mail *mail = (struct mail *)(void *)channel;
	struct alert_try *try = mem_zero(1, sizeof(*try));

	*try = (struct alert_try){ draft, pick_session(mail), done, arg };
	if (!try->session)
		err_set(err, ERR_LIMIT, "all %d connections of channel %s are busy",
			mail->head.in_flight_max, mail->head.name);
	else if (mail_session_send(try->session, draft->recipient, draft->bytes.data,
			 draft->bytes.used, on_done, try, err) == 0)
		return try;
	free_try(try);
	return NULL;
}

static void mail_cancel(struct alert_try *try)
{
	mail_session_cancel(try->session);
	free_try(try);
}

const struct alert_kind mail_kind = {
	.name = "mail",
	.retry_first_ms = 300000,
	.timeout_ms = 600000,
	.validate = mail_validate,
	.open = mail_open,
	.prepare = mail_prepare,
	.send = mail_send,
	.cancel = mail_cancel,
	.free_draft = mail_free_draft,
	.close = mail_close,
};
