#include "server/evaluate/pair_file.h"

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <map>

namespace counterpart::server {
namespace {

namespace json = boost::json;

class PairFile {
 public:
  explicit PairFile(std::string file) : file_(std::move(file)) {}

  Result<PairSet> read() {
    std::ifstream in(file_);
    if (!in) return fail(ErrorCode::kNotFound, file_, "cannot be read");
    set_.name = std::filesystem::path(file_).stem().string();
    std::vector<std::pair<std::size_t, json::object>> queries;
    std::string line;
    while (std::getline(in, line)) {
      ++number_;
      if (line.empty()) continue;
      boost::system::error_code failed;
      json::value value = json::parse(line, failed);
      if (failed || !value.is_object()) return wrong("not a JSON object");
      json::object& row = value.as_object();
      try {
        if (row.contains("set")) {
          set_.name = row.at("set").as_string();
        } else if (row.contains("candidate")) {
          add_candidate(row);
        } else if (row.contains("query")) {
          queries.emplace_back(number_, std::move(row));
        } else {
          return wrong("neither a set, a candidate nor a query");
        }
      } catch (const std::exception&) {
        return wrong("a member is missing or of the wrong type");
      }
    }
    for (auto& [at, row] : queries) {
      number_ = at;
      if (Status added = add_query(row); !added) return tl::unexpected(added.error());
    }
    if (set_.queries.empty()) return fail(ErrorCode::kInvalid, file_, "holds no query");
    return std::move(set_);
  }

 private:
  tl::unexpected<Error> wrong(std::string message) const {
    return fail(ErrorCode::kInvalid, file_ + ":" + std::to_string(number_), std::move(message));
  }

  void add_candidate(const json::object& row) {
    CandidateTexts candidate;
    candidate.id = row.at("candidate").as_string();
    for (const json::value& text : row.at("texts").as_array()) {
      candidate.text_ids.emplace_back(text.at("id").as_string());
      candidate.texts.emplace_back(text.at("text").as_string());
    }
    index_[candidate.id] = set_.candidates.size();
    set_.candidates.push_back(std::move(candidate));
  }

  Status add_query(const json::object& row) try {
    PairQuery query;
    query.id = row.at("query").as_string();
    query.text = row.at("text").as_string();
    if (const json::value* left_out = row.if_contains("leave_out")) query.leave_out = left_out->as_string();
    if (const json::value* country = row.if_contains("country")) query.country = country->as_string();
    for (const json::value& id : row.at("relevant").as_array()) {
      const auto found = index_.find(std::string(id.as_string()));
      if (found == index_.end()) return wrong("`relevant` names an unknown candidate");
      query.relevant.push_back(found->second);
    }
    if (query.relevant.empty()) return wrong("`relevant` is empty");
    set_.queries.push_back(std::move(query));
    return {};
  } catch (const std::exception&) {
    return wrong("a member is missing or of the wrong type");
  }

  std::string file_;
  std::size_t number_ = 0;
  PairSet set_;
  std::map<std::string, std::size_t> index_;
};

}  // namespace

Result<PairSet> read_pairs(const std::string& file) { return PairFile(file).read(); }

}  // namespace counterpart::server
