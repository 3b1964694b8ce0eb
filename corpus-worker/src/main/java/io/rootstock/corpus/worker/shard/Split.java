package io.rootstock.corpus.worker.shard;

import io.rootstock.dataset.DatasetManifest;

/** Split of a corpus. */
enum Split {
    TRAIN(DatasetManifest.TRAIN),
    VALIDATION(DatasetManifest.VALIDATION),
    TEST(DatasetManifest.TEST);

    private final String key;

    Split(String key) {
        this.key = key;
    }

    /** Name in manifests and reports. */
    String key() {
        return key;
    }
}
