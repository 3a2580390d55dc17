/* Signing for Standard Webhooks: HMAC-SHA256 over "id.timestamp.body" with the decoded bytes of a
 * whsec_ secret. */
#ifndef SETASIDE_ALERTS_WEBHOOK_SIGN_H
#define SETASIDE_ALERTS_WEBHOOK_SIGN_H

#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/err.h"

enum { WEBHOOK_SECRETS_MAX = 4, WEBHOOK_KEY_MAX = 64 };

struct webhook_keys {
	unsigned char key[WEBHOOK_SECRETS_MAX][WEBHOOK_KEY_MAX];
	size_t length[WEBHOOK_SECRETS_MAX];
	int count;
};

/* One to four secrets with blanks between: "whsec_" + base64 of 24 to 64 bytes. Error texts never
 * quote a secret. */
int webhook_keys_read(struct webhook_keys *keys, const char *text, struct err *err);
void webhook_keys_wipe(struct webhook_keys *keys);

/* Appends "v1,BASE64" for each key, blanks between. */
int webhook_sign(struct buf *out, const struct webhook_keys *keys, const char *id,
	int64_t timestamp, const void *body, size_t length, struct err *err);

#endif
