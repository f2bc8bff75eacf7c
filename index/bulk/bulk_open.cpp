// Which reader reads a file.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ios>
#include <istream>
#include <system_error>
#include <utility>

#include "engine/base/nearest.h"
#include "index/bulk/bulk_reader.h"

namespace counterpart::index {
namespace {

constexpr int kAskEvery = 100;  // milliseconds between two looks whether to stop

// The bytes of a file or pipe as they come; ends when it is told to stop, even where nothing comes.
class FileBytes : public std::streambuf {
 public:
  FileBytes(int file, std::function<bool()> stop) : file_(file), stop_(std::move(stop)) {}
  ~FileBytes() override { ::close(file_); }
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

 private:
  int_type underflow() override {
    for (;;) {
      if (stop_ && stop_()) return traits_type::eof();
      pollfd wait{file_, POLLIN, 0};
      const int ready = ::poll(&wait, 1, kAskEvery);
      if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
      const ssize_t size = ready < 0 ? -1 : ::read(file_, bytes_.data(), bytes_.size());
      if (size < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      if (size < 0) throw std::ios_base::failure("read");  // the stream keeps it as badbit
      if (size == 0) return traits_type::eof();
      setg(bytes_.data(), bytes_.data(), bytes_.data() + size);
      return traits_type::to_int_type(bytes_[0]);
    }
  }

  int file_;
  std::function<bool()> stop_;
  std::array<char, 1 << 16> bytes_{};
};

// Keeps the file open for as long as it is read.
class FileReader : public BulkReader {
 public:
  FileReader(int file, BulkFormat format, const Taxonomy& taxonomy, const BulkOptions& options)
      : bytes_(file, options.stop), in_(&bytes_), reader_(read_bulk(format, in_, taxonomy, options)) {}
  Result<std::optional<Raw>> next() override { return reader_->next(); }
  const SentTable* sent() const override { return reader_->sent(); }

 private:
  FileBytes bytes_;
  std::istream in_;
  std::unique_ptr<BulkReader> reader_;
};

}  // namespace

Result<BulkFormat> format_of(const std::filesystem::path& file) {
  const std::string extension = lower_case(file.extension().string());
  if (extension == ".jsonl" || extension == ".ndjson") return BulkFormat::kJsonLines;
  if (extension == ".csv" || extension == ".tsv") return BulkFormat::kCsv;
  if (extension == ".xlsx") return BulkFormat::kWorkbook;
  if (extension == ".xml") return BulkFormat::kIatiXml;
  return fail(ErrorCode::kUnsupported, file.string(), "its extension names no format that is read",
              extension == ".xls" || extension == ".xlsm" || extension == ".ods"
                  ? "save it as .xlsx from the spreadsheet program"
                  : "give .jsonl or .ndjson (JSON Lines), .csv or .tsv, .xlsx, or .xml (IATI activities)");
}

std::unique_ptr<BulkReader> read_bulk(BulkFormat format, std::istream& in, const Taxonomy& taxonomy,
                                      const BulkOptions& options) {
  switch (format) {
    case BulkFormat::kJsonLines: return read_json_lines(in, options);
    case BulkFormat::kCsv: return read_csv(in, taxonomy, options);
    case BulkFormat::kWorkbook: return read_workbook(in, taxonomy, options);
    case BulkFormat::kIatiXml: return read_iati(in, taxonomy, options);
  }
  return nullptr;
}

Result<std::unique_ptr<BulkReader>> open_bulk(const std::filesystem::path& file, const Taxonomy& taxonomy,
                                              const BulkOptions& options) {
  const auto format = format_of(file);
  if (!format) return tl::unexpected(format.error());
  std::error_code error;
  if (!std::filesystem::exists(file, error))
    return fail(ErrorCode::kNotFound, file.string(), "there is no such file", "check its name");
  if (std::filesystem::is_directory(file, error))
    return fail(ErrorCode::kInvalid, file.string(), "is a directory", "name the files in it");
  // Not blocking: a pipe that nobody writes to yet is waited for by FileBytes, which can be told to stop.
  const int opened = ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (opened < 0) return fail(ErrorCode::kStorage, file.string(), "cannot be opened", "check its permissions");
  return std::make_unique<FileReader>(opened, *format, taxonomy, options);
}

}  // namespace counterpart::index
