#include "alerts/mail_unsubscribe.h"

#include <stdbool.h>
#include <string.h>

#include "alerts/mail_compose.h"

static const char hole[] = "{to}";

static bool is_https(const char *address)
{
	return strncmp(address, "https://", 8) == 0 && address[8];
}

static int check_mailto(const char *address, struct err *err)
{
	char bare[MAIL_ADDRESS_MAX + 1] = "";
	size_t length = strcspn(address + 7, "?");

	if (length < sizeof(bare))
		memcpy(bare, address + 7, length);
	if (!mail_address_valid(bare))
		return err_set(err, ERR_USAGE, "\"%s\" names no mail address", address);
	return 0;
}

int mail_unsubscribe_check(const char *address, struct err *err)
{
	if (strlen(address) > MAIL_UNSUBSCRIBE_BYTES)
		return err_set(err, ERR_USAGE, "\"%.60s...\" is longer than %d bytes", address,
			MAIL_UNSUBSCRIBE_BYTES);
	for (const char *c = address; *c; c++)
		if (*c <= ' ' || *c > '~' || strchr("<>,\"", *c))
			return err_set(err, ERR_USAGE,
				"\"%s\" holds a character that must be percent-encoded", address);
	if (strncmp(address, "mailto:", 7) == 0)
		return check_mailto(address, err);
	if (!is_https(address))
		return err_set(
			err, ERR_USAGE, "\"%s\" begins with neither https:// nor mailto:", address);
	if (!strstr(address, hole))
		return err_set(err, ERR_USAGE,
			"\"%s\" does not say whom: write {to} where the recipient belongs",
			address);
	return 0;
}

static void encoded_add(struct buf *out, const char *text)
{
	for (; *text; text++) {
		bool plain = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
			     (*text >= '0' && *text <= '9') || strchr("-._~", *text);

		if (plain)
			buf_add_char(out, *text);
		else
			buf_format(out, "%%%02X", (unsigned char)*text);
	}
}

static void address_add(struct buf *out, const char *address, const char *recipient)
{
	const char *at;

	buf_add_char(out, '<');
	while ((at = strstr(address, hole))) {
		buf_add(out, address, (size_t)(at - address));
		encoded_add(out, recipient);
		address = at + strlen(hole);
	}
	buf_format(out, "%s>", address);
}

/* A label of the name, whatever the configuration calls it. */
static void id_add(struct buf *out, const char *name, const char *sender)
{
	/* The fold stands before the id: within it there may be none. */
	buf_add_text(out, "List-Id:\r\n <digest.");
	for (int i = 0; name[i] && i < 40; i++) {
		bool plain = (name[i] >= 'a' && name[i] <= 'z') ||
			     (name[i] >= 'A' && name[i] <= 'Z') ||
			     (name[i] >= '0' && name[i] <= '9');

		buf_add_char(out, plain ? name[i] : '-');
	}
	buf_format(out, ".%s>\r\n", strrchr(sender, '@') + 1);
}

void mail_unsubscribe_add(struct buf *out, const char *name, const char *sender,
	const char *recipient, char *const *addresses, int count)
{
	bool post = false;

	if (!name)
		return;
	id_add(out, name, sender);
	if (count == 0)
		return;
	buf_add_text(out, "List-Unsubscribe:");
	for (int i = 0; i < count; i++) {
		buf_add_text(out, i > 0 ? ",\r\n " : "\r\n ");
		address_add(out, addresses[i], recipient);
		post = post || is_https(addresses[i]);
	}
	buf_add_text(out, "\r\n");
	if (post)
		buf_add_text(out, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
}
