#include "index/segment/segment_file.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <system_error>

#include "engine/base/threads.h"
#include "engine/corpus/field.h"
#include "index/base/files.h"
#include "index/base/kill_point.h"

namespace counterpart::index {
namespace {

namespace fs = std::filesystem;

// To be raised with any change of the sections, of Traits or of what traits_of(), indexed_keys() and words_of() make of a
// profile.
constexpr std::string_view kFormat = "counterpart-index 11";
constexpr std::size_t kAlignment = 64;

template <class T>
std::string_view bytes_of(std::span<const T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

// THE list of sections: name and column, for writing and for reading.
template <class Columns, class Visit>
void each_column(Columns& columns, Visit visit) {
  visit("id ends", columns.id_ends);
  visit("ids", columns.ids);
  visit("title ends", columns.title_ends);
  visit("titles", columns.titles);
  visit("name ends", columns.name_ends);
  visit("names", columns.names);
  visit("id order", columns.by_id);
  visit("traits", columns.traits);
  visit("versions", columns.versions);
  visit("expiries", columns.expiries);
  visit("scales", columns.scales);
  visit("vectors", columns.vectors);
  visit("fine scales", columns.fine_scales);
  visit("fine vectors", columns.fine);
  visit("passage ends", columns.passage_ends);
  visit("passage scales", columns.passage_scales);
  visit("passages", columns.passages);
  visit("words", columns.words.words);
  visit("word ends", columns.words.ends);
  visit("postings", columns.words.postings);
  visit("different words", columns.different_words);
  visit("reference ends", columns.reference_ends);
  visit("reference scales", columns.reference_scales);
  visit("references", columns.references);
  visit("reference words", columns.reference_words.words);
  visit("reference word ends", columns.reference_words.ends);
  visit("reference postings", columns.reference_words.postings);
  visit("reference different words", columns.reference_different_words);
  visit("list ends", columns.list_ends);
  visit("centroid scales", columns.centroid_scales);
  visit("centroids", columns.centroids);
  visit("sketches", columns.sketches);
  visit("sketch scales", columns.sketch_scales);
}
constexpr std::string_view kKeysSection = "bitmaps";
// The sections of what a space shows; they are there where the manifest names one.
constexpr std::string_view kSeen = "seen vectors", kSeenReferences = "seen references", kSeenScales = "seen scales",
                           kSeenReferenceScales = "seen reference scales", kSeenSectors = "seen sectors";

struct Section {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::string hash;
};

struct Manifest {
  SnapshotStamp stamp;
  std::uint64_t sequence = 0;
  std::uint64_t size = 0;
  std::string file;
  std::string space = {};  // SeenIn::space
  std::map<std::string, Section, std::less<>> sections;
};

// One "name<tab>value" a line; the last line is the hash of those before.
std::string format(const Manifest& manifest) {
  std::ostringstream out;
  out << kFormat << "\nmodel\t" << manifest.stamp.model << "\ntables\t" << manifest.stamp.tables << "\ndimensions\t"
      << manifest.stamp.dimensions << "\nfine\t" << manifest.stamp.fine << "\nfine dimensions\t"
      << manifest.stamp.fine_dimensions << "\nsequence\t" << manifest.sequence << "\nfile\t" << manifest.file << "\nsize\t"
      << manifest.size << "\nspace\t" << manifest.space << '\n';
  for (const auto& [name, section] : manifest.sections)
    out << "section\t" << name << '\t' << section.offset << '\t' << section.size << '\t' << section.hash << '\n';
  std::string text = out.str();
  return text + "sha256\t" + sha256(text) + "\n";
}

std::uint64_t number_of(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> parts;
  std::istringstream in(line);
  for (std::string part; std::getline(in, part, '\t');) parts.push_back(part);
  return parts;
}

Result<Manifest> parse_manifest(const std::string& text) {
  if (!text.starts_with(std::string(kFormat) + "\n")) return fail(ErrorCode::kUnsupported, "MANIFEST", "is of another format");
  const std::size_t seal = text.rfind("sha256\t");
  if (seal == std::string::npos || text.substr(seal) != "sha256\t" + sha256(text.substr(0, seal)) + "\n")
    return fail(ErrorCode::kCorrupt, "MANIFEST", "checksum of the manifest");
  Manifest manifest;
  std::istringstream in(text.substr(0, seal));
  for (std::string line; std::getline(in, line);) {
    const std::vector<std::string> parts = split(line);
    if (parts.size() == 5 && parts[0] == "section")
      manifest.sections[parts[1]] = {number_of(parts[2]), number_of(parts[3]), parts[4]};
    if (parts.size() != 2) continue;
    if (parts[0] == "model") manifest.stamp.model = parts[1];
    if (parts[0] == "tables") manifest.stamp.tables = parts[1];
    if (parts[0] == "dimensions") manifest.stamp.dimensions = static_cast<std::uint32_t>(number_of(parts[1]));
    if (parts[0] == "fine") manifest.stamp.fine = parts[1];
    if (parts[0] == "fine dimensions") manifest.stamp.fine_dimensions = static_cast<std::uint32_t>(number_of(parts[1]));
    if (parts[0] == "sequence") manifest.sequence = number_of(parts[1]);
    if (parts[0] == "file") manifest.file = parts[1];
    if (parts[0] == "size") manifest.size = number_of(parts[1]);
    if (parts[0] == "space") manifest.space = parts[1];
  }
  // A name, not a path: what is opened by it stands beside the manifest.
  if (manifest.file.empty() || manifest.file.find('/') != std::string::npos || manifest.file.starts_with('.'))
    return fail(ErrorCode::kCorrupt, "MANIFEST", "the name of the segment file");
  return manifest;
}

// The file's sections, whose hashes are the manifest's.
class Sections {
 public:
  Sections(const Manifest& manifest, std::shared_ptr<const FileMapping> mapping)
      : manifest_(manifest), mapping_(std::move(mapping)) {
    std::vector<std::map<std::string, Section, std::less<>>::const_iterator> all;
    for (auto at = manifest.sections.begin(); at != manifest.sections.end(); ++at) all.push_back(at);
    // The longest first: hashing is most of a start, and each is one core's.
    std::ranges::sort(all, std::greater{}, [](const auto& at) { return at->second.size; });
    std::vector<char> whole(all.size(), 0);
    on_all_cores(all.size(), [&](std::size_t i) {
      const Section& section = all[i]->second;
      const std::string_view file = mapping_->bytes();
      const bool inside =
          section.offset % kAlignment == 0 && section.offset <= file.size() && section.size <= file.size() - section.offset;
      whole[i] = inside && sha256(file.substr(section.offset, section.size)) == section.hash;
    });
    for (std::size_t i = 0; i < all.size(); ++i)
      if (whole[i]) bytes_[all[i]->first] = mapping_->bytes().substr(all[i]->second.offset, all[i]->second.size);
  }

  Result<std::string_view> of(std::string_view name) const {
    const auto found = bytes_.find(name);
    if (found == bytes_.end()) return fail(ErrorCode::kCorrupt, manifest_.file, "checksum of the " + std::string(name));
    return found->second;
  }
  const Manifest& manifest() const { return manifest_; }
  const std::shared_ptr<const FileMapping>& mapping() const { return mapping_; }

 private:
  const Manifest& manifest_;
  std::shared_ptr<const FileMapping> mapping_;
  std::map<std::string, std::string_view, std::less<>> bytes_;
};

bool sizes_agree(const WordColumns& c) {
  return c.ends.size() == c.words.size() + 1 && c.ends[c.words.size()] == c.postings.size();
}

bool sizes_agree(const SegmentColumns& c) {
  const std::size_t rows = c.traits.size();
  const std::size_t lists = c.centroid_scales.size();
  const std::size_t width = 2 * padded_half(c.dimensions);
  const std::size_t fine = 2 * padded_half(c.fine_dimensions);
  return c.id_ends.size() == rows + 1 && c.title_ends.size() == rows + 1 && c.name_ends.size() == rows + 1 &&
         c.by_id.size() == rows && c.versions.size() == rows && c.scales.size() == rows && c.vectors.size() == rows * width &&
         c.fine_scales.size() == rows && c.fine.size() == rows * fine && c.different_words.size() == rows &&
         c.passage_ends.size() == rows + 1 && c.passage_ends[rows] == c.passage_scales.size() &&
         c.passages.size() == c.passage_scales.size() * fine && sizes_agree(c.words) && sizes_agree(c.reference_words) &&
         c.reference_ends.size() == rows + 1 && c.reference_ends[rows] == c.reference_scales.size() &&
         c.references.size() == c.reference_scales.size() * fine / 2 &&
         c.reference_different_words.size() == c.reference_scales.size() && c.centroids.size() == lists * width &&
         c.sketches.size() == (lists == 0 ? 0 : rows * sketch_words(width)) &&
         c.sketch_scales.size() == (lists == 0 ? 0 : rows) && c.list_ends.size() == (lists == 0 ? 0 : lists + 1) &&
         c.id_ends[rows] == c.ids.size() && c.title_ends[rows] == c.titles.size() && c.name_ends[rows] == c.names.size();
}

Result<SegmentColumns> read_columns(const Sections& sections) {
  const Manifest& manifest = sections.manifest();
  SegmentColumns columns;
  columns.dimensions = manifest.stamp.dimensions;
  columns.fine_dimensions = manifest.stamp.fine_dimensions;
  Status read;
  each_column(columns, [&]<class T>(std::string_view name, Column<T>& column) {
    if (!read) return;
    const Result<std::string_view> bytes = sections.of(name);
    if (!bytes)
      read = tl::unexpected(bytes.error());
    else
      column = Column<T>::borrowed({reinterpret_cast<const T*>(bytes->data()), bytes->size() / sizeof(T)});
  });
  if (!read) return tl::unexpected(read.error());
  const Result<std::string_view> keys = sections.of(kKeysSection);
  if (!keys) return tl::unexpected(keys.error());
  if (!sizes_agree(columns)) return fail(ErrorCode::kCorrupt, manifest.file, "its sections differ in length");
  Result<KeyBitmaps> table = KeyBitmaps::decode(*keys, static_cast<std::uint32_t>(columns.traits.size()));
  if (!table) return tl::unexpected(table.error());
  columns.keys = std::move(*table);
  return columns;
}

template <class T>
std::span<const T> values_of(std::string_view bytes) {
  return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
}

Result<SeenIn> read_seen(const Sections& sections, const Segment& segment) {
  const Manifest& manifest = sections.manifest();
  if (manifest.space.empty()) return SeenIn{};
  // What is borrowed lives as long as the mapping.
  struct Kept {
    std::shared_ptr<const FileMapping> mapping;
    SeenRows rows;
  };
  const auto kept = std::make_shared<Kept>(Kept{sections.mapping(), {}});
  Status read;
  const auto take = [&](std::string_view name, const auto& use) {
    if (!read) return;
    const Result<std::string_view> bytes = sections.of(name);
    if (bytes)
      use(*bytes);
    else
      read = tl::unexpected(bytes.error());
  };
  const auto copy = [&]<class T>(std::string_view name, std::vector<T>& to) {
    take(name, [&](std::string_view bytes) { to.assign(values_of<T>(bytes).begin(), values_of<T>(bytes).end()); });
  };
  SeenRows& rows = kept->rows;
  take(kSeen, [&](std::string_view bytes) { rows.values = Column<std::int8_t>::borrowed(values_of<std::int8_t>(bytes)); });
  take(kSeenReferences,
       [&](std::string_view bytes) { rows.references = Column<std::int8_t>::borrowed(values_of<std::int8_t>(bytes)); });
  copy(kSeenScales, rows.scales);
  copy(kSeenReferenceScales, rows.reference_scales);
  copy(kSeenSectors, rows.sectors);
  if (!read) return tl::unexpected(read.error());
  const std::size_t half = padded_half(segment.fine_dimensions());
  if (rows.scales.size() != segment.size() || rows.sectors.size() != segment.size() ||
      rows.values.size() != segment.size() * 2 * half || rows.reference_scales.size() != segment.references() ||
      rows.references.size() != segment.references() * half)
    return fail(ErrorCode::kCorrupt, manifest.file, "its sections differ in length");
  return SeenIn{manifest.space, {kept, &rows}};
}

void remove_others(const fs::path& directory, const std::string& kept) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("base-") && name != kept) fs::remove(entry.path(), ignored);
  }
}

}  // namespace

