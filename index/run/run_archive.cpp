#include "index/run/run_archive.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstring>

#include "index/base/kill_point.h"
#include "index/base/time.h"

namespace counterpart::index {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "counterpart-run2", kOldMagic = "counterpart-run1";
constexpr std::size_t kAlignment = 8;
constexpr std::size_t kDigits = 6;
constexpr std::string_view kManifest = "manifest.json", kMatches = "matches";

struct Sizes {
  std::uint64_t profiles = 0, entries = 0, id_bytes = 0, office_bytes = 0;
};

template <class T>
std::string_view bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

// THE order of sections, for writing and for reading.
template <class Visit>
void each_section(const Sizes& sizes, Visit visit) {
  visit("id ends", (sizes.profiles + 1) * sizeof(std::uint32_t));
  visit("ids", sizes.id_bytes);
  visit("sequences", sizes.profiles * sizeof(std::uint64_t));
  visit("offices", sizes.profiles * sizeof(std::uint32_t));
  visit("office names", sizes.office_bytes);
  visit("ends", (sizes.profiles + 1) * sizeof(std::uint64_t));
  visit("entries", sizes.entries * sizeof(RunEntry));
  visit("flags", sizes.entries);
}

// What a run's result is, beside what it rests on.
bool is_result(std::string_view section) { return section != "sequences" && section != "offices" && section != "office names"; }

struct Written {
  std::uint64_t bytes = 0;
  std::string result_hash, file_hash;
};

Result<Written> write_matches(const fs::path& path, const RunResult& result) {
  const RunMatches& matches = result.matches;
  std::string ids, offices;
  std::vector<std::uint32_t> id_ends{0};
  for (const std::string& id : matches.header.ids) {
    ids += id;
    id_ends.push_back(static_cast<std::uint32_t>(ids.size()));
  }
  for (const std::string& name : result.office_names) offices += name + "\n";
  const Sizes sizes{matches.header.ids.size(), matches.entries.size(), ids.size(), offices.size()};
  const std::map<std::string_view, std::string_view> sections{{"id ends", bytes_of(id_ends)},
                                                              {"ids", ids},
                                                              {"sequences", bytes_of(result.sequences)},
                                                              {"offices", bytes_of(result.offices)},
                                                              {"office names", offices},
                                                              {"ends", bytes_of(matches.ends)},
                                                              {"entries", bytes_of(matches.entries)},
                                                              {"flags", bytes_of(result.flags)}};
  AtomicFile file(path);
  Sha256 hash, whole;
  const auto write = [&](std::string_view bytes) {
    file.write(bytes);
    whole.add(bytes);
  };
  write(kMagic);
  write({reinterpret_cast<const char*>(&sizes), sizeof sizes});
  each_section(sizes, [&](std::string_view name, std::uint64_t) {
    const std::string_view bytes = sections.at(name);
    write(bytes);
    write(std::string((kAlignment - file.size() % kAlignment) % kAlignment, '\0'));
    if (is_result(name)) hash.add(bytes);
  });
  const std::uint64_t size = file.size();
  if (const Status finished = file.finish(); !finished) return tl::unexpected(finished.error());
  return Written{size, hash.hex(), whole.hex()};
}

template <class T>
std::span<const T> values_of(std::string_view bytes) {
  return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
}

std::string padded(std::uint64_t number) {
  std::string text = std::to_string(number);
  return std::string(kDigits - std::min(kDigits, text.size()), '0') + text;
}

// 0: no number.
std::uint64_t number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? number : 0;
}

tl::unexpected<Error> damaged(const fs::path& directory, const std::string& what) {
  return fail(ErrorCode::kCorrupt, directory.filename().string(), what, "start a match run with --full");
}

// One of an older program has no seal; a newer one that lost it is damaged.
Result<RunManifest> read_manifest(const fs::path& directory) {
  const Result<std::string> text = read_file(directory / kManifest);
  if (!text) return tl::unexpected(text.error());
  const std::optional<std::string_view> body = unseal_text(*text);
  Result<RunManifest> manifest = parse_run_manifest(body.value_or(*text));
  if (manifest && !body && manifest->format >= 2) return damaged(directory, "checksum of the manifest");
  return manifest;
}

}  // namespace

