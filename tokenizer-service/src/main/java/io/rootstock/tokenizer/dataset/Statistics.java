package io.rootstock.tokenizer.dataset;

import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.DatasetManifest.Split;
import io.rootstock.service.Errors;
import io.rootstock.tokenizer.split.SplitDataset;
import io.rootstock.tokenizer.split.SplitName;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.SourceStatistics;
import io.rootstock.tokenizer.v1.SplitStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Statistics of a finished dataset: the mixture table and the splits. */
final class Statistics {
    private final SplitDataset splits;

    Statistics(SplitDataset splits) {
        this.splits = splits;
    }

    /** @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if the dataset has no rows to train on */
    void requireUsable(PrepareDatasetRequest request) {
        if (total(SplitName.TRAIN, Split::rows) == 0) {
            throw Errors.invalidArgument(
                    "sources", "no row is left for training; check the files, the field names and the split fractions");
        }
        for (int i = 0; i < request.getSourcesCount(); i++) {
            if (request.getSources(i).getWeight() > 0 && train(i).tokens() == 0) {
                throw Errors.invalidArgument(
                        "sources[" + i + "].weight",
                        "source '" + request.getSources(i).getName() + "' has no training text to weigh");
            }
        }
        if (!splits.labels().isEmpty() && splits.labels().size() < 2) {
            throw Errors.invalidArgument(
                    "sources", "all rows have the label '" + splits.labels().getFirst() + "'; a classifier needs two");
        }
    }

    /** Returns sources and splits for the resource. */
    Dataset.Builder describe(PrepareDatasetRequest request) {
        Dataset.Builder dataset = Dataset.newBuilder().addAllLabels(splits.labels());
        double[] weights = weights(request);
        for (int i = 0; i < weights.length; i++) {
            DatasetSource source = request.getSources(i);
            dataset.addSources(SourceStatistics.newBuilder()
                    .setName(source.getName())
                    .setBytes(train(i).bytes())
                    .setTokens(train(i).tokens())
                    .setTextTokens(splits.textTokens(i))
                    .setRows(train(i).rows())
                    .setWeight(weights[i])
                    .setMaximumEpochs(source.getMaximumEpochs()));
        }
        boolean labelled = request.getKind() == DatasetKind.DATASET_KIND_CLASSIFICATION;
        for (SplitName split : SplitName.values()) {
            dataset.addSplits(SplitStatistics.newBuilder()
                    .setSplit(split.key())
                    .setRows(total(split, Split::rows))
                    .setTokens(total(split, Split::tokens))
                    .setLossTokens(labelled ? 0 : total(split, Split::lossTokens))
                    .setBytes(total(split, Split::bytes))
                    .setCharacters(total(split, Split::characters))
                    .addAllRowsPerLabel(splits.rowsPerLabel(split)));
        }
        return dataset;
    }

    /** Returns the sources for the manifest. */
    List<DatasetManifest.Source> sources(PrepareDatasetRequest request) {
        List<DatasetManifest.Source> sources = new ArrayList<>();
        double[] weights = weights(request);
        for (int i = 0; i < weights.length; i++) {
            Map<String, Split> byKey = new TreeMap<>();
            splits.splits().get(i).forEach((split, content) -> byKey.put(split.key(), content));
            DatasetSource source = request.getSources(i);
            sources.add(new DatasetManifest.Source(source.getName(), weights[i], source.getMaximumEpochs(), byKey));
        }
        return sources;
    }

    /** Requested weights, or by default the training tokens, scaled to sum to 1. */
    private double[] weights(PrepareDatasetRequest request) {
        int count = request.getSourcesCount();
        double[] weights = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            weights[i] = train(i).tokens() == 0 ? 0 : request.getSources(i).getWeight();
            sum += weights[i];
        }
        boolean given = sum > 0;
        double scale = given ? sum : total(SplitName.TRAIN, Split::tokens);
        for (int i = 0; i < count; i++) {
            weights[i] = (given ? weights[i] : train(i).tokens()) / scale;
        }
        return weights;
    }

    private Split train(int source) {
        return splits.splits().get(source).get(SplitName.TRAIN);
    }

    private long total(SplitName split, java.util.function.ToLongFunction<Split> figure) {
        return splits.splits().stream()
                .mapToLong(bySplit -> figure.applyAsLong(bySplit.get(split)))
                .sum();
    }
}
