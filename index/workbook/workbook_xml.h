// One XML part of a workbook, read as a stream of elements.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/workbook/workbook_parts.h"

namespace counterpart::index {

// Names are without their namespace's prefix.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char** pairs) : pairs_(pairs) {}
  // Empty: it has none.
  std::string_view get(std::string_view name) const;

 private:
  const char** pairs_;
};

struct XmlHandlers {
  std::function<void(std::string_view element, const XmlAttributes&)> start;
  std::function<void(std::string_view element)> end;
  std::function<void(std::string_view text)> text = {};  // of one text perhaps in pieces
  // All but tags, as it is written, in UTF-8, and those tags that keep() is called for; without `text`. For copying.
  std::function<void(std::string_view raw)> rest = {};
};

// Not thread-safe.
class XmlPart {
 public:
  // A handler may call keep(), pause() and refuse(), and nothing else.
  XmlPart(std::string name, std::unique_ptr<WorkbookParts::Part> part, XmlHandlers handlers);
  ~XmlPart();

  // Reads on until a handler pauses (true) or to the end (false). kInvalid: not well-formed, a document type declaration, an
  // element nested too deep or a tag too long to be a workbook's; what a handler refused.
  Result<bool> read_on();
  void pause();
  void refuse(Error error);
  void keep();  // gives the tag under way to `rest`

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// All of a part at once.
Status read_part(WorkbookParts& parts, const std::string& name, XmlHandlers handlers);

}  // namespace counterpart::index
