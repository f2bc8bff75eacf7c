#include "index/network/bundle.h"

#include <utility>

#include "index/base/codec.h"

namespace counterpart::index {
namespace {

constexpr std::string_view kMagic = "counterpart bundle ";
constexpr std::uint64_t kFormat = 2;
constexpr std::size_t kSignature = 64;

tl::unexpected<Error> wrong(std::string what, std::string remedy) {
  return fail(ErrorCode::kInvalid, "bundle", std::move(what), std::move(remedy));
}

// In clear, and signed with the rest.
std::string header_of(std::string_view from, std::string_view to) {
  std::string bytes(kMagic);
  append_varint(bytes, kFormat);
  append_text(bytes, from);
  append_text(bytes, to);
  return bytes;
}

Result<Envelope> take_header(std::string_view& bytes) {
  if (!bytes.starts_with(kMagic))
    return wrong("is no bundle of an office", "give a file that `counterpart network export` wrote");
  bytes.remove_prefix(kMagic.size());
  std::uint64_t format = 0;
  Envelope envelope;
  if (!take_varint(bytes, format)) return wrong("is cut short", "copy the file again");
  if (format < kFormat)
    return fail(ErrorCode::kUnsupported, "bundle", "was written by an older program",
                "update the program of the office that sent it, then have it made anew");
  if (format != kFormat)
    return fail(ErrorCode::kUnsupported, "bundle", "was written by a newer program", "update this one, then hand it in again");
  if (!take_text(bytes, envelope.from) || !take_text(bytes, envelope.to)) return wrong("is cut short", "copy the file again");
  // Nobody has signed anything yet, and refusals name them.
  for (const std::string& office : {envelope.from, envelope.to})
    if (!check_office_id(office)) return wrong("is cut short", "copy the file again");
  return envelope;
}

void append_operations(std::string& bytes, const std::vector<Operation>& operations) {
  append_varint(bytes, operations.size());
  for (const Operation& operation : operations) append_operation(bytes, operation);
}

bool take_operations(std::string_view& bytes, std::vector<Operation>& operations) {
  std::uint64_t count = 0;
  if (!take_varint(bytes, count) || count > bytes.size()) return false;
  for (; count > 0; --count)
    if (!take_operation(bytes, operations.emplace_back())) return false;
  return true;
}

bool take_part(std::string_view& bytes, Bundle::Part& part) {
  if (bytes.empty() || static_cast<unsigned char>(bytes.front()) > static_cast<unsigned char>(Bundle::Part::kState))
    return false;
  part = static_cast<Bundle::Part>(bytes.front());
  bytes.remove_prefix(1);
  return true;
}

}  // namespace

std::string encode(const Bundle& bundle) {
  std::string bytes;
  append_text(bytes, bundle.from);
  append_text(bytes, bundle.to);
  append_varint(bytes, bundle.number);
  append_varint(bytes, bundle.at);
  append_confirmation(bytes, bundle.confirmed);
  append_position(bytes, bundle.head);
  append_operations(bytes, bundle.gone);
  bytes.push_back(static_cast<char>(bundle.part));
  append_position(bytes, bundle.start);
  append_operations(bytes, bundle.operations);
  append_text(bytes, bundle.covered);
  append_text(bytes, bundle.covers);
  append_operations(bytes, bundle.beside);
  return bytes;
}

Result<Bundle> decode_bundle(std::string_view bytes) {
  Bundle bundle;
  const bool whole = take_text(bytes, bundle.from) && take_text(bytes, bundle.to) && take_varint(bytes, bundle.number) &&
                     take_varint(bytes, bundle.at) && take_confirmation(bytes, bundle.confirmed) &&
                     take_position(bytes, bundle.head) && take_operations(bytes, bundle.gone) &&
                     take_part(bytes, bundle.part) && take_position(bytes, bundle.start) &&
                     take_operations(bytes, bundle.operations) && take_text(bytes, bundle.covered) &&
                     take_text(bytes, bundle.covers) && take_operations(bytes, bundle.beside) && bytes.empty();
  if (!whole) return fail(ErrorCode::kCorrupt, "bundle", "does not decode", "tell the office that sent it");
  bundle.confirmed.at = bundle.at;
  return bundle;
}

std::string seal_bundle(const Bundle& bundle, const SecretKeys& keys, const PublicKeys& reader) {
  const std::string header = header_of(bundle.from, bundle.to);
  const std::string content = encode(bundle);
  return header + seal_for(sign(header + content, keys) + content, reader);
}

Result<Envelope> read_envelope(std::string_view sealed) { return take_header(sealed); }

Result<Bundle> open_bundle(std::string_view sealed, const OfficeCard& self, const SecretKeys& keys, const OfficeCard& sender) {
  std::string_view rest = sealed;
  const Result<Envelope> envelope = take_header(rest);
  if (!envelope) return tl::unexpected(envelope.error());
  if (envelope->to != self.office) return wrong("is for the office `" + envelope->to + "`", "hand it in there");
  const std::optional<std::string> plain = unseal_as(rest, self.keys, keys);
  if (!plain || plain->size() < kSignature)
    return wrong("does not open: it was changed, cut short, or sealed for other keys than this office's",
                 "copy the file again, or have it exported anew");
  const std::string_view signature = std::string_view(*plain).substr(0, kSignature);
  const std::string_view content = std::string_view(*plain).substr(kSignature);
  if (!is_signed(header_of(envelope->from, envelope->to).append(content), signature, sender.keys))
    return wrong("is not signed by the office `" + sender.office + "`", "ask its people whether it is theirs");
  Result<Bundle> bundle = decode_bundle(content);
  if (bundle && (bundle->from != envelope->from || bundle->to != envelope->to))
    return wrong("is cut short", "copy the file again");
  return bundle;
}

}  // namespace counterpart::index
