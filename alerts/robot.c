#include "alerts/robot_own.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "alerts/http_answer.h"
#include "alerts/payload.h"
#include "alerts/wording_table.h"
#include "core/mem.h"
#include "core/text.h"

static bool key_valid(const char *key)
{
	size_t length =
		strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~");

	return length > 0 && !key[length];
}

static bool holds_keyword(const struct conf_block *block)
{
	for (int i = 0; i < conf_list_count(block, "keywords"); i++)
		if (strstr(conf_text(block, "heading"), conf_list_item(block, "keywords", i)))
			return true;
	return conf_list_count(block, "keywords") == 0;
}

int robot_validate(const struct robot_vendor *vendor, const struct conf_block *block,
	struct conf_errors *errors)
{
	static const char *const foreign[] = { "body", "server", "helo", "list", "unsubscribe",
		"from", "to", "user", "password-file", "servers", "repeat", NULL };
	int bad = alert_refuse_keys(block, foreign, errors);

	if (conf_given(block, "url-file") == conf_given(block, "key-file"))
		bad = conf_complain(errors, block, NULL,
			"a robot needs either url-file, a file with its whole address, or "
			"key-file, a "
			"file with its key alone");
	if (conf_given(block, "base-url") && !conf_given(block, "key-file"))
		bad = conf_complain(errors, block, "base-url",
			"base-url goes with key-file; url-file holds the host already");
	if (conf_given(block, "secret-file") && !vendor->signs)
		bad = conf_complain(errors, block, "secret-file",
			"robots of kind %s sign nothing; remove it", vendor->kind->name);
	if (!holds_keyword(block))
		bad = conf_complain(errors, block, "keywords",
			"the robot would refuse every message: heading \"%s\" holds none of the "
			"keywords; put one of them into heading",
			conf_text(block, "heading"));
	return http_networks_validate(block, errors) < 0 ? -1 : bad;
}

static bool url_fine(const struct robot *robot, const char *url)
{
	bool fine = strncmp(url, "https://", 8) == 0 ||
		    (robot->plain_http && strncmp(url, "http://", 7) == 0);

	return fine && strlen(url) < ROBOT_ADDRESS_MAX;
}

int robot_address(const struct robot *robot, struct buf *address, struct err *err)
{
	const char *path = robot->url_path ? robot->url_path : robot->key_path;
	char *text = conf_secret_read(path, err);
	int result = 0;

	if (!text)
		return -1;
	if (robot->key_path && !key_valid(text))
		result = err_set(err, ERR_USAGE, "%s does not hold a key alone", path);
	else if (robot->key_path)
		buf_format(address, "%s%s%s", robot->base, robot->vendor->path, text);
	else
		buf_add_text(address, text);
	conf_secret_free(text);
	if (result == 0 && !url_fine(robot, address->data))
		result = err_set(err, ERR_USAGE, "the address of %s is not %s", path,
			robot->plain_http ? "http:// or https://"
					  : "https:// (tls = none permits http)");
	return result;
}

void robot_close(struct alert_channel *channel)
{
	struct robot *robot = (struct robot *)(void *)channel;
	char *texts[] = { robot->url_path, robot->key_path, robot->secret_path, robot->ca_file,
		robot->base, robot->heading, robot->contact, robot->link };

	alert_head_free(&robot->head);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		free(texts[i]);
	free(robot);
}

static char *text_of(const struct conf_block *block, const char *key, const char *otherwise)
{
	return mem_text(conf_given(block, key) ? conf_text(block, key) : otherwise);
}

static char *path_of(const struct conf_block *block, const char *key)
{
	const char *path = conf_secret_path(block, key);

	return path ? mem_text(path) : NULL;
}

