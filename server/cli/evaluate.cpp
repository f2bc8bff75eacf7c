// evaluate: how well known counterparts are ranked, by Counterpart and by what else one could use; and what weights the
// pairs teach. The files' format: server/evaluate/pair_file.h.
#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "engine/score/learn.h"
#include "engine/score/ranking_quality.h"
#include "engine/score/weights.h"
#include "index/model/encoder.h"
#include "server/cli/verb.h"
#include "server/evaluate/cached_embedder.h"
#include "server/evaluate/evaluation.h"
#include "server/evaluate/rank_file.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

// Backward to forward, as in the priors of engine/score/signals.cpp: no public set has texts of both sides, so what a direction
// is worth cannot be learnt from them.
constexpr double kForwardShare = 0.6;
// What a cosine of the fast vectors weighs where there are no fine ones, of what words in common weigh: .1 to .3 found the most
// on four sets of pairs. By likelihood more is learnt, and less is found.
constexpr double kFastOfWords = 0.2;

// Half of the organisations and, where the pairs name them, half of the countries are for training. By a hash of the name
// alone, so that a new organisation changes no other's half.
bool in_training_half(std::string_view name) {
  std::uint32_t hash = 2166136261U;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return (hash >> 7 & 1U) == 0;
}

enum class Split { kTrain, kTest, kNeither };

Split split_of(const PairSet& set, const PairQuery& query) {
  const bool organisation = in_training_half(set.candidates[query.relevant.front()].id);
  if (query.country.empty()) return organisation ? Split::kTrain : Split::kTest;
  const bool country = in_training_half(query.country);
  return organisation != country ? Split::kNeither : organisation ? Split::kTrain : Split::kTest;
}

struct TestQuery {
  std::string id;
  PairReadings readings;
  std::vector<std::size_t> relevant;
};

// What one file gave: its lists for learning, and the readings by which methods are compared.
struct Measured {
  std::string name;
  std::size_t candidates = 0;
  std::vector<LearningList> training;
  std::vector<TestQuery> test;
};

Measured measure(const PairSet& set, PairEvaluator& evaluator, bool train) {
  evaluator.take(set);
  Measured measured{set.name, set.candidates.size(), {}, {}};
  for (const PairQuery& query : set.queries) {
    const Split split = train ? split_of(set, query) : Split::kTest;
    if (split == Split::kNeither) continue;
    PairReadings readings = evaluator.readings(query);
    if (split == Split::kTrain)
      measured.training.push_back(learning_list(readings, query.relevant));
    else
      measured.test.push_back({query.id, std::move(readings), query.relevant});
  }
  // Every set counts the same, however many pairs it has.
  for (LearningList& list : measured.training) list.weight = 1.0 / static_cast<double>(measured.training.size());
  return measured;
}

std::map<std::string, double, std::less<>> weights_by_name(const Learned& learned) {
  std::map<std::string, double, std::less<>> weights{{"bias", learned.bias}};
  const auto put = [&](const Signal& signal, double weight) {
    weights[std::string(signal.name)] = kForwardShare * weight;
    weights[std::string(signal.texts.other_direction)] = (1 - kForwardShare) * weight;
  };
  const auto taught = taught_signals();
  for (std::size_t i = 0; i < taught.size(); ++i) {
    put(*taught[i], learned.weights[i]);
    // Half of a cosine is the signal's value.
    if (taught[i]->texts.source == SignalSource::kWords) put(*find_signal("forward"), 2 * kFastOfWords * learned.weights[i]);
  }
  return weights;
}

// All directions of a translated set are one family.
std::string family(const std::string& name) { return name.substr(0, name.find('_')); }

// Learns from the training halves of the sets that are not of the family `without`; "" leaves none out.
Learned learn_from(const std::vector<Measured>& sets, const std::string& without) {
  std::map<std::string, double> files;
  for (const Measured& set : sets) ++files[family(set.name)];
  std::vector<LearningList> lists;
  for (const Measured& set : sets)
    if (family(set.name) != without)
      for (const LearningList& list : set.training) {
        lists.push_back(list);
        lists.back().weight /= files[family(set.name)];
      }
  return learn(lists, taught_signals().size());
}

