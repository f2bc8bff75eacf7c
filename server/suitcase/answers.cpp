#include "server/suitcase/answers.h"

#include <algorithm>
#include <array>
#include <set>

#include "index/base/crypto.h"
#include "server/suitcase/sealing.h"
#include "server/wire/arguments.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> kDoes{"act", "profile", "interest"};
constexpr std::size_t kMostText = 512;
constexpr std::string_view kSealed = "sealed", kSignature = "signature";

std::string bound_of(std::string_view suitcase) { return std::string(kAnswersFormat) + "\n" + std::string(suitcase); }
std::string signed_text(std::string_view suitcase, std::string_view sealed) {
  return bound_of(suitcase) + "\n" + std::string(sealed);
}

tl::unexpected<Error> not_answers() {
  return fail(ErrorCode::kInvalid, "body", "not a file of answers from a suitcase", "give the file as the suitcase saved it");
}
tl::unexpected<Error> changed() {
  return fail(ErrorCode::kInvalid, kSignature.data(), "these answers were changed, or are of another suitcase",
              "give the file as the suitcase saved it");
}

std::string text_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && value->is_string() && value->as_string().size() <= kMostText ? std::string(value->as_string())
                                                                               : std::string();
}
const json::object* object_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && value->is_object() ? &value->as_object() : nullptr;
}

// nullopt: it is none.
std::optional<Operation> read_operation(const json::value& value) {
  if (!value.is_object()) return std::nullopt;
  const json::object& object = value.as_object();
  Operation read{text_in(object, "operation"),
                 Does::kAct,
                 text_in(object, "subject"),
                 text_in(object, "verb"),
                 text_in(object, "if_match"),
                 text_in(object, "written_at"),
                 {}};
  const auto does = std::ranges::find(kDoes, text_in(object, "does"));
  const json::object* body = object_in(object, "body");
  if (does == kDoes.end() || !body || !is_id(read.id)) return std::nullopt;
  read.does = static_cast<Does>(does - kDoes.begin());
  read.body = *body;
  if (const json::object* seen = object_in(object, "seen")) read.seen = *seen;
  // Each is conditional on what its writer saw; an interest, which was nothing yet, has its own key.
  const bool about_something = read.does == Does::kInterest || (is_id(read.subject) && !read.if_match.empty());
  const bool says_what = read.does != Does::kAct || is_id(read.verb);
  return about_something && says_what ? std::optional(std::move(read)) : std::nullopt;
}

Result<Choice> read_choice(const json::value& value) {
  if (!value.is_object()) return not_answers();
  Choice choice;
  if (const json::value* up = value.as_object().if_contains("give_up"))
    if (Status is = into(flag_of(*up, "give_up"), choice.give_up); !is) return tl::unexpected(std::move(is.error()));
  if (choice.give_up) return choice;
  choice.if_match = text_in(value.as_object(), "if_match");
  const json::object* body = object_in(value.as_object(), "body");
  if (choice.if_match.empty() || !body) return not_answers();
  choice.body = *body;
  return choice;
}

}  // namespace

std::string_view name_of(Does does) { return kDoes[static_cast<std::size_t>(does)]; }

Result<Answers> read_answers(const json::object& body) {
  Answers read{text_in(body, "suitcase"), {}, text_in(body, kSignature), {}};
  const json::value* sealed = body.if_contains(kSealed);
  if (text_in(body, "format") != kAnswersFormat || !is_id(read.suitcase) || read.signature.empty() || !sealed ||
      !sealed->is_string())
    return not_answers();
  read.sealed = sealed->as_string();
  if (!body.contains("choices")) return read;
  const json::object* choices = object_in(body, "choices");
  if (!choices || choices->size() > kMostOperations) return not_answers();
  for (const auto& [operation, value] : *choices) {
    Result<Choice> choice = read_choice(value);
    if (!choice) return tl::unexpected(std::move(choice.error()));
    read.choices.emplace(std::string(operation), std::move(*choice));
  }
  return read;
}

Result<std::vector<Operation>> open_answers(const Answers& answers, const SuitcaseKeys& keys) {
  const std::optional<std::string> signature = base64_decoded(answers.signature), sealed = base64_decoded(answers.sealed);
  if (!signature || !sealed) return changed();
  if (!equal_secrets(*signature, signature_of(signed_text(answers.suitcase, answers.sealed), keys.signs))) return changed();
  const std::optional<std::string> plain = unseal_gcm(*sealed, bound_of(answers.suitcase), keys.seals);
  if (!plain) return changed();
  boost::system::error_code failed;
  const json::value inside = json::parse(*plain, failed);
  const json::value* listed = !failed && inside.is_object() ? inside.as_object().if_contains("operations") : nullptr;
  if (!listed || !listed->is_array()) return not_answers();
  if (listed->as_array().size() > kMostOperations)
    return fail(ErrorCode::kTooLarge, "operations", "more than " + std::to_string(kMostOperations),
                "hand them in as several files");
  std::vector<Operation> operations;
  std::set<std::string> seen;
  for (const json::value& one : listed->as_array()) {
    std::optional<Operation> read = read_operation(one);
    if (!read || !seen.insert(read->id).second) return not_answers();
    operations.push_back(std::move(*read));
  }
  return operations;
}

json::object seal_answers(const std::string& suitcase, const json::object& inside, const SuitcaseKeys& keys) {
  const std::string sealed = base64(seal_gcm(json::serialize(inside), bound_of(suitcase), keys.seals));
  return {{"format", kAnswersFormat},
          {"suitcase", suitcase},
          {kSealed, sealed},
          {kSignature, base64(signature_of(signed_text(suitcase, sealed), keys.signs))}};
}

}  // namespace counterpart::server
