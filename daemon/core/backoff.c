#include "core/backoff.h"

#include <stdbool.h>
#include <sys/random.h>

#include "core/err.h"

/* xorshift64*, seeded once by the kernel: spreading waits needs no more. */
static uint64_t random_next(void)
{
	static uint64_t state;

	while (!state) {
		if (getrandom(&state, sizeof(state), 0) != (ssize_t)sizeof(state))
			state = (uint64_t)time(NULL) * 2654435761u + 1;
	}
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 2685821657736338717u;
}

int64_t backoff_random(int64_t low, int64_t high)
{
	if (low > high)
		BUG("random range %lld to %lld", (long long)low, (long long)high);
	uint64_t span = (uint64_t)high - (uint64_t)low;
	if (span == UINT64_MAX)
		return (int64_t)random_next();
	/* The bias of the remainder is below 2^-32 for any wait. */
	return (int64_t)((uint64_t)low + random_next() % (span + 1));
}

void backoff_init(struct backoff *backoff, int64_t base_ms, int64_t cap_ms)
{
	if (base_ms < 1 || cap_ms < base_ms)
		BUG("backoff of %lld to %lld ms", (long long)base_ms, (long long)cap_ms);
	*backoff = (struct backoff){ .base_ms = base_ms, .cap_ms = cap_ms };
}

int64_t backoff_next(struct backoff *backoff)
{
	int64_t high = backoff->base_ms;

	if (backoff->last_ms > backoff->cap_ms / 3)
		high = backoff->cap_ms;
	else if (backoff->last_ms * 3 > high)
		high = backoff->last_ms * 3;
	backoff->last_ms = backoff_random(backoff->base_ms, high);
	return backoff->last_ms;
}

void backoff_reset(struct backoff *backoff)
{
	backoff->last_ms = 0;
}

int64_t backoff_exponential(int64_t base_ms, int64_t cap_ms, int attempt)
{
	int64_t wait = base_ms < cap_ms ? base_ms : cap_ms;

	for (int i = 1; i < attempt && wait < cap_ms; i++)
		wait = wait > cap_ms / 2 ? cap_ms : wait * 2;
	return backoff_random(wait / 2, wait);
}

int64_t backoff_quadratic(int64_t base_ms, int64_t cap_ms, int attempt)
{
	int64_t square = 0, wait = 0;

	if (attempt < 1)
		attempt = 1;
	if (__builtin_mul_overflow((int64_t)attempt, (int64_t)attempt, &square) ||
		__builtin_mul_overflow(square, base_ms, &wait) || wait > cap_ms)
		wait = cap_ms;
	return backoff_random(wait - wait / 10, wait);
}

int64_t backoff_respect(int64_t own_ms, int64_t retry_after_s, int64_t cap_s)
{
	if (retry_after_s < 0)
		return own_ms;
	if (retry_after_s > cap_s)
		retry_after_s = cap_s;
	return retry_after_s * 1000 > own_ms ? retry_after_s * 1000 : own_ms;
}