static void take_options(struct robot *robot, const struct conf_block *block)
{
	robot->url_path = path_of(block, "url-file");
	robot->key_path = path_of(block, "key-file");
	robot->secret_path = path_of(block, "secret-file");
	robot->ca_file =
		conf_given(block, "ca-file") ? mem_text(conf_text(block, "ca-file")) : NULL;
	robot->base = text_of(block, "base-url", robot->vendor->base);
	for (size_t end = strlen(robot->base); end > 0 && robot->base[end - 1] == '/'; end--)
		robot->base[end - 1] = '\0';
	robot->heading = mem_text(conf_text(block, "heading"));
	robot->contact = text_of(block, "contact", "");
	robot->link = text_of(block, "link", "");
	robot->plain_http = conf_word(block, "tls") == 1;
	robot->timeout_ms = (int)(conf_given(block, "timeout") ? conf_int(block, "timeout")
							       : robot->vendor->kind->timeout_ms);
	robot->words = (struct wording_options){
		.language = conf_word(block, "language") == 1 ? WORDING_EN : WORDING_ZH,
		.contact = robot->contact,
		.link = "",
		.interest = conf_bool(block, "interest"),
		.chat = true,
		.omit_suppliers = !conf_bool(block, "suppliers"),
	};
}

struct alert_channel *robot_open(const struct robot_vendor *vendor, const struct alert_env *env,
	const struct conf_block *block, struct err *err)
{
	struct robot *robot = mem_zero(1, sizeof(*robot));
	struct buf address;
	int result;

	alert_head_init(&robot->head, vendor->kind, block);
	robot->vendor = vendor;
	robot->fetch = env->fetch;
	robot->loop = env->base;
	take_options(robot, block);
	result = http_networks_read(block, &robot->guard, err);
	/* Read now only to say early what is wrong. */
	buf_init(&address, 2 * ROBOT_ADDRESS_MAX);
	if (result == 0)
		result = robot_address(robot, &address, err);
	buf_free(&address);
	if (result == 0)
		return (struct alert_channel *)(void *)robot;
	err_prefix(err, "channel %s", robot->head.name);
	robot_close((struct alert_channel *)(void *)robot);
	return NULL;
}

void robot_free_draft(struct alert_draft *draft)
{
	if (!draft)
		return;
	for (int i = 0; i < draft->count; i++)
		json_decref(draft->bodies[i]);
	free(draft);
}

/* "HEADING SUBJECT (2/3)"; a long subject is cut, the reference stays. */
static void make_title(const struct robot *robot, const char *subject, const char *ref, int part,
	int of, char room[ROBOT_TITLE_MAX + 1])
{
	struct buf title;
	char tail[80] = "";
	char mark[16] = "";
	size_t keep;

	buf_init(&title, 4096);
	robot_escape(&title, robot->heading, strlen(robot->heading));
	buf_add_char(&title, ' ');
	robot_escape(&title, subject, strlen(subject));
	if (of > 1)
		snprintf(mark, sizeof(mark), " (%d/%d)", part, of);
	if (title.used + strlen(mark) > ROBOT_TITLE_MAX)
		snprintf(tail, sizeof(tail), "… %s", ref);
	keep = text_cut(title.data, title.used, ROBOT_TITLE_MAX - strlen(mark) - strlen(tail));
	snprintf(room, ROBOT_TITLE_MAX + 1, "%.*s%s%s", (int)keep, title.data, tail, mark);
	buf_free(&title);
}

static int render(const struct robot *robot, const struct payload *payload, const char *ref,
	struct robot_text *text, char *subject, size_t size, struct err *err)
{
	struct wording words;

	if (wording_render(&words, payload, ref, false, &robot->words, err) < 0)
		return -1;
	text_copy(subject, size, words.subject);
	robot_text_init(text, &robot->vendor->weights);
	robot_text_add(text, words.body.text.data, words.body.text.used);
	if (*robot->link) {
		robot_text_line(text);
		robot_text_link(text, wording_table[robot->words.language].link_label, robot->link);
	}
	wording_free(&words);
	return 0;
}

struct layout {
	struct robot_text text;
	struct robot_range ranges[ROBOT_PARTS_MAX];
	int parts;
	char subject[512];
};

