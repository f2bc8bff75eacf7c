// A snapshot's files. The first byte says what the rest is: the manifest's text over a good segment file, sealed so that
// its checksum holds (0); the bytes of the table of bitmaps (1); a bitmap (2); damage to a byte of the segment file,
// which must never load (3).
#include <fstream>

#include "engine/profile/profile_json.h"
#include "index/base/files.h"
#include "index/segment/segment_file.h"
#include "tests/fuzz/target.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace counterpart::index;

struct Saved {
  TempFolder folder;
  SnapshotStamp stamp{"fuzz", "tables", 16};
  std::string manifest, segment;
  Saved() {
    SegmentBuilder builder(16);
    Embedding embedding = quantise({std::vector<float>(16, 0.25F), std::vector<float>(16, 0.25F)}, "fuzz");
    const char* line = R"({"id":"a","kind":"company","title":"Pumps","offers":"solar pumps","country":"IT"})";
    builder.add(parse_profile(line, real_taxonomy()).value(), {1, 1}, embedding, real_taxonomy());
    must(save_segment(folder.path(), *builder.build(), 7, stamp).has_value(), "nothing saved");
    manifest = read_file(folder.path() / "MANIFEST").value();
    segment = read_file(folder.path() / "base-7.seg").value();
  }
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Saved saved;
  if (size == 0) return 0;
  const std::string text(text_of_input(data + 1, size - 1));
  const int mode = data[0] % 4;
  if (mode == 1) static_cast<void>(KeyBitmaps::decode(text, 1));
  if (mode == 2) {
    const Result<Bitmap> bitmap = Bitmap::decode(text);
    if (bitmap) must(bitmap->rows().size() == bitmap->size(), "a bitmap that miscounts itself");
  }
  if (mode == 1 || mode == 2 || (mode == 3 && text.size() < 3)) return 0;
  std::string manifest = saved.manifest, segment = saved.segment;
  if (mode == 0) manifest = text + "sha256\t" + sha256(text) + "\n";
  const std::size_t at = mode == 3 ? (data[1] * 256U + data[2]) % segment.size() : 0;
  if (mode == 3) segment[at] = static_cast<char>(segment[at] ^ static_cast<char>(data[3]));
  saved.folder.file("MANIFEST", manifest);
  saved.folder.file("base-7.seg", segment);
  const Result<LoadedSegment> loaded = load_segment(saved.folder.path(), saved.stamp);
  if (!loaded) must_be_told(loaded.error());
  // What lies between sections is of no section, and zero.
  if (loaded && mode == 3) must(data[3] == 0 || saved.segment[at] == 0, "damage that was not seen");
  return 0;
}
