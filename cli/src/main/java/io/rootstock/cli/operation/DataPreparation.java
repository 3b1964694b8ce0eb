package io.rootstock.cli.operation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
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

/** Tokenizer training and dataset preparation with live progress. */
public final class DataPreparation {
    private DataPreparation() {}

    /** Trains a tokenizer. */
    public static Tokenizer train(Clients clients, TrainTokenizerRequest request, Console console) {
        Tokenizer tokenizer = Tokenizer.getDefaultInstance();
        try (Progress progress = Progress.open(console, "tokenizer")) {
            Iterator<TrainTokenizerResponse> answers = clients.tokenizers().trainTokenizer(request);
            while (answers.hasNext()) {
                TrainTokenizerResponse answer = answers.next();
                if (answer.hasProgress()) {
                    show(answer.getProgress(), progress);
                } else {
                    tokenizer = answer.getTokenizer();
                }
            }
        }
        return tokenizer;
    }

    /** Prepares a dataset. */
    public static Dataset prepare(Clients clients, PrepareDatasetRequest request, Console console) {
        Dataset dataset = Dataset.getDefaultInstance();
        try (Progress progress = Progress.open(console, "dataset")) {
            Iterator<PrepareDatasetResponse> answers = clients.datasets().prepareDataset(request);
            while (answers.hasNext()) {
                PrepareDatasetResponse answer = answers.next();
                if (answer.hasProgress()) {
                    PrepareDatasetProgress now = answer.getProgress();
                    progress.show(
                            now.getBytesRead(),
                            now.getBytesTotal(),
                            "%s  %s tokens  %d rows refused"
                                    .formatted(now.getSource(), Format.count(now.getTokens()), now.getRefusedRows()));
                } else {
                    dataset = answer.getDataset();
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