/* Rows that do not fit are left out and counted in the text; the rest, with its footing, always stands. */
static int lay_out(const struct robot *robot, struct payload *payload, const char *ref,
	struct layout *layout, struct err *err)
{
	for (;;) {
		int left;

		if (render(robot, payload, ref, &layout->text, layout->subject,
			    sizeof(layout->subject), err) < 0)
			return -1;
		layout->parts = robot_text_cut(&layout->text, robot->vendor->text_max,
			robot->head.parts_max, layout->ranges, &left);
		if (left == 0 && !layout->text.bytes.failed)
			return 0;
		robot_text_free(&layout->text);
		if (!payload_shorten(payload))
			return err_set(err, ERR_LIMIT, "the text of %s does not fit into %d parts",
				ref, robot->head.parts_max);
	}
}

static struct alert_draft *make_draft(const struct robot *robot, const struct layout *layout,
	const struct alert_message *message, struct err *err)
{
	struct alert_draft *draft = mem_zero(1, sizeof(*draft));
	const struct wording_set *words = &wording_table[robot->words.language];
	char title[ROBOT_TITLE_MAX + 1];

	draft->first =
		message->parts_done < layout->parts ? message->parts_done : layout->parts - 1;
	for (int i = 0; i < layout->parts; i++) {
		/* Which of those after the first are known to have arrived depends on what outlived the last try. */
		bool again = message->maybe_sent && i >= draft->first;
		struct robot_part part = { .title = title,
			.repeated = again ? words->repeated_chat : "",
			.text = &layout->text,
			.range = layout->ranges[i] };

		make_title(robot, layout->subject, message->ref, i + 1, layout->parts, title);
		draft->bodies[draft->count] = robot->vendor->body(&part);
		if (!draft->bodies[draft->count]) {
			err_set(err, ERR_DATA, "the text of %s cannot be written as JSON",
				message->ref);
			robot_free_draft(draft);
			return NULL;
		}
		draft->count++;
	}
	return draft;
}

struct alert_draft *robot_prepare(
	struct alert_channel *channel, const struct alert_message *message, struct err *err)
{
	struct robot *robot = (struct robot *)(void *)channel;
	struct payload *payload = payload_parse(message->payload, message->payload_length, err);
	struct alert_draft *draft = NULL;
	struct layout layout;

	if (!payload)
		return NULL;
	if (lay_out(robot, payload, message->ref, &layout, err) == 0) {
		draft = make_draft(robot, &layout, message, err);
		robot_text_free(&layout.text);
	}
	payload_free(payload);
	return draft;
}

int robot_draft_parts(const struct alert_draft *draft)
{
	return draft->count;
}

const json_t *robot_draft_body(const struct alert_draft *draft, int part)
{
	return draft->bodies[part];
}

int robot_hmac(struct buf *out, const char *key, const char *data, struct err *err)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char text[2 * EVP_MAX_MD_SIZE];
	unsigned length = 0;

	if (!HMAC(EVP_sha256(), key, (int)strlen(key), (const unsigned char *)data, strlen(data),
		    digest, &length))
		return err_set(err, ERR_IO, "OpenSSL refuses HMAC-SHA256");
	EVP_EncodeBlock((unsigned char *)text, digest, (int)length);
	return buf_add_text(out, text);
}

json_t *robot_markdown_body(const struct robot_part *part, const struct robot_markdown_form *form)
{
	struct buf text;
	json_t *markdown = NULL;

	buf_init(&text, form->text_max);
	buf_format(&text, "%s %s%s%s", form->heading, part->title, form->line_end, part->repeated);
	if (*part->repeated)
		buf_add_text(&text, form->line_end);
	robot_markdown(&text, part->text, part->range, form->line_end);
	if (!text.failed)
		markdown = json_pack("{s:s%}", form->member, text.data, text.used);
	buf_free(&text);
	if (markdown && form->titled)
		json_object_set_new(markdown, "title", json_string(part->title));
	return markdown ? json_pack("{s:s, s:o}", "msgtype", "markdown", "markdown", markdown)
			: NULL;
}
