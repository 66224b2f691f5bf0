import { expect, it } from 'vitest';
import { connectionFix } from './connection-fix.js';

it.each([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /certificate of its authority in NODE_EXTRA_CA_CERTS, or add --insecure/],
  ['SELF_SIGNED_CERT_IN_CHAIN', /certificate of its authority in NODE_EXTRA_CA_CERTS/],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /certificate of its authority in NODE_EXTRA_CA_CERTS/],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /certificate of its authority in NODE_EXTRA_CA_CERTS/],
  ['CERT_HAS_EXPIRED', /^Renew .*NODE_EXTRA_CA_CERTS does not help/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /^Use the name .*NODE_EXTRA_CA_CERTS does not help/],
  ['ERR_SSL_WRONG_VERSION_NUMBER', /^Use http:/],
  ['EPROTO', /^Use http:/],
  ['ECONNREFUSED', /^Start the server/],
  ['ENOTFOUND', /^Start the server/],
])('says what to do about %s', (reason, fix) => {
  expect(connectionFix(reason)).toMatch(fix);
});
