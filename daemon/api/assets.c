#include "api/assets.h"

#include <event2/buffer.h>

#include "api/reply.h"

bool assets_serve(const char *path, struct reply *reply)
{
	for (const struct asset *asset = asset_table; asset->path; asset++) {
		if (strcmp(asset->path, path) != 0)
			continue;
		reply_header(reply, "ETag", asset->etag);
		reply_header(reply, "Cache-Control", "no-cache");
		if (strcmp(reply_if_none_match(reply), asset->etag) == 0) {
			reply_send(reply, 304, NULL);
			return true;
		}
		evbuffer_add_reference(reply_body(reply), asset->bytes, asset->length, NULL, NULL);
		reply_send(reply, 200, asset->content_type);
		return true;
	}
	return false;
}