Result<std::shared_ptr<const PublishedRun>> PublishedRun::open(const fs::path& directory) {
  Result<RunManifest> manifest = read_manifest(directory);
  if (!manifest) return tl::unexpected(manifest.error());
  Result<std::shared_ptr<const FileMapping>> mapping = FileMapping::open(directory / kMatches, manifest->bytes, false);
  if (!mapping) return tl::unexpected(mapping.error());
  auto run = std::make_shared<PublishedRun>();
  run->manifest_ = std::move(*manifest);
  run->mapping_ = std::move(*mapping);
  std::string_view rest = run->mapping_->bytes();
  Sizes sizes;
  const bool old = run->manifest_.format < 2;
  if (!old && sha256(rest) != run->manifest_.file_hash) return damaged(directory, "checksum of the matches");
  if (rest.size() < kMagic.size() + sizeof sizes || !rest.starts_with(old ? kOldMagic : kMagic))
    return damaged(directory, "the file of matches is of another format");
  std::memcpy(&sizes, rest.data() + kMagic.size(), sizeof sizes);
  const std::string_view all = rest;
  std::size_t at = kMagic.size() + sizeof sizes;
  bool whole = true;
  std::map<std::string_view, std::string_view> sections;
  Sha256 hash;
  each_section(sizes, [&](std::string_view name, std::uint64_t size) {
    whole = whole && at <= all.size() && size <= all.size() - at;
    if (!whole) return;
    sections[name] = all.substr(at, size);
    if (old && is_result(name)) hash.add(sections[name]);
    at += (size + kAlignment - 1) / kAlignment * kAlignment;
  });
  if (!whole || (old && hash.hex() != run->manifest_.result_hash)) return damaged(directory, "checksum of the matches");
  run->id_ends_ = values_of<std::uint32_t>(sections["id ends"]);
  run->ids_ = sections["ids"];
  run->sequences_ = values_of<std::uint64_t>(sections["sequences"]);
  run->offices_ = values_of<std::uint32_t>(sections["offices"]);
  run->ends_ = values_of<std::uint64_t>(sections["ends"]);
  run->entries_ = values_of<RunEntry>(sections["entries"]);
  run->flags_ = values_of<std::uint8_t>(sections["flags"]);
  std::string_view names = sections["office names"];
  for (std::size_t end = names.find('\n'); end != std::string_view::npos; end = names.find('\n')) {
    run->office_names_.emplace_back(names.substr(0, end));
    names.remove_prefix(end + 1);
  }
  if (std::ranges::any_of(run->offices_, [&](std::uint32_t office) { return office >= run->office_names_.size(); }))
    return damaged(directory, "an office without a name");
  return run;
}

std::string_view PublishedRun::id(std::uint32_t rank) const {
  return ids_.substr(id_ends_[rank], id_ends_[rank + 1] - id_ends_[rank]);
}

std::optional<std::uint32_t> PublishedRun::find(std::string_view wanted) const {
  std::uint32_t first = 0, end = size();
  while (first < end) {
    const std::uint32_t middle = first + (end - first) / 2;
    if (id(middle) < wanted)
      first = middle + 1;
    else
      end = middle;
  }
  if (first == size() || id(first) != wanted) return std::nullopt;
  return first;
}

std::optional<std::uint32_t> PublishedRun::find_office(std::string_view name) const {
  const auto found = std::ranges::lower_bound(office_names_, name);
  if (found == office_names_.end() || *found != name) return std::nullopt;
  return static_cast<std::uint32_t>(found - office_names_.begin());
}

std::span<const RunEntry> PublishedRun::matches(std::uint32_t rank) const {
  return entries_.subspan(ends_[rank], ends_[rank + 1] - ends_[rank]);
}
std::optional<Band> band_in(std::uint8_t flags) {
  const unsigned told = flags >> kBandShift;
  if (told == 0 || told > bands().size()) return std::nullopt;
  return bands()[told - 1].band;
}

std::optional<std::size_t> PublishedRun::place_in_list_of(std::string_view id, std::uint32_t rank) const {
  const std::optional<std::uint32_t> whose = find(id);
  if (!whose) return std::nullopt;
  const auto entries = matches(*whose);
  const auto how = flags(*whose);
  std::size_t place = 1;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if ((how[i] & kListed) == 0) continue;
    if (entries[i].counterpart == rank) return place;
    ++place;
  }
  return 0;
}