std::string tables_hash(const Taxonomy& taxonomy) {
  Sha256 hash;
  const auto add = [&](std::string_view text) { hash.add(std::to_string(text.size()) + ":" + std::string(text)); };
  for (const Field& field : fields()) add(field.name);
  for (const CodeList* list :
       {&taxonomy.countries, &taxonomy.country_groups, &taxonomy.currencies, &taxonomy.sectors, &taxonomy.products,
        &taxonomy.sdgs, &taxonomy.organisation_types, &taxonomy.technologies, &taxonomy.themes}) {
    add(list->name());
    for (const CodeList::Entry& entry : list->entries()) {
      add(entry.code);
      add(entry.parent);
    }
  }
  for (const CodeList::Entry& country : taxonomy.countries.entries())
    for (const std::string& key : taxonomy.country_keys(country.code)) add(key);
  add(std::to_string(sizeof(Traits)));
  return hash.hex();
}

Status save_segment(const fs::path& directory, const Segment& segment, std::uint64_t sequence, const SnapshotStamp& stamp,
                    const SeenIn& seen) {
  std::error_code failed;
  fs::create_directories(directory, failed);
  if (failed) return disk_error(directory, failed.value());
  Manifest manifest{.stamp = stamp, .sequence = sequence, .file = "base-" + std::to_string(sequence) + ".seg", .sections = {}};
  AtomicFile file(directory / manifest.file);
  const auto write = [&](std::string_view name, std::string_view bytes) {
    file.write(std::string((kAlignment - file.size() % kAlignment) % kAlignment, '\0'));
    manifest.sections[std::string(name)] = {file.size(), bytes.size(), sha256(bytes)};
    file.write(bytes);
  };
  each_column(segment.columns(), [&](std::string_view name, const auto& column) { write(name, bytes_of(column.view())); });
  write(kKeysSection, segment.keys().encode());
  if (seen.rows) {
    manifest.space = seen.space;
    write(kSeen, bytes_of(seen.rows->values.view()));
    write(kSeenReferences, bytes_of(seen.rows->references.view()));
    write(kSeenScales, bytes_of(std::span(seen.rows->scales)));
    write(kSeenReferenceScales, bytes_of(std::span(seen.rows->reference_scales)));
    write(kSeenSectors, bytes_of(std::span(seen.rows->sectors)));
  }
  manifest.size = file.size();
  if (Status written = file.finish(); !written) return written;
  kill_point("snapshot file: segment written, not named");

  AtomicFile list(directory / "MANIFEST");
  list.write(format(manifest));
  if (Status written = list.finish(); !written) return written;
  kill_point("snapshot file: named, old segment there");
  remove_others(directory, manifest.file);
  return {};
}

