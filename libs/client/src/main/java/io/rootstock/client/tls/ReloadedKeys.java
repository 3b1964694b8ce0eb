package io.rootstock.client.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Key manager whose certificate is replaced between handshakes. The alias numbers the certificates, and the last two are kept: a
 * handshake never gets the key of one certificate with the chain of the next.
 */
final class ReloadedKeys extends X509ExtendedKeyManager {
    private volatile Numbered current;
    private volatile Numbered previous;

    private record Numbered(long number, Credentials.Identity identity) {
        String alias() {
            return Long.toString(number);
        }
    }

    ReloadedKeys(Credentials.Identity identity) {
        current = new Numbered(0, identity);
        previous = current;
    }

    /** Uses this certificate for all handshakes that begin from now on. */
    synchronized void use(Credentials.Identity identity) {
        previous = current;
        current = new Numbered(previous.number() + 1, identity);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return alias(keyType);
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return alias(keyTypes);
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return alias(keyTypes);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return aliases(keyType);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return aliases(keyType);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        Credentials.Identity identity = find(alias);
        return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        Credentials.Identity identity = find(alias);
        return identity == null ? null : identity.key();
    }

    private String[] aliases(String keyType) {
        String alias = alias(keyType);
        return alias == null ? null : new String[] {alias};
    }

    /** The alias of the current certificate; null if its key has none of the types. */
    private String alias(String... keyTypes) {
        Numbered now = current;
        return Arrays.asList(keyTypes).contains(now.identity().key().getAlgorithm()) ? now.alias() : null;
    }

    private Credentials.Identity find(String alias) {
        Numbered now = current;
        if (now.alias().equals(alias)) {
            return now.identity();
        }
        Numbered before = previous;
        return before.alias().equals(alias) ? before.identity() : null;
    }
}
