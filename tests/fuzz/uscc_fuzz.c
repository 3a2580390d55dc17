#include "fuzz/fuzz.h"

#include <string.h>

#include "core/text.h"
#include "core/uscc.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	struct uscc code, again;

	uscc_read((const char *)bytes, count, &code);
	MUST(text_utf8_valid(code.text, strlen(code.text), NULL));
	MUST(strcmp(uscc_kind_name(uscc_kind(code.text)), "") != 0);
	if (code.reason != USCC_OK) {
		MUST(!code.unknown_prefix);
		return 0;
	}
	MUST(strlen(code.text) == USCC_LENGTH);
	MUST(uscc_org_code_valid(code.text + 8));
	uscc_read(code.text, strlen(code.text), &again);
	MUST(again.reason == USCC_OK && strcmp(again.text, code.text) == 0);
	return 0;
}
