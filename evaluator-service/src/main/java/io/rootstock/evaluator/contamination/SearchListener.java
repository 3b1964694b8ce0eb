package io.rootstock.evaluator.contamination;

/** Observes a search. */
public interface SearchListener {
    /**
     * The search begins.
     *
     * @param totalBytes bytes of the shards that will be read
     */
    void begin(long totalBytes);

    /**
     * Bytes of a shard were read. Throws if the search must stop.
     *
     * @param dataset datasets/{dataset}
     * @param bytes since the last call; 0 to ask whether the search must stop
     */
    void read(String dataset, long bytes);
}
