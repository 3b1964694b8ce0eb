package io.rootstock.bench.storm;

import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.bench.kill.Patience;
import io.rootstock.cli.client.Upload;
import io.rootstock.cli.error.CliException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Uploads different files through the tokenizer service, one after another. */
final class Uploads {
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int LINES = 2000;

    private final Patience patience;
    private final Path file;
    private final List<Digest> digests = new ArrayList<>();
    private final Thread thread;
    private int failures;
    private volatile boolean closing;

    Uploads(Patience patience, Path directory) {
        this.patience = patience;
        this.file = directory.resolve("upload.txt");
        this.thread = Thread.ofVirtual().start(this::upload);
    }

    void finish() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Number of acknowledged uploads. */
    synchronized int acknowledged() {
        return digests.size();
    }

    /** Adds uploads that the store does not have, or not with their bytes. */
    synchronized void check(ArtifactStore store, Findings findings) {
        for (Digest digest : digests) {
            try {
                store.verified(digest);
            } catch (ArtifactException e) {
                findings.add(Findings.Kind.LOST, "upload " + digest + ": " + e.getMessage());
            }
        }
    }

    private void upload() {
        for (int i = 0; !closing; i++) {
            try {
                Files.writeString(file, ("line of upload " + i + "\n").repeat(LINES));
                Digest expected = Digest.of(Files.readAllBytes(file));
                String digest = patience.call(
                        clients -> Upload.send(clients, file, bytes -> {}).getDigest());
                synchronized (this) {
                    digests.add(Digest.parse(digest));
                }
                if (!digest.equals(expected.value())) {
                    throw new IllegalStateException("uploaded " + expected + ", but " + digest + " is stored");
                }
            } catch (StatusRuntimeException | CliException e) {
                // Not acknowledged.
                failures++;
                if (failures == 1) {
                    System.out.println("an upload failed: " + e.getMessage());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Patience.sleep(PAUSE);
        }
    }
}
