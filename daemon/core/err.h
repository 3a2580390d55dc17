/* One error value for everything that can fail for outside reasons.
 *
 * A function returns 0 on success or a negative number after err_set(); it never logs and sets
 * both. The text is one complete English sentence without a final full stop: what failed, on what,
 * and why. Programmer errors do not come here: they abort through BUG(). */
#ifndef SETASIDE_CORE_ERR_H
#define SETASIDE_CORE_ERR_H

#include <stdbool.h>

/* Each code has one exit status (interface.md §1): see err_exit_status(). */
enum err_code {
	ERR_NONE = 0,
	ERR_USAGE,    /* command line or configuration */
	ERR_DATA,     /* input that does not mean anything */
	ERR_IO,       /* file, socket, other system call */
	ERR_DB,       /* the database answered with an error */
	ERR_DB_DOWN,  /* the database cannot be reached; outcome of a pending write unknown */
	ERR_LIMIT,    /* a ceiling of ours was hit */
	ERR_TIMEOUT,  /* a deadline of ours passed */
	ERR_REFUSED,  /* a rule or right says no */
	ERR_CANCELLED /* the caller gave up first */
};

struct err {
	enum err_code code;
	char sqlstate[6]; /* set beside ERR_DB, else empty */
	char text[1024];  /* UTF-8, cut between characters */
};

#define ERR_INIT                                                                                   \
	{                                                                                          \
		.code = ERR_NONE                                                                   \
	}

/* Writes code and text unless err already holds one (the first cause wins); err may be NULL.
 * Always returns -1, so that "return err_set(...)" reads well. */
int err_set(struct err *err, enum err_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As err_set, and appends ": " and strerror(errno). */
int err_set_errno(struct err *err, enum err_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "prefix: " before the text of an error that is set. Returns -1. */
int err_prefix(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

void err_clear(struct err *err);

/* 0 done, 1 failed, 2 usage or configuration, 3 database not reachable, 5 refused. */
int err_exit_status(enum err_code code);

/* A broken promise inside the program: says where, then aborts. */
_Noreturn void err_bug(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
#define BUG(...) err_bug(__FILE__, __LINE__, __VA_ARGS__)

#endif
