#include "index/bulk/bulk_input.h"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "engine/profile/profile_json.h"

namespace counterpart::index {
namespace {

struct Mark {
  std::string_view bytes;
  const char* encoding;  // nullptr: nothing is to be converted
};
// The longer before those that they begin with.
constexpr Mark kMarks[] = {
    {"\xEF\xBB\xBF", nullptr},
    {{"\xFF\xFE\x00\x00", 4}, "UTF-32LE"},
    {{"\x00\x00\xFE\xFF", 4}, "UTF-32BE"},
    {"\xFF\xFE", "UTF-16LE"},
    {"\xFE\xFF", "UTF-16BE"},
};

}  // namespace

void BulkInput::CloseConverter::operator()(UConverter* converter) const { ucnv_close(converter); }

Status BulkInput::decode(const std::string& encoding) {
  if (marked_) return {};
  UErrorCode error = U_ZERO_ERROR;
  std::unique_ptr<UConverter, CloseConverter> converter(ucnv_open(encoding.c_str(), &error));
  if (U_SUCCESS(error) && encoding.size() < 60 && !encoding.empty())
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
  if (U_FAILURE(error) || encoding.empty() || encoding.size() >= 60)
    return fail(ErrorCode::kUnsupported, {}, "the encoding `" + encoding.substr(0, 60) + "` is not known",
                "save the file as UTF-8");
  converter_ = std::move(converter);
  converter_name_ = encoding;
  return {};
}

Status BulkInput::fill() {
  if (stop_ && stop_()) return fail(ErrorCode::kUnavailable, {}, "reading was stopped", "run the same again to go on");
  if (ended_ || !raw_.empty()) return {};
  // What there is, so that rows of a pipe are not held up until more follow.
  const bool more = in_.good() && in_.peek() != std::istream::traits_type::eof();
  const auto size = more ? in_.readsome(buffer_.data(), static_cast<std::streamsize>(buffer_.size())) : 0;
  if (in_.bad())
    return fail(ErrorCode::kStorage, {}, "cannot be read beyond byte " + std::to_string(bytes_read_),
                "check the disk and the file's permissions");
  if (stop_ && stop_()) return fill();
  ended_ = size <= 0;
  raw_ = std::string_view(buffer_.data(), static_cast<std::size_t>(std::max<std::streamsize>(size, 0)));
  bytes_read_ += raw_.size();
  if (looked_) return {};
  looked_ = true;
  // A pipe may give the first bytes one by one; a mark that is torn in two is no case that is met.
  for (const Mark& mark : kMarks) {
    if (!raw_.starts_with(mark.bytes)) continue;
    raw_.remove_prefix(mark.bytes.size());
    converter_ = nullptr;
    if (mark.encoding)
      if (Status decoded = decode(mark.encoding); !decoded) return decoded;
    marked_ = true;
    break;
  }
  if (raw_.empty() && !ended_) return fill();
  return {};
}

Result<std::string_view> BulkInput::peek() {
  if (Status filled = fill(); !filled) return tl::unexpected(filled.error());
  return raw_;
}

Result<std::string_view> BulkInput::next() {
  if (Status filled = fill(); !filled) return tl::unexpected(filled.error());
  if (converter_) return converted();
  return std::exchange(raw_, {});
}

Result<std::string_view> BulkInput::converted() {
  for (;;) {
    const char* from = raw_.data();
    icu::UnicodeString text;
    UErrorCode error = U_ZERO_ERROR;
    const auto room = static_cast<std::int32_t>(raw_.size() + 16);
    char16_t* const begin = text.getBuffer(room);
    char16_t* to = begin;
    ucnv_toUnicode(converter_.get(), &to, begin + room, &from, raw_.data() + raw_.size(), nullptr, ended_, &error);
    text.releaseBuffer(static_cast<std::int32_t>(to - begin));
    const std::size_t left = raw_.size() - static_cast<std::size_t>(from - raw_.data());
    raw_ = {};
    if (U_FAILURE(error))
      return fail(ErrorCode::kInvalid, {},
                  "byte " + std::to_string(bytes_read_ - left) + " is not of the encoding " + converter_name_,
                  "save the file as UTF-8");
    text_.clear();
    text.toUTF8String(text_);
    if (!text_.empty() || ended_) return std::string_view(text_);
    if (Status filled = fill(); !filled) return tl::unexpected(filled.error());
  }
}

Result<std::optional<BulkLine>> BulkLines::next() {
  BulkLine line{{}, ++number_, false};
  bool anything = false;
  for (;;) {
    if (rest_.empty()) {
      const auto bytes = input_.next();
      if (!bytes) return tl::unexpected(bytes.error());
      rest_ = *bytes;
      if (rest_.empty()) {
        if (!anything) return std::nullopt;
        return line;
      }
    }
    if (std::exchange(after_return_, false) && rest_[0] == '\n') {
      rest_.remove_prefix(1);
      continue;
    }
    anything = true;
    const std::size_t end = rest_.find_first_of("\r\n");
    const auto part = rest_.substr(0, end);
    if (line.text.size() + part.size() > kMaxProfileBytes) {
      line.too_long = true;
      line.text.clear();
    }
    if (!line.too_long) line.text.append(part);
    if (end == std::string_view::npos) {
      rest_ = {};
      continue;
    }
    after_return_ = rest_[end] == '\r';
    rest_.remove_prefix(end + 1);
    return line;
  }
}

std::uint64_t BulkLines::bytes_read() const {
  return input_.bytes_read() - std::min<std::uint64_t>(rest_.size(), input_.bytes_read());
}

}  // namespace counterpart::index
