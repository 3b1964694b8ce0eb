package io.rootstock.corpus.worker;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.corpus.recipe.Recipe;
import io.rootstock.corpus.worker.token.PreparedTokenizer;
import io.rootstock.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The job of a worker process, a JSON file.
 *
 * @param recipe path of the recipe
 * @param base directory that relative paths of the recipe start at
 * @param roots directories and addresses of storages that files of sources may lie in
 * @param workspace work directory
 * @param threads number of units that are processed at a time
 * @param buckets number of buckets of an exchange
 * @param tokenizer directory of the tokenizer that the recipe names; empty if it names none
 */
public record WorkerJob(
        String recipe, String base, List<String> roots, String workspace, int threads, int buckets, String tokenizer) {
    private static final JsonMapper JSON = new JsonMapper();

    public WorkerJob {
        roots = List.copyOf(roots);
        tokenizer = tokenizer == null ? "" : tokenizer;
    }

    /** A job whose result is text. */
    public WorkerJob(String recipe, String base, List<String> roots, String workspace, int threads, int buckets) {
        this(recipe, base, roots, workspace, threads, buckets, "");
    }

    /**
     * Reads the tokenizer.
     *
     * @throws InvalidFileException if the recipe names one and the job has no files of it, or they cannot be read
     */
    Optional<PreparedTokenizer> readTokenizer(Recipe read) {
        if (!tokenizer.isEmpty()) {
            return Optional.of(PreparedTokenizer.read(recipe, Path.of(tokenizer)));
        }
        if (read.tokenizer().isPresent() && read.training().isEmpty()) {
            throw new InvalidFileException(
                    recipe,
                    0,
                    "it names " + read.tokenizer().get() + ", and the job has no files of it",
                    "state the directory of its files as 'tokenizer' of the job");
        }
        return Optional.empty();
    }

    static WorkerJob read(Path file) throws IOException {
        return JSON.readValue(file.toFile(), WorkerJob.class);
    }

    /** Writes the job for a worker. */
    public void write(Path file) throws IOException {
        JSON.writeValue(file.toFile(), this);
    }
}
