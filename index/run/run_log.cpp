#include "index/run/run_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "index/base/files.h"
#include "index/base/kill_point.h"

namespace counterpart::index {
namespace {

constexpr std::uint64_t kMagic = 0x31676f6c2d6e7572;  // "run-log1"
constexpr std::chrono::seconds kSyncEach{5};

struct Head {
  std::uint64_t magic = kMagic;
  std::uint32_t kind = 0, number = 0;
  std::uint64_t size = 0;
  char hash[40]{};  // of the fields above and the bytes
};

void seal(const Head& head, std::string_view bytes, char (&hash)[40]) {
  Sha256 sum;
  sum.add({reinterpret_cast<const char*>(&head), offsetof(Head, hash)});
  sum.add(bytes);
  std::memcpy(hash, sum.hex().data(), sizeof hash);
}

Status write_at(int descriptor, std::uint64_t offset, std::string_view bytes, const std::string& name) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return disk_error(name, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return {};
}

// False: the file ends before.
Result<bool> read_at(int descriptor, std::uint64_t offset, char* to, std::size_t size, const std::string& name) {
  while (size > 0) {
    const ssize_t got = ::pread(descriptor, to, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return disk_error(name, errno);
    if (got == 0) return false;
    to += got;
    size -= static_cast<std::size_t>(got);
    offset += static_cast<std::uint64_t>(got);
  }
  return true;
}

void put_lists(Packer& out, const std::vector<CandidateList>& lists) {
  std::vector<std::uint32_t> ranks, counts;
  std::vector<std::uint8_t> complete;
  for (const CandidateList& list : lists) {
    ranks.push_back(list.rank);
    counts.push_back(static_cast<std::uint32_t>(list.candidates.size()));
    complete.push_back(list.complete ? 1 : 0);
  }
  out.all(std::span<const std::uint32_t>(ranks));
  out.all(std::span<const std::uint32_t>(counts));
  out.all(std::span<const std::uint8_t>(complete));
  for (const CandidateList& list : lists)
    for (const RankedCandidate& candidate : list.candidates) out.one(candidate);
}

std::vector<CandidateList> take_lists(Unpacker& in) {
  const auto ranks = in.all<std::uint32_t>();
  const auto counts = in.all<std::uint32_t>();
  const auto complete = in.all<std::uint8_t>();
  std::vector<CandidateList> lists;
  if (in.failed() || counts.size() != ranks.size() || complete.size() != ranks.size()) return lists;
  for (std::size_t i = 0; i < ranks.size() && !in.failed(); ++i) {
    CandidateList list{ranks[i], complete[i] != 0};
    for (std::uint32_t k = 0; k < counts[i] && !in.failed(); ++k) list.candidates.push_back(in.one<RankedCandidate>());
    lists.push_back(std::move(list));
  }
  return lists;
}

tl::unexpected<Error> damaged(std::string_view what) {
  return fail(ErrorCode::kCorrupt, "runs", std::string(what) + " of a match run does not decode",
              "start the run anew with --full");
}

}  // namespace

void Unpacker::take(void* to, std::size_t size) {
  if (failed_ || size > bytes_.size()) {
    failed_ = true;
    return;
  }
  if (size > 0) std::memcpy(to, bytes_.data(), size);
  bytes_.remove_prefix(size);
}

std::string pack(const RunHeader& header) {
  Packer out;
  const auto text = [&](const std::string& one) { out.all(std::span<const char>(one)); };
  text(header.lists_key);
  text(header.result_key);
  out.one(header.today);
  std::string ids;
  for (const std::string& id : header.ids) ids += id + '\n';
  text(ids);
  out.all(std::span<const std::uint64_t>(header.fingerprints));
  return out.bytes();
}

Result<RunHeader> unpack_header(std::string_view bytes) {
  Unpacker in(bytes);
  const auto text = [&] {
    const std::vector<char> chars = in.all<char>();
    return std::string(chars.begin(), chars.end());
  };
  RunHeader header;
  header.lists_key = text();
  header.result_key = text();
  header.today = in.one<std::int32_t>();
  const std::string ids = text();
  header.fingerprints = in.all<std::uint64_t>();
  for (std::size_t at = 0, end = 0; at < ids.size(); at = end + 1) {
    end = std::min(ids.find('\n', at), ids.size());
    header.ids.push_back(ids.substr(at, end - at));
  }
  if (in.failed() || header.ids.size() != header.fingerprints.size()) return damaged("the header");
  return header;
}

std::string pack(const ChangedPiece& piece) {
  Packer out;
  out.one(piece.work);
  put_lists(out, piece.lists);
  out.all(std::span<const RankedHit>(piece.hits));
  return out.bytes();
}

Result<ChangedPiece> unpack_changed(std::string_view bytes) {
  Unpacker in(bytes);
  ChangedPiece piece;
  piece.work = in.one<PairWork>();
  piece.lists = take_lists(in);
  piece.hits = in.all<RankedHit>();
  if (in.failed()) return damaged("a piece");
  return piece;
}

std::string pack(const GroupPiece& piece) {
  Packer out;
  out.one(piece.work);
  put_lists(out, piece.lists);
  for (const std::vector<RunEntry>& matches : piece.matches) out.all(std::span<const RunEntry>(matches));
  for (const std::vector<RunBand>& bands : piece.bands) out.all(std::span<const RunBand>(bands));
  return out.bytes();
}

Result<GroupPiece> unpack_group(std::string_view bytes) {
  Unpacker in(bytes);
  GroupPiece piece;
  piece.work = in.one<PairWork>();
  piece.lists = take_lists(in);
  for (std::size_t i = 0; i < piece.lists.size() && !in.failed(); ++i) piece.matches.push_back(in.all<RunEntry>());
  for (std::size_t i = 0; i < piece.lists.size() && !in.failed(); ++i) {
    piece.bands.push_back(in.all<RunBand>());
    if (piece.bands.back().size() != piece.matches[i].size()) return damaged("a piece");
  }
  if (in.failed()) return damaged("a piece");
  return piece;
}

std::vector<std::uint64_t> candidate_offsets(const std::vector<CandidateList>& lists) {
  // The work, three arrays with their lengths, then the candidates: as put_lists() writes them.
  std::uint64_t at = sizeof(PairWork) + 3 * sizeof(std::uint64_t) + lists.size() * (2 * sizeof(std::uint32_t) + 1);
  std::vector<std::uint64_t> offsets;
  for (const CandidateList& list : lists) {
    offsets.push_back(at);
    at += list.candidates.size() * sizeof(RankedCandidate);
  }
  return offsets;
}

Result<std::unique_ptr<RunLog>> RunLog::create(const std::filesystem::path& file, const RunHeader& header) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return disk_error(file, errno);
  std::unique_ptr<RunLog> log(new RunLog(descriptor, file.filename().string(), 0));
  if (const auto written = log->append(RunPiece::kHeader, 0, pack(header)); !written) return tl::unexpected(written.error());
  return log;
}

Result<std::unique_ptr<RunLog>> RunLog::open(const std::filesystem::path& file,
                                             const std::function<Status(const Piece&)>& visit) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0 && errno == ENOENT) return fail(ErrorCode::kNotFound, file.filename().string(), "the file is absent");
  if (descriptor < 0) return disk_error(file, errno);
  std::unique_ptr<RunLog> log(new RunLog(descriptor, file.filename().string(), 0));
  const MutexLock lock(log->mutex_);  // nobody else has it yet
  struct stat about {};
  if (::fstat(descriptor, &about) != 0) return disk_error(file, errno);
  const auto end = static_cast<std::uint64_t>(about.st_size);
  std::string bytes;
  while (log->size_ + sizeof(Head) <= end) {
    Head head;
    char hash[40];
    const std::uint64_t start = log->size_ + sizeof head;
    const auto begun = read_at(descriptor, log->size_, reinterpret_cast<char*>(&head), sizeof head, log->name_);
    if (!begun) return tl::unexpected(begun.error());  // nothing is cut off for a disk that fails for the moment
    if (!*begun || head.magic != kMagic || head.size > end - start) break;
    bytes.resize(head.size);
    const auto whole = read_at(descriptor, start, bytes.data(), bytes.size(), log->name_);
    if (!whole) return tl::unexpected(whole.error());
    if (!*whole) break;
    seal(head, bytes, hash);
    if (std::memcmp(hash, head.hash, sizeof hash) != 0) break;
    if ((log->size_ == 0) != (head.kind == static_cast<std::uint32_t>(RunPiece::kHeader))) break;
    if (const Status visited = visit({static_cast<RunPiece>(head.kind), head.number, start, bytes}); !visited)
      return tl::unexpected(visited.error());
    log->size_ = start + head.size;
  }
  if (log->size_ == 0) return fail(ErrorCode::kCorrupt, file.filename().string(), "its header is damaged");
  if (log->size_ < end && ::ftruncate(descriptor, static_cast<off_t>(log->size_)) != 0) return disk_error(file, errno);
  return log;
}

