#include "server/operations/process.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>

namespace counterpart::server {
namespace {

// Seconds since 1970: the machine's start (btime of /proc/stat) and the ticks after it at which we began, the 22nd member
// of /proc/self/stat (proc(5)); the second one is our name in brackets and may hold blanks.
double started() {
  std::ifstream machine("/proc/stat");
  double boot = 0;
  for (std::string word; boot == 0 && machine >> word;)
    if (word == "btime") machine >> boot;
  std::ifstream own("/proc/self/stat");
  std::string line;
  std::getline(own, line);
  std::istringstream members(line.substr(std::min(line.size(), line.rfind(')') + 1)));
  std::string skipped;
  for (int i = 3; i < 22; ++i) members >> skipped;
  double ticks = 0;
  members >> ticks;
  return boot == 0 || ticks == 0 ? 0 : boot + ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double seconds(const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; }

}  // namespace

ProcessFigures process_figures() {
  static const double since = started();
  ProcessFigures figures;
  figures.started = since;
  if (rusage usage{}; getrusage(RUSAGE_SELF, &usage) == 0)
    figures.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  std::uint64_t pages = 0;
  if (std::ifstream memory("/proc/self/statm"); memory >> pages >> pages)
    figures.resident_bytes = pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  std::error_code error;
  if (const std::filesystem::directory_iterator open("/proc/self/fd", error); !error)
    figures.open_files = static_cast<std::uint64_t>(std::distance(begin(open), end(open)));
  if (rlimit limit{}; getrlimit(RLIMIT_NOFILE, &limit) == 0) figures.most_open_files = limit.rlim_cur;
  return figures;
}

std::filesystem::path root_of_program() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return ".";
  for (std::filesystem::path at = program.parent_path(); at.has_relative_path(); at = at.parent_path())
    if (std::filesystem::exists(at / "datasets" / "taxonomy", error)) return at;
  return program.parent_path().parent_path() / "share" / "counterpart";
}

}  // namespace counterpart::server