Result<LoadedSegment> load_segment(const fs::path& directory, const SnapshotStamp& stamp) {
  const Result<std::string> text = read_file(directory / "MANIFEST");
  if (!text) return fail(ErrorCode::kNotFound, "MANIFEST", "no snapshot file");
  const Result<Manifest> manifest = parse_manifest(*text);
  if (!manifest) return tl::unexpected(manifest.error());
  if (manifest->stamp.model != stamp.model || manifest->stamp.dimensions != stamp.dimensions)
    return fail(ErrorCode::kUnsupported, "MANIFEST", "of another text model, " + manifest->stamp.model);
  if (manifest->stamp.fine != stamp.fine || manifest->stamp.fine_dimensions != stamp.fine_dimensions)
    return fail(ErrorCode::kUnsupported, "MANIFEST", "of another fine text model");
  if (manifest->stamp.tables != stamp.tables) return fail(ErrorCode::kUnsupported, "MANIFEST", "of other code lists or fields");
  const auto mapping = FileMapping::open(directory / manifest->file, manifest->size);
  if (!mapping) return tl::unexpected(mapping.error());
  const Sections sections(*manifest, *mapping);
  Result<SegmentColumns> columns = read_columns(sections);
  if (!columns) return tl::unexpected(columns.error());
  auto segment = std::make_shared<const Segment>(std::move(*columns), *mapping);
  Result<SeenIn> seen = read_seen(sections, *segment);
  if (!seen) return tl::unexpected(seen.error());
  return LoadedSegment{std::move(segment), manifest->sequence, std::move(*seen)};
}

}  // namespace counterpart::index
