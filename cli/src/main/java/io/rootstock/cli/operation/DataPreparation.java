package io.rootstock.cli.operation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.MixtureTable;
import io.rootstock.cli.display.Progress;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.PrepareDatasetProgress;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.PrepareDatasetResponse;
import io.rootstock.tokenizer.v1.Tokenizer;
import io.rootstock.tokenizer.v1.TrainTokenizerProgress;
import io.rootstock.tokenizer.v1.TrainTokenizerRequest;
import io.rootstock.tokenizer.v1.TrainTokenizerResponse;
import java.util.Iterator;

/** Tokenizer training and dataset preparation with a progress bar. */
public final class DataPreparation {
    private DataPreparation() {}

    public static Tokenizer trainTokenizer(Clients clients, TrainTokenizerRequest request, Console console) {
        Tokenizer tokenizer = Tokenizer.getDefaultInstance();
        try (Progress progress = Progress.open(console, "tokenizer")) {
            Iterator<TrainTokenizerResponse> responses = clients.tokenizers().trainTokenizer(request);
            while (responses.hasNext()) {
                TrainTokenizerResponse response = responses.next();
                if (response.hasProgress()) {
                    show(response.getProgress(), progress);
                } else {
                    tokenizer = response.getTokenizer();
                }
            }
        }
        return tokenizer;
    }

    public static Dataset prepareDataset(Clients clients, PrepareDatasetRequest request, Console console) {
        Dataset dataset = Dataset.getDefaultInstance();
        try (Progress progress = Progress.open(console, "dataset")) {
            Iterator<PrepareDatasetResponse> responses = clients.datasets().prepareDataset(request);
            while (responses.hasNext()) {
                PrepareDatasetResponse response = responses.next();
                if (response.hasShape()) {
                    console.note(MixtureTable.shape(response.getShape()));
                } else if (response.hasProgress()) {
                    PrepareDatasetProgress now = response.getProgress();
                    progress.show(
                            now.getBytesRead(),
                            now.getBytesTotal(),
                            "%s  %s tokens  %s rejected"
                                    .formatted(
                                            now.getSource(),
                                            Format.count(now.getTokens()),
                                            Format.counted(now.getRefusedRows(), "row")));
                } else {
                    dataset = response.getDataset();
                }
            }
        }
        return dataset;
    }

    private static void show(TrainTokenizerProgress now, Progress progress) {
        if (now.getMerges() == 0) {
            progress.show(now.getBytesRead(), now.getBytesTotal(), "reading " + Format.bytes(now.getBytesRead()));
        } else {
            progress.show(now.getMerges(), now.getMergesTotal(), "merges");
        }
    }
}
