#include "alerts/mail.h"

#include <curl/curl.h>

#include "alerts/curl_loop.h"
#include "alerts/mail_compose.h"
#include "alerts/mail_judge.h"
#include "alerts/text.h"
#include "core/mem.h"

enum { REPLY_TEXT_MAX = 2048, CONNECT_MS = 10000, KEPT_IDLE_S = 20 };

struct mail {
	struct alert_channel_head head;
	struct curl_loop *loop;
	char *url; /* with our greeting name as its path, as libcurl wants it */
	char *user, *password_path, *ca_file;
	char *contact, *link;
	char from_name[256];
	char from[MAIL_ADDRESS_MAX + 1];
	struct text_options text;
	bool tls;
	int timeout_ms;
};

struct alert_draft {
	char *recipient;
	struct buf bytes;
};

struct alert_try {
	struct curl_loop_call call; /* first member */
	struct mail *mail;
	struct alert_draft *draft;
	CURL *easy;
	struct curl_slist *recipients;
	size_t sent;
	struct mail_facts facts;
	bool again; /* a kept connection was dead: once more on a fresh one */
	char reply[REPLY_TEXT_MAX];
	char error[CURL_ERROR_SIZE];
	alert_done_fn done;
	void *arg;
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
	static const char *const foreign[] = { "url-file", "secret-file", "allow", NULL };
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
	return validate_addresses(block, errors) < 0 ? -1 : bad;
}

static void mail_close(struct alert_channel *channel)
{
	struct mail *mail = (struct mail *)(void *)channel;

	curl_loop_free(mail->loop);
	alert_head_free(&mail->head);
	free(mail->url);
	free(mail->user);
	free(mail->password_path);
	free(mail->ca_file);
	free(mail->contact);
	free(mail->link);
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
	mail->tls = conf_word(block, "tls") == 0;
	mail->timeout_ms = (int)(conf_given(block, "timeout") ? conf_int(block, "timeout")
							      : mail_kind.timeout_ms);
	mail->user = text_or_null(block, "user");
	mail->ca_file = text_or_null(block, "ca-file");
	mail->contact = text_or_null(block, "contact");
	mail->link = text_or_null(block, "link");
	if (conf_secret_path(block, "password-file"))
		mail->password_path = mem_text(conf_secret_path(block, "password-file"));
	mail->text.language = conf_word(block, "language") == 1 ? TEXT_EN : TEXT_ZH;
	mail->text.contact = mail->contact ? mail->contact : "";
	mail->text.link = mail->link ? mail->link : "";
	mail->text.interest = conf_bool(block, "interest");
	while (length > 0 && server[length - 1] == '/')
		length--;
	mail->url = mem_format("%.*s/%s", (int)length, server,
		conf_given(block, "helo") ? conf_text(block, "helo") : strchr(mail->from, '@') + 1);
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
	mail->loop = curl_loop_new(env->base, mail->head.in_flight_max, err);
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

static int compose(struct mail *mail, const struct alert_message *message,
	const struct payload *payload, struct buf *out, struct err *err)
{
	char day[DAY_TEXT_MAX];
	char rules[256] = "";
	struct text text;
	struct mail_parts parts = { .from_name = mail->from_name,
		.from = mail->from,
		.to = message->recipient,
		.ref = message->ref,
		.case_key = message->case_key,
		.as_of = day_text(payload->as_of, day),
		.rules = rules,
		.first_try_at = message->first_try_at };
	size_t used = 0;
	int result;

	for (int i = 0; payload->rules[i] && used < sizeof(rules) - 1; i++)
		used += (size_t)snprintf(rules + used, sizeof(rules) - used, "%s%s",
			i > 0 ? " " : "", payload->rules[i]);
	if (text_render(&text, payload, message->ref, message->maybe_sent, &mail->text, err) < 0)
		return -1;
	parts.subject = text.subject;
	parts.text = text.body.text.data;
	parts.html = text.body.html.data;
	result = mail_compose(&parts, out, err);
	text_free(&text);
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

static size_t give_body(char *room, size_t size, size_t count, void *arg)
{
	struct alert_try *try = arg;
	size_t left = try->draft->bytes.used - try->sent;
	size_t take = size * count < left ? size * count : left;

	memcpy(room, try->draft->bytes.data + try->sent, take);
	try->sent += take;
	if (take == 0)
		try->facts.body_read = true;
	return take;
}

/* Replies come here line by line; the last line of each has a blank after the code. */
static size_t take_reply(char *line, size_t size, size_t count, void *arg)
{
	struct alert_try *try = arg;
	size_t length = size * count;

	if (length >= 4 && line[3] == ' ' && line[0] >= '2' && line[0] <= '5') {
		try->facts.reply = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
		try->facts.answered = true;
		snprintf(try->reply, sizeof(try->reply), "%.*s", (int)length, line);
	}
	return length;
}

/* Only the verb of what we send is looked at: it says whom a refusal concerns. */
static int watch_commands(CURL *easy, curl_infotype type, char *bytes, size_t length, void *arg)
{
	struct alert_try *try = arg;

	(void)easy;
	if (type != CURLINFO_HEADER_OUT || length < 4)
		return 0;
	try->facts.answered = false;
	if (memcmp(bytes, "MAIL", 4) == 0)
		try->facts.phase = MAIL_PHASE_SENDER;
	else if (memcmp(bytes, "RCPT", 4) == 0)
		try->facts.phase = MAIL_PHASE_RECIPIENT;
	else if (memcmp(bytes, "DATA", 4) == 0)
		try->facts.phase = MAIL_PHASE_DATA;
	return 0;
}

static void set_account(struct alert_try *try, const char *password)
{
	curl_easy_setopt(try->easy, CURLOPT_USERNAME, try->mail->user);
	curl_easy_setopt(try->easy, CURLOPT_PASSWORD, password);
}

static void set_options(struct alert_try *try)
{
	struct mail *mail = try->mail;
	CURL *easy = try->easy;

	curl_easy_setopt(easy, CURLOPT_URL, mail->url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_MAIL_FROM, mail->from);
	curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, try->recipients);
	curl_easy_setopt(
		easy, CURLOPT_USE_SSL, (long)(mail->tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
	if (mail->ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, mail->ca_file);
	curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)try->draft->bytes.used);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(easy, CURLOPT_READDATA, try);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_reply);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, try);
	curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, watch_commands);
	curl_easy_setopt(easy, CURLOPT_DEBUGDATA, try);
	curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, try->error);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)mail->timeout_ms);
	curl_easy_setopt(
		easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)(mail->timeout_ms / 1000 + 1));
	curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)KEPT_IDLE_S);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
}

