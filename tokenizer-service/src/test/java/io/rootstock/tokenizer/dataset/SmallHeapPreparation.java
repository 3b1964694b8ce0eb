package io.rootstock.tokenizer.dataset;

import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Prepares the file {@code rows.jsonl} of a folder in a process of its own, whose heap is smaller than the rows. */
final class SmallHeapPreparation {
    private SmallHeapPreparation() {}

    /**
     * Entry point.
     *
     * @param arguments the folder
     */
    public static void main(String... arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Path file = folder.resolve("rows.jsonl");
        DatasetFixture data = new DatasetFixture(folder);
        PrepareDatasetRequest.Builder request = DatasetFixture.request(DatasetKind.DATASET_KIND_INSTRUCTION)
                .setMaxTokens(4096)
                .setSeed(1);
        data.source(request, new SourceFile("rows.jsonl", file, Files.size(file)), DatasetSource.newBuilder());
        Dataset dataset = data.prepare(request);
        System.out.println("rows=" + dataset.getSplits(0).getRows() + " tokens="
                + dataset.getSplits(0).getTokens() + " duplicates=" + dataset.getDuplicateRowCount());
    }
}