// How well each method ranks, for people or programs, and the rank of each pair in a file beside it.
class QualityTable {
 public:
  QualityTable(bool as_json, RankFile& ranks) : json_(as_json), ranks_(ranks) {
    if (!json_)
      std::printf("%-14s %-24s %10s %8s %9s %9s %7s %8s\n", "set", "method", "candidates", "queries", "recall@1", "recall@10",
                  "MRR", "nDCG@10");
  }
  template <class Scores>
  void row(const Measured& set, std::string_view method, const Scores& scores) {
    RankingQuality quality;
    for (const TestQuery& query : set.test) {
      const std::vector<double> all = scores(query.readings);
      quality.add(all, query.relevant);
      ranks_.add(set.name, query.id, method, all, query.relevant);
    }
    print(set, method, quality.mean());
  }
  json::array take() { return std::move(rows_); }

 private:
  void print(const Measured& set, std::string_view method, const RankingQuality& quality) {
    if (json_)
      rows_.push_back(json::object{{"set", set.name},
                                   {"method", method},
                                   {"candidates", set.candidates},
                                   {"queries", quality.queries},
                                   {"recall_at_1", quality.recall_at_1},
                                   {"recall_at_10", quality.recall_at_10},
                                   {"mrr", quality.reciprocal_rank},
                                   {"ndcg_at_10", quality.ndcg_at_10}});
    else
      std::printf("%-14s %-24s %10zu %8zu %9.3f %9.3f %7.3f %8.3f\n", set.name.c_str(), std::string(method).c_str(),
                  set.candidates, quality.queries, quality.recall_at_1, quality.recall_at_10, quality.reciprocal_rank,
                  quality.ndcg_at_10);
    std::fflush(stdout);
  }

  bool json_;
  RankFile& ranks_;
  json::array rows_;
};

void compare(const Measured& set, bool fine, const Weights& shipped, QualityTable& table) {
  for (const RankingMethod& method : ranking_methods())
    if (fine || !method.needs_fine) table.row(set, method.name, method.scores);
  table.row(set, "Counterpart, as shipped", [&](const PairReadings& r) { return counterpart_scores(r, shipped); });
}

struct EvaluateArguments {
  std::vector<std::string> files;
  bool train = false;   // learn weights on one half of the organisations and countries, measure on the other
  std::string out;      // where the learnt weights go; empty: standard error
  std::string without;  // a directory for those learnt without each family; empty: they are not kept
  std::string weights, ranks, vectors;
};

void add_options(CLI::App& app, EvaluateArguments& arguments) {
  app.add_option("files", arguments.files, "pair files, JSON Lines")->required();
  app.add_flag("--train", arguments.train, "learn weights on half of the organisations, measure on the others");
  app.add_option("--out", arguments.out, "where the learnt weights go (datasets/weights.toml is read by all verbs)");
  app.add_option("--without", arguments.without,
                 "a directory for weights learnt without a set and its translations, FAMILY.toml each: the name up to `_`");
  app.add_option("--weights", arguments.weights, "weights to measure with (default: weights.toml of the datasets)");
  app.add_option("--ranks", arguments.ranks, "where the rank of each pair under each method goes, tab-separated");
  app.add_option("--vectors", arguments.vectors, "a directory that keeps the texts' vectors for the next time");
}

Result<std::unique_ptr<Embedder>> open_model(const std::string& name, const CommandContext& context,
                                             const EvaluateArguments& arguments) {
  if (name.empty()) return std::unique_ptr<Embedder>();
  Result<std::unique_ptr<Embedder>> opened = open_embedder(name, context.service.models);
  if (!opened || arguments.vectors.empty()) return opened;
  return with_cache(std::move(*opened), arguments.vectors);
}

