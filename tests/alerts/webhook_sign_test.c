#include "alerts/webhook_sign.h"

#include <criterion/criterion.h>

static const char secret[] = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
static const char body[] = "{\"type\":\"sme.arrears.opened\",\"timestamp\":\"2026-03-02T01:00:"
			   "00Z\",\"data\":{\"case\":\"A-"
			   "0001\"}}";

static void expect_signature(const char *secrets, const char *wanted)
{
	struct webhook_keys keys;
	struct err err = ERR_INIT;
	struct buf out;

	buf_init(&out, 1024);
	cr_assert_eq(webhook_keys_read(&keys, secrets, &err), 0, "%s", err.text);
	cr_assert_eq(
		webhook_sign(&out, &keys, "msg_0001", 1767225600, body, strlen(body), &err), 0);
	cr_assert_str_eq(out.data, wanted);
	buf_free(&out);
	webhook_keys_wipe(&keys);
}

Test(webhook_sign, gives_the_signature_of_the_reference_libraries)
{
	expect_signature(secret, "v1,uZwuwGleg9/NCuDsgV+HyXdHbD7XP/+VJ5rhuoLjmhM=");
}

Test(webhook_sign, signs_with_every_secret_during_a_rotation)
{
	char both[256];

	snprintf(both, sizeof(both), "%s  %s", secret, secret);
	expect_signature(both, "v1,uZwuwGleg9/NCuDsgV+HyXdHbD7XP/+VJ5rhuoLjmhM= "
			       "v1,uZwuwGleg9/NCuDsgV+HyXdHbD7XP/+VJ5rhuoLjmhM=");
}

Test(webhook_sign, refuses_secrets_that_are_not_secrets_and_never_quotes_them)
{
	static const char *const bad[] = { "", "   ", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkw", "whsec_",
		"whsec_short+==", "whsec_MDEyMzQ1Njc4OTAx", "whsec_MDEy*zQ1Njc4OTAxMjM0NTY3ODkw",
		"whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=MDEy" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct webhook_keys keys;
		struct err err = ERR_INIT;

		cr_expect_lt(webhook_keys_read(&keys, bad[i], &err), 0, "\"%s\" was taken", bad[i]);
		cr_expect_null(strstr(err.text, "MDEy"), "%s", err.text);
	}
}