static int start(struct alert_try *try, struct err *err)
{
	struct mail *mail = try->mail;
	char *password = NULL;

	if (mail->password_path) {
		password = conf_secret_read(mail->password_path, err);
		if (!password)
			return -1;
	}
	try->easy = curl_easy_init();
	if (!try->easy)
		return err_set(err, ERR_IO, "cannot make a libcurl handle for mail");
	set_options(try);
	if (password)
		set_account(try, password);
	conf_secret_free(password);
	if (try->again)
		curl_easy_setopt(try->easy, CURLOPT_FRESH_CONNECT, 1L);
	return curl_loop_add(mail->loop, try->easy, &try->call, err);
}

static void free_try(struct alert_try *try)
{
	if (try->easy)
		curl_easy_cleanup(try->easy);
	curl_slist_free_all(try->recipients);
	mail_free_draft(try->draft);
	free(try);
}

/* A kept connection that the server had closed meanwhile: no command was answered on it, nothing
 * was accepted. */
static bool was_stale(struct alert_try *try, CURLcode result)
{
	long connects = 0;

	curl_easy_getinfo(try->easy, CURLINFO_NUM_CONNECTS, &connects);
	return result != CURLE_OK && connects == 0 && try->facts.reply == 0 && !try->again &&
	       try->sent == 0;
}

static void on_done(struct curl_loop_call *call, CURLcode result)
{
	struct alert_try *try = (struct alert_try *)(void *)call;
	struct alert_outcome outcome = { .bytes = try->draft->bytes.used };
	const char *words = try->reply;

	if (was_stale(try, result)) {
		struct err err = ERR_INIT;

		try->again = true;
		try->facts = (struct mail_facts){ .fine = false };
		curl_easy_cleanup(try->easy);
		try->easy = NULL;
		if (start(try, &err) == 0)
			return;
		snprintf(try->error, sizeof(try->error), "%.*s", CURL_ERROR_SIZE - 1, err.text);
	}
	try->facts.fine = result == CURLE_OK;
	mail_judge(&outcome, &try->facts);
	if (result != CURLE_OK && !(try->facts.answered && try->facts.reply >= 400))
		words = *try->error ? try->error : curl_easy_strerror(result);
	alert_answer_set(&outcome, words, strlen(words));
	try->done(try->arg, &outcome);
	free_try(try);
}

static struct alert_try *mail_send(struct alert_channel *channel, struct alert_draft *draft,
	alert_done_fn done, void *arg, struct err *err)
{
	struct alert_try *try = mem_zero(1, sizeof(*try));

	try->mail = (struct mail *)(void *)channel;
	try->call.done = on_done;
	try->draft = draft;
	try->done = done;
	try->arg = arg;
	try->recipients = curl_slist_append(NULL, draft->recipient);
	if (start(try, err) < 0) {
		free_try(try);
		return NULL;
	}
	return try;
}

static void mail_cancel(struct alert_try *try)
{
	curl_loop_remove(try->mail->loop, try->easy);
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
