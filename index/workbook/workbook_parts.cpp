#include "index/workbook/workbook_parts.h"

#include <zip.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace counterpart::index {
namespace {

constexpr std::uint64_t kAlwaysRead = 1 << 20;  // of a part, whatever its ratio

struct CloseArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct ClosePart {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

tl::unexpected<Error> broken(std::string place, std::string message) {
  return fail(ErrorCode::kInvalid, std::move(place), std::move(message),
              "open it in a spreadsheet program and save it again as .xlsx");
}

class ZipPart : public WorkbookParts::Part {
 public:
  ZipPart(std::string name, std::uint64_t packed, zip_file_t* file) : name_(std::move(name)), packed_(packed), file_(file) {}

  // What the archive says of sizes is not believed.
  Result<std::string_view> next() override {
    const zip_int64_t size = zip_fread(file_.get(), buffer_.data(), buffer_.size());
    if (size < 0) return broken(name_, "its compressed bytes are damaged");
    unpacked_ += static_cast<std::uint64_t>(size);
    if (unpacked_ > kMaxUnpackedPart || (unpacked_ > kAlwaysRead && unpacked_ / kMaxUnpackedRatio > packed_))
      return fail(ErrorCode::kTooLarge, name_, "unpacks to far more than it is, as no list of profiles does",
                  "copy the rows alone into a new workbook, or split it");
    return std::string_view(buffer_.data(), static_cast<std::size_t>(size));
  }

 private:
  std::string name_;
  std::uint64_t packed_ = 0, unpacked_ = 0;
  std::unique_ptr<zip_file_t, ClosePart> file_;
  std::array<char, 1 << 16> buffer_{};
};

// What libzip packs: the pieces of a part.
class PackedPart {
 public:
  explicit PackedPart(const WorkbookParts::Maker& maker) : maker_(maker) {}
  const std::optional<Error>& error() const { return error_; }

  static zip_int64_t call(void* self, void* data, zip_uint64_t size, zip_source_cmd_t command) {
    return static_cast<PackedPart*>(self)->call(data, size, command);
  }

 private:
  zip_int64_t call(void* data, zip_uint64_t size, zip_source_cmd_t command) {
    switch (command) {
      case ZIP_SOURCE_OPEN: return open();
      case ZIP_SOURCE_READ: return read(static_cast<char*>(data), size);
      case ZIP_SOURCE_STAT: return zip_stat_init(static_cast<zip_stat_t*>(data)), sizeof(zip_stat_t);
      case ZIP_SOURCE_ERROR: {
        const int codes[] = {ZIP_ER_READ, 0};
        std::ranges::copy(codes, static_cast<int*>(data));
        return sizeof codes;
      }
      case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
                                              ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
      default: return 0;
    }
  }
  zip_int64_t open() {
    Result<std::unique_ptr<WorkbookParts::Part>> made = maker_();
    if (!made) return error_ = made.error(), -1;
    part_ = std::move(*made);
    left_ = {};
    return 0;
  }
  zip_int64_t read(char* to, zip_uint64_t size) {
    if (left_.empty()) {
      const Result<std::string_view> piece = part_->next();
      if (!piece) return error_ = piece.error(), -1;
      left_ = *piece;
    }
    const std::size_t taken = left_.copy(to, size);
    left_.remove_prefix(taken);
    return static_cast<zip_int64_t>(taken);
  }

  const WorkbookParts::Maker& maker_;
  std::unique_ptr<WorkbookParts::Part> part_;
  std::string_view left_;
  std::optional<Error> error_;
};

struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};

// All that was written to `source`.
Result<std::string> written_to(zip_source_t* source) {
  zip_stat_t known;
  zip_stat_init(&known);
  if (zip_source_stat(source, &known) != 0 || zip_source_open(source) != 0)
    return fail(ErrorCode::kInternal, {}, "the workbook cannot be written");
  std::string bytes(known.size, '\0');
  const zip_int64_t read = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  if (read != static_cast<zip_int64_t>(bytes.size())) return fail(ErrorCode::kInternal, {}, "the workbook cannot be written");
  return bytes;
}

}  // namespace

struct WorkbookParts::Impl {
  std::string bytes;
  std::unique_ptr<zip_t, CloseArchive> archive;
};

