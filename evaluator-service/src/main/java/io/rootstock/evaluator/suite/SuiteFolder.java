package io.rootstock.evaluator.suite;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.evaluation.task.suite.SuiteReader;
import io.rootstock.evaluation.task.yaml.SuitePaths;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.files.FileTree;
import io.rootstock.yaml.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the files of a suite revision, each verified, to a folder. */
public final class SuiteFolder {
    private SuiteFolder() {}

    /**
     * Replaces the folder by the files of a revision.
     *
     * @param requireWanted called before each file; throws if the suite is not needed any more
     * @throws io.rootstock.artifacts.ArtifactException if a file is missing or damaged
     * @throws io.rootstock.yaml.InvalidFileException if a path is not inside the suite
     */
    public static void write(SuiteRevision revision, ArtifactStore store, Path folder, Runnable requireWanted)
            throws IOException {
        FileTree.createEmpty(folder);
        for (SuiteFile file : revision.getFilesList()) {
            requireWanted.run();
            String path = SuitePaths.resolve("", new YamlText(file.getPath(), SuiteReader.FILE, 0));
            Path target = folder.resolve(path);
            Files.createDirectories(target.getParent());
            FileTree.linkOrCopy(store.verified(Digest.parse(file.getDigest())), target);
        }
    }
}
