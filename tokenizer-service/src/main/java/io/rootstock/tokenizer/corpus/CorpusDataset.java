package io.rootstock.tokenizer.corpus;

import io.rootstock.corpus.engine.job.CorpusReport;
import io.rootstock.corpus.engine.job.SourceReport;
import io.rootstock.corpus.engine.job.SplitReport;
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
                    .setTextTokens(textTokens(report.sources().get(i)))
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

    private static long textTokens(SourceReport source) {
        return source.splits().stream()
                .filter(split -> split.split().equals(DatasetManifest.TRAIN))
                .mapToLong(SplitReport::textTokens)
                .sum();
    }

    private static long sum(List<DatasetManifest.Split> splits, ToLongFunction<DatasetManifest.Split> figure) {
        return splits.stream().mapToLong(figure).sum();
    }
}
