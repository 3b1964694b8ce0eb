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

/** Receives artifacts from the trainer, which owns model files. */
public final class ArtifactDownload {
    private final Clients clients;
    private final LongConsumer received;
    private long bytes;

    /**
     * A download of one or more artifacts.
     *
     * @param received told the bytes received so far, of all of them
     */
    public ArtifactDownload(Clients clients, LongConsumer received) {
        this.clients = clients;
        this.received = received;
    }

    /** Writes the files of a directory artifact into a new folder. */
    public void directory(Artifact artifact, Path target) throws IOException {
        Files.createDirectories(target);
        OutputStream file = null;
        try {
            Iterator<ReadArtifactResponse> parts = parts(artifact);
            while (parts.hasNext()) {
                ReadArtifactResponse part = parts.next();
                if (part.hasFileName()) {
                    if (file != null) {
                        file.close();
                    }
                    Path path = inside(target, part.getFileName());
                    Files.createDirectories(path.getParent());
                    file = Files.newOutputStream(path);
                } else if (file != null) {
                    write(part, file);
                }
            }
        } finally {
            if (file != null) {
                file.close();
            }
        }
    }

    /** Writes a file artifact. */
    public void file(Artifact artifact, Path target) throws IOException {
        try (OutputStream file = Files.newOutputStream(target)) {
            Iterator<ReadArtifactResponse> parts = parts(artifact);
            while (parts.hasNext()) {
                write(parts.next(), file);
            }
        }
    }

    private Iterator<ReadArtifactResponse> parts(Artifact artifact) {
        return clients.trainer()
                .readArtifact(
                        ReadArtifactRequest.newBuilder().setArtifact(artifact).build());
    }

    private void write(ReadArtifactResponse part, OutputStream file) throws IOException {
        part.getChunk().writeTo(file);
        bytes += part.getChunk().size();
        received.accept(bytes);
    }

    private static Path inside(Path folder, String name) {
        Path path = folder.resolve(name).normalize();
        if (!path.startsWith(folder.normalize()) || path.equals(folder.normalize())) {
            throw new CliException("the service sent a file outside the folder: " + name, "report this as a bug");
        }
        return path;
    }
}
