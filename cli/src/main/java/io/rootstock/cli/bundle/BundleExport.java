package io.rootstock.cli.bundle;

import com.google.protobuf.util.JsonFormat;
import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryManifest;
import io.rootstock.cli.client.ArtifactDownload;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.error.CliException;
import io.rootstock.files.AtomicFile;
import io.rootstock.registry.v1.Bundle;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionOrigin;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactContent;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a version, the bases that adapters need, and all of their artifacts into a bundle. Equal versions give equal
 * files. Entries are stored without compression: weights do not compress.
 */
public final class BundleExport {
    private static final int MAX_ANCESTORS = 20;
    private static final int BUFFER_BYTES = 1 << 20;
    /** Time of all entries: the earliest that ZIP files have. */
    private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final ArtifactDownload download;
    private final List<Version> versions;
    private final Map<Digest, Long> contents = new LinkedHashMap<>();

    /**
     * Reads the manifests of the version's directories.
     *
     * @param ancestors the versions it was fine-tuned from, the closest first
     */
    public BundleExport(ArtifactDownload download, Version version, List<Version> ancestors) throws IOException {
        this.download = download;
        this.versions = versions(version, ancestors);
        for (Version each : versions) {
            if (!each.getTokenizerDigest().isEmpty()) {
                addDirectory(each.getTokenizerDigest());
            }
            for (Artifact artifact : each.getArtifactsList()) {
                if (isDirectory(artifact.getKind())) {
                    addDirectory(artifact.getDigest());
                } else {
                    contents.put(Digest.parse(artifact.getDigest()), artifact.getBytes());
                }
            }
        }
    }

    /** Total size of the artifacts in bytes. */
    public long bytes() {
        return contents.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Writes the bundle; it appears complete or not at all. */
    public void write(Path target) throws IOException {
        AtomicFile.write(target, channel -> {
            OutputStream buffered = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
            ZipOutputStream zip = new ZipOutputStream(buffered);
            zip.setLevel(Deflater.NO_COMPRESSION);
            begin(zip, BundleFile.INDEX);
            zip.write(JsonFormat.printer().sortingMapKeys().print(index()).getBytes(StandardCharsets.UTF_8));
            for (Digest digest : contents.keySet()) {
                begin(zip, BundleFile.entry(digest));
                copy(digest, zip);
            }
            // The channel stays open: it is still flushed to the disk.
            zip.finish();
            buffered.flush();
        });
    }

    private static void begin(ZipOutputStream zip, String name) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(ENTRY_TIME);
        zip.putNextEntry(entry);
    }

    private Bundle index() {
        Bundle.Builder bundle = Bundle.newBuilder().setFormat(BundleFile.FORMAT).addAllVersions(versions);
        contents.forEach((digest, bytes) -> bundle.addArtifacts(
                ArtifactContent.newBuilder().setDigest(digest.value()).setBytes(bytes)));
        return bundle.build();
    }

    /** The version last, after the bases that adapters need. */
    private static List<Version> versions(Version version, List<Version> ancestors) {
        List<Version> needed = new ArrayList<>(List.of(exported(version, ancestors)));
        Version child = version;
        for (int i = 0; i < ancestors.size() && isAdapter(child); i++) {
            child = ancestors.get(i);
            if (child.getArtifactsCount() == 0) {
                throw new CliException(
                        Names.brief(child.getName()) + ", the base of an adapter, is deleted",
                        "export the files instead: rootstock models export VERSION DIRECTORY");
            }
            needed.addFirst(exported(child, ancestors.subList(i + 1, ancestors.size())));
        }
        return needed;
    }

    private static boolean isAdapter(Version version) {
        return version.getArtifactsList().stream()
                .anyMatch(artifact -> artifact.getKind() == ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER
                        || artifact.getKind() == ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER);
    }

    /** The version with its origin and the license that its lineage states. */
    private static Version exported(Version version, List<Version> ancestors) {
        Version.Builder exported = version.toBuilder().clearArchived().clearPinned();
        if (!version.hasOrigin()) {
            exported.setOrigin(VersionOrigin.newBuilder()
                    .setVersion(version.getName())
                    .addAllAncestors(ancestors.stream()
                            .map(Version::getName)
                            .limit(MAX_ANCESTORS)
                            .toList())
                    .setJob(version.getJob())
                    .setCreateTime(version.getCreateTime()));
        }
        if (version.getLicense().isEmpty()) {
            Optional<String> inherited = ancestors.stream()
                    .map(Version::getLicense)
                    .filter(license -> !license.isEmpty())
                    .findFirst();
            inherited.ifPresent(exported::setLicense);
        }
        return exported.build();
    }

    private static boolean isDirectory(ArtifactKind kind) {
        return kind == ArtifactKind.ARTIFACT_KIND_HUGGING_FACE || kind == ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER;
    }

    private void addDirectory(String digest) throws IOException {
        Digest directory = Digest.parse(digest);
        if (contents.containsKey(directory)) {
            return;
        }
        ByteArrayOutputStream manifest = new ByteArrayOutputStream();
        copy(directory, manifest);
        contents.put(directory, (long) manifest.size());
        try {
            for (DirectoryManifest.Entry file :
                    DirectoryManifest.parse(directory, manifest.toByteArray()).files()) {
                contents.put(file.digest(), file.bytes());
            }
        } catch (ArtifactException failure) {
            throw new CliException(failure.getMessage(), "report this as a bug");
        }
    }

    private void copy(Digest digest, OutputStream target) throws IOException {
        MessageDigest hash = Digest.sha256();
        // Not closed: it holds no resources, and the target is still used.
        download.content(Artifact.newBuilder().setDigest(digest.value()).build(), new DigestOutputStream(target, hash));
        if (!Digest.ofHash(hash.digest()).equals(digest)) {
            throw new CliException(digest + " was received with other bytes", "export the version again");
        }
    }
}
