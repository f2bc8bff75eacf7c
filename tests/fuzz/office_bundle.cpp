// What other offices hand in: a card, a bundle as it came, and what stands in one that was opened. What is read is written and
// read again as the same; nothing else does harm.
#include <algorithm>

#include "index/network/bundle.h"
#include "tests/fuzz/target.h"

namespace {

using namespace counterpart::index;

constexpr std::size_t kHash = 32;

struct Office {
  KeyPairs keys = make_keys();
  OfficeCard card;
  explicit Office(const std::string& id) : card{id, "Office of " + id, keys.open} {}
};

const Office& rome() {
  static const Office office("rome");
  return office;
}
const Office& lagos() {
  static const Office office("lagos");
  return office;
}

bool is_sealed_as(const Bundle& bundle, const std::string& written) {
  const Result<Bundle> opened =
      open_bundle(seal_bundle(bundle, rome().keys.secret, lagos().card.keys), lagos().card, lagos().keys.secret, rome().card);
  return opened && encode(*opened) == written;
}

// The bytes that a member of the network may put into a bundle, for it has keys.
void check_content(std::string_view bytes) {
  Result<Bundle> bundle = decode_bundle(bytes);
  if (!bundle) {
    must_be_told(bundle.error());
    return;
  }
  const std::string written = encode(*bundle);
  const Result<Bundle> again = decode_bundle(written);
  must(again && encode(*again) == written, "a bundle that changes when written again");
  Position at = bundle->start;
  for (const Operation& operation : bundle->operations) {
    must(operation.id.size() == kOperationId && !operation.profile.empty(), "an operation of nothing");
    at = after(at, operation);
    must(at.sequence == operation.sequence && at.hash.size() == kHash, "a hash of another length");
  }
  bundle->from = "rome";
  bundle->to = "lagos";
  must(is_sealed_as(*bundle, encode(*bundle)), "a bundle that does not open as it was sealed");
}

// The same on its way: whoever has no keys gets nothing in.
void check_sealed(std::string_view bytes) {
  if (const Result<Envelope> envelope = read_envelope(bytes); !envelope) must_be_told(envelope.error());
  const Result<Bundle> opened = open_bundle(bytes, lagos().card, lagos().keys.secret, rome().card);
  must(!opened, "a bundle that nobody signed");
  must_be_told(opened.error());
  // The same bytes where a real one has its first.
  Bundle real;
  real.from = "rome";
  real.to = "lagos";
  std::string sealed = seal_bundle(real, rome().keys.secret, lagos().card.keys);
  std::string garbled = sealed;
  for (std::size_t i = 0; i < std::min(bytes.size(), garbled.size()); ++i)
    garbled[i] = static_cast<char>(garbled[i] ^ bytes[i]);
  if (garbled != sealed)
    must(!open_bundle(garbled, lagos().card, lagos().keys.secret, rome().card), "a bundle that was changed");
}

void check_card(const std::string& text) {
  const Result<OfficeCard> card = read_card(text);
  if (!card) {
    must_be_told(card.error());
    return;
  }
  must(check_office_id(card->office).has_value() && !card->name.empty(), "a card of nobody");
  // As its own office would write it anew.
  OfficeCard mine = rome().card;
  mine.name = card->name;
  mine.office = card->office;
  const Result<OfficeCard> again = read_card(write_card(mine, rome().keys.secret));
  must(again && again->office == mine.office && again->name == mine.name && again->keys == mine.keys,
       "a card that changes when written again");
}

// Nobody guesses a signature: what the text says, signed by whom it names.
std::string signed_anew(std::string_view text) {
  OfficeCard card = rome().card;
  const std::size_t line = text.find('\n');
  card.office = text.substr(0, line);
  card.name = line == text.npos ? std::string_view() : text.substr(line + 1);
  return write_card(card, rome().keys.secret);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = text_of_input(data, size);
  check_content(bytes);
  check_sealed(bytes);
  check_card(std::string(bytes));
  check_card(signed_anew(bytes));
  return 0;
}
