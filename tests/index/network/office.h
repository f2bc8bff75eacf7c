// An office of a network, as tests have several of: a data directory with what it tells and what it takes in.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/profile/profile_json.h"
#include "index/network/ledger.h"
#include "index/network/receiving.h"
#include "index/network/sending.h"
#include "index/store/origins.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/taxonomy.h"

namespace counterpart::index {

class TestOffice {
 public:
  TestOffice(std::filesystem::path data, std::string name) : id(std::move(name)), data_(std::move(data)) {
    open();
    card = join_network(*store, id, "Office of " + id, "test").value();
  }
  TestOffice(TestOffice&& other) = default;

  void open() {
    store = Store::open(data_).value();
    ledger = std::make_unique<Ledger>(*store);
    erasures = Erasures::open(*store, {[] { return Status(); }, [](const std::string&) { return false; }}).value();
  }
  void close() {
    erasures.reset();
    ledger.reset();
    store.reset();
  }
  // As it was when `copy` was made of it.
  void restore(const std::filesystem::path& copy) {
    close();
    std::filesystem::remove_all(data_);
    std::filesystem::copy(copy, data_, std::filesystem::copy_options::recursive);
    open();
  }
  void copy_to(const std::filesystem::path& copy) {
    close();
    std::filesystem::remove_all(copy);
    std::filesystem::copy(data_, copy, std::filesystem::copy_options::recursive);
    open();
  }
  void meet(const TestOffice& other) const {
    if (!add_office(*store, other.card, "test")) throw std::logic_error("not added");
  }

  static Write put(const std::string& id, const std::string& offers) {
    Write write;
    write.who = "test";
    write.profile.id = id;
    write.profile.title = "Title of " + id;
    write.profile.country = "KE";
    write.profile.offers = offers;
    write.profile.contact.email = "secret-of-" + id + "@example.org";
    write.profile.organisation.legal_name = "Hidden Name of " + id;
    return write;
  }
  Result<Written> write(Write one) const { return std::move(store->write({&one, 1}).front()); }
  Result<Written> remove(const std::string& profile) const {
    Write gone;
    gone.kind = Write::Kind::kErase;
    gone.who = "test";
    gone.profile.id = profile;
    return write(std::move(gone));
  }
  Result<ErasureReceipt> erase(const std::string& profile) const {
    Write gone;
    gone.kind = Write::Kind::kErase;
    gone.who = "test";
    gone.profile.id = profile;
    return erasures->erase(
        {{profile, gone}}, [](const ErasedProfile&, const std::string&) { return true; }, "test");
  }

  // All bundles of one series for that office.
  std::vector<std::string> bundles_for(const std::string& office, const SendingLimits& limits = {}) const {
    std::vector<std::string> sealed;
    std::string from;
    do {
      Sending sending = next_bundle(*store, office, from, limits).value();
      sealed.push_back(std::move(sending.bytes));
      from = std::move(sending.next);
    } while (!from.empty());
    return sealed;
  }
  Receiving receiving() const { return {*store, *erasures, engine::real_taxonomy(), embedder}; }
  Result<Received> receive(const std::string& sealed) const { return index::receive(receiving(), sealed); }
  OtherOffice other(const std::string& office) const { return read_office(store->database(), office).value().value(); }
  Position head() const { return read_network_head(store->database()).value().value(); }

  // Public members by id: its own, and those of another one that are here.
  std::map<std::string, std::string> published() const { return of({}); }
  std::map<std::string, std::string> received_of(const std::string& office) const { return of(office); }

  std::string id;
  OfficeCard card;
  engine::FakeEmbedder embedder;
  std::unique_ptr<Store> store;
  std::unique_ptr<Ledger> ledger;
  std::unique_ptr<Erasures> erasures;

 private:
  std::map<std::string, std::string> of(const std::string& office) const {
    std::map<std::string, std::string> found;
    const Status walked = store->for_each(false, [&](const StoredProfile& stored, const auto&) {
      if (read_origin(store->database(), stored.profile.id).value() == office)
        found[stored.profile.id] = to_json(stored.profile, Visibility::kPublic);
      return true;
    });
    if (!walked) throw std::logic_error("not read");
    return found;
  }
  std::filesystem::path data_;
};

// Both ways until nothing is left to say; how many rounds that took. 20: it does not end.
inline int settle(TestOffice& one, TestOffice& other) {
  for (int round = 0; round < 20; ++round) {
    for (const std::string& sealed : one.bundles_for(other.id)) (void)other.receive(sealed);
    for (const std::string& sealed : other.bundles_for(one.id)) (void)one.receive(sealed);
    const bool done =
        one.other(other.id).confirmed.position == one.head() && other.other(one.id).confirmed.position == other.head();
    if (done) return round;
  }
  return 20;
}

// Hands over what `other` has to tell, and its answer, until both are quiet; what is not as it was told then, in words. Offices
// that have not met have nothing to tell.
inline std::string not_as_told(const Receiving& here, TestOffice& other) {
  const Database& database = here.store.database();
  const std::string self = own_card(here.store)->office;
  if (!read_office(database, other.id).value() || !read_office(other.store->database(), self).value()) return {};
  for (int round = 0; round < 3; ++round) {
    for (const std::string& sealed : other.bundles_for(self))
      if (const auto received = receive(here, sealed); !received) return describe(received.error());
    if (const auto taken = other.receive(next_bundle(here.store, other.id, {}).value().bytes); !taken)
      return describe(taken.error());
  }
  if (read_office(database, other.id).value()->received != other.head()) return "operations of the other office are missing";
  const std::map<std::string, std::string> told = other.published();
  for (const auto& [id, text] : told)
    if (const auto stored = here.store.get(id); !stored || to_json(stored->profile, Visibility::kPublic) != text)
      return id + " is not as its office has it";
  std::string left;
  const Status walked = for_each_origin(database, {}, [&](std::string_view id, std::string_view) {
    if (!told.contains(std::string(id))) left = std::string(id) + " is here, which its office has not";
    return left.empty();
  });
  return walked ? left : describe(walked.error());
}

}  // namespace counterpart::index
