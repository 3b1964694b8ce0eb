package io.rootstock.corpus.engine.stage;

/** Paths in the workspace, and names of stages, parameters and reasons. */
public final class Layout {
    /** Stage that reads sources and applies steps; its documents. */
    public static final String READ = "read";
    /** Stage that removes documents with the address of an earlier one. */
    public static final String URLS = "url-duplicates";
    /** Stage that removes documents with the text of an earlier one. */
    public static final String CONTENTS = "content-duplicates";
    /** Stage that counts lines; the step that removes them. */
    public static final String LINES = "repeated-lines";
    /** Stage that writes documents without repeated lines; its documents. */
    public static final String STRIP = "stripped";
    /** Stage that stores MinHash signatures. */
    public static final String SIGNATURES = "signatures";
    /** Stage that finds pairs of similar documents. */
    public static final String PAIRS = "similar-pairs";
    /** Stage that joins pairs to components. */
    public static final String COMPONENTS = "components";
    /** Step that removes all documents of a component but the first. */
    public static final String NEAR = "near-duplicates";
    /** Stage that writes the survivors; the documents of the result. */
    public static final String OUTPUT = "output";

    static final String READER = "reader";
    static final String STEPS = "steps";
    static final String DOCUMENTS = "documents";
    static final String EXACT = "exact";
    static final String KIND = "kind";
    static final String BUCKETS = "buckets";
    static final String MAX_DOCUMENTS = "most-documents";
    static final String BANDS = "bands";
    static final String ROWS = "rows";
    static final String NGRAM = "ngram";
    static final String MIN_SIMILARITY = "least-similarity";
    static final String TOTAL = "total";

    private Layout() {}

    /** Path of a unit's documents in a stage. */
    public static String documents(String stage, int unit) {
        return "%s/%06d.unit".formatted(stage, unit);
    }

    static String keys(int unit) {
        return "%s/%06d.keys".formatted(READ, unit);
    }

    static String lanes(int unit) {
        return "%s/%06d.lanes".formatted(SIGNATURES, unit);
    }

    /** Path of a bucket's result in an exchange. */
    static String bucket(String exchange, int bucket) {
        return "%s/%06d.arrays".formatted(exchange, bucket);
    }

    static String roots() {
        return COMPONENTS + "/roots.arrays";
    }
}
