package io.rootstock.client.tls;

import java.nio.file.Path;
import java.util.Optional;

/**
 * PEM files of one side of TLS.
 *
 * @param names settings or options of the files, for errors
 * @param certificate certificate of this side, followed by intermediate certificates; empty: this side presents none
 * @param key unencrypted PKCS#8 key of the certificate
 * @param authority trusted certificate authorities; empty: those of the JDK
 */
public record TlsFiles(Names names, Optional<Path> certificate, Optional<Path> key, Optional<Path> authority) {
    /** Names of the settings or options, such as {@code rootstock.tls.key-file} or {@code --client-key}. */
    public record Names(String certificate, String key, String authority) {}

    /**
     * Files of a server or client.
     *
     * @throws IllegalArgumentException if a certificate has no key or a key no certificate
     */
    public TlsFiles {
        if (certificate.isPresent() != key.isPresent()) {
            String present = certificate.isPresent() ? names.certificate() : names.key();
            String absent = certificate.isPresent() ? names.key() : names.certificate();
            throw new IllegalArgumentException(present + " is set without " + absent + "; set both or neither");
        }
    }
}
