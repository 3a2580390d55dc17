#include "collectors/frame.h"

#include <string.h>

#include "collectors/value_text.h"

bool frame_row_is_blank(const struct frame_row *row)
{
	char room[256];

	for (size_t i = 0; i < row->count; i++) {
		const struct frame_cell *cell = &row->cell[i];
		if (cell->length == 0 || !cell->text)
			continue;
		if (cell->text[0] > ' ' &&
			cell->text[0] < 0x7F) /* the common case, without folding */
			return false;
		if (!value_fold(cell->text, cell->length, room, sizeof(room)) || *room != '\0')
			return false;
	}
	return true;
}

bool frame_row_is_total(const struct frame_row *row)
{
	static const char *const words[] = { "合计", "小计", "总计", "本页合计", "本页小计", "累计",
		"共计",
		"合计:", "小计:", "总计:", "本页合计:", "本页小计:", "累计:", "共计:", "total",
		"totals", "grandtotal", "subtotal", "total:", NULL };
	char word[64];

	for (size_t i = 0; i < row->count; i++) {
		const struct frame_cell *cell = &row->cell[i];
		if (cell->length == 0 || !cell->text)
			continue;
		/* codes and numbers, the common case: no word of the list begins so */
		if (cell->text[0] > ' ' && cell->text[0] < 0x7F && !strchr("TtSsGg", cell->text[0]))
			return false;
		if (!value_fold_word(cell->text, cell->length, word, sizeof(word)))
			return false;
		if (*word != '\0')
			return value_one_of(word, words);
	}
	return false;
}
