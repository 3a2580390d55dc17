/* The dashboard's files, embedded at build time, served with an ETag of their content. */
#ifndef SETASIDE_API_ASSETS_H
#define SETASIDE_API_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

struct reply;

struct asset {
	const char *path; /* "/", "/app.js"; NULL ends the list */
	const char *content_type;
	const char *etag; /* quoted */
	const unsigned char *bytes;
	size_t length;
};
/* Made by daemon/dashboard/embed.cmake. */
extern const struct asset asset_table[];

/* True when the path is a file of the dashboard; it is answered then. */
bool assets_serve(const char *path, struct reply *reply);

#endif
