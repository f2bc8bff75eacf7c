// evaluate: how well known counterparts are ranked, by Counterpart and by what else one could use; and what weights the
// pairs teach. The files' format: server/evaluate/pair_file.h.
#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "engine/score/learn.h"
#include "engine/score/ranking_quality.h"
#include "engine/score/weights.h"
#include "index/model/encoder.h"
#include "server/cli/verb.h"
#include "server/evaluate/evaluation.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

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

// What one file gave: its lists for learning, and the readings by which methods are compared.
struct Measured {
  std::string name;
  std::size_t candidates = 0;
  std::vector<LearningList> training;
  std::vector<std::pair<PairReadings, std::vector<std::size_t>>> test;
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
      measured.test.emplace_back(std::move(readings), query.relevant);
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

class QualityTable {
 public:
  explicit QualityTable(bool as_json) : json_(as_json) {
    if (!json_)
      std::printf("%-14s %-24s %10s %8s %9s %9s %7s %8s\n", "set", "method", "candidates", "queries", "recall@1", "recall@10",
                  "MRR", "nDCG@10");
  }
  void row(const Measured& set, std::string_view method, const RankingQuality& quality) {
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
  json::array take() { return std::move(rows_); }

 private:
  bool json_;
  json::array rows_;
};

template <class Scores>
RankingQuality quality_of(const Measured& set, const Scores& scores) {
  RankingQuality quality;
  for (const auto& [readings, relevant] : set.test) quality.add(scores(readings), relevant);
  return quality.mean();
}

void compare(const Measured& set, bool fine, const Weights& shipped, QualityTable& table) {
  for (const RankingMethod& method : ranking_methods())
    if (fine || !method.needs_fine) table.row(set, method.name, quality_of(set, method.scores));
  table.row(set, "Counterpart, as shipped",
            quality_of(set, [&](const PairReadings& r) { return counterpart_scores(r, shipped); }));
}

struct EvaluateArguments {
  std::vector<std::string> files;
  bool train = false;  // learn weights on one half of the organisations and countries, measure on the other
  std::string out;     // where the learnt weights go; empty: standard error
};

void add_options(CLI::App& app, EvaluateArguments& arguments) {
  app.add_option("files", arguments.files, "pair files, JSON Lines")->required();
  app.add_flag("--train", arguments.train, "learn weights on half of the organisations, measure on the others");
  app.add_option("--out", arguments.out, "where the learnt weights go (datasets/weights.toml is read by all verbs)");
}

int run_evaluate(const CommandContext& context, const EvaluateArguments& arguments) {
  const Result<std::unique_ptr<Embedder>> fast = open_embedder(context.service.model, context.service.models);
  if (!fast) return report(fast.error());
  std::unique_ptr<Embedder> fine;
  if (arguments.train && context.service.fine.empty())
    return report(
        {ErrorCode::kInvalid, "--train", "what the fine model weighs cannot be learnt without it", "leave out --fine none"});
  if (!context.service.fine.empty()) {
    Result<std::unique_ptr<Embedder>> opened = open_embedder(context.service.fine, context.service.models);
    if (!opened) return report(opened.error());
    fine = std::move(*opened);
  }
  const auto shipped = load_weights(context.service.datasets / "weights.toml");
  if (!shipped) return report(shipped.error());
  const Weights weights = weights_of(shipped->of("open"));

  QualityTable table(context.json);
  PairEvaluator evaluator(**fast, fine.get());
  std::vector<Measured> sets;
  for (const std::string& file : arguments.files) {
    const Result<PairSet> set = read_pairs(file);
    if (!set) return report(set.error());
    sets.push_back(measure(*set, evaluator, arguments.train));
    if (arguments.train) continue;
    compare(sets.back(), fine != nullptr, weights, table);
    sets.back().test.clear();
  }
  if (arguments.train && std::ranges::all_of(sets, [](const Measured& set) { return set.training.empty(); }))
    return report({ErrorCode::kInvalid, "--train", "no pair of these files falls into the half that is learnt from",
                   "give files with more organisations"});
  if (arguments.train) {
    const Weights all = weights_of(weights_by_name(learn_from(sets, "")));
    for (const Measured& set : sets) {
      if (set.test.empty()) continue;
      compare(set, fine != nullptr, weights, table);
      const bool only_family =
          std::ranges::all_of(sets, [&](const Measured& one) { return family(one.name) == family(set.name); });
      if (!only_family) {
        const Weights others = weights_of(weights_by_name(learn_from(sets, family(set.name))));
        table.row(set, "Counterpart, zero-shot",
                  quality_of(set, [&](const PairReadings& r) { return counterpart_scores(r, others); }));
      }
      table.row(set, "Counterpart, trained",
                quality_of(set, [&](const PairReadings& r) { return counterpart_scores(r, all); }));
    }
    const std::string text = weights_text(weights_by_name(learn_from(sets, "")));
    if (arguments.out.empty())
      std::fprintf(stderr, "%s", text.c_str());
    else if (std::ofstream out(arguments.out); !(out << text).flush())
      return report(Error{ErrorCode::kStorage, arguments.out, "cannot be written", "name a file in a directory that exists"});
  }
  if (context.json)
    std::cout << json::serialize(
                     json::object{{"model", (*fast)->model()}, {"fine", fine ? fine->model() : ""}, {"sets", table.take()}})
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
