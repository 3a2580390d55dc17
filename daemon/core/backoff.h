/* How long to wait before trying again. Pure arithmetic over a random source; no timers here.
 *
 * Waits are milliseconds. Every wait is jittered, so that many clients of one server do not return
 * together, and capped. Attempts count from 1 (the first retry). Not for secrets: the random source
 * is fast, not strong. */
#ifndef SETASIDE_CORE_BACKOFF_H
#define SETASIDE_CORE_BACKOFF_H

#include <stdint.h>

/* Decorrelated jitter, for fetching: each wait is random in [base, 3 * previous], at most cap. */
struct backoff {
	int64_t base_ms;
	int64_t cap_ms;
	int64_t last_ms; /* 0 = no failure since the reset */
};
void backoff_init(struct backoff *backoff, int64_t base_ms, int64_t cap_ms);
int64_t backoff_next(struct backoff *backoff);
void backoff_reset(struct backoff *backoff);

/* Exponential with equal jitter, for links: random in [c/2, c], c = min(cap, base * 2^(attempt -
 * 1)). */
int64_t backoff_exponential(int64_t base_ms, int64_t cap_ms, int attempt);

/* Quadratic, for deliveries that may last days: base * attempt^2, at most cap, then 10 % of jitter
 * downwards. */
int64_t backoff_quadratic(int64_t base_ms, int64_t cap_ms, int attempt);

/* What a server asked for, never shorter than our own wait; of what it asked, no more than the cap. Seconds below 0 =
 * nothing was asked. */
int64_t backoff_respect(int64_t own_ms, int64_t retry_after_s, int64_t cap_s);

/* Uniform in [low, high]. */
int64_t backoff_random(int64_t low, int64_t high);

#endif
