/** How OpenSSL and Node name what they find wrong with a certificate. */
const CERTIFICATE = /CERT|UNABLE_TO_|SELF_SIGNED|SIGNATURE|CRL_/;
const WRONG_NAME = 'ERR_TLS_CERT_ALTNAME_INVALID';
const EXPIRED = 'CERT_HAS_EXPIRED';
const NOT_TLS = /^(?:ERR_SSL_|EPROTO)/;

/** What to do about a connection that cannot be made. @param reason code of the error */
export function connectionFix(reason: string): string {
  if (reason === WRONG_NAME) {
    return 'Use the name that the certificate is for (NODE_EXTRA_CA_CERTS does not help here), or add --insecure to leave it unchecked.';
  }
  if (reason === EXPIRED) {
    return 'Renew the certificate (NODE_EXTRA_CA_CERTS does not help here), or add --insecure to leave it unchecked.';
  }
  if (CERTIFICATE.test(reason)) {
    return 'Name a file with the certificate of its authority in NODE_EXTRA_CA_CERTS, or add --insecure to leave it unchecked.';
  }
  if (NOT_TLS.test(reason)) return 'Use http:// if the server does not speak TLS, or correct the port.';
  return 'Start the server, or correct the URL.';
}
