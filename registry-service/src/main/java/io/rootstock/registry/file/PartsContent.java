package io.rootstock.registry.file;

import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.Digest;
import io.rootstock.service.Errors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Joins the parts of an upload to one artifact. */
final class PartsContent {
    private PartsContent() {}

    /**
     * Stores the joined content.
     *
     * @param md5 expected MD5 in hexadecimal; empty: any
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if the MD5 differs; DATA_LOSS if a part is damaged
     */
    static Digest join(ArtifactStore store, List<UploadRepository.Part> parts, String md5) {
        MessageDigest hash = md5();
        try (ArtifactWriter writer = store.create()) {
            DigestOutputStream hashed = new DigestOutputStream(writer, hash);
            for (UploadRepository.Part part : parts) {
                Files.copy(store.verified(Digest.parse(part.digest())), hashed);
            }
            String actual = HexFormat.of().formatHex(hash.digest());
            if (!md5.isEmpty() && !md5.equalsIgnoreCase(actual)) {
                throw Errors.invalidArgument("md5", "the parts have the MD5 " + actual + ", not " + md5);
            }
            return writer.commit();
        } catch (ArtifactException e) {
            throw Errors.dataLoss("PART_CORRUPT", "a part cannot be read: " + e.getMessage() + "; upload it again");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot join the parts of an upload", e);
        }
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
