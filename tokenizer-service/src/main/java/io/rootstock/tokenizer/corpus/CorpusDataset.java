package io.rootstock.tokenizer.corpus;

import io.rootstock.corpus.engine.job.CorpusReport;
import io.rootstock.corpus.engine.job.SourceReport;
import io.rootstock.corpus.engine.job.SourceReport.SplitReport;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.SourceStatistics;
import io.rootstock.tokenizer.v1.SplitStatistics;
import java.util.List;
import java.util.function.ToLongFunction;

/** The dataset of a corpus as a resource. */
final class CorpusDataset {
    private CorpusDataset() {}

    /**
     * Describes a dataset.
     *
     * @param manifest its manifest
     * @param report report of the corpus, whose sources are those of the manifest
     */
    static Dataset.Builder describe(DatasetManifest manifest, CorpusReport report) {
        Dataset.Builder dataset = Dataset.newBuilder()
                .setKind(DatasetKind.DATASET_KIND_PRETRAINING)
                .setTokenizerDigest(manifest.tokenizerDigest());
        for (int i = 0; i < manifest.sources().size(); i++) {
            DatasetManifest.Source source = manifest.sources().get(i);
            DatasetManifest.Split train = source.split(DatasetManifest.TRAIN);
            dataset.addSources(SourceStatistics.newBuilder()
                    .setName(source.name())
                    .setBytes(train.bytes())
                    .setTokens(train.tokens())
                    .setTextTokens(training(report.sources().get(i), SplitReport::textTokens))
                    .setRows(train.rows())
                    .setWeight(source.weight())
                    .setMaximumEpochs(source.maximumEpochs()));
        }
        for (String name : List.of(DatasetManifest.TRAIN, DatasetManifest.VALIDATION, DatasetManifest.TEST)) {
            List<DatasetManifest.Split> splits = manifest.sources().stream()
                    .map(source -> source.split(name))
                    .toList();
            dataset.addSplits(SplitStatistics.newBuilder()
                    .setSplit(name)
                    .setRows(sum(splits, DatasetManifest.Split::rows))
                    .setTokens(sum(splits, DatasetManifest.Split::tokens))
                    .setLossTokens(sum(splits, DatasetManifest.Split::lossTokens))
                    .setBytes(sum(splits, DatasetManifest.Split::bytes))
                    .setCharacters(sum(splits, DatasetManifest.Split::characters)));
        }
        return dataset;
    }

    /** Bytes per token of all training documents; 0 if there are none. */
    static double bytesPerToken(CorpusReport report) {
        long tokens = 0;
        long bytes = 0;
        for (SourceReport source : report.sources()) {
            tokens += training(source, SplitReport::textTokens);
            bytes += training(source, SplitReport::textBytes);
        }
        return tokens == 0 ? 0 : (double) bytes / tokens;
    }

    private static long training(SourceReport source, ToLongFunction<SplitReport> figure) {
        return source.splits().stream()
                .filter(split -> split.split().equals(DatasetManifest.TRAIN))
                .mapToLong(figure)
                .sum();
    }

    private static long sum(List<DatasetManifest.Split> splits, ToLongFunction<DatasetManifest.Split> figure) {
        return splits.stream().mapToLong(figure).sum();
    }
}
