/* Entry of every fuzz target: any bytes in; a broken promise ends the process. The same entry serves libFuzzer
 * (-DSETASIDE_FUZZ=ON) and, over the saved corpus, an ordinary test (tests/fuzz/replay.c). */
#ifndef SETASIDE_TESTS_FUZZ_H
#define SETASIDE_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

/* The promises, checked in every build. */
#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition))                                                                  \
			BUG("promise broken: %s", #condition);                                     \
	} while (0)

#endif
