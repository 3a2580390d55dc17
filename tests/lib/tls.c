#include "lib/tls.h"

#include <openssl/x509v3.h>
#include <stdio.h>
#include <unistd.h>

#include "core/err.h"
#include "core/mem.h"

struct tls {
	SSL_CTX *context;
	char ca[64];
};

static X509 *make_certificate(EVP_PKEY *key)
{
	X509 *cert = X509_new();
	X509_NAME *name = X509_get_subject_name(cert);
	X509_EXTENSION *alt =
		X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");

	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), 86400);
	X509_NAME_add_entry_by_txt(
		name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1, 0);
	X509_set_issuer_name(cert, name);
	X509_set_pubkey(cert, key);
	X509_add_ext(cert, alt, -1);
	X509_sign(cert, key, EVP_sha256());
	X509_EXTENSION_free(alt);
	return cert;
}

struct tls *tls_new(void)
{
	struct tls *tls = mem_zero(1, sizeof(*tls));
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = make_certificate(key);
	FILE *file = NULL;

	tls->context = SSL_CTX_new(TLS_server_method());
	if (SSL_CTX_use_certificate(tls->context, cert) != 1 ||
		SSL_CTX_use_PrivateKey(tls->context, key) != 1)
		BUG("the test certificate cannot be used");
	snprintf(tls->ca, sizeof(tls->ca), "/tmp/setaside-ca-XXXXXX");
	file = fdopen(mkstemp(tls->ca), "w");
	if (!file || PEM_write_X509(file, cert) != 1 || fclose(file))
		BUG("the test certificate cannot be written");
	X509_free(cert);
	EVP_PKEY_free(key);
	return tls;
}

void tls_free(struct tls *tls)
{
	if (!tls)
		return;
	SSL_CTX_free(tls->context);
	unlink(tls->ca);
	free(tls);
}

SSL_CTX *tls_context(const struct tls *tls)
{
	return tls->context;
}

const char *tls_ca(const struct tls *tls)
{
	return tls->ca;
}
