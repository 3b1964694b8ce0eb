package io.rootstock.trainer.imports;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.Digest;
import io.rootstock.trainer.v1.ArtifactContent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One import of artifacts by digest: names the missing ones, then receives them one after the other. An artifact is
 * stored when its bytes match its digest; artifacts that are stored stay in the store when the import fails, so that a
 * repeated import sends only the rest, and are removed by a later pruning if nothing refers to them. Not thread-safe.
 */
public final class ArtifactImport implements AutoCloseable {
    private static final int MAX_ARTIFACTS = 20_000;

    private final ArtifactStore store;
    private final Consumer<ArtifactImport> ended;
    private final Map<Digest, Long> artifacts = new LinkedHashMap<>();
    private Iterator<Digest> missing;
    private Digest current;
    private ArtifactWriter writer;
    private MessageDigest hash;
    private long bytes;

    ArtifactImport(ArtifactStore store, Consumer<ArtifactImport> ended) {
        this.store = store;
        this.ended = ended;
    }

    /**
     * Sets the artifacts to import; must be called once, before the first artifact.
     *
     * @return the artifacts that the store does not have
     */
    public List<String> begin(List<ArtifactContent> contents) {
        if (missing != null) {
            throw new RefusedImportException("the artifacts must be listed once");
        }
        if (contents.size() > MAX_ARTIFACTS) {
            throw new RefusedImportException(
                    "at most " + MAX_ARTIFACTS + " artifacts can be sent, were " + contents.size());
        }
        List<Digest> absent = new ArrayList<>();
        for (ArtifactContent content : contents) {
            Digest digest = digest(content.getDigest());
            if (content.getBytes() < 0 || artifacts.put(digest, content.getBytes()) != null) {
                throw new RefusedImportException(digest + " is listed twice, or with a negative length");
            }
            if (!store.contains(digest)) {
                absent.add(digest);
            } else if (store.size(digest) != content.getBytes()) {
                throw new RefusedImportException(digest + " has " + store.size(digest) + " bytes in the store, not "
                        + content.getBytes() + " as listed");
            }
        }
        missing = absent.iterator();
        return absent.stream().map(Digest::value).toList();
    }

    /** Ends the current artifact and starts the next, which must be the next missing one. */
    public void start(String digest) {
        end();
        if (missing == null || !missing.hasNext()) {
            throw new RefusedImportException(digest + " was sent, but no further artifact is missing");
        }
        Digest expected = missing.next();
        if (!expected.equals(digest(digest))) {
            throw new RefusedImportException(digest + " was sent, but the next missing artifact is " + expected);
        }
        current = expected;
        writer = store.create();
        hash = Digest.sha256();
        bytes = 0;
    }

    /** Appends bytes to the current artifact. */
    public void write(byte[] chunk) throws IOException {
        if (current == null) {
            throw new RefusedImportException("an artifact's digest must be sent before its bytes");
        }
        bytes += chunk.length;
        if (bytes > artifacts.get(current)) {
            throw new RefusedImportException(
                    current + " is longer than listed: more than " + artifacts.get(current) + " bytes were sent");
        }
        hash.update(chunk);
        writer.write(chunk);
    }

    /** Ends the last artifact; afterwards all artifacts are in the store and as young as new ones. */
    public void finish() {
        end();
        if (missing == null) {
            throw new RefusedImportException("no artifacts were listed");
        }
        if (missing.hasNext()) {
            throw new RefusedImportException(missing.next() + " was not sent");
        }
        artifacts.keySet().forEach(store::renew);
    }

    private void end() {
        if (current == null) {
            return;
        }
        Digest actual = Digest.ofHash(hash.digest());
        if (!actual.equals(current)) {
            throw new RefusedImportException(
                    current + " is damaged: the " + bytes + " bytes that were sent have the digest " + actual);
        }
        Digest _ = writer.commit();
        current = null;
    }

    private static Digest digest(String value) {
        return Digest.find(value)
                .orElseThrow(() -> new RefusedImportException(
                        "an artifact digest is sha256: and 64 lower-case hexadecimal digits, not '" + value + "'"));
    }

    @Override
    public void close() {
        try {
            if (writer != null) {
                writer.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot discard an incomplete artifact", e);
        } finally {
            ended.accept(this);
        }
    }
}
