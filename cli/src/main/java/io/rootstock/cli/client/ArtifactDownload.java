package io.rootstock.cli.client;

import io.rootstock.cli.error.CliException;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ReadArtifactRequest;
import io.rootstock.trainer.v1.ReadArtifactResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.function.LongConsumer;

/** Downloads artifacts from the trainer service. */
public final class ArtifactDownload {
    private final Clients clients;
    private final LongConsumer received;
    private long bytes;

    /**
     * @param received called with the bytes received so far, over all artifacts
     */
    public ArtifactDownload(Clients clients, LongConsumer received) {
        this.clients = clients;
        this.received = received;
    }

    /** Writes the files of a directory artifact below {@code target}. */
    public void directory(Artifact artifact, Path target) throws IOException {
        Files.createDirectories(target);
        OutputStream file = null;
        try {
            Iterator<ReadArtifactResponse> responses = read(artifact);
            while (responses.hasNext()) {
                ReadArtifactResponse response = responses.next();
                if (response.hasFileName()) {
                    if (file != null) {
                        file.close();
                    }
                    Path path = resolve(target, response.getFileName());
                    Files.createDirectories(path.getParent());
                    file = Files.newOutputStream(path);
                } else if (file != null) {
                    write(response, file);
                }
            }
        } finally {
            if (file != null) {
                file.close();
            }
        }
    }

    /** Writes a file artifact to {@code target}. */
    public void file(Artifact artifact, Path target) throws IOException {
        try (OutputStream file = Files.newOutputStream(target)) {
            content(artifact, file);
        }
    }

    /** Writes the bytes of a file artifact; without a kind, those of a file or of the manifest of a directory. */
    public void content(Artifact artifact, OutputStream target) throws IOException {
        Iterator<ReadArtifactResponse> responses = read(artifact);
        while (responses.hasNext()) {
            write(responses.next(), target);
        }
    }

    private Iterator<ReadArtifactResponse> read(Artifact artifact) {
        return clients.trainer()
                .readArtifact(
                        ReadArtifactRequest.newBuilder().setArtifact(artifact).build());
    }

    private void write(ReadArtifactResponse response, OutputStream file) throws IOException {
        response.getChunk().writeTo(file);
        bytes += response.getChunk().size();
        received.accept(bytes);
    }

    private static Path resolve(Path directory, String name) {
        Path path = directory.resolve(name).normalize();
        if (!path.startsWith(directory.normalize()) || path.equals(directory.normalize())) {
            throw new CliException(
                    "invalid file name in artifact: " + name + " is outside the target directory",
                    "report this as a bug");
        }
        return path;
    }
}
