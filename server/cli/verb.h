// A verb of the command line. Each file here and in server/office_verbs defines its own and registers them; main.cpp walks the
// table that comes of it and names none.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/client/backend.h"
#include "server/client/terminal.h"
#include "server/layer.h"

namespace counterpart::server {

// What a verb does once the command line is read; an exit status.
using Action = std::function<int(const CommandContext&)>;

struct Verb {
  int order = 1000;  // where --help lists it: ascending, equal ones by name
  std::string name;
  std::string help;
  // Adds the verb's own options to `app`, which has those of every verb already. Empty, of a verb: one of its parts must be
  // named; of a part: the verb's action is done.
  std::function<Action(CLI::App& app)> define = {};
  // Makes the data directory where it is not there yet. To all others a directory that is not there is a slip of the pen: they
  // say so and make nothing.
  bool makes_directory = false;
  // What it writes is for everybody to read; by default it is not, for contact data is in most of it.
  bool writes_for_everybody = false;
  std::vector<Verb> parts = {};  // as `create` of `token`; in the order of --help, without parts of their own
};

// `options` binds the options of a verb to its own arguments, with which `run` is called.
template <class Arguments>
std::function<Action(CLI::App&)> bind(void (*options)(CLI::App&, Arguments&),
                                      int (*run)(const CommandContext&, const Arguments&)) {
  return [=](CLI::App& app) -> Action {
    const auto arguments = std::make_shared<Arguments>();  // as long as `app` and the action write and read them
    options(app, *arguments);
    return [=](const CommandContext& context) { return run(context, *arguments); };
  };
}

// Of a verb that has no options of its own.
inline std::function<Action(CLI::App&)> bind(int (*run)(const CommandContext&)) {
  return [=](CLI::App&) -> Action { return run; };
}

// The table. A verb's file puts its verbs in before main() begins, by an object at namespace scope:
//   const RegisteredVerb verb({.order = 30, .name = "match", ...});
// The linker keeps that object, for the program lists those files as its own sources: they are in no library.
inline std::vector<Verb>& registered_verbs() {
  static std::vector<Verb> verbs;
  return verbs;
}

struct RegisteredVerb {
  explicit RegisteredVerb(Verb verb) { registered_verbs().push_back(std::move(verb)); }
};

}  // namespace counterpart::server
