package io.rootstock.artifacts;

import io.rootstock.files.AtomicDirectory;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Stores directories as their files and a {@link DirectoryManifest}, and restores them. */
final class StoredDirectory {
    private StoredDirectory() {}

    /** See {@link ArtifactStore#putDirectory}. */
    static Digest put(ArtifactStore store, Path directory) {
        List<DirectoryManifest.Entry> entries = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.sorted().toList()) {
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    continue;
                }
                if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    throw new ArtifactException(path + " is a link or a device; only regular files can be stored");
                }
                Digest digest = store.putFile(path);
                String name = directory
                        .relativize(path)
                        .toString()
                        .replace(path.getFileSystem().getSeparator(), "/");
                entries.add(new DirectoryManifest.Entry(name, digest, store.size(digest)));
            }
            try (ArtifactWriter writer = store.create()) {
                writer.write(new DirectoryManifest(entries).toJson());
                return writer.commit();
            }
        } catch (IllegalArgumentException e) {
            throw new ArtifactException("cannot store the directory " + directory + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ArtifactException("cannot store the directory " + directory + ": " + e, e);
        }
    }

    /** See {@link ArtifactStore#materialize}. */
    static Path materialize(ArtifactStore store, Digest directory, Path target) {
        DirectoryManifest manifest = DirectoryManifest.read(store, directory);
        Path whole = target.toAbsolutePath().normalize();
        if (Files.exists(whole, LinkOption.NOFOLLOW_LINKS)) {
            requireHolds(whole, manifest, directory);
            return target;
        }
        try {
            AtomicDirectory.write(whole, partial -> {
                Map<Digest, Path> verified = new HashMap<>();
                for (DirectoryManifest.Entry entry : manifest.files()) {
                    Path file = partial.resolve(entry.path());
                    Files.createDirectories(file.getParent());
                    FileTree.linkOrCopy(verified.computeIfAbsent(entry.digest(), store::verified), file);
                }
            });
            return target;
        } catch (IOException e) {
            if (Files.exists(whole, LinkOption.NOFOLLOW_LINKS)) {
                // A concurrent call created the same target first.
                requireHolds(whole, manifest, directory);
                return target;
            }
            throw new ArtifactException("cannot lay out artifact " + directory + " at " + target + ": " + e, e);
        }
    }

    private static void requireHolds(Path target, DirectoryManifest manifest, Digest directory) {
        for (DirectoryManifest.Entry entry : manifest.files()) {
            Path file = target.resolve(entry.path());
            try {
                Digest actual = Digest.ofFile(file);
                if (!actual.equals(entry.digest())) {
                    throw new CorruptArtifactException(entry.digest(), file, "hashes to " + actual);
                }
            } catch (IOException e) {
                throw new ArtifactException(
                        target + " exists already and does not hold artifact " + directory + ": " + e, e);
            }
        }
    }
}
