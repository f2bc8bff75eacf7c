// IATI activity XML, streamed: one activity is in memory at a time.
#include "index/bulk/bulk_iati.h"

#include <expat.h>

#include <algorithm>
#include <charconv>
#include <deque>
#include <memory>

#include "engine/base/nearest.h"
#include "engine/profile/profile_check.h"
#include "index/bulk/bulk_input.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kMaxDepth = 32;          // 2.03 needs 6 or so; the rest is an attack
constexpr std::size_t kMaxHeldText = 1 << 18;  // of one text; parse_profile refuses what is over its own limit
constexpr std::size_t kMaxHeldItems = 4096;    // of one list
constexpr std::size_t kMaxPiece = 8 << 20;     // of one tag or comment, which the parser sees whole or not at all

// The attributes of one element.
class Attributes {
 public:
  explicit Attributes(const XML_Char** pairs) : pairs_(pairs) {}
  std::string get(std::string_view name, std::string_view otherwise = {}) const {
    for (auto pair = pairs_; *pair != nullptr; pair += 2)
      if (name == *pair) return pair[1];
    return std::string(otherwise);
  }

 private:
  const XML_Char** pairs_;
};

template <class Item>
void hold(std::vector<Item>& list, Item item) {
  if (list.size() < kMaxHeldItems) list.push_back(std::move(item));
}

IatiShare share_of(const Attributes& attributes, std::string_view default_vocabulary) {
  IatiShare share{attributes.get("vocabulary", default_vocabulary), attributes.get("code"), 0};
  const std::string percentage = attributes.get("percentage");
  std::from_chars(percentage.data(), percentage.data() + percentage.size(), share.percentage);
  return share;
}

// The encoding that an XML declaration names. Empty: none.
std::string declared_encoding(std::string_view begin) {
  if (!begin.starts_with("<?xml")) return {};
  begin = begin.substr(0, std::min<std::size_t>(begin.find("?>"), 400));
  auto at = begin.find("encoding");
  at = at == begin.npos ? at : begin.find_first_of("'\"", at);
  if (at == begin.npos) return {};
  const auto end = begin.find(begin[at], at + 1);
  return end == begin.npos ? std::string() : std::string(begin.substr(at + 1, end - at - 1));
}

class IatiReader : public BulkReader {
 public:
  using Row = std::function<Raw(const IatiActivity&)>;
  IatiReader(std::istream& in, const BulkOptions& options, Row row)
      : input_(in, options.stop), row_(std::move(row)), encoding_(options.encoding) {}

  Result<std::optional<Raw>> next() override {
    if (!parser_ && !error_)
      if (Status begun = begin(); !begun) error_ = begun.error();
    while (ready_.empty()) {
      if (error_) return tl::unexpected(*error_);
      if (ended_) return std::nullopt;
      feed();
    }
    Raw raw = std::move(ready_.front());
    ready_.pop_front();
    return raw;
  }