WorkbookParts::WorkbookParts(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
WorkbookParts::~WorkbookParts() = default;

Result<std::unique_ptr<WorkbookParts>> WorkbookParts::open(std::string bytes) {
  const std::string place = "workbook";
  if (bytes.starts_with("\xD0\xCF\x11\xE0"))
    return fail(ErrorCode::kInvalid, place, "is locked with a password or of the format before 2007",
                "save it as .xlsx without a password");
  if (bytes.size() > kMaxPackedWorkbook)
    return fail(ErrorCode::kTooLarge, place, "is larger than 64 MiB", "split it, or send it as CSV");
  auto impl = std::make_unique<Impl>();
  impl->bytes = std::move(bytes);
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(impl->bytes.data(), impl->bytes.size(), 0, &error);
  zip_t* archive = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr;
  zip_error_fini(&error);
  if (!archive) {
    if (source) zip_source_free(source);
    return broken(place, "is no workbook: it cannot be unpacked");
  }
  impl->archive.reset(archive);
  if (zip_get_num_entries(archive, 0) > kMaxWorkbookParts) return broken(place, "has more parts than any workbook needs");
  return std::unique_ptr<WorkbookParts>(new WorkbookParts(std::move(impl)));
}

bool WorkbookParts::contains(const std::string& name) const {
  return zip_name_locate(impl_->archive.get(), name.c_str(), ZIP_FL_NOCASE) >= 0;
}

bool WorkbookParts::contains_under(std::string_view folder) const {
  for (zip_int64_t i = 0; i < zip_get_num_entries(impl_->archive.get(), 0); ++i)
    if (const char* name = zip_get_name(impl_->archive.get(), static_cast<zip_uint64_t>(i), 0))
      if (std::string_view(name).starts_with(folder)) return true;
  return false;
}

Result<std::unique_ptr<WorkbookParts::Part>> WorkbookParts::part(const std::string& name) {
  const zip_int64_t at = zip_name_locate(impl_->archive.get(), name.c_str(), ZIP_FL_NOCASE);
  if (at < 0) return broken(name, "is missing in the workbook");
  const auto index = static_cast<zip_uint64_t>(at);
  zip_stat_t known;
  zip_stat_init(&known);
  if (zip_stat_index(impl_->archive.get(), index, 0, &known) != 0 || (known.valid & ZIP_STAT_COMP_SIZE) == 0)
    return broken(name, "cannot be found in the workbook's table");
  if ((known.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && known.encryption_method != ZIP_EM_NONE)
    return broken(name, "is encrypted");
  zip_file_t* file = zip_fopen_index(impl_->archive.get(), index, 0);
  if (!file) return broken(name, "cannot be unpacked");
  return std::make_unique<ZipPart>(name, known.comp_size, file);
}

Result<std::string> WorkbookParts::with(const std::map<std::string, Maker>& replaced) const {
  const auto failed = [] { return fail(ErrorCode::kInternal, {}, "the workbook cannot be written"); };
  const std::unique_ptr<zip_source_t, FreeSource> source(
      zip_source_buffer_create(impl_->bytes.data(), impl_->bytes.size(), 0, nullptr));
  if (!source) return failed();
  zip_source_keep(source.get());
  std::unique_ptr<zip_t, CloseArchive> archive(zip_open_from_source(source.get(), 0, nullptr));
  if (!archive) return zip_source_free(source.get()), failed();
  std::vector<std::unique_ptr<PackedPart>> packed;
  for (const auto& [name, maker] : replaced) {
    packed.push_back(std::make_unique<PackedPart>(maker));
    zip_source_t* part = zip_source_function(archive.get(), PackedPart::call, packed.back().get());
    const zip_int64_t at = zip_name_locate(archive.get(), name.c_str(), ZIP_FL_NOCASE);
    if (part && (at < 0 || zip_file_replace(archive.get(), static_cast<zip_uint64_t>(at), part, 0) != 0))
      return zip_source_free(part), failed();
    if (!part) return failed();
  }
  if (zip_close(archive.get()) != 0) {
    for (const auto& part : packed)
      if (part->error()) return tl::unexpected(*part->error());
    return failed();
  }
  (void)archive.release();  // closed
  return written_to(source.get());
}

}  // namespace counterpart::index
