// A group of a match run as another machine gives it, or a log holds it: what is read is written and read again as the same,
// and a list's candidates lie where they are said to lie.
#include <algorithm>
#include <cstring>

#include "index/run/run_log.h"
#include "tests/fuzz/target.h"

namespace {

using namespace counterpart::index;

template <class Piece>
void check_written(const Piece& piece, Result<Piece> (*unpack)(std::string_view)) {
  const std::string written = pack(piece);
  const Result<Piece> again = unpack(written);
  must(again && pack(*again) == written, "a piece that changes when written again");
}

void check_offsets(const GroupPiece& piece) {
  const std::string written = pack(piece);
  const std::vector<std::uint64_t> offsets = candidate_offsets(piece.lists);
  for (std::size_t i = 0; i < piece.lists.size(); ++i) {
    const std::vector<RankedCandidate>& list = piece.lists[i].candidates;
    const std::size_t bytes = list.size() * sizeof(RankedCandidate);
    must(offsets[i] + bytes <= written.size(), "candidates beyond the end");
    must(bytes == 0 || std::memcmp(written.data() + offsets[i], list.data(), bytes) == 0, "candidates that lie elsewhere");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = text_of_input(data, size);
  if (const Result<GroupPiece> group = unpack_group(bytes); !group) {
    must_be_told(group.error());
  } else {
    must(group->matches.size() == group->lists.size() && group->bands.size() == group->lists.size(), "lists without matches");
    check_written(*group, &unpack_group);
    check_offsets(*group);
  }
  if (const Result<ChangedPiece> changed = unpack_changed(bytes); !changed)
    must_be_told(changed.error());
  else
    check_written(*changed, &unpack_changed);
  if (const Result<RunHeader> header = unpack_header(bytes); !header)
    must_be_told(header.error());
  else
    check_written(*header, &unpack_header);
  return 0;
}
