#include "server/evaluate/rank_file.h"

#include "engine/score/ranking_quality.h"

namespace counterpart::server {

RankFile::RankFile(std::string file) : file_(std::move(file)) {
  if (file_.empty()) return;
  out_.open(file_);
  out_ << "set\tquery\tmethod\tranks\n";
}

void RankFile::add(std::string_view set, std::string_view query, std::string_view method, std::span<const double> scores,
                   std::span<const std::size_t> relevant) {
  if (file_.empty()) return;
  out_ << set << '\t' << query << '\t' << method;
  for (std::size_t i = 0; i < relevant.size(); ++i) out_ << (i == 0 ? '\t' : ',') << tie_aware_rank(scores, relevant[i]);
  out_ << '\n';
}

Status RankFile::close() {
  if (file_.empty()) return {};
  out_.close();
  if (!out_) return fail(ErrorCode::kStorage, file_, "cannot be written", "name a file in a directory that exists");
  return {};
}

}  // namespace counterpart::server
