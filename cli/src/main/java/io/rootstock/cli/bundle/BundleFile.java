package io.rootstock.cli.bundle;

import com.google.protobuf.util.JsonFormat;
import io.rootstock.artifacts.Digest;
import io.rootstock.cli.error.CliException;
import io.rootstock.names.InvalidNameException;
import io.rootstock.names.VersionName;
import io.rootstock.registry.v1.Bundle;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A bundle that is read. Opening it checks the index and the list of entries; {@link #verify} checks the bytes. An invalid
 * file is rejected with a {@link CliException}.
 */
public final class BundleFile implements AutoCloseable {
    static final int FORMAT = 1;
    static final String INDEX = "bundle.json";

    private static final byte[] MAGIC = {'P', 'K', 3, 4};
    private static final int MAX_INDEX_BYTES = 16 << 20;
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path path;
    private final ZipFile zip;
    private final Bundle bundle;

    private BundleFile(Path path, ZipFile zip, Bundle bundle) {
        this.path = path;
        this.zip = zip;
        this.bundle = bundle;
    }

    /** Name of an artifact's entry. */
    static String entry(Digest digest) {
        return "artifacts/sha256/" + digest.hex();
    }

    /** Whether a path is a file that begins as a ZIP file does. */
    public static boolean isZip(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        } catch (IOException failure) {
            throw new CliException("cannot read " + file + ": " + failure.getMessage(), "check the path");
        }
    }

    /** Opens a bundle and checks its index. */
    public static BundleFile open(Path file) {
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (IOException failure) {
            throw invalid(file, failure.getMessage());
        }
        try {
            BundleFile bundle = new BundleFile(file, zip, index(file, zip));
            bundle.requireComplete();
            return bundle;
        } catch (IOException | RuntimeException failure) {
            try {
                zip.close();
            } catch (IOException suppressed) {
                failure.addSuppressed(suppressed);
            }
            throw failure instanceof CliException known ? known : invalid(file, failure.getMessage());
        }
    }

    /** Content of {@code bundle.json}. */
    public Bundle contents() {
        return bundle;
    }

    /** Total size of the artifacts in bytes. */
    public long bytes() {
        return bundle.getArtifactsList().stream()
                .mapToLong(ArtifactContent::getBytes)
                .sum();
    }

    /** Opens the bytes of an artifact of the index. */
    public InputStream open(String digest) throws IOException {
        return zip.getInputStream(zip.getEntry(entry(Digest.parse(digest))));
    }

    /**
     * Reads all artifacts and compares them with their digests.
     *
     * @param read called with the bytes read so far
     */
    public void verify(LongConsumer read) {
        byte[] buffer = new byte[BUFFER_BYTES];
        long total = 0;
        for (ArtifactContent artifact : bundle.getArtifactsList()) {
            MessageDigest hash = Digest.sha256();
            long bytes = 0;
            try (InputStream in = open(artifact.getDigest())) {
                for (int count = in.read(buffer); count >= 0 && bytes <= artifact.getBytes(); count = in.read(buffer)) {
                    hash.update(buffer, 0, count);
                    bytes += count;
                    read.accept(total + bytes);
                }
            } catch (IOException failure) {
                throw invalid(path, artifact.getDigest() + " cannot be read: " + failure.getMessage());
            }
            if (!Digest.ofHash(hash.digest()).value().equals(artifact.getDigest())) {
                throw invalid(path, artifact.getDigest() + " does not have the bytes of its digest");
            }
            total += bytes;
        }
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException failure) {
            throw new CliException("cannot close " + path + ": " + failure.getMessage(), "check the file");
        }
    }

    private static Bundle index(Path file, ZipFile zip) throws IOException {
        ZipEntry entry = zip.getEntry(INDEX);
        if (entry == null) {
            throw invalid(file, "it has no entry " + INDEX);
        }
        byte[] json;
        try (InputStream in = zip.getInputStream(entry)) {
            json = in.readNBytes(MAX_INDEX_BYTES + 1);
        }
        if (json.length > MAX_INDEX_BYTES) {
            throw invalid(file, INDEX + " has more than " + MAX_INDEX_BYTES + " bytes");
        }
        CRC32 checksum = new CRC32();
        checksum.update(json);
        if (checksum.getValue() != entry.getCrc()) {
            throw invalid(file, INDEX + " does not match its checksum");
        }
        Bundle.Builder bundle = Bundle.newBuilder();
        JsonFormat.parser().merge(new String(json, StandardCharsets.UTF_8), bundle);
        if (bundle.getFormat() != FORMAT) {
            throw invalid(file, "its format is " + bundle.getFormat() + ", this release reads format " + FORMAT);
        }
        return bundle.build();
    }

    /** Checks that the entries are those of the index, and that the index has what its versions need. */
    private void requireComplete() {
        Set<String> digests = new HashSet<>();
        Set<String> expected = new HashSet<>(Set.of(INDEX));
        for (ArtifactContent artifact : bundle.getArtifactsList()) {
            String name = entry(Digest.parse(artifact.getDigest()));
            ZipEntry entry = zip.getEntry(name);
            if (entry == null) {
                throw invalid(path, artifact.getDigest() + " is missing");
            }
            if (!digests.add(artifact.getDigest()) || entry.getSize() != artifact.getBytes()) {
                throw invalid(
                        path,
                        artifact.getDigest() + " is listed twice, or has " + entry.getSize() + " bytes instead of "
                                + artifact.getBytes());
            }
            if (entry.getCompressedSize() < entry.getSize()) {
                throw invalid(path, artifact.getDigest() + " is compressed");
            }
            expected.add(name);
        }
        if (zip.size() != expected.size()) {
            String other = zip.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> !expected.contains(name))
                    .findFirst()
                    .orElse("an entry twice");
            throw invalid(path, "it has " + other + ", which is not in its index");
        }
        if (bundle.getVersionsCount() == 0) {
            throw invalid(path, "it has no version");
        }
        for (Version version : bundle.getVersionsList()) {
            requireName(version);
            Stream.concat(
                            version.getArtifactsList().stream().map(Artifact::getDigest),
                            Stream.of(version.getTokenizerDigest()).filter(digest -> !digest.isEmpty()))
                    .filter(digest -> !digests.contains(digest))
                    .findFirst()
                    .ifPresent(digest -> {
                        throw invalid(path, version.getName() + " needs " + digest + ", which is missing");
                    });
        }
    }

    private void requireName(Version version) {
        try {
            VersionName.parse(version.getName());
        } catch (InvalidNameException failure) {
            throw invalid(path, "the name of a version " + failure.getMessage());
        }
    }

    private static CliException invalid(Path file, String reason) {
        return new CliException(
                file + " is not a valid bundle: " + reason,
                "copy the file again, or create it again with: rootstock models export VERSION --bundle FILE");
    }
}
