// ingest_simdjson LINES PREFIX: the awards, parties and notices of OCDS lines as COPY text. The fast side of ingest:
// simdjson's DOM over the whole file, text out through one buffer a file.
#include <cstdio>
#include <fstream>
#include <string>

#include <simdjson.h>

using namespace simdjson;

static void add(std::string &out, std::string_view text)
{
	for (char c : text) {
		switch (c) {
		case '\\': out += "\\\\"; break;
		case '\t': out += "\\t"; break;
		case '\n': out += "\\n"; break;
		case '\r': out += "\\r"; break;
		default: out += c;
		}
	}
}

static void field(std::string &out, dom::element parent, const char *key, char end)
{
	dom::element value;

	if (parent.at_key(key).get(value))
		out += "\\N";
	else if (value.is_string())
		add(out, std::string_view(value));
	else if (value.is_null())
		out += "\\N";
	else
		out += minify(value);
	out += end;
}

static dom::element member(dom::element parent, const char *key)
{
	dom::element value;

	return parent.at_key(key).get(value) ? dom::element() : value;
}

static bool present(dom::element parent, const char *key, dom::element &ret)
{
	return !parent.at_key(key).get(ret);
}

static void none(std::string &out, char end)
{
	out += "\\N";
	out += end;
}

struct output {
	std::string awards, parties, notices;
};

static void read_award(output &out, dom::element release, std::string_view ocid, dom::element award)
{
	std::string key(ocid);
	dom::element part;
	dom::array suppliers;
	int seq = 0;

	key += '/';
	add(key, std::string_view(member(award, "id")));
	out.awards += key + '\t';
	add(out.awards, ocid);
	out.awards += '\t';
	if (present(release, "buyer", part))
		field(out.awards, part, "id", '\t');
	else
		none(out.awards, '\t');
	field(out.awards, award, "title", '\t');
	field(out.awards, award, "status", '\t');
	field(out.awards, award, "date", '\t');
	if (present(award, "value", part)) {
		field(out.awards, part, "amount", '\t');
		field(out.awards, part, "currency", '\n');
	} else {
		none(out.awards, '\t');
		none(out.awards, '\n');
	}
	if (award.at_key("suppliers").get(suppliers))
		return;
	for (dom::element supplier : suppliers) {
		out.parties += key + '\t' + std::to_string(++seq) + '\t';
		field(out.parties, supplier, "id", '\t');
		field(out.parties, supplier, "name", '\n');
	}
}

static void read_release(output &out, dom::element release)
{
	std::string_view ocid(member(release, "ocid"));
	dom::element tender, value;
	dom::array awards;

	add(out.notices, ocid);
	out.notices += '/';
	field(out.notices, release, "id", '\t');
	bool has_tender = present(release, "tender", tender);
	if (has_tender)
		field(out.notices, tender, "title", '\t');
	else
		none(out.notices, '\t');
	field(out.notices, release, "date", '\t');
	if (has_tender && present(tender, "value", value))
		field(out.notices, value, "amount", '\n');
	else
		none(out.notices, '\n');
	if (release.at_key("awards").get(awards))
		return;
	for (dom::element award : awards)
		read_award(out, release, ocid, award);
}

int main(int, char **argv)
{
	dom::parser parser;
	output out;
	const std::string prefix(argv[2]);
	dom::document_stream stream;

	if (parser.load_many(argv[1], 8 << 20).get(stream))
		return 1;
	for (auto document : stream) {
		dom::element release;
		if (document.get(release))
			return 1;
		read_release(out, release);
	}
	std::ofstream(prefix + ".awards") << out.awards;
	std::ofstream(prefix + ".parties") << out.parties;
	std::ofstream(prefix + ".notices") << out.notices;
	return 0;
}
