// references: the activities of IATI files that a profile's organisation took part in become its references.
#include <boost/json.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "engine/profile/members.h"
#include "engine/profile/profile_json.h"
#include "index/bulk/bulk_iati.h"
#include "index/bulk/bulk_reader.h"
#include "server/cli/verb.h"
#include "server/client/json.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

struct ReferencesArguments {
  std::string profile;
  std::vector<std::string> files;
  bool dry_run = false;
  std::string encoding;
};

void add_options(CLI::App& app, ReferencesArguments& arguments) {
  app.add_option("profile", arguments.profile, "id of the profile")->required();
  app.add_option("files", arguments.files, "IATI activity files")->required();
  app.add_flag("--dry-run", arguments.dry_run, "tell what would be added, write nothing");
  app.add_option("--encoding", arguments.encoding, "of files that do not say theirs");
}

struct Found {
  std::uint64_t activities = 0, took_part = 0;
  std::vector<Reference> references;
};

Status read(const std::string& file, const ReferencesArguments& arguments, const Taxonomy& taxonomy, const Profile& profile,
            Found& found) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorCode::kNotFound, file, "there is no such file, or it cannot be read", "check its name");
  Status done =
      visit_iati(in, {.encoding = arguments.encoding, .stop = [] { return interrupted(); }}, [&](const IatiActivity& activity) {
        ++found.activities;
        if (!took_part(profile, activity, taxonomy)) return;
        ++found.took_part;
        if (auto reference = iati_reference(activity, taxonomy)) found.references.push_back(std::move(*reference));
      });
  if (!done) done.error().place = file + (done.error().place.empty() ? "" : ", " + done.error().place);
  return done;
}

Result<Profile> stored_profile(Backend& backend, const std::string& id, const Taxonomy& taxonomy) {
  const Result<std::string> stored = backend.call("GET", "/v1/profiles/" + id);
  if (!stored) return tl::unexpected(stored.error());
  return parse_profile(*stored, taxonomy);
}

// As a row of an import, which keeps the private members that are stored.
Status write(Backend& backend, Profile profile) {
  remove_private(profile);
  const Result<std::string> verdicts =
      backend.call("POST", "/v1/profiles:import", to_json(profile, Visibility::kPublic) + "\n", "application/x-ndjson");
  if (!verdicts) return tl::unexpected(verdicts.error());
  const Result<json::value> verdict = parse_answer(*verdicts);
  if (!verdict) return tl::unexpected(verdict.error());
  if (text_if(*verdict, "status") != "refused") return {};
  return fail(ErrorCode::kInvalid, text_if(*verdict, "member"), text_if(*verdict, "detail"), text_if(*verdict, "remedy"));
}

int print(const CommandContext& context, const ReferencesArguments& arguments, const Found& found,
          const AddedReferences& added) {
  if (context.json) {
    std::cout << json::serialize(json::object{{"profile", arguments.profile},
                                              {"activities", found.activities},
                                              {"took_part", found.took_part},
                                              {"added", added.added},
                                              {"there", added.there},
                                              {"no_room", added.no_room},
                                              {"dry_run", arguments.dry_run}})
              << "\n";
    return kDone;
  }
  std::printf("%s: it took part in %s of %s activities; %s added to its references (%s were there, %s found no room)\n",
              arguments.dry_run ? "dry run, nothing written" : "done", grouped(found.took_part).c_str(),
              grouped(found.activities).c_str(), grouped(added.added).c_str(), grouped(added.there).c_str(),
              grouped(added.no_room).c_str());
  return kDone;
}

int run_references(const CommandContext& context, const ReferencesArguments& arguments) {
  const Result<std::shared_ptr<const Taxonomy>> taxonomy = Taxonomy::load(context.service.datasets / "taxonomy");
  if (!taxonomy) return report(taxonomy.error());
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  Result<Profile> profile = stored_profile(*backend, arguments.profile, **taxonomy);
  if (!profile && profile.error().code == ErrorCode::kNotFound)
    return report({ErrorCode::kNotFound, arguments.profile, "there is no such profile", "import it first"});
  if (!profile) return report(profile.error());
  catch_interrupt();
  Found found;
  for (const std::string& file : arguments.files)
    if (const Status done = read(file, arguments, **taxonomy, *profile, found); !done) return report(done.error());
  if (found.took_part == 0)
    return report({ErrorCode::kNotFound, arguments.profile, "its organisation takes part in none of the activities",
                   "state its identifier in `organisation.identifiers` as the files have it, as in {\"scheme\": \"GB-COH\", "
                   "\"id\": \"01234567\"}"});
  const AddedReferences added = add_to_references(*profile, std::move(found.references));
  if (added.added > 0 && !arguments.dry_run) {
    if (const Status written = write(*backend, *profile); !written) return report(written.error());
    if (backend->service())
      if (const Status saved = backend->service()->save(); !saved) return report(saved.error());
  }
  return print(context, arguments, found, added);
}

const RegisteredVerb references({.order = 15,
                                 .name = "references",
                                 .help = "IATI activities that a profile's organisation took part in become its references",
                                 .define = bind(add_options, run_references)});

}  // namespace
}  // namespace counterpart::server
