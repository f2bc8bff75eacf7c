#include "index/workbook/workbook_xml.h"

#include <expat.h>

#include <optional>
#include <type_traits>
#include <utility>

namespace counterpart::index {
namespace {

constexpr std::size_t kMaxDepth = 64;         // a sheet needs 8 or so; the rest is an attack
constexpr std::uint64_t kMaxPiece = 1 << 20;  // of one tag or comment, which the parser sees whole or not at all

std::string_view local(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace

std::string_view XmlAttributes::get(std::string_view name) const {
  for (const char** pair = pairs_; *pair != nullptr; pair += 2)
    if (local(*pair) == name) return pair[1];
  return {};
}

struct XmlPart::Impl {
  struct Free {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
  };

  std::string name;
  std::unique_ptr<WorkbookParts::Part> part;
  XmlHandlers handlers;
  std::unique_ptr<std::remove_pointer_t<XML_Parser>, Free> parser;
  std::optional<Error> error;
  std::size_t depth = 0;
  std::uint64_t given = 0;  // bytes, to the parser
  bool paused = false, ended = false;

  static Impl& self(void* data) { return *static_cast<Impl*>(data); }
  static void on_start(void* data, const XML_Char* element, const XML_Char** attributes) {
    Impl& own = self(data);
    if (++own.depth > kMaxDepth) return own.refuse("has elements nested too deep");
    own.handlers.start(local(element), XmlAttributes(attributes));
  }
  static void on_end(void* data, const XML_Char* element) {
    Impl& own = self(data);
    --own.depth;
    own.handlers.end(local(element));
  }
  static void on_text(void* data, const XML_Char* text, int size) {
    self(data).handlers.text({text, static_cast<std::size_t>(size)});
  }
  static void on_rest(void* data, const XML_Char* text, int size) {
    self(data).handlers.rest({text, static_cast<std::size_t>(size)});
  }
  static void on_declaration(void*, const XML_Char*, const XML_Char*, int) {}  // what is copied is in UTF-8, whatever it says
  // No workbook has one, and every entity attack does.
  static void on_doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    self(data).refuse("has a document type declaration, which no workbook has");
  }

  void refuse(std::string message) {
    refuse(Error{ErrorCode::kInvalid, name, std::move(message), "open it in a spreadsheet program and save it again as .xlsx"});
  }
  void refuse(Error what) {
    if (!error) error = std::move(what);
    XML_StopParser(parser.get(), XML_FALSE);
  }

  XML_Status feed() {
    if (paused) return paused = false, XML_ResumeParser(parser.get());
    const Result<std::string_view> piece = part->next();
    if (!piece) return error = piece.error(), XML_STATUS_ERROR;
    ended = piece->empty();
    given += piece->size();
    const XML_Status status = XML_Parse(parser.get(), piece->data(), static_cast<int>(piece->size()), ended ? 1 : 0);
    const XML_Index at = XML_GetCurrentByteIndex(parser.get());
    if (status == XML_STATUS_OK && !ended && at >= 0 && given > static_cast<std::uint64_t>(at) + kMaxPiece)
      return refuse("has a tag that is too long"), XML_STATUS_ERROR;
    return status;
  }
};

XmlPart::XmlPart(std::string name, std::unique_ptr<WorkbookParts::Part> part, XmlHandlers handlers)
    : impl_(std::make_unique<Impl>()) {
  impl_->name = std::move(name);
  impl_->part = std::move(part);
  impl_->handlers = std::move(handlers);
  impl_->parser.reset(XML_ParserCreate(nullptr));
  if (!impl_->parser) {
    impl_->error = Error{ErrorCode::kInternal, {}, "there is no memory for the XML parser", {}};
    return;
  }
  XML_SetUserData(impl_->parser.get(), impl_.get());
  XML_SetElementHandler(impl_->parser.get(), Impl::on_start, Impl::on_end);
  if (impl_->handlers.text) XML_SetCharacterDataHandler(impl_->parser.get(), Impl::on_text);
  if (impl_->handlers.rest) {
    XML_SetDefaultHandler(impl_->parser.get(), Impl::on_rest);
    XML_SetXmlDeclHandler(impl_->parser.get(), Impl::on_declaration);
  }
  XML_SetStartDoctypeDeclHandler(impl_->parser.get(), Impl::on_doctype);
}
XmlPart::~XmlPart() = default;

Result<bool> XmlPart::read_on() {
  while (!impl_->error) {
    const XML_Status status = impl_->feed();
    if (status == XML_STATUS_SUSPENDED) return true;
    if (status == XML_STATUS_ERROR && !impl_->error)
      impl_->refuse("is not well-formed XML: " + std::string(XML_ErrorString(XML_GetErrorCode(impl_->parser.get()))));
    if (impl_->error) break;
    if (impl_->ended) return false;
  }
  return tl::unexpected(*impl_->error);
}

void XmlPart::pause() {
  impl_->paused = true;
  XML_StopParser(impl_->parser.get(), XML_TRUE);
}
void XmlPart::keep() { XML_DefaultCurrent(impl_->parser.get()); }
void XmlPart::refuse(Error error) { impl_->refuse(std::move(error)); }

Status read_part(WorkbookParts& parts, const std::string& name, XmlHandlers handlers) {
  Result<std::unique_ptr<WorkbookParts::Part>> part = parts.part(name);
  if (!part) return tl::unexpected(part.error());
  const Result<bool> read = XmlPart(name, std::move(*part), std::move(handlers)).read_on();
  return read ? Status() : tl::unexpected(read.error());
}

}  // namespace counterpart::index
