#include "collectors/value_words.h"

#include <string.h>

#include "collectors/value_text.h"

struct word {
	const char *text;
	int code;
};

static const struct word size_words[] = {
	{ "大型企业", VALUE_SIZE_LARGE },
	{ "大型", VALUE_SIZE_LARGE },
	{ "大", VALUE_SIZE_LARGE },
	{ "large", VALUE_SIZE_LARGE },
	{ "中型企业", VALUE_SIZE_MEDIUM },
	{ "中型", VALUE_SIZE_MEDIUM },
	{ "中", VALUE_SIZE_MEDIUM },
	{ "medium", VALUE_SIZE_MEDIUM },
	{ "小型企业", VALUE_SIZE_SMALL },
	{ "小型", VALUE_SIZE_SMALL },
	{ "小", VALUE_SIZE_SMALL },
	{ "small", VALUE_SIZE_SMALL },
	{ "微型企业", VALUE_SIZE_MICRO },
	{ "微型", VALUE_SIZE_MICRO },
	{ "微", VALUE_SIZE_MICRO },
	{ "micro", VALUE_SIZE_MICRO },
	{ "小微型企业", VALUE_SIZE_SMALL_OR_MICRO },
	{ "小微企业", VALUE_SIZE_SMALL_OR_MICRO },
	{ "小、微企业", VALUE_SIZE_SMALL_OR_MICRO },
	{ "小型、微型企业", VALUE_SIZE_SMALL_OR_MICRO },
	{ "小微", VALUE_SIZE_SMALL_OR_MICRO },
	{ "中小企业", VALUE_SIZE_SME },
	{ "中小微企业", VALUE_SIZE_SME },
	{ "中、小、微型企业", VALUE_SIZE_SME },
	{ "中小微", VALUE_SIZE_SME },
	{ "sme", VALUE_SIZE_SME },
	{ "是", VALUE_SIZE_SME },
	{ "非中小企业", VALUE_SIZE_UNKNOWN },
	{ "否", VALUE_SIZE_UNKNOWN },
	{ "其他", VALUE_SIZE_UNKNOWN },
	{ "其它", VALUE_SIZE_UNKNOWN },
	{ "9", VALUE_SIZE_UNKNOWN },
	{ "未划型", VALUE_SIZE_UNKNOWN },
	{ "未知", VALUE_SIZE_UNKNOWN },
	{ "无", VALUE_SIZE_UNKNOWN },
	{ "空", VALUE_SIZE_UNKNOWN },
	{ "-", VALUE_SIZE_UNKNOWN },
	{ "/", VALUE_SIZE_UNKNOWN },
	{ "—", VALUE_SIZE_UNKNOWN },
	{ "unknown", VALUE_SIZE_UNKNOWN },
	{ "个体工商户", VALUE_SIZE_INDIVIDUAL },
	{ "个体户", VALUE_SIZE_INDIVIDUAL },
	{ "监狱企业", VALUE_SIZE_PRISON },
	{ "监狱企业(含戒毒企业)", VALUE_SIZE_PRISON },
	{ "戒毒企业", VALUE_SIZE_PRISON },
	{ "残疾人福利性单位", VALUE_SIZE_DISABLED },
	{ "残疾人企业", VALUE_SIZE_DISABLED },
	{ "事业单位", VALUE_SIZE_NON_ENTERPRISE },
	{ "社会组织", VALUE_SIZE_NON_ENTERPRISE },
	{ "社会团体", VALUE_SIZE_NON_ENTERPRISE },
	{ "民办非企业", VALUE_SIZE_NON_ENTERPRISE },
	{ "民办非企业单位", VALUE_SIZE_NON_ENTERPRISE },
	{ "基金会", VALUE_SIZE_NON_ENTERPRISE },
	{ "律师事务所", VALUE_SIZE_NON_ENTERPRISE },
	{ "高校", VALUE_SIZE_NON_ENTERPRISE },
	{ "医院", VALUE_SIZE_NON_ENTERPRISE },
	{ "l", VALUE_SIZE_UNMAPPED },
	{ "m", VALUE_SIZE_UNMAPPED },
	{ "s", VALUE_SIZE_UNMAPPED },
	{ "x", VALUE_SIZE_UNMAPPED },
	{ "1", VALUE_SIZE_UNMAPPED },
	{ "2", VALUE_SIZE_UNMAPPED },
	{ "3", VALUE_SIZE_UNMAPPED },
	{ "4", VALUE_SIZE_UNMAPPED },
	{ NULL, 0 },
};

/* Labels of other programmes: none of them says what the size is. */
static const char *const size_tags[] = { "科技型中小企业", "专精特新", "高新技术", "瞪羚", "规上",
	"规下", "民营企业", "小型微利企业", "小规模纳税人", NULL };

