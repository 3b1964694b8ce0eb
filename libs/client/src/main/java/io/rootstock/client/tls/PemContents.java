package io.rootstock.client.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Texts of {@link TlsFiles}, as read at one time. */
record PemContents(Optional<String> certificate, Optional<String> key, Optional<String> authority) {
    private static final int MAX_BYTES = 1 << 20;

    /**
     * Reads the files.
     *
     * @throws IllegalArgumentException if a file is unreadable or too large; names its setting
     */
    static PemContents read(TlsFiles files) {
        return new PemContents(
                files.certificate().map(file -> read(files.names().certificate(), file)),
                files.key().map(file -> read(files.names().key(), file)),
                files.authority().map(file -> read(files.names().authority(), file)));
    }

    private static String read(String name, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IllegalArgumentException(name + ": " + file + " has more than " + MAX_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new IllegalArgumentException(name + ": cannot read " + file + ": " + e, e);
        }
    }
}
