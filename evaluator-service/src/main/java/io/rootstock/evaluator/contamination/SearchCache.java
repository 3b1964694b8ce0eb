package io.rootstock.evaluator.contamination;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.evaluation.contamination.Place;
import io.rootstock.evaluation.contamination.RowMatch;
import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Results of searches, one file per task's texts and dataset. Beyond {@link #MAX_FILES}, the files used longest ago are
 * removed. One process at a time.
 */
final class SearchCache {
    /** Files of a few kilobytes, unless thousands of rows are found. */
    private static final int MAX_FILES = 4096;

    private static final String SUFFIX = ".json";
    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;

    /** Opens the cache in a folder, which is created if it does not exist. */
    SearchCache(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    private Path file(String texts, String dataset) {
        return folder.resolve(texts.substring(0, 32) + "-" + dataset.substring(dataset.indexOf(':') + 1) + SUFFIX);
    }

    /**
     * Returns a stored result; empty if it does not exist or is damaged.
     *
     * @param texts digest of the task's texts
     * @param dataset digest of the dataset manifest
     */
    Optional<FoundRows> find(String texts, String dataset) throws IOException {
        Path file = file(texts, dataset);
        try {
            FoundRows found = read(JSON.readTree(Files.readAllBytes(file)));
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            return Optional.of(found);
        } catch (NoSuchFileException | JsonProcessingException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Stores a result. */
    void put(String texts, String dataset, FoundRows found) throws IOException {
        ObjectNode json =
                JSON.createObjectNode().put("documents", found.documents()).put("tokens", found.tokens());
        ArrayNode rows = json.putArray("rows");
        for (RowMatch row : found.rows()) {
            ObjectNode each = rows.addObject()
                    .put("row", row.row())
                    .put("ngrams", row.ngrams())
                    .put("shard", row.place().shard())
                    .put("document", row.place().document());
            ArrayNode bits = each.putArray("found");
            Arrays.stream(row.found().toLongArray()).forEach(bits::add);
        }
        AtomicFile.write(file(texts, dataset), json.toString());
        prune();
    }

    private static FoundRows read(JsonNode json) {
        List<RowMatch> rows = new ArrayList<>();
        for (JsonNode row : json.required("rows")) {
            long[] bits = new long[row.required("found").size()];
            for (int i = 0; i < bits.length; i++) {
                bits[i] = row.get("found").get(i).longValue();
            }
            rows.add(new RowMatch(
                    row.required("row").intValue(),
                    row.required("ngrams").intValue(),
                    BitSet.valueOf(bits),
                    new Place(
                            row.required("shard").asText(),
                            row.required("document").longValue())));
        }
        return new FoundRows(
                json.required("documents").longValue(), json.required("tokens").longValue(), rows);
    }

    private void prune() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(each -> each.toString().endsWith(SUFFIX)).toList();
        }
        if (files.size() <= MAX_FILES) {
            return;
        }
        Map<Path, FileTime> used = new HashMap<>();
        for (Path file : files) {
            used.put(file, Files.getLastModifiedTime(file));
        }
        List<Path> oldest = files.stream()
                .sorted((one, other) -> used.get(one).compareTo(used.get(other)))
                .limit(files.size() - MAX_FILES)
                .toList();
        for (Path file : oldest) {
            Files.deleteIfExists(file);
        }
    }
}
