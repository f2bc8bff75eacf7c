#include "index/bulk_input.h"

namespace counterpart {

Result<std::string_view> BulkInput::next() {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (!in_.good()) return std::string_view();
  in_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  if (in_.bad())
    return fail(ErrorCode::kStorage, {}, "cannot be read beyond byte " + std::to_string(bytes_read_),
                "check the disk and the file's permissions");
  std::string_view bytes(buffer_.data(), static_cast<std::size_t>(in_.gcount()));
  const bool first = bytes_read_ == 0;
  bytes_read_ += bytes.size();
  if (first && bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  if (bytes.empty() && in_.good()) return next();
  return bytes;
}

}  // namespace counterpart
