// evaluate: how well the text model ranks the known counterpart of each query, on files of known pairs.
//
// A pair file is JSON Lines (tests/baseline/pairs.py makes them from the public sets):
//   {"set":"cida"}                                                      first line: its name
//   {"candidate":"a17","texts":[{"id":"t1","text":"..."}]}               who can be found, by one or more texts
//   {"query":"q1","text":"...","leave_out":"t1","relevant":["a17"]}      who must be found; leave_out: the candidate's
//                                                                      text that is the query's own source
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <thread>

#include <boost/json.hpp>

#include "engine/metrics.h"
#include "index/encoder.h"
#include "server/cli.h"
#include "server/terminal.h"

namespace counterpart {
namespace {

namespace json = boost::json;

struct CandidateTexts {
  std::string id;
  std::vector<std::string> text_ids;
  std::vector<std::string> texts;
  std::vector<std::vector<float>> vectors;
};
struct PairQuery {
  std::string text, leave_out;
  std::vector<std::size_t> relevant;
  std::vector<float> vector;
};
struct PairSet {
  std::string name;
  std::vector<CandidateTexts> candidates;
  std::vector<PairQuery> queries;
};

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
    query.text = row.at("text").as_string();
    if (const json::value* left_out = row.if_contains("leave_out")) query.leave_out = left_out->as_string();
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

void embed_all(PairSet& set, const Embedder& embedder) {
  std::vector<std::pair<const std::string*, std::vector<float>*>> jobs;
  for (CandidateTexts& candidate : set.candidates) {
    candidate.vectors.resize(candidate.texts.size());
    for (std::size_t i = 0; i < candidate.texts.size(); ++i)
      jobs.emplace_back(&candidate.texts[i], &candidate.vectors[i]);
  }
  for (PairQuery& query : set.queries) jobs.emplace_back(&query.text, &query.vector);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < jobs.size(); i = next++) *jobs[i].second = embedder.embed(*jobs[i].first, {});
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 1; i < std::max(1U, std::thread::hardware_concurrency()); ++i) threads.emplace_back(work);
  work();
}

// Cosine of the query with the mean of the candidate's texts, the left-out one not counted. -1: no text is left.
double similarity(const PairQuery& query, const CandidateTexts& candidate) {
  std::vector<double> sum(query.vector.size());
  for (std::size_t i = 0; i < candidate.vectors.size(); ++i) {
    if (!query.leave_out.empty() && candidate.text_ids[i] == query.leave_out) continue;
    for (std::size_t d = 0; d < sum.size(); ++d) sum[d] += static_cast<double>(candidate.vectors[i][d]);
  }
  double dot = 0, norm = 0;
  for (std::size_t d = 0; d < sum.size(); ++d) {
    dot += sum[d] * static_cast<double>(query.vector[d]);
    norm += sum[d] * sum[d];
  }
  return norm > 0 ? dot / std::sqrt(norm) : -1;
}

RankingQuality measure(const PairSet& set) {
  RankingQuality quality;
  std::vector<double> scores(set.candidates.size());
  for (const PairQuery& query : set.queries) {
    for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = similarity(query, set.candidates[i]);
    quality.add(scores, query.relevant);
  }
  return quality.mean();
}

}  // namespace

int run_evaluate(const CommandContext& context, const std::vector<std::string>& files) {
  const Result<std::unique_ptr<Embedder>> embedder = open_embedder(context.service.model, context.service.models);
  if (!embedder) return report(embedder.error());
  json::array rows;
  if (!context.json) std::printf("%-28s %10s %10s %9s %9s %7s\n", "set", "candidates", "queries", "recall@1", "recall@10", "MRR");
  for (const std::string& file : files) {
    Result<PairSet> set = PairFile(file).read();
    if (!set) return report(set.error());
    embed_all(*set, **embedder);
    const RankingQuality quality = measure(*set);
    if (context.json) {
      rows.push_back(json::object{{"set", set->name}, {"candidates", set->candidates.size()},
                                  {"queries", quality.queries}, {"recall_at_1", quality.recall_at_1},
                                  {"recall_at_10", quality.recall_at_10}, {"mrr", quality.reciprocal_rank}});
    } else {
      std::printf("%-28s %10zu %10zu %9.3f %9.3f %7.3f\n", set->name.c_str(), set->candidates.size(), quality.queries,
                  quality.recall_at_1, quality.recall_at_10, quality.reciprocal_rank);
    }
  }
  if (context.json)
    std::cout << json::serialize(json::object{{"model", (*embedder)->model()}, {"sets", rows}}) << "\n";
  return kDone;
}

}  // namespace counterpart
