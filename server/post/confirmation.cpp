#include "server/post/confirmation.h"

#include "index/draft/own_drafts.h"

namespace counterpart::server {

Result<Mail> compose_confirmation(const StoredLetter& letter, const Offices& offices, const LetterSources& sources,
                                  const std::string& sender, std::int64_t now) {
  const std::string& id = letter.letter.profile;
  const Result<OwnDraft> draft = sources.draft(id);
  if (!draft) return tl::unexpected(draft.error());
  if (draft->code.empty() || now >= draft->code_until)
    return fail(ErrorCode::kNotFound, id, "there is nothing more to confirm", "ask for a new letter from the draft");
  const Office& office = offices.directory.office_or_duty(letter.letter.office);
  const Day day = offices.clock->day_in(office.id, draft->code_until);
  const PhraseArguments of{{"office", office.name}};
  bool fault = false;
  const auto say = [&](const std::string& part, const PhraseArguments& arguments = {}) {
    const std::string key = "letter." + std::string(kConfirmMail) + "." + part;
    std::string text = sources.words.say(key, draft->language, arguments);
    fault |= text == "\u27E8" + key + "\u27E9";
    return text;
  };
  Mail mail;
  mail.from = {office.name, office.mail};
  if (!sender.empty() && sender != mail.from.address) mail.sender = Mailbox{{}, sender};
  mail.to = {{}, draft->code_for};
  mail.language = draft->language;
  mail.subject = say("subject", of);
  // By itself on its line, where no sign that a sentence puts around it becomes part of it.
  const std::string link = sources.site + "/#confirm=" + id + "." + draft->code;
  mail.text =
      say("body") + "\n\n" + link + "\n\n" + say("until", {{"day", OnDay{day, true}}}) + "\n\n" + say("signature", of) + "\n";
  mail.message_id = message_id(std::to_string(letter.at) + "\n" + letter.letter.key, mail.from.address);
  mail.date = now;
  if (fault) return fail(ErrorCode::kInternal, std::string(kConfirmMail), "the catalogue cannot say this letter");
  if (Status addressed = check_addresses(mail); !addressed) return tl::unexpected(std::move(addressed.error()));
  return mail;
}

}  // namespace counterpart::server
