// Loaded into OpenSMTPD 6.8, whose every TLS handshake fails with OpenSSL 3: what it changes in the key that it takes
// out of a certificate is lost, because there that is a copy. Here the copy becomes the certificate's, as in later
// versions (OpenSMTPD issue 1171).

#include <dlfcn.h>
#include <openssl/evp.h>

namespace {

template <class Function>
Function* original(const char* name) {
  return __extension__ reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" RSA* EVP_PKEY_get1_RSA(EVP_PKEY* key) {
  RSA* const copy = original<RSA*(EVP_PKEY*)>("EVP_PKEY_get1_RSA")(key);
  if (copy != nullptr) EVP_PKEY_set1_RSA(key, copy);
  return copy;
}

extern "C" EC_KEY* EVP_PKEY_get1_EC_KEY(EVP_PKEY* key) {
  EC_KEY* const copy = original<EC_KEY*(EVP_PKEY*)>("EVP_PKEY_get1_EC_KEY")(key);
  if (copy != nullptr) EVP_PKEY_set1_EC_KEY(key, copy);
  return copy;
}
