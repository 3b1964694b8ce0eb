package io.rootstock.client.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Directory with the files of a Secret, replaced as Kubernetes does: the files are links into the link {@code ..data}, which an
 * atomic rename moves to a new directory.
 */
public final class SecretVolume {
    private final Path directory;

    /** Creates an empty volume. */
    public SecretVolume(Path directory) {
        this.directory = directory;
    }

    /** The certificate chain. */
    public Path certificate() {
        return directory.resolve("tls.crt");
    }

    /** The key. */
    public Path key() {
        return directory.resolve("tls.key");
    }

    /** The trusted authorities. */
    public Path authority() {
        return directory.resolve("ca.crt");
    }

    /** Replaces all files at once. */
    public void replace(TestAuthority.Issued issued, String authorities) {
        replace(issued.certificate(), issued.key(), authorities);
    }

    /** Replaces all files at once. */
    public void replace(String certificate, String key, String authorities) {
        try {
            Path data = Files.createTempDirectory(Files.createDirectories(directory), "..data-");
            Files.writeString(data.resolve("tls.crt"), certificate);
            Files.writeString(data.resolve("tls.key"), key);
            Files.writeString(data.resolve("ca.crt"), authorities);
            Path next = directory.resolve("..data_tmp");
            Files.createSymbolicLink(next, data.getFileName());
            Files.move(next, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            for (String name : List.of("tls.crt", "tls.key", "ca.crt")) {
                if (!Files.exists(directory.resolve(name))) {
                    Files.createSymbolicLink(directory.resolve(name), Path.of("..data", name));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
