package io.rootstock.tokenizer.split;

import io.rootstock.dataset.DatasetManifest;
import java.util.Arrays;
import java.util.Optional;

/** Split of a dataset: train, validation or test. */
public enum SplitName {
    TRAIN(DatasetManifest.TRAIN),
    VALIDATION(DatasetManifest.VALIDATION),
    TEST(DatasetManifest.TEST);

    private final String key;

    SplitName(String key) {
        this.key = key;
    }

    /** Name in requests and manifests. */
    public String key() {
        return key;
    }

    public static Optional<SplitName> of(String key) {
        return Arrays.stream(values()).filter(split -> split.key.equals(key)).findFirst();
    }
}
