package io.rootstock.registry.evaluation;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.evaluation.task.SuiteFiles;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.yaml.InvalidFileException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Task files of a suite in the artifact store: YAML files and the table of CORE's baselines. Row files exist, and are not
 * opened here.
 */
final class TaskFiles implements SuiteFiles {
    /** Bytes of a file; larger ones are not read. */
    private static final int MAX_BYTES = 1 << 20;

    private final ArtifactStore store;
    private final Map<String, SuiteFile> files;

    /** Creates it with files of distinct paths and of the stated sizes. */
    TaskFiles(ArtifactStore store, List<SuiteFile> files) {
        this.store = store;
        this.files = files.stream().collect(Collectors.toMap(SuiteFile::getPath, Function.identity()));
    }

    @Override
    public boolean has(String path) {
        return files.containsKey(path);
    }

    @Override
    public InputStream open(String path) {
        SuiteFile file = files.get(path);
        if (file.getBytes() > MAX_BYTES) {
            throw new InvalidFileException(
                    path,
                    0,
                    "the file has " + file.getBytes() + " bytes, more than " + MAX_BYTES,
                    "move rows to a row file of the suite");
        }
        if (path.endsWith(".gz")) {
            throw new InvalidFileException(path, 0, "the file is compressed", "store it uncompressed");
        }
        return new ByteArrayInputStream(StoredContent.read(path, () -> store.readAll(Digest.parse(file.getDigest()))));
    }
}