std::span<const std::uint8_t> PublishedRun::flags(std::uint32_t rank) const {
  return flags_.subspan(ends_[rank], ends_[rank + 1] - ends_[rank]);
}

std::string RunArchive::programme_of(std::string_view id) {
  const std::size_t dash = id.rfind('-');
  if (dash == std::string_view::npos || dash == 0 || number_of(id.substr(dash + 1)) == 0) return {};
  return std::string(id.substr(0, dash));
}

std::vector<std::uint64_t> RunArchive::numbers() const {
  std::vector<std::uint64_t> found;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory_, ignored))
    if (const std::uint64_t number = number_of(entry.path().filename().string()); number > 0) found.push_back(number);
  std::ranges::sort(found, std::greater{});
  return found;
}

std::vector<RunManifest> RunArchive::list() const {
  std::vector<RunManifest> runs;
  for (const std::uint64_t number : numbers())
    if (Result<RunManifest> manifest = read_manifest(directory_ / padded(number))) runs.push_back(std::move(*manifest));
  return runs;
}

Result<std::shared_ptr<const PublishedRun>> RunArchive::open(const std::string& id) const {
  const std::string number = padded(number_of(id.substr(id.rfind('-') + 1)));
  std::error_code ignored;
  if (!fs::exists(directory_ / number / kManifest, ignored))
    return fail(ErrorCode::kNotFound, "run", "`" + id.substr(0, 80) + "` is no published match run");
  return PublishedRun::open(directory_ / number);
}

std::string RunArchive::newest_id() const {
  const std::vector<std::uint64_t> all = numbers();
  return all.empty() ? std::string() : programme_ + "-" + padded(all.front());
}

Status RunArchive::publish(const RunResult& result, RunManifest& manifest, std::size_t keep) {
  const std::vector<std::uint64_t> before = numbers();
  const std::uint64_t number = before.empty() ? 1 : before.front() + 1;
  const auto id_of = [&](std::uint64_t n) { return programme_ + "-" + padded(n); };
  const fs::path made = directory_ / "publishing", published = directory_ / padded(number);
  std::error_code failed;
  fs::remove_all(made, failed);
  if (!failed) fs::create_directories(made, failed);
  if (failed) return disk_error(made, failed.value());

  const Result<Written> written = write_matches(made / kMatches, result);
  if (!written) return tl::unexpected(written.error());
  kill_point("run: matches written");
  if (!before.empty()) {
    const Result<RunManifest> last = read_manifest(directory_ / padded(before.front()));
    if (last && last->format == kRunFormat && last->result_hash == written->result_hash &&
        last->lists_key == manifest.lists_key && last->result_key == manifest.result_key && last->today == manifest.today) {
      manifest = *last;
      fs::remove_all(made, failed);
      return keep_as_base(directory_);
    }
  }
  manifest.id = id_of(number);
  manifest.previous = before.empty() || keep < 2 ? std::string() : id_of(before.front());
  manifest.result_hash = written->result_hash;
  manifest.bytes = written->bytes;
  manifest.file_hash = written->file_hash;
  manifest.format = kRunFormat;
  manifest.finished = iso_time(now_utc());
  AtomicFile file(made / kManifest);
  file.write(seal_text(to_json(manifest) + "\n"));
  if (Status finished = file.finish(); !finished) return finished;
  kill_point("run: manifest written");

  // The base first: killed in between, the run is repeated from it at little cost. The other way round the work would
  // be taken for one that was cut off, and published twice.
  if (Status kept = keep_as_base(directory_); !kept) return kept;
  kill_point("run: work kept, not published");
  fs::rename(made, published, failed);
  if (failed) return disk_error(published, failed.value());
  kill_point("run: published, folder not synced");
  if (Status synced = sync_directory(directory_); !synced) return synced;
  kill_point("run: published, older ones there");
  for (std::size_t i = std::max<std::size_t>(keep, 1) - 1; i < before.size(); ++i)
    fs::remove_all(directory_ / padded(before[i]), failed);
  return {};
}

}  // namespace counterpart::index