Status write_weights(const Learned& learned, const std::string& file) {
  std::ofstream out(file);
  if (!(out << weights_text(weights_by_name(learned))).flush())
    return fail(ErrorCode::kStorage, file, "cannot be written", "name a file in a directory that exists");
  return {};
}

// Measures each set's test half with the weights shipped, learnt from all sets, and learnt from those of other families.
Status train(const std::vector<Measured>& sets, const EvaluateArguments& arguments, bool fine, const Weights& shipped,
             QualityTable& table) {
  if (std::ranges::all_of(sets, [](const Measured& set) { return set.training.empty(); }))
    return fail(ErrorCode::kInvalid, "--train", "no pair of these files falls into the half that is learnt from",
                "give files with more organisations");
  const Learned all = learn_from(sets, "");
  std::map<std::string, Learned> without;
  for (const Measured& set : sets) {
    const std::string of = family(set.name);
    if (std::ranges::any_of(sets, [&](const Measured& one) { return family(one.name) != of; }) && !without.contains(of))
      without.emplace(of, learn_from(sets, of));
  }
  const auto row = [&](const Measured& set, std::string_view method, const Learned& learned) {
    const Weights weights = weights_of(weights_by_name(learned));
    table.row(set, method, [&](const PairReadings& r) { return counterpart_scores(r, weights); });
  };
  for (const Measured& set : sets) {
    if (set.test.empty()) continue;
    compare(set, fine, shipped, table);
    if (const auto found = without.find(family(set.name)); found != without.end())
      row(set, "Counterpart, zero-shot", found->second);
    row(set, "Counterpart, trained", all);
  }
  if (!arguments.without.empty())
    for (const auto& [of, learned] : without)
      if (Status written = write_weights(learned, arguments.without + "/" + of + ".toml"); !written) return written;
  if (!arguments.out.empty()) return write_weights(all, arguments.out);
  std::fprintf(stderr, "%s", weights_text(weights_by_name(all)).c_str());
  return {};
}

int run_evaluate(const CommandContext& context, const EvaluateArguments& arguments) {
  const Result<std::unique_ptr<Embedder>> fast = open_model(context.service.model, context, arguments);
  if (!fast) return report(fast.error());
  const Result<std::unique_ptr<Embedder>> fine = open_model(context.service.fine, context, arguments);
  if (!fine) return report(fine.error());
  if (arguments.train && !*fine)
    return report(
        {ErrorCode::kInvalid, "--train", "what the fine model weighs cannot be learnt without it", "leave out --fine none"});
  const auto shipped =
      load_weights(arguments.weights.empty() ? context.service.datasets / "weights.toml" : fs::path(arguments.weights));
  if (!shipped) return report(shipped.error());
  const Weights weights = weights_of(shipped->of("open"));

  RankFile ranks(arguments.ranks);
  QualityTable table(context.json, ranks);
  PairEvaluator evaluator(**fast, fine->get());
  std::vector<Measured> sets;
  for (const std::string& file : arguments.files) {
    const Result<PairSet> set = read_pairs(file);
    if (!set) return report(set.error());
    sets.push_back(measure(*set, evaluator, arguments.train));
    if (arguments.train) continue;
    compare(sets.back(), *fine != nullptr, weights, table);
    sets.back().test.clear();
  }
  if (arguments.train)
    if (const Status done = train(sets, arguments, *fine != nullptr, weights, table); !done) return report(done.error());
  if (const Status written = ranks.close(); !written) return report(written.error());
  if (context.json)
    std::cout << json::serialize(
                     json::object{{"model", (*fast)->model()}, {"fine", *fine ? (*fine)->model() : ""}, {"sets", table.take()}})
              << "\n";
  return kDone;
}

const RegisteredVerb evaluate({.order = 230,
                               .name = "evaluate",
                               .help = "match quality against known pairs",
                               .define = bind(add_options, run_evaluate),
                               .writes_for_everybody = true});  // learnt weights

}  // namespace
}  // namespace counterpart::server
