package io.rootstock.tokenizer.dataset;

import io.rootstock.dataset.DatasetManifest;
import java.util.Arrays;
import java.util.Optional;

/** Split of a dataset: train, validation or test. */
enum SplitName {
    TRAIN(DatasetManifest.TRAIN),
    VALIDATION(DatasetManifest.VALIDATION),
    TEST(DatasetManifest.TEST);

    private final String key;

    SplitName(String key) {
        this.key = key;
    }

    /** Name in requests and manifests. */
    String key() {
        return key;
    }

    static Optional<SplitName> of(String key) {
        return Arrays.stream(values()).filter(split -> split.key.equals(key)).findFirst();
    }
}
