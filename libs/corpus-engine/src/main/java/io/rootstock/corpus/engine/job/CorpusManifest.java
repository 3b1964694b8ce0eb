package io.rootstock.corpus.engine.job;

import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.count.CountsJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Files of a finished job, in the order of the units.
 *
 * @param formatVersion version of this format
 * @param documents number of documents
 * @param textBytes UTF-8 bytes of their texts
 * @param units one file for each unit, also where no document is left
 */
public record CorpusManifest(int formatVersion, long documents, long textBytes, List<OutputUnit> units) {
    /** Name of the manifest's file in the workspace. */
    public static final String NAME = "manifest.json";

    /** Version that this class writes. */
    public static final int FORMAT_VERSION = 1;

    public CorpusManifest {
        units = List.copyOf(units);
    }

    /** Reads the manifest of a finished job. */
    public static CorpusManifest read(Path workspace) throws IOException {
        return CountsJson.read(Files.readString(workspace.resolve(NAME)), CorpusManifest.class);
    }

    /** Units of a stage that reads the documents of the result. */
    public List<WorkUnit> workUnits() {
        List<WorkUnit> work = new ArrayList<>();
        for (OutputUnit unit : units) {
            work.add(new WorkUnit(work.size(), unit.name(), "", unit.digest(), unit.textBytes(), 0));
        }
        return work;
    }

    /**
     * File with the documents of one unit.
     *
     * @param name name of the unit
     * @param contentDigest SHA-256 of the unit's bytes as they were read
     * @param path path of the file in the workspace
     * @param digest SHA-256 of the file
     * @param bytes length of the file
     * @param firstDocument number of documents in the files before
     * @param documents number of documents
     * @param textBytes UTF-8 bytes of their texts
     */
    public record OutputUnit(
            String name,
            String contentDigest,
            String path,
            String digest,
            long bytes,
            long firstDocument,
            long documents,
            long textBytes) {}
}