static const struct word bool_words[] = {
	{ "是", VALUE_BOOL_YES },
	{ "有", VALUE_BOOL_YES },
	{ "y", VALUE_BOOL_YES },
	{ "yes", VALUE_BOOL_YES },
	{ "1", VALUE_BOOL_YES },
	{ "true", VALUE_BOOL_YES },
	{ "t", VALUE_BOOL_YES }, /* as PostgreSQL writes it */
	{ "√", VALUE_BOOL_YES },
	{ "✓", VALUE_BOOL_YES },
	{ "☑", VALUE_BOOL_YES },
	{ "■", VALUE_BOOL_YES },
	{ "已", VALUE_BOOL_YES },
	{ "接受", VALUE_BOOL_YES },
	{ "允许", VALUE_BOOL_YES },
	{ "否", VALUE_BOOL_NO },
	{ "无", VALUE_BOOL_NO },
	{ "n", VALUE_BOOL_NO },
	{ "no", VALUE_BOOL_NO },
	{ "0", VALUE_BOOL_NO },
	{ "false", VALUE_BOOL_NO },
	{ "f", VALUE_BOOL_NO },
	{ "×", VALUE_BOOL_NO },
	{ "□", VALUE_BOOL_NO },
	{ "未", VALUE_BOOL_NO },
	{ "不接受", VALUE_BOOL_NO },
	{ "不允许", VALUE_BOOL_NO },
	{ "", VALUE_BOOL_UNKNOWN },
	{ "-", VALUE_BOOL_UNKNOWN },
	{ "/", VALUE_BOOL_UNKNOWN },
	{ "—", VALUE_BOOL_UNKNOWN },
	{ "未知", VALUE_BOOL_UNKNOWN },
	{ NULL, 0 },
};

static int word_code(const struct word *words, const char *text, int otherwise)
{
	for (; words->text; words++) {
		if (strcmp(words->text, text) == 0)
			return words->code;
	}
	return otherwise;
}

bool value_word_normal(const char *text, size_t length, char room[VALUE_WORD_MAX])
{
	return value_fold_word(text, length, room, VALUE_WORD_MAX);
}

enum value_size value_size_read(const char *text, size_t length)
{
	char word[VALUE_WORD_MAX];

	if (!value_word_normal(text, length, word))
		return VALUE_SIZE_NOT_A_SIZE;
	if (*word == '\0')
		return VALUE_SIZE_EMPTY;
	int code = word_code(size_words, word, VALUE_SIZE_NOT_A_SIZE);
	if (code != VALUE_SIZE_NOT_A_SIZE)
		return (enum value_size)code;
	if (strncmp(word, "cs0", 3) == 0 && strlen(word) == 4)
		return VALUE_SIZE_UNMAPPED;
	return value_contains(word, size_tags) ? VALUE_SIZE_TAG : VALUE_SIZE_NOT_A_SIZE;
}

const char *value_size_name(enum value_size size)
{
	static const char *const names[] = {
		[VALUE_SIZE_EMPTY] = "empty",
		[VALUE_SIZE_UNKNOWN] = "unknown",
		[VALUE_SIZE_LARGE] = "large",
		[VALUE_SIZE_MEDIUM] = "medium",
		[VALUE_SIZE_SMALL] = "small",
		[VALUE_SIZE_MICRO] = "micro",
		[VALUE_SIZE_SMALL_OR_MICRO] = "small_or_micro",
		[VALUE_SIZE_SME] = "sme",
		[VALUE_SIZE_INDIVIDUAL] = "individual",
		[VALUE_SIZE_NON_ENTERPRISE] = "non_enterprise",
		[VALUE_SIZE_PRISON] = "prison",
		[VALUE_SIZE_DISABLED] = "disabled_welfare",
		[VALUE_SIZE_TAG] = "tag",
		[VALUE_SIZE_UNMAPPED] = "size-code-unmapped",
		[VALUE_SIZE_NOT_A_SIZE] = "not-a-size",
	};
	return names[size];
}

/* What a mark at *at says of the word beside it: ticked 1, empty 0, none -1. */
static int tick_skip(const char **at)
{
	static const char *const ticked[] = { "☑", "■", "√", "✓", "✔", NULL };
	static const char *const empty[] = { "□", "☐", NULL };

	for (int i = 0; ticked[i]; i++) {
		if (value_skip(at, ticked[i]))
			return 1;
	}
	for (int i = 0; empty[i]; i++) {
		if (value_skip(at, empty[i]))
			return 0;
	}
	return -1;
}

/* "□是☑否" and "是□否☑": the ticked one, when exactly one is. Any other text between is not understood. */
static enum value_bool3 read_ticks(const char *at)
{
	static const char *const words[] = { "是", "有", "否", "无", NULL };
	bool yes = false, no = false;
	bool before = strncmp(at, "是", strlen("是")) != 0 &&
		      strncmp(at, "有", strlen("有")) != 0 &&
		      strncmp(at, "否", strlen("否")) != 0 && strncmp(at, "无", strlen("无")) != 0;

	while (*at != '\0') {
		int tick = before ? tick_skip(&at) : -1, word = 0;
		while (words[word] && !value_skip(&at, words[word]))
			word++;
		if (!words[word])
			return VALUE_BOOL_REFUSED;
		if (!before)
			tick = tick_skip(&at);
		if (tick < 0)
			return VALUE_BOOL_REFUSED;
		yes |= tick && word < 2;
		no |= tick && word >= 2;
	}
	return yes == no ? VALUE_BOOL_UNKNOWN : yes ? VALUE_BOOL_YES : VALUE_BOOL_NO;
}

enum value_bool3 value_bool_read(const char *text, size_t length)
{
	static const char *const boxes[] = { "□", "☐", "☑", "■", "√", "✓", "✔", NULL };
	char word[VALUE_WORD_MAX];

	if (!value_word_normal(text, length, word))
		return VALUE_BOOL_REFUSED;
	int code = word_code(bool_words, word, VALUE_BOOL_REFUSED);
	if (code != VALUE_BOOL_REFUSED || !value_contains(word, boxes))
		return (enum value_bool3)code;
	/* a scan reads □ as 口: nobody knows what was ticked */
	return strstr(word, "口") ? VALUE_BOOL_UNKNOWN : read_ticks(word);
}
