package io.rootstock.cli.suite;

import io.rootstock.artifacts.Digest;
import io.rootstock.cli.client.ArtifactDownload;
import io.rootstock.cli.error.CliException;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.files.FileTree;
import io.rootstock.trainer.v1.Artifact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the files of a revision below a folder. */
public final class SuiteDownload {
    private final ArtifactDownload download;

    public SuiteDownload(ArtifactDownload download) {
        this.download = download;
    }

    /**
     * Writes the files; each is compared with its digest. The folder exists only if all are complete.
     *
     * @param folder must not exist
     */
    public void write(SuiteRevision revision, Path folder) {
        Path target = folder.toAbsolutePath().normalize();
        if (Files.exists(target)) {
            throw new CliException(target + " already exists", "choose a path that does not exist");
        }
        Path partial = target.resolveSibling("." + target.getFileName() + ".partial");
        try {
            FileTree.createEmpty(partial);
            for (SuiteFile file : revision.getFilesList()) {
                write(file, resolve(partial, file.getPath()));
            }
            Files.move(partial, target);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            FileTree.delete(partial);
        }
    }

    private void write(SuiteFile file, Path path) throws IOException {
        Files.createDirectories(path.getParent());
        download.file(Artifact.newBuilder().setDigest(file.getDigest()).build(), path);
        if (!Digest.ofFile(path).value().equals(file.getDigest())) {
            throw new CliException(file.getPath() + " does not match its digest " + file.getDigest(), "try again");
        }
    }

    private static Path resolve(Path folder, String name) {
        Path path = folder.resolve(name).normalize();
        if (!path.startsWith(folder) || path.equals(folder)) {
            throw new CliException(
                    "invalid file name in the suite: " + name + " is outside of its folder", "report this as a bug");
        }
        return path;
    }
}
