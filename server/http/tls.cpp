#include "server/http/tls.h"

#include <spdlog/spdlog.h>

namespace counterpart::server {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

}  // namespace

TlsCertificate::Stamp TlsCertificate::stamp() const {
  std::error_code gone;  // then the time is the smallest, and loading says what is wrong
  return {std::filesystem::last_write_time(chain_, gone), std::filesystem::last_write_time(key_, gone)};
}

Result<std::shared_ptr<ssl::context>> TlsCertificate::load() const {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  error_code error;
  const auto refuse = [&](const std::filesystem::path& file, std::string remedy) {
    return fail(ErrorCode::kInvalid, file.string(), error.message(), std::move(remedy));
  };
  context->set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 | ssl::context::no_compression, error);
  if (error) return refuse(chain_, {});
  context->use_certificate_chain_file(chain_.string(), error);
  if (error) return refuse(chain_, "give a PEM file that begins with the server's own certificate");
  context->use_private_key_file(key_.string(), ssl::context::pem, error);
  if (error) return refuse(key_, "give the PEM file of the key that this certificate was made with, readable by this user");
  return context;
}

Result<std::unique_ptr<TlsCertificate>> TlsCertificate::open(std::filesystem::path chain, std::filesystem::path key) {
  std::unique_ptr<TlsCertificate> made(new TlsCertificate(std::move(chain), std::move(key)));
  const MutexLock lock(made->mutex_);  // nobody else has it yet
  made->loaded_ = made->stamp();
  auto context = made->load();
  if (!context) return tl::unexpected(context.error());
  made->context_ = std::move(*context);
  return made;
}

std::shared_ptr<ssl::context> TlsCertificate::current() {
  const MutexLock lock(mutex_);
  const Stamp present = stamp();
  if (present == loaded_) return context_;
  loaded_ = present;
  if (auto context = load()) {
    context_ = std::move(*context);
    spdlog::info("the certificate has been read again");
  } else {
    spdlog::warn("the certificate was changed but cannot be used, the old one goes on: {}", describe(context.error()));
  }
  return context_;
}

std::int64_t TlsCertificate::expires() const {
  const MutexLock lock(mutex_);
  const X509* certificate = SSL_CTX_get0_certificate(context_->native_handle());
  std::tm end{};
  if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) return 0;
  return timegm(&end);
}

}  // namespace counterpart::server
