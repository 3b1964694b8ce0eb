// OpenID provider of OpenIdIT on a loopback port: provider.mjs PORT KEYS. PORT 0: a free one. KEYS: file with a JWK set of
// private keys. Prints its issuer once it serves. The grant type urn:test:user issues the access token of any user; the
// standard grant type client_credentials, that of the client `pipeline`. The client `console` signs in users by the
// authorization code flow, with the provider's development pages.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [port, keys] = process.argv.slice(2);
const USER_GRANT = 'urn:test:user';
const LIFETIME = 3600;

const resource = (audience) => ({
  scope: 'registry',
  audience,
  accessTokenTTL: LIFETIME,
  accessTokenFormat: 'jwt',
  jwt: { sign: { alg: 'RS256' } },
});

const server = createServer();
server.listen(Number(port), '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    jwks: JSON.parse(readFileSync(keys, 'utf8')),
    clients: [
      {
        client_id: 'pipeline',
        client_secret: 'secret',
        grant_types: ['client_credentials', USER_GRANT],
        redirect_uris: [],
        response_types: [],
      },
      {
        client_id: 'console',
        client_secret: 'secret-of-the-console',
        grant_types: ['authorization_code'],
        // The port of the registry is not known yet.
        redirect_uris: ['http://127.0.0.1/session/openid'],
        response_types: ['code'],
      },
    ],
    pkce: { required: () => true },
    features: {
      clientCredentials: { enabled: true },
      resourceIndicators: { enabled: true, getResourceServerInfo: (_, indicator) => resource(indicator) },
    },
    ttl: { ClientCredentials: LIFETIME },
    extraTokenClaims: (ctx) => JSON.parse(ctx.oidc.params.claims ?? '{}'),
  });
  provider.Client.prototype.redirectUriAllowed = (uri) =>
    /^http:\/\/127\.0\.0\.1:\d+\/session\/openid$/.test(uri);
  provider.registerGrantType(
    USER_GRANT,
    async (ctx) => {
      const { sub, audience } = ctx.oidc.params;
      const token = new provider.AccessToken({
        accountId: sub,
        client: ctx.oidc.client,
        grantId: 'grant',
        gty: USER_GRANT,
        scope: 'registry',
      });
      if (audience) {
        token.resourceServer = new provider.ResourceServer(audience, resource(audience));
      }
      ctx.body = { access_token: await token.save(), token_type: 'Bearer', expires_in: token.expiration };
    },
    ['sub', 'audience', 'claims'],
  );
  server.on('request', provider.callback());
  console.log(`issuer ${issuer}`);
});
