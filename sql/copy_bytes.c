#include "sql/copy_bytes.h"

#include "core/mem.h"

void copy_bytes_free(struct copy_bytes *out)
{
	free(out->data);
	*out = (struct copy_bytes){ 0 };
}

char *copy_bytes_room(struct copy_bytes *out, size_t need)
{
	if (out->capacity - out->used < need) {
		out->capacity = (out->used + need) * 2;
		out->data = mem_resize(out->data, out->capacity, 1);
	}
	return out->data + out->used;
}
