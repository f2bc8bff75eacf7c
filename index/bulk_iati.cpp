// IATI activity XML, streamed: one activity is in memory at a time.
#include "index/bulk_iati.h"

#include <expat.h>

#include <charconv>
#include <deque>
#include <memory>

#include "index/bulk_input.h"

namespace counterpart {
namespace {

constexpr std::size_t kMaxDepth = 32;          // 2.03 needs 6 or so; the rest is an attack
constexpr std::size_t kMaxHeldText = 1 << 18;  // of one text; parse_profile refuses what is over its own limit
constexpr std::size_t kMaxHeldItems = 4096;    // of one list

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

class IatiReader : public BulkReader {
 public:
  IatiReader(std::istream& in, const Taxonomy& taxonomy)
      : input_(in), taxonomy_(taxonomy), parser_(XML_ParserCreate(nullptr), XML_ParserFree) {
    if (!parser_) return;
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser_.get(), on_text);
    XML_SetStartDoctypeDeclHandler(parser_.get(), on_doctype);
  }

  Result<std::optional<Raw>> next() override {
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

  void feed() {
    if (!parser_) {
      error_ = Error{ErrorCode::kInternal, {}, "there is no memory for the XML parser", {}};
      return;
    }
    const auto bytes = input_.next();
    if (!bytes) {
      error_ = bytes.error();
      return;
    }
    ended_ = bytes->empty();
    if (XML_Parse(parser_.get(), bytes->data(), static_cast<int>(bytes->size()), ended_) != XML_STATUS_ERROR) return;
    if (!error_)
      error_ = Error{ErrorCode::kInvalid, here(),
                     std::string("is not well-formed XML: ") + XML_ErrorString(XML_GetErrorCode(parser_.get())),
                     "mend the file and import it again; what was read before stands"};
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
    if (name == "recipient-country") hold(activity.countries, share_of(attributes, {}));
    if (name == "recipient-region") activity.region = true;
    if (name == "sector") hold(activity.sectors, share_of(attributes, "1"));
    if (name == "tag") hold(activity.tags, share_of(attributes, {}));
    if (name == "participating-org" && attributes.get("role") == "4" && activity.implementer_type.empty())
      activity.implementer_type = type_;
  }

  void grandchild(std::string_view parent, std::string_view name, const Attributes& attributes) {
    IatiActivity& activity = *activity_;
    if (name == "narrative") {
      const bool general = type_.empty() || type_ == "1";
      if (parent == "title" && activity.title.empty()) collect(activity.title);
      if (parent == "description" && general && activity.general.empty()) collect(activity.general);
      if (parent == "description" && type_ == "2" && activity.objectives.empty()) collect(activity.objectives);
      return;
    }
    if (parent == "budget" && name == "value") amount(activity.budgets, type_, attributes);
    if (parent == "planned-disbursement" && name == "value") amount(activity.planned, type_, attributes);
    if (parent != "transaction") return;
    if (name == "transaction-type") type_ = attributes.get("code");
    // 2: outgoing, 11: incoming commitment. The schema's order puts the type before the value.
    if (name == "value" && (type_ == "2" || type_ == "11")) amount(activity.commitments, type_, attributes);
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
    Raw raw;
    raw.line = activity_->line;
    raw.bytes_read = static_cast<std::uint64_t>(XML_GetCurrentByteIndex(parser_.get()));
    auto profile = iati_profile(*activity_, taxonomy_);
    if (profile)
      raw.json = std::move(*profile);
    else
      raw.refused = profile.error();
    ready_.push_back(std::move(raw));
    activity_.reset();
  }

  BulkInput input_;
  const Taxonomy& taxonomy_;
  std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser_;
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

std::unique_ptr<BulkReader> read_iati(std::istream& in, const Taxonomy& taxonomy) {
  return std::make_unique<IatiReader>(in, taxonomy);
}

}  // namespace counterpart
