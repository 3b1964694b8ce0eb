package io.rootstock.trainer.data.mixture;

import io.rootstock.dataset.DatasetKind;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.DatasetManifest.Source;
import io.rootstock.dataset.DatasetManifest.Split;
import io.rootstock.trainer.plan.MixtureRule;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.v1.MixtureSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Builds the manifest of a mixture from the manifests of its datasets; shards are referred to, not copied. */
final class MixedManifest {
    private static final String DATASETS = "datasets/";
    private static final int MIN_TOKENS = 2;

    private MixedManifest() {}

    /** Name of a source: {@code dataset} or {@code dataset/source}; of an unnamed dataset its digest. */
    static String name(MixtureSource source) {
        String dataset = source.getDataset().isEmpty() ? source.getDatasetDigest() : source.getDataset();
        String id = dataset.startsWith(DATASETS) ? dataset.substring(DATASETS.length()) : dataset;
        return source.getSource().isEmpty() ? id : id + "/" + source.getSource();
    }

    /** Rejects datasets that are not for pre-training, or have different tokenizers. */
    static void requireFitting(List<DatasetManifest> manifests) {
        DatasetManifest first = manifests.getFirst();
        for (int i = 0; i < manifests.size(); i++) {
            DatasetManifest manifest = manifests.get(i);
            String field = MixtureRule.source(i) + ".dataset";
            if (manifest.kind() != DatasetKind.PRETRAINING) {
                throw new RefusedSpecException(
                        field,
                        "is a dataset of kind " + manifest.kind() + ", a mixture needs " + DatasetKind.PRETRAINING);
            }
            if (!manifest.tokenizerDigest().equals(first.tokenizerDigest())
                    || manifest.vocabularySize() != first.vocabularySize()
                    || manifest.addBos() != first.addBos()
                    || manifest.eosId() != first.eosId()) {
                throw new RefusedSpecException(
                        field,
                        "was prepared with another tokenizer than the dataset of sources[0]; prepare it with the same"
                                + " tokenizer");
            }
        }
    }

    /** Returns the source of a dataset that the mixture names, or all its sources as one; its weight is 1. */
    static Source source(DatasetManifest manifest, MixtureSource wanted, int index) {
        List<Source> chosen = manifest.sources().stream()
                .filter(source ->
                        wanted.getSource().isEmpty() || wanted.getSource().equals(source.name()))
                .toList();
        if (chosen.isEmpty()) {
            throw new RefusedSpecException(
                    MixtureRule.source(index) + ".source",
                    "is not a source of the dataset, was '" + wanted.getSource() + "'; its sources: "
                            + manifest.sources().stream().map(Source::name).collect(Collectors.joining(", ")));
        }
        Map<String, Split> splits = new TreeMap<>();
        for (Source source : chosen) {
            source.splits().forEach((split, rows) -> splits.merge(split, rows, MixedManifest::sum));
        }
        Source whole = new Source(name(wanted), 1.0, wanted.getEpochs(), splits);
        if (whole.split(DatasetManifest.TRAIN).tokens() < MIN_TOKENS) {
            throw new RefusedSpecException(MixtureRule.source(index) + ".dataset", "has no training rows");
        }
        return whole;
    }

    /** Returns the manifest of the sources with these weights; all other properties are the dataset's. */
    static DatasetManifest of(DatasetManifest dataset, List<Source> sources, List<Double> weights) {
        List<Source> weighted = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            Source source = sources.get(i);
            weighted.add(new Source(source.name(), weights.get(i), source.maximumEpochs(), source.splits()));
        }
        return new DatasetManifest(
                dataset.formatVersion(),
                dataset.kind(),
                dataset.tokenizerDigest(),
                dataset.vocabularySize(),
                dataset.addBos(),
                dataset.eosId(),
                dataset.maxTokens(),
                dataset.labels(),
                weighted);
    }

    private static Split sum(Split first, Split second) {
        return new Split(
                first.rows() + second.rows(),
                first.tokens() + second.tokens(),
                first.lossTokens() + second.lossTokens(),
                first.bytes() + second.bytes(),
                first.characters() + second.characters(),
                Stream.concat(first.shards().stream(), second.shards().stream()).toList());
    }
}
