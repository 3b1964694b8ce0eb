package io.rootstock.corpus.worker;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The job of a worker process, a JSON file.
 *
 * @param recipe path of the recipe
 * @param base directory that relative paths of the recipe start at
 * @param roots directories that files of sources may lie in
 * @param workspace work directory
 * @param threads number of units that are processed at a time
 * @param buckets number of buckets of an exchange
 */
public record WorkerJob(String recipe, String base, List<String> roots, String workspace, int threads, int buckets) {
    private static final JsonMapper JSON = new JsonMapper();

    public WorkerJob {
        roots = List.copyOf(roots);
    }

    static WorkerJob read(Path file) throws IOException {
        return JSON.readValue(file.toFile(), WorkerJob.class);
    }

    /** Writes the job for a worker. */
    public void write(Path file) throws IOException {
        JSON.writeValue(file.toFile(), this);
    }
}
