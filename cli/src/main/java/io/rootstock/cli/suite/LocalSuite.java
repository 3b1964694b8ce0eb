package io.rootstock.cli.suite;

import io.rootstock.artifacts.Digest;
import io.rootstock.cli.client.ArtifactUpload;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.error.CliException;
import io.rootstock.evaluation.task.SuiteFiles;
import io.rootstock.evaluation.task.suite.Suite;
import io.rootstock.evaluation.task.suite.SuiteReader;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.trainer.v1.ArtifactContent;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/** A suite whose files are on this machine: suite.yaml, the task files that it names, and their row files. */
public final class LocalSuite {
    /** Most files of a revision. */
    static final int MAX_FILES = 1000;

    private static final int BUFFER_BYTES = 1 << 20;

    private final SuiteFiles files;
    private final Suite suite;
    private final SortedSet<String> paths;

    private LocalSuite(SuiteFiles files, Suite suite, SortedSet<String> paths) {
        this.files = files;
        this.suite = suite;
        this.paths = paths;
    }

    /**
     * Reads suite.yaml and the task files; does not read the row files.
     *
     * @throws io.rootstock.yaml.InvalidFileException with file, line and remedy, if one of them is invalid
     */
    public static LocalSuite read(SuiteFiles files) {
        RecordedFiles recorded = new RecordedFiles(files);
        Suite suite = SuiteReader.read(recorded);
        SortedSet<String> paths = recorded.opened();
        paths.addAll(suite.rowFiles());
        if (paths.size() > MAX_FILES) {
            throw new CliException(
                    "the suite has " + paths.size() + " files, at most " + MAX_FILES + " are allowed",
                    "concatenate row files, or split the suite");
        }
        return new LocalSuite(files, suite, paths);
    }

    public Suite suite() {
        return suite;
    }

    public SuiteFiles files() {
        return files;
    }

    /** Row files that the tasks read and that do not exist, by name. */
    public List<String> missingRowFiles() {
        return suite.rowFiles().stream()
                .filter(path -> !files.has(path))
                .sorted()
                .toList();
    }

    /** The files with their digests, sorted by path. */
    public List<SuiteFile> contents() {
        List<SuiteFile> contents = new ArrayList<>();
        for (String path : paths) {
            contents.add(content(path));
        }
        return contents;
    }

    private SuiteFile content(String path) {
        MessageDigest hash = Digest.sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        long bytes = 0;
        try (InputStream in = files.open(path)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                hash.update(buffer, 0, count);
                bytes += count;
            }
        } catch (IOException failure) {
            throw new CliException("cannot read " + path + ": " + failure.getMessage(), "check the file");
        }
        return SuiteFile.newBuilder()
                .setPath(path)
                .setDigest(Digest.ofHash(hash.digest()).value())
                .setBytes(bytes)
                .build();
    }

    /**
     * Sends the files that the installation does not have.
     *
     * @param contents the files of {@link #contents}
     * @param sent called with the bytes sent so far
     */
    public void upload(Clients clients, List<SuiteFile> contents, LongConsumer sent) {
        Map<String, SuiteFile> byDigest = new LinkedHashMap<>();
        contents.forEach(file -> byDigest.putIfAbsent(file.getDigest(), file));
        List<ArtifactContent> artifacts = byDigest.values().stream()
                .map(file -> ArtifactContent.newBuilder()
                        .setDigest(file.getDigest())
                        .setBytes(file.getBytes())
                        .build())
                .toList();
        ArtifactUpload.send(
                clients, artifacts, digest -> files.open(byDigest.get(digest).getPath()), sent);
    }

    /** Files of a suite, with the paths that were opened: those that a reader needs. */
    private static final class RecordedFiles implements SuiteFiles {
        private final SuiteFiles files;
        private final SortedSet<String> opened = new TreeSet<>();

        RecordedFiles(SuiteFiles files) {
            this.files = files;
        }

        @Override
        public boolean has(String path) {
            return files.has(path);
        }

        @Override
        public InputStream open(String path) throws IOException {
            opened.add(path);
            return files.open(path);
        }

        SortedSet<String> opened() {
            return new TreeSet<>(opened);
        }
    }
}
