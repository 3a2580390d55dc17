/* The two clocks. Waits and slices go by the steady one, which no administrator moves; what is shown, stored or signed goes
 * by the real one. */
#ifndef SETASIDE_CORE_CLOCK_H
#define SETASIDE_CORE_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t clock_us(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static inline int64_t clock_steady_us(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

static inline int64_t clock_steady_ms(void)
{
	return clock_us(CLOCK_MONOTONIC) / 1000;
}

static inline int64_t clock_real_ms(void)
{
	return clock_us(CLOCK_REALTIME) / 1000;
}

#endif
