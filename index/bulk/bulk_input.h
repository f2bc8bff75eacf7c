// What the bulk readers read from: bytes of a stream in bounded memory, in UTF-8 whatever they were, by lines if wanted.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "index/layer.h"

struct UConverter;

namespace counterpart::index {

// Borrows the stream. Not thread-safe.
class BulkInput {
 public:
  // `stop`, if given, is asked before each piece is read.
  explicit BulkInput(std::istream& in, std::function<bool()> stop = {}) : in_(in), stop_(std::move(stop)) {}

  // The next bytes, empty at the end; valid until the next call. A byte order mark is left out; one of UTF-16 or UTF-32
  // makes the whole UTF-8. kStorage: the file cannot be read on. kUnavailable: it was stopped. kInvalid: bytes that are
  // none of the encoding.
  Result<std::string_view> next();
  // What next() will give first, to look at; before the first next().
  Result<std::string_view> peek();
  // From the first byte on these are bytes of `encoding` (any name that ICU has); before the first next(). kUnsupported:
  // there is none of that name. A byte order mark goes before it.
  Status decode(const std::string& encoding);
  // A byte order mark said what the encoding is.
  bool marked() const { return marked_; }
  std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  struct CloseConverter {
    void operator()(UConverter* converter) const;
  };

  Status fill();  // raw_
  Result<std::string_view> converted();

  std::istream& in_;
  std::function<bool()> stop_;
  std::uint64_t bytes_read_ = 0;
  std::array<char, 1 << 16> buffer_{};
  std::string_view raw_;
  bool looked_ = false, marked_ = false, ended_ = false;
  std::unique_ptr<UConverter, CloseConverter> converter_;
  std::string converter_name_;
  std::string text_;  // what was converted
};

// One line, ended by \n, \r\n or \r alone, without its end.
struct BulkLine {
  std::string text;
  std::uint64_t number = 0;  // from 1
  bool too_long = false;     // more than kMaxProfileBytes; the text was dropped
};

// The lines of an input, one in memory at a time.
class BulkLines {
 public:
  explicit BulkLines(BulkInput& input) : input_(input) {}
  Result<std::optional<BulkLine>> next();
  // Where the line that next() gave ended, about.
  std::uint64_t bytes_read() const;

 private:
  BulkInput& input_;
  std::string_view rest_;
  std::uint64_t number_ = 0;
  bool after_return_ = false;  // a \n that comes next belongs to the \r before it
};

}  // namespace counterpart::index
