// What comes back: operations that were written without a link, sealed and signed within the suitcase.
#pragma once

#include <boost/json.hpp>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "server/layer.h"
#include "server/suitcase/suitcases.h"

namespace counterpart::server {

inline constexpr std::string_view kAnswersFormat = "counterpart-answers-1";
inline constexpr std::size_t kMostOperations = 500;

// What one was written for.
enum class Does : std::uint8_t { kAct, kProfile, kInterest };

struct Operation {
  std::string id;  // its own
  Does does = Does::kAct;
  std::string subject;     // the case or profile; of an interest nothing
  std::string verb;        // of an act
  std::string if_match;    // of what it was begun on
  std::string written_at;  // as the writer's clock had it
  boost::json::object body;
  boost::json::value seen = nullptr;  // of a profile: as it was when it was begun
};
std::string_view name_of(Does does);

// What was chosen where an operation had met somebody else's: it is sent again so, or given up.
struct Choice {
  bool give_up = false;
  std::string if_match;
  boost::json::object body;
};

// As it was handed in.
struct Answers {
  std::string suitcase, sealed, signature;
  std::map<std::string, Choice, std::less<>> choices;  // by operation
};
// kInvalid: not such a file. Nothing of what is in it is trusted yet.
Result<Answers> read_answers(const boost::json::object& body);
// kInvalid: it was changed, or is of another suitcase, or is damaged.
Result<std::vector<Operation>> open_answers(const Answers& answers, const SuitcaseKeys& keys);
// The other direction, for tests and for whoever writes such a file: what read_answers() takes.
boost::json::object seal_answers(const std::string& suitcase, const boost::json::object& inside, const SuitcaseKeys& keys);

}  // namespace counterpart::server
