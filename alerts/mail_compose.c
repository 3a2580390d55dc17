#include "alerts/mail_compose.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "alerts/clean.h"
#include "alerts/mail_unsubscribe.h"
#include "core/day.h"
#include "core/text.h"

enum { LINE_MAX_BYTES = 76, WORD_MAX = 75, WORD_FRAME = 12 /* =?UTF-8?B?…?= */ };

static bool is_atom(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static bool is_host(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-';
}

/* Labels of allowed characters with single dots between them. */
static bool dotted_valid(const char *text, size_t length, bool (*allowed)(char c))
{
	bool label = false;

	for (size_t i = 0; i < length; i++) {
		if (text[i] == '.' && !label)
			return false;
		if (text[i] != '.' && !allowed(text[i]))
			return false;
		label = text[i] != '.';
	}
	return label;
}

bool mail_address_valid(const char *address)
{
	const char *at = strrchr(address, '@');

	if (!at || strlen(address) > MAIL_ADDRESS_MAX || at - address > 64)
		return false;
	return dotted_valid(address, (size_t)(at - address), is_atom) &&
	       dotted_valid(at + 1, strlen(at + 1), is_host);
}

static void copy_trimmed(const char *from, const char *end, char *room, size_t size)
{
	size_t length;

	while (from < end && (*from == ' ' || *from == '"'))
		from++;
	while (end > from && (end[-1] == ' ' || end[-1] == '"'))
		end--;
	length = (size_t)(end - from) < size ? (size_t)(end - from) : size - 1;
	memcpy(room, from, length);
	room[length] = '\0';
	text_trim_partial(room);
}

int mail_address_parse(
	const char *text, char name[256], char address[MAIL_ADDRESS_MAX + 1], struct err *err)
{
	const char *open = strrchr(text, '<');
	const char *end = text + strlen(text);

	name[0] = '\0';
	if (!open) {
		copy_trimmed(text, end, address, MAIL_ADDRESS_MAX + 1);
	} else if (end[-1] != '>') {
		return err_set(
			err, ERR_USAGE, "\"%s\" does not end with the > of its address", text);
	} else {
		copy_trimmed(text, open, name, 256);
		copy_trimmed(open + 1, end - 1, address, MAIL_ADDRESS_MAX + 1);
	}
	if (!mail_address_valid(address))
		return err_set(err, ERR_USAGE,
			"\"%s\" is not a mail address of the form name@host in ASCII", address);
	return 0;
}

static bool is_plain(const char *value, size_t length, size_t room)
{
	if (length > room || strstr(value, "=?"))
		return false;
	for (size_t i = 0; i < length; i++)
		if (value[i] < 0x20 || value[i] > 0x7E)
			return false;
	return true;
}

/* As many source bytes as fit into room encoded bytes and end between characters. */
static size_t word_bytes(const char *text, size_t length, size_t room)
{
	size_t fit = room / 4 * 3;
	size_t cut;

	if (length <= fit)
		return length;
	cut = text_cut(text, length, fit);
	if (cut > 0)
		return cut;
	/* One cluster longer than a word: give up on the cluster, never on the character. */
	for (cut = fit; cut > 0 && ((unsigned char)text[cut] & 0xC0) == 0x80; cut--)
		;
	return cut;
}

/* Encoded words at column; every line at most 76 bytes. */
static void words_add(struct buf *out, size_t column, const char *text, size_t length)
{
	char room[WORD_MAX + 8];

	while (length > 0) {
		size_t space =
			LINE_MAX_BYTES - column < WORD_MAX ? LINE_MAX_BYTES - column : WORD_MAX;
		size_t take =
			space > WORD_FRAME + 8 ? word_bytes(text, length, space - WORD_FRAME) : 0;

		if (take > 0) {
			EVP_EncodeBlock(
				(unsigned char *)room, (const unsigned char *)text, (int)take);
			buf_format(out, "=?UTF-8?B?%s?=", room);
			text += take;
			length -= take;
		}
		if (length > 0) {
			buf_add_text(out, "\r\n ");
			column = 1;
		}
	}
}

void mail_header_add(struct buf *out, const char *name, const char *value)
{
	size_t column = strlen(name) + 2;
	struct buf clean;

	buf_init(&clean, 4 * strlen(value) + 16);
	clean_add(&clean, value, strlen(value));
	buf_format(out, "%s: ", name);
	if (is_plain(clean.data, clean.used, LINE_MAX_BYTES - column))
		buf_add(out, clean.data, clean.used);
	else
		words_add(out, column, clean.data, clean.used);
	buf_add_text(out, "\r\n");
	buf_free(&clean);
}

/* An address with its display name; both stand on lines of their own, so that neither can be too
 * long together. */
static void address_add(struct buf *out, const char *header, const char *name, const char *address)
{
	size_t length = strlen(name);
	bool phrase = length < 60;

	if (length == 0) {
		buf_format(out, "%s: %s\r\n", header, address);
		return;
	}
	for (size_t i = 0; i < length; i++)
		phrase = phrase && (is_atom(name[i]) || name[i] == ' ');
	buf_format(out, "%s: ", header);
	if (phrase && !strstr(name, "=?"))
		buf_add(out, name, length);
	else
		words_add(out, strlen(header) + 2, name, length);
	buf_format(out, "\r\n <%s>\r\n", address);
}

static void short_hash(const char *text, char hex[17])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];

	SHA256((const unsigned char *)text, strlen(text), digest);
	for (int i = 0; i < 8; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

static void date_add(struct buf *out, int64_t unix_seconds)
{
	static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	day_t day = day_of_unix(unix_seconds);
	int64_t second = (unix_seconds + 8 * 3600) % 86400;
	int year;
	int month;
	int dom;

	day_to_civil(day, &year, &month, &dom);
	buf_format(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0800\r\n",
		weekdays[day_weekday(day) - 1], dom, months[month - 1], year, (int)(second / 3600),
		(int)(second / 60 % 60), (int)(second % 60));
}

/* base64 in lines of 76 with CRLF. */
static void base64_add(struct buf *out, const char *bytes, size_t length)
{
	enum { LINE_SOURCE = 57 };
	char line[2 * LINE_MAX_BYTES];

	for (size_t at = 0; at < length; at += LINE_SOURCE) {
		size_t left = length - at;
		int take = (int)(left < LINE_SOURCE ? left : LINE_SOURCE);

		EVP_EncodeBlock((unsigned char *)line, (const unsigned char *)bytes + at, take);
		buf_format(out, "%s\r\n", line);
	}
}

/* The text's own line ends become CRLF first. */
static void body_add(struct buf *out, const char *text)
{
	struct buf canonical;

	buf_init(&canonical, MAIL_BYTES_MAX);
	for (; *text; text++) {
		if (*text == '\n')
			buf_add_char(&canonical, '\r');
		if (*text != '\r')
			buf_add_char(&canonical, *text);
	}
	base64_add(out, canonical.data, canonical.used);
	if (canonical.failed)
		out->failed = true;
	buf_free(&canonical);
}

static void part_add(struct buf *out, const char *boundary, const char *type, const char *text)
{
	buf_format(out,
		"--%s\r\nContent-Type: %s; charset=UTF-8\r\nContent-Transfer-Encoding: "
		"base64\r\n\r\n",
		boundary, type);
	body_add(out, text);
}

static bool token_valid(const char *text)
{
	for (const char *c = text; *c; c++)
		if (!is_host(*c))
			return false;
	return *text != '\0';
}

static void id_add(struct buf *out, const char *name, const char *id)
{
	bool fits = strlen(name) + 2 + strlen(id) <= LINE_MAX_BYTES;

	buf_format(out, "%s:%s%s\r\n", name, fits ? " " : "\r\n ", id);
}

static void identity_add(struct buf *out, const struct mail_parts *parts)
{
	const char *domain = strrchr(parts->from, '@');
	char recipient[17];
	char thread[17];
	char id[MAIL_ADDRESS_MAX + 100];

	short_hash(parts->to, recipient);
	short_hash(parts->case_key, thread);
	date_add(out, parts->first_try_at);
	snprintf(id, sizeof(id), "<%s.r1.%s%s>", parts->ref, recipient, domain);
	id_add(out, "Message-ID", id);
	snprintf(id, sizeof(id), "<case-%s%s>", thread, domain);
	id_add(out, "In-Reply-To", id);
	id_add(out, "References", id);
}

/* RFC 2231 for those who know it, ASCII for the others. Every byte but letters, digits and - . is written as %XX. */
static void file_name_add(struct buf *out, const char *name, const char *ascii)
{
	buf_format(out,
		"Content-Disposition: attachment;\r\n filename=\"%s\";\r\n filename*=UTF-8''",
		ascii);
	for (const unsigned char *c = (const unsigned char *)name; *c; c++)
		if (is_host((char)*c) || *c == '.')
			buf_add_char(out, (char)*c);
		else
			buf_format(out, "%%%02X", *c);
	buf_add_text(out, "\r\n");
}

static void alternative_add(struct buf *out, const struct mail_parts *parts, const char *boundary)
{
	buf_format(
		out, "Content-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n", boundary);
	part_add(out, boundary, "text/plain", parts->text);
	part_add(out, boundary, "text/html", parts->html);
	buf_format(out, "--%s--\r\n", boundary);
}

static void mixed_add(struct buf *out, const struct mail_parts *parts, const char *boundary)
{
	char outer[60]; /* neither boundary begins like the other */

	snprintf(outer, sizeof(outer), "list-of-%s", boundary);
	buf_format(out, "Content-Type: multipart/mixed;\r\n boundary=\"%s\"\r\n\r\n--%s\r\n", outer,
		outer);
	alternative_add(out, parts, boundary);
	buf_format(out,
		"--%s\r\nContent-Type:\r\n "
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\r\n"
		"Content-Transfer-Encoding: base64\r\n",
		outer);
	file_name_add(out, parts->list_name, parts->list_name_ascii);
	buf_add_text(out, "\r\n");
	base64_add(out, parts->list->data, parts->list->used);
	buf_format(out, "--%s--\r\n", outer);
}

int mail_compose(const struct mail_parts *parts, struct buf *out, struct err *err)
{
	char boundary[40] = "setaside-";

	if (!mail_address_valid(parts->from) || !mail_address_valid(parts->to))
		return err_set(
			err, ERR_DATA, "a mail address of message %s is not valid", parts->ref);
	if (!token_valid(parts->ref))
		return err_set(err, ERR_DATA, "the reference \"%.40s\" is not valid", parts->ref);
	short_hash(parts->ref, boundary + strlen(boundary));
	address_add(out, "From", parts->from_name, parts->from);
	address_add(out, "To", "", parts->to);
	mail_header_add(out, "Subject", parts->subject);
	identity_add(out, parts);
	buf_add_text(out, "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n");
	mail_unsubscribe_add(out, parts->channel, parts->from, parts->to, parts->unsubscribe,
		parts->unsubscribe_count);
	mail_header_add(out, "X-Ref", parts->ref);
	mail_header_add(out, "X-As-Of", parts->as_of);
	mail_header_add(out, "X-Rules", parts->rules);
	buf_add_text(out, "MIME-Version: 1.0\r\n");
	if (parts->list)
		mixed_add(out, parts, boundary);
	else
		alternative_add(out, parts, boundary);
	if (out->failed)
		return err_set(err, ERR_LIMIT, "the mail %s is larger than %zu bytes", parts->ref,
			out->ceiling);
	return 0;
}
