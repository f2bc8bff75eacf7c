// Which reader reads a file.
#include <algorithm>
#include <cctype>
#include <fstream>
#include <system_error>
#include <utility>

#include "index/importer.h"

namespace counterpart {
namespace {

// Keeps the file open for as long as it is read.
class FileReader : public BulkReader {
 public:
  FileReader(std::unique_ptr<std::ifstream> file, std::unique_ptr<BulkReader> reader)
      : file_(std::move(file)), reader_(std::move(reader)) {}
  Result<std::optional<Raw>> next() override { return reader_->next(); }

 private:
  std::unique_ptr<std::ifstream> file_;
  std::unique_ptr<BulkReader> reader_;
};

}  // namespace

Result<BulkFormat> format_of(const std::filesystem::path& file) {
  std::string extension = file.extension().string();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (extension == ".jsonl" || extension == ".ndjson") return BulkFormat::kJsonLines;
  if (extension == ".csv") return BulkFormat::kCsv;
  if (extension == ".xml") return BulkFormat::kIatiXml;
  return fail(ErrorCode::kUnsupported, file.string(), "its extension names no format that is read",
              "give .jsonl or .ndjson (JSON Lines), .csv, or .xml (IATI 2.03 activities)");
}

Result<std::unique_ptr<BulkReader>> open_bulk(const std::filesystem::path& file, const Taxonomy& taxonomy) {
  const auto format = format_of(file);
  if (!format) return tl::unexpected(format.error());
  std::error_code error;
  if (!std::filesystem::exists(file, error))
    return fail(ErrorCode::kNotFound, file.string(), "there is no such file", "check its name");
  if (std::filesystem::is_directory(file, error))
    return fail(ErrorCode::kInvalid, file.string(), "is a directory", "name the files in it");
  auto in = std::make_unique<std::ifstream>(file, std::ios::binary);
  if (!in->is_open()) return fail(ErrorCode::kStorage, file.string(), "cannot be opened", "check its permissions");
  std::unique_ptr<BulkReader> reader;
  switch (*format) {
    case BulkFormat::kJsonLines: reader = read_json_lines(*in); break;
    case BulkFormat::kCsv: reader = read_csv(*in); break;
    case BulkFormat::kIatiXml: reader = read_iati(*in, taxonomy); break;
  }
  return std::make_unique<FileReader>(std::move(in), std::move(reader));
}

}  // namespace counterpart
