package io.rootstock.bench.base;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.bench.Lifecycle;
import io.rootstock.registry.v1.Version;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Classification datasets of given splits. */
public final class LabelledDataset {
    private LabelledDataset() {}

    /**
     * Uploads the splits and prepares them with the base's tokenizer.
     *
     * @return name of the dataset
     */
    public static String prepare(Lifecycle life, Version base, String name, Splits splits, int maximumTokens)
            throws IOException {
        PrepareDatasetRequest.Builder request = PrepareDatasetRequest.newBuilder()
                .setName("datasets/" + name)
                .setKind(DatasetKind.DATASET_KIND_CLASSIFICATION)
                .setTokenizer(base.getTokenizer())
                .setMaxTokens(maximumTokens);
        files(life.home(), name, splits)
                .forEach((split, file) -> request.addSources(DatasetSource.newBuilder()
                        .setName(split)
                        .setSplit(split)
                        .setDigest(life.upload(file))));
        return life.prepare(request.build()).getName();
    }

    /** Writes each split as JSON Lines; the keys are train, validation and test. */
    public static Map<String, Path> files(Path folder, String name, Splits splits) throws IOException {
        Map<String, Path> files = new LinkedHashMap<>();
        files.put("train", lines(folder.resolve(name + "-train.jsonl"), splits.train()));
        files.put("validation", lines(folder.resolve(name + "-validation.jsonl"), splits.validation()));
        files.put("test", lines(folder.resolve(name + "-test.jsonl"), splits.test()));
        return files;
    }

    private static Path lines(Path file, List<LabelledRow> rows) throws IOException {
        JsonMapper json = new JsonMapper();
        List<String> lines = new ArrayList<>();
        for (LabelledRow row : rows) {
            lines.add(json.writeValueAsString(row));
        }
        return Files.write(file, lines);
    }
}
