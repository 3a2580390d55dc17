#include "alerts/webhook_sign.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/mem.h"

enum { KEY_MIN = 24, BASE64_MAX = 4 * ((WEBHOOK_KEY_MAX + 2) / 3) };

static bool base64_valid(const char *text, size_t length)
{
	if (length == 0 || length % 4 != 0 || length > BASE64_MAX)
		return false;
	for (size_t i = 0; i < length; i++) {
		bool digit = (text[i] >= 'A' && text[i] <= 'Z') ||
			     (text[i] >= 'a' && text[i] <= 'z') ||
			     (text[i] >= '0' && text[i] <= '9') || text[i] == '+' || text[i] == '/';
		bool padding = text[i] == '=' &&
			       (i + 1 == length || (i + 2 == length && text[i + 1] == '='));

		if (!digit && !padding)
			return false;
	}
	return true;
}

static int key_read(struct webhook_keys *keys, const char *text, size_t length, struct err *err)
{
	unsigned char room[BASE64_MAX + 4];
	static const char prefix[] = "whsec_";
	size_t skip = sizeof(prefix) - 1;
	int got;

	if (keys->count == WEBHOOK_SECRETS_MAX)
		return err_set(err, ERR_USAGE, "more than %d webhook secrets", WEBHOOK_SECRETS_MAX);
	if (length <= skip || memcmp(text, prefix, skip) != 0)
		return err_set(err, ERR_USAGE, "webhook secret %d does not begin with whsec_",
			keys->count + 1);
	if (!base64_valid(text + skip, length - skip))
		return err_set(err, ERR_USAGE, "webhook secret %d is not base64 after whsec_",
			keys->count + 1);
	got = EVP_DecodeBlock(room, (const unsigned char *)text + skip, (int)(length - skip));
	got -= (text[length - 1] == '=') + (text[length - 2] == '=');
	if (got < KEY_MIN || got > WEBHOOK_KEY_MAX)
		return err_set(err, ERR_USAGE, "webhook secret %d has %d bytes; %d to %d are right",
			keys->count + 1, got, KEY_MIN, WEBHOOK_KEY_MAX);
	memcpy(keys->key[keys->count], room, (size_t)got);
	keys->length[keys->count++] = (size_t)got;
	OPENSSL_cleanse(room, sizeof(room));
	return 0;
}

int webhook_keys_read(struct webhook_keys *keys, const char *text, struct err *err)
{
	keys->count = 0;
	while (*text) {
		size_t blanks = strspn(text, " \t");
		size_t length = strcspn(text + blanks, " \t");

		if (length > 0 && key_read(keys, text + blanks, length, err) < 0)
			return -1;
		text += blanks + length;
	}
	if (keys->count == 0)
		return err_set(err, ERR_USAGE, "there is no webhook secret in the file");
	return 0;
}

void webhook_keys_wipe(struct webhook_keys *keys)
{
	OPENSSL_cleanse(keys, sizeof(*keys));
}

int webhook_sign(struct buf *out, const struct webhook_keys *keys, const char *id,
	int64_t timestamp, const void *body, size_t length, struct err *err)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char text[2 * EVP_MAX_MD_SIZE];
	unsigned digest_length = 0;
	struct buf signed_bytes;
	int result = 0;

	buf_init(&signed_bytes, length + 128);
	buf_format(&signed_bytes, "%s.%lld.", id, (long long)timestamp);
	buf_add(&signed_bytes, body, length);
	for (int i = 0; i < keys->count && result == 0; i++) {
		if (!HMAC(EVP_sha256(), keys->key[i], (int)keys->length[i],
			    (unsigned char *)signed_bytes.data, signed_bytes.used, digest,
			    &digest_length))
			result = err_set(err, ERR_IO, "OpenSSL refuses HMAC-SHA256");
		EVP_EncodeBlock((unsigned char *)text, digest, (int)digest_length);
		buf_format(out, "%sv1,%s", i > 0 ? " " : "", text);
	}
	if (signed_bytes.failed)
		result = err_set(err, ERR_LIMIT, "the webhook id is too long");
	buf_free(&signed_bytes);
	return result;
}
