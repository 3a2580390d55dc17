/* A TLS server side for tests: a fresh self-signed certificate for localhost and 127.0.0.1. */
#ifndef SETASIDE_TESTS_LIB_TLS_H
#define SETASIDE_TESTS_LIB_TLS_H

#include <openssl/ssl.h>

struct tls;
struct tls *tls_new(void);
/* Removes the PEM file too. NULL is fine. */
void tls_free(struct tls *tls);
SSL_CTX *tls_context(const struct tls *tls);
const char *tls_ca(const struct tls *tls); /* PEM file of the certificate */

#endif
