#include "index/erasure/erasure_job.h"

#include <boost/json.hpp>
#include <exception>

#include "engine/base/hex.h"
#include "index/base/crypto.h"

namespace counterpart::index {
namespace {

namespace json = boost::json;

tl::unexpected<Error> damaged() {
  return fail(ErrorCode::kCorrupt, "erasure", "the record of an erasure does not decode", "restore the last backup");
}

json::object write_receipt(const ErasureReceipt& receipt) {
  json::array places;
  for (const ErasurePlace& place : receipt.places)
    places.push_back(json::object{{"place", place.place}, {"verdict", place.verdict}, {"detail", place.detail}});
  return {{"at", receipt.at},
          {"sequence", receipt.sequence},
          {"files", receipt.files},
          {"bytes", receipt.bytes},
          {"places", std::move(places)}};
}

std::string text_of(const json::value& object, std::string_view name) { return std::string(object.at(name).as_string()); }
std::uint64_t number_of(const json::value& object, std::string_view name) { return object.at(name).to_number<std::uint64_t>(); }

// Jobs of before there were letters name none.
std::vector<std::uint64_t> letters_of(const json::value& profile) {
  std::vector<std::uint64_t> letters;
  if (const json::value* named = profile.as_object().if_contains("letters"))
    for (const json::value& number : named->as_array()) letters.push_back(number.to_number<std::uint64_t>());
  return letters;
}

ErasureReceipt read_receipt(const json::value& from) {
  ErasureReceipt receipt;
  receipt.at = text_of(from, "at");
  receipt.sequence = number_of(from, "sequence");
  receipt.files = number_of(from, "files");
  receipt.bytes = number_of(from, "bytes");
  for (const json::value& place : from.at("places").as_array())
    receipt.places.push_back({text_of(place, "place"), text_of(place, "verdict"), text_of(place, "detail")});
  return receipt;
}

}  // namespace

std::string encode_job(const ErasureJob& job) {
  json::array profiles;
  for (const ErasedProfile& one : job.profiles)
    profiles.push_back(json::object{{"id", one.id},
                                    {"office", one.office},
                                    {"life", one.life},
                                    {"letters", json::array(one.letters.begin(), one.letters.end())}});
  json::object out{{"stage", static_cast<int>(job.stage)}, {"who", job.who}, {"profiles", std::move(profiles)}};
  if (job.receipt) out["receipt"] = write_receipt(*job.receipt);
  return json::serialize(out);
}

Result<ErasureJob> decode_job(std::uint64_t number, std::string_view bytes) {
  try {
    const json::value from = json::parse(json::string_view(bytes.data(), bytes.size()));
    const std::uint64_t stage = number_of(from, "stage");
    if (stage > static_cast<std::uint64_t>(ErasureJob::Stage::kDone)) return damaged();
    ErasureJob job{number, static_cast<ErasureJob::Stage>(stage), text_of(from, "who"), {}, {}};
    for (const json::value& one : from.at("profiles").as_array())
      job.profiles.push_back({text_of(one, "id"), text_of(one, "office"), number_of(one, "life"), letters_of(one)});
    if (const json::value* receipt = from.as_object().if_contains("receipt")) {
      job.receipt = read_receipt(*receipt);
      for (const ErasedProfile& one : job.profiles) job.receipt->profiles.push_back(one.id);
    }
    return job;
  } catch (const std::exception&) {
    return damaged();
  }
}

// Pieces may end within a character, so they are no texts of JSON.
std::string encode_traces(const std::vector<Traces>& traces) {
  json::array out;
  for (const Traces& one : traces) {
    json::array pieces;
    for (const std::string& piece : one.bytes) pieces.emplace_back(hex(piece));
    out.push_back(json::object{{"id", one.id}, {"pieces", std::move(pieces)}});
  }
  return json::serialize(out);
}

Result<std::vector<Traces>> decode_traces(std::string_view bytes) {
  try {
    std::vector<Traces> traces;
    const json::value from = json::parse(json::string_view(bytes.data(), bytes.size()));
    for (const json::value& one : from.as_array()) {
      traces.push_back({text_of(one, "id"), {}});
      for (const json::value& piece : one.at("pieces").as_array()) {
        auto plain = from_hex(std::string_view(piece.as_string()));
        if (!plain) return damaged();
        traces.back().bytes.push_back(std::move(*plain));
      }
    }
    return traces;
  } catch (const std::exception&) {
    return damaged();
  }
}

}  // namespace counterpart::index
