#include "server/post/network_certificates.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <ctime>
#include <memory>
#include <optional>
#include <utility>

#include "engine/base/file.h"
#include "index/base/files.h"
#include "index/base/freed_by.h"

namespace counterpart::server {
namespace {

namespace fs = std::filesystem;

constexpr long kDaySeconds = 86'400;
constexpr long kEarlier = 2 * kDaySeconds;  // clocks of offices are not always right
constexpr long kAuthorityDays = 20 * 365;
constexpr int kSerialBytes = 16;
constexpr std::size_t kMaxName = 64, kMaxHost = 253;
constexpr const char* kAuthority = "hub-ca";

using Key = std::unique_ptr<EVP_PKEY, FreedBy<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreedBy<X509_free>>;
using Bio = std::unique_ptr<BIO, FreedBy<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, FreedBy<X509_EXTENSION_free>>;

tl::unexpected<Error> failed(std::string_view doing) {
  const char* why = ERR_reason_error_string(ERR_get_error());
  return fail(ErrorCode::kInternal, "certificate", std::string(doing) + ": " + (why ? why : "failed"));
}

Status store(const fs::path& file, BIO* written, bool for_everybody) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(written, &bytes);
  AtomicFile whole{file};  // for its owner alone
  whole.write({bytes, static_cast<std::size_t>(size)});
  OPENSSL_cleanse(bytes, static_cast<std::size_t>(size));
  if (Status done = whole.finish(); !done || !for_everybody) return done;
  std::error_code wrong;
  fs::permissions(file, fs::perms(0644), wrong);
  if (wrong) return fail(ErrorCode::kStorage, file.string(), wrong.message());
  return {};
}

Status store(const fs::path& file, EVP_PKEY* key) {
  const Bio memory(BIO_new(BIO_s_mem()));
  if (!memory || PEM_write_bio_PKCS8PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return failed("writing the key");
  return store(file, memory.get(), false);
}

Status store(const fs::path& file, X509* certificate) {
  const Bio memory(BIO_new(BIO_s_mem()));
  if (!memory || PEM_write_bio_X509(memory.get(), certificate) != 1) return failed("writing the certificate");
  return store(file, memory.get(), true);
}

template <class Owned, class Read>
Result<Owned> read_pem(const fs::path& file, Read read) {
  const Result<std::string> text = read_file(file.string());
  if (!text) return tl::unexpected(text.error());
  const Bio memory(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
  Owned owned(memory ? read(memory.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!owned)
    return fail(ErrorCode::kInvalid, file.string(), "is no PEM file of what it should hold",
                "put back the file that was there, or begin in a new folder");
  return owned;
}

bool is_there(const fs::path& file) {
  std::error_code wrong;
  return fs::exists(file, wrong);
}

// The one that is there, or a new one.
Result<Key> key_of(const fs::path& file, const std::string& place) {
  if (is_there(file)) {
    if (Status kept = check_key_file(file, place); !kept) return tl::unexpected(kept.error());
    return read_pem<Key>(file, PEM_read_bio_PrivateKey);
  }
  Key key(EVP_EC_gen("P-256"));
  if (!key) return failed("making a key");
  if (Status stored = store(file, key.get()); !stored) return tl::unexpected(stored.error());
  return key;
}

bool add(X509* certificate, X509* issuer, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_serial(X509* certificate) {
  unsigned char bytes[kSerialBytes];
  if (RAND_bytes(bytes, kSerialBytes) != 1) return false;
  bytes[0] &= 0x7f;  // a positive number
  const std::unique_ptr<BIGNUM, FreedBy<BN_free>> number(BN_bin2bn(bytes, kSerialBytes, nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

// Without extensions, not signed.
Certificate begin_certificate(const std::string& name, EVP_PKEY* key, X509* issuer, long days) {
  Certificate made(X509_new());
  X509_NAME* subject = made ? X509_get_subject_name(made.get()) : nullptr;
  const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
  const bool whole =
      subject && X509_set_version(made.get(), 2) == 1 && set_serial(made.get()) &&
      X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("Counterpart network"), -1,
                                 -1, 0) == 1 &&
      X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1 &&
      X509_set_issuer_name(made.get(), issuer ? X509_get_subject_name(issuer) : subject) == 1 &&
      X509_gmtime_adj(X509_getm_notBefore(made.get()), -kEarlier) &&
      X509_time_adj_ex(X509_getm_notAfter(made.get()), static_cast<int>(days), 0, nullptr) &&
      X509_set_pubkey(made.get(), key) == 1;
  if (!whole) made.reset();
  return made;
}

struct Authority {
  Certificate certificate;
  Key key;
  bool is_new = false;
};

Result<Authority> authority_in(const fs::path& folder) {
  const fs::path certificate = folder / (std::string(kAuthority) + ".pem"), key = folder / (std::string(kAuthority) + ".key");
  Authority authority;
  authority.is_new = !is_there(certificate);
  if (!authority.is_new && !is_there(key))
    return fail(ErrorCode::kInvalid, key.string(), "the authority's key is not here",
                "make certificates where the hub's are made, or begin in a new folder");
  Result<Key> own = key_of(key, key.string());
  if (!own) return tl::unexpected(own.error());
  authority.key = std::move(*own);
  if (!authority.is_new) {
    Result<Certificate> read = read_pem<Certificate>(certificate, PEM_read_bio_X509);
    if (!read) return tl::unexpected(read.error());
    authority.certificate = std::move(*read);
    if (X509_check_private_key(authority.certificate.get(), authority.key.get()) != 1)
      return fail(ErrorCode::kInvalid, certificate.string(), "its key is another one than that beside it",
                  "put back the file that was there, or begin in a new folder");
    return authority;
  }
  authority.certificate = begin_certificate("Counterpart network authority", authority.key.get(), nullptr, kAuthorityDays);
  X509* made = authority.certificate.get();
  if (!made || !add(made, made, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
      !add(made, made, NID_key_usage, "critical,keyCertSign,cRLSign") || !add(made, made, NID_subject_key_identifier, "hash") ||
      X509_sign(made, authority.key.get(), EVP_sha256()) == 0)
    return failed("making the authority");
  if (Status stored = store(certificate, made); !stored) return tl::unexpected(stored.error());
  return authority;
}

bool is_made_of(std::string_view text, std::string_view others) {
  return std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || others.find(c) != others.npos;
  });
}

// "DNS:hub.example.org" or "IP:192.0.2.7"; nothing: it is neither.
std::optional<std::string> alternative_name(const std::string& host) {
  boost::system::error_code none;
  boost::asio::ip::make_address(host, none);
  if (!none) return "IP:" + host;
  if (host.empty() || host.size() > kMaxHost || host.front() == '-' || host.front() == '.' || !is_made_of(host, ".-"))
    return std::nullopt;
  return "DNS:" + host;
}

Result<std::string> alternative_names(const std::vector<std::string>& hosts) {
  std::string all;
  for (const std::string& host : hosts) {
    const std::optional<std::string> one = alternative_name(host);
    if (!one)
      return fail(ErrorCode::kInvalid, "--host", "`" + host + "` is neither a name nor an address of a machine",
                  "write it as hub1.example.org or 192.0.2.7");
    all += (all.empty() ? "" : ",") + *one;
  }
  return all;
}

// Those that the certificate was made for before.
std::vector<std::string> hosts_of(const X509* certificate) {
  std::vector<std::string> hosts;
  const std::unique_ptr<GENERAL_NAMES, FreedBy<GENERAL_NAMES_free>> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS && name->type != GEN_IPADD) continue;
    const ASN1_STRING* value = name->type == GEN_DNS ? name->d.dNSName : name->d.iPAddress;
    const auto* bytes = ASN1_STRING_get0_data(value);
    const auto size = static_cast<std::size_t>(ASN1_STRING_length(value));
    if (name->type == GEN_DNS) {
      hosts.emplace_back(reinterpret_cast<const char*>(bytes), size);
    } else if (size == boost::asio::ip::address_v4::bytes_type().size()) {
      boost::asio::ip::address_v4::bytes_type address;
      std::copy_n(bytes, size, address.begin());
      hosts.push_back(boost::asio::ip::address_v4(address).to_string());
    } else if (size == boost::asio::ip::address_v6::bytes_type().size()) {
      boost::asio::ip::address_v6::bytes_type address;
      std::copy_n(bytes, size, address.begin());
      hosts.push_back(boost::asio::ip::address_v6(address).to_string());
    }
  }
  return hosts;
}

std::int64_t end_of(const X509* certificate) {
  std::tm end{};
  return ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) == 1 ? timegm(&end) : 0;
}

}  // namespace

Status check_key_file(const fs::path& key, const std::string& place) {
  struct stat facts {};
  if (::stat(key.c_str(), &facts) != 0)
    return fail(ErrorCode::kInvalid, place, "the key `" + key.string() + "` is not there", "give the PEM file of the key");
  if ((facts.st_mode & S_IRWXO) != 0)
    return fail(ErrorCode::kForbidden, place, "everybody on this machine may read the key `" + key.string() + "`",
                "`chmod o= " + key.string() + "`, and make a new one where somebody may have read it");
  return {};
}

Result<MadeCertificate> make_certificate(const CertificateOrder& order) {
  if (order.name.empty() || order.name.size() > kMaxName || !is_made_of(order.name, "._-") || order.name.front() == '.' ||
      order.name == kAuthority)
    return fail(ErrorCode::kInvalid, "--name", "`" + order.name + "` is no name of a node or an office",
                "write 1 to 64 of A-Z, a-z, 0-9, `.`, `_` and `-`, as hub-1 or lagos");
  std::error_code wrong;
  fs::create_directories(order.folder, wrong);
  if (wrong) return fail(ErrorCode::kStorage, order.folder.string(), wrong.message(), "name a folder that can be written");
  MadeCertificate made;
  made.authority = order.folder / (std::string(kAuthority) + ".pem");
  made.certificate = order.folder / (order.name + ".pem");
  made.key = order.folder / (order.name + ".key");
  made.hosts = order.hosts;
  made.renewed = is_there(made.certificate);
  if (made.renewed && made.hosts.empty()) {
    const Result<Certificate> before = read_pem<Certificate>(made.certificate, PEM_read_bio_X509);
    if (!before) return tl::unexpected(before.error());
    made.hosts = hosts_of(before->get());
  }
  const Result<std::string> names = alternative_names(made.hosts);
  if (!names) return tl::unexpected(names.error());
  const Result<Authority> authority = authority_in(order.folder);
  if (!authority) return tl::unexpected(authority.error());
  made.new_authority = authority->is_new;
  const Result<Key> key = key_of(made.key, made.key.string());
  if (!key) return tl::unexpected(key.error());
  X509* issuer = authority->certificate.get();
  const Certificate certificate = begin_certificate(order.name, key->get(), issuer, static_cast<long>(order.days));
  X509* signing = certificate.get();
  const bool whole = signing && add(signing, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
                     add(signing, issuer, NID_key_usage, "critical,digitalSignature") &&
                     add(signing, issuer, NID_ext_key_usage, made.hosts.empty() ? "clientAuth" : "serverAuth,clientAuth") &&
                     add(signing, issuer, NID_authority_key_identifier, "keyid") &&
                     (names->empty() || add(signing, issuer, NID_subject_alt_name, *names)) &&
                     X509_sign(signing, authority->key.get(), EVP_sha256()) != 0;
  if (!whole) return failed("making the certificate");
  if (Status stored = store(made.certificate, signing); !stored) return tl::unexpected(stored.error());
  made.until = end_of(signing);
  return made;
}

}  // namespace counterpart::server