 private:
  Status begin() {
    const auto sample = input_.peek();
    if (!sample) return tl::unexpected(sample.error());
    // The parser knows UTF-8 and UTF-16 by itself; others are converted before it.
    const bool given = !encoding_.empty();
    std::string encoding = given ? encoding_ : declared_encoding(*sample);
    const bool own = !given && (encoding.empty() || equal_but_case(encoding, "utf-8") || equal_but_case(encoding, "utf-16"));
    // What says Latin-1 and has other bytes than that is Windows' own, which is the same but for these.
    if (equal_but_case(encoding, "iso-8859-1") || equal_but_case(encoding, "us-ascii")) encoding = "windows-1252";
    if (!own)
      if (Status decoded = input_.decode(encoding); !decoded) {
        decoded.error().place = "line 1";
        return decoded;
      }
    converted_ = !own || input_.marked();
    utf16_ = !converted_ && sample->size() > 1 && ((*sample)[0] == '\0' || (*sample)[1] == '\0');
    parser_.reset(XML_ParserCreate(converted_ ? "UTF-8" : nullptr));
    if (!parser_) return fail(ErrorCode::kInternal, {}, "there is no memory for the XML parser");
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser_.get(), on_text);
    XML_SetStartDoctypeDeclHandler(parser_.get(), on_doctype);
    return {};
  }

  static IatiReader& self(void* data) { return *static_cast<IatiReader*>(data); }
  static void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
    self(data).start(name, Attributes(attributes));
  }
  static void on_end(void* data, const XML_Char*) { self(data).end(); }
  static void on_text(void* data, const XML_Char* text, int size) {
    auto& reader = self(data);
    if (reader.text_ == nullptr || reader.depth_ != reader.text_depth_) return;
    if (reader.text_->size() < kMaxHeldText) reader.text_->append(text, static_cast<std::size_t>(size));
  }
  // Nothing in IATI needs one, and every entity attack does.
  static void on_doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    self(data).stop("has a document type declaration, which is not read", "remove the DOCTYPE");
  }

  std::string here() const { return "line " + std::to_string(XML_GetCurrentLineNumber(parser_.get())); }

  void stop(std::string message, std::string remedy) {
    if (!error_) error_ = Error{ErrorCode::kInvalid, here(), std::move(message), std::move(remedy)};
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  // The parser looks at an unfinished tag or comment from its beginning each time that it is given more. So it is given
  // as much again as it has of it, and the time goes with the length.
  void feed() {
    const auto bytes = input_.next();
    if (!bytes) {
      error_ = bytes.error();
      if (error_->code == ErrorCode::kInvalid) error_->place = here();
      return;
    }
    ended_ = bytes->empty();
    held_.append(*bytes);
    clean(held_.size() - bytes->size());
    if (!ended_ && held_.size() < unfinished_) return;
    given_ += held_.size();
    const auto parsed = XML_Parse(parser_.get(), held_.data(), static_cast<int>(held_.size()), ended_);
    held_.clear();
    if (parsed == XML_STATUS_ERROR) return not_well_formed();
    const auto done = static_cast<std::uint64_t>(std::max<XML_Index>(XML_GetCurrentByteIndex(parser_.get()), 0));
    unfinished_ = static_cast<std::size_t>(given_ - std::min(done, given_));
    if (unfinished_ > kMaxPiece)
      stop("a tag, comment or instruction is longer than 8 MiB", "take it out; what was read before stands");
  }

  // Controls that XML does not allow, and of which some software leaves traces, become one that it does, and that is taken
  // out of texts later. UTF-16 has such bytes in all its characters.
  void clean(std::size_t from) {
    if (utf16_) return;
    for (std::size_t i = from; i < held_.size(); ++i) {
      const auto c = static_cast<unsigned char>(held_[i]);
      if (c < 0x20 && c != '\n' && c != '\r' && c != '\t') held_[i] = '\x7f';
    }
  }

  void not_well_formed() {
    if (error_) return;
    const XML_Error code = XML_GetErrorCode(parser_.get());
    error_ = Error{ErrorCode::kInvalid, here(), std::string("is not well-formed XML: ") + XML_ErrorString(code),
                   "mend the file and import it again; what was read before stands"};
    if (code == XML_ERROR_INVALID_TOKEN && !converted_)
      error_->remedy +=
          "; where its accents are wrong, its first line must say in which encoding it is, as in "
          "<?xml version=\"1.0\" encoding=\"windows-1252\"?>";
  }

  void start(std::string_view name, const Attributes& attributes) {
    ++depth_;
    if (depth_ > kMaxDepth) return stop("is nested too deeply", "is it an IATI activity file?");
    if (depth_ == 1 && name != "iati-activities")
      return stop("the root element is not iati-activities", "give an IATI 2.03 activity file");
    path_[depth_] = name;
    if (depth_ == 2 && name == "iati-activity") {
      activity_ = std::make_unique<IatiActivity>();
      activity_->line = XML_GetCurrentLineNumber(parser_.get());
      activity_->default_currency = attributes.get("default-currency");
    }
    if (activity_ == nullptr) return;
    if (depth_ == 3) child(name, attributes);
    if (depth_ == 4) grandchild(path_[3], name, attributes);
  }

  void child(std::string_view name, const Attributes& attributes) {
    type_ = attributes.get("type");
    IatiActivity& activity = *activity_;
    if (name == "iati-identifier" && activity.identifier.empty()) return collect(activity.identifier);
    if (name == "activity-status") activity.status = attributes.get("code");
    if (name == "activity-date") {
      std::string* const end = type_ == "4" || type_ == "end-actual"    ? &activity.actual_end
                               : type_ == "3" || type_ == "end-planned" ? &activity.planned_end
                                                                        : nullptr;
      if ((type_ == "2" || type_ == "start-actual") && activity.actual_start.empty())
        activity.actual_start = attributes.get("iso-date");
      if (end && end->empty()) *end = attributes.get("iso-date");
      if (end && end->empty()) collect(*end);
    }
    const bool general = type_.empty() || type_ == "1";
    if (name == "title" && activity.old_title.empty()) collect(activity.old_title);
    if (name == "description" && general && activity.old_general.empty()) collect(activity.old_general);
    if (name == "description" && type_ == "2" && activity.old_objectives.empty()) collect(activity.old_objectives);
    if (name == "recipient-country") hold(activity.countries, share_of(attributes, {}));
    if (name == "recipient-region") activity.region = true;
    if (name == "sector") hold(activity.sectors, share_of(attributes, "1"));
    if (name == "tag") hold(activity.tags, share_of(attributes, {}));
    if (name == "reporting-org" || name == "participating-org") {
      hold(activity.organisations, {attributes.get("ref"), {}});
      collect(activity.organisations.back().name);  // directly in the element, as before 2.01
    }
    const std::string role = name == "participating-org" ? attributes.get("role") : "";
    if ((role == "4" || role == "Implementing") && activity.implementer_type.empty()) activity.implementer_type = type_;
  }

  void grandchild(std::string_view parent, std::string_view name, const Attributes& attributes) {
    IatiActivity& activity = *activity_;
    if (name == "narrative") {
      const bool general = type_.empty() || type_ == "1";
      if (parent == "title" && activity.title.empty()) collect(activity.title);
      if (parent == "description" && general && activity.general.empty()) collect(activity.general);
      if (parent == "description" && type_ == "2" && activity.objectives.empty()) collect(activity.objectives);
      if (parent.ends_with("ing-org") && is_blank(activity.organisations.back().name))
        collect(activity.organisations.back().name);
      return;
    }
    if (parent == "budget" && name == "value") amount(activity.budgets, type_, attributes);
    if (parent == "planned-disbursement" && name == "value") amount(activity.planned, type_, attributes);
    if (parent != "transaction") return;
    if (name == "transaction-type") type_ = attributes.get("code");
    // 2: outgoing, 11: incoming commitment. The schema's order puts the type before the value.
    if (name == "value" && (type_ == "2" || type_ == "C" || type_ == "11")) amount(activity.commitments, type_, attributes);
    if (name == "recipient-country") hold(activity.transaction_countries, share_of(attributes, {}));
    if (name == "recipient-region") activity.region = true;
    if (name == "sector") hold(activity.transaction_sectors, share_of(attributes, "1"));
  }

  void amount(std::vector<IatiAmount>& list, std::string kind, const Attributes& attributes) {
    if (list.size() >= kMaxHeldItems) return;
    list.push_back({std::move(kind), attributes.get("currency"), {}});
    collect(list.back().value);
  }

  void collect(std::string& text) {
    text_ = &text;
    text_depth_ = depth_;
  }

  void end() {
    if (text_ != nullptr && depth_ == text_depth_) text_ = nullptr;
    if (depth_ == 2 && activity_ != nullptr) finish();
    --depth_;
  }

  void finish() {
    Raw raw = row_(*activity_);
    raw.bytes_read = input_.bytes_read();
    ready_.push_back(std::move(raw));
    activity_.reset();
  }

  BulkInput input_;
  Row row_;
  std::string encoding_;
  std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser_{nullptr, XML_ParserFree};
  bool utf16_ = false;          // without a mark, for the parser to find out
  bool converted_ = false;      // the parser is given UTF-8, whatever the file is in
  std::string held_;            // read, and not given to the parser yet
  std::uint64_t given_ = 0;     // bytes that the parser has
  std::size_t unfinished_ = 0;  // of these, what it could not make anything of yet
  std::deque<Raw> ready_;
  std::optional<Error> error_;
  bool ended_ = false;
  std::unique_ptr<IatiActivity> activity_;
  std::size_t depth_ = 0, text_depth_ = 0;
  std::string path_[kMaxDepth + 1];
  std::string type_;
  std::string* text_ = nullptr;  // in activity_, while the element at text_depth_ is open
};

}  // namespace

std::unique_ptr<BulkReader> read_iati(std::istream& in, const Taxonomy& taxonomy, const BulkOptions& options) {
  return std::make_unique<IatiReader>(in, options,
                                      [&taxonomy](const IatiActivity& activity) { return iati_row(activity, taxonomy); });
}

Status visit_iati(std::istream& in, const BulkOptions& options, std::function<void(const IatiActivity&)> visit) {
  IatiReader reader(in, options, [&](const IatiActivity& activity) {
    visit(activity);
    return BulkReader::Raw{};
  });
  for (;;) {
    const Result<std::optional<BulkReader::Raw>> row = reader.next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
  }
}

}  // namespace counterpart::index