RunLog::~RunLog() { ::close(descriptor_); }

Result<std::uint64_t> RunLog::append(RunPiece kind, std::uint32_t number, std::string_view bytes) {
  Head head;
  head.kind = static_cast<std::uint32_t>(kind);
  head.number = number;
  head.size = bytes.size();
  seal(head, bytes, head.hash);
  const MutexLock lock(mutex_);
  Status written = write_at(descriptor_, size_, {reinterpret_cast<const char*>(&head), sizeof head}, name_);
  if (written) written = write_at(descriptor_, size_ + sizeof head, bytes, name_);
  if (!written) return tl::unexpected(written.error());
  const std::uint64_t start = size_ + sizeof head;
  size_ = start + bytes.size();
  kill_point("run: piece of the work appended");
  const auto now = std::chrono::steady_clock::now();
  if (now - synced_ < kSyncEach) return start;
  synced_ = now;
  if (const Status synced = sync(); !synced) return tl::unexpected(synced.error());
  return start;
}

Result<std::string> RunLog::read(std::uint64_t offset, std::size_t size) const {
  std::string bytes(size, '\0');
  const auto whole = read_at(descriptor_, offset, bytes.data(), size, name_);
  if (!whole || !*whole)
    return fail(ErrorCode::kStorage, name_, "cannot be read", "mend the disk, then start the run with --full");
  return bytes;
}

Status RunLog::sync() {
  if (::fdatasync(descriptor_) != 0) return disk_error(name_, errno);
  return {};
}

}  // namespace counterpart::index
