package io.rootstock.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a prepared dataset consists of; a JSON artifact whose digest names the dataset.
 *
 * <p>The same content gives the same bytes and so the same digest: maps are sorted, no time is written.
 *
 * @param formatVersion {@link #FORMAT_VERSION}
 * @param kind what the rows are
 * @param tokenizerDigest {@code sha256:hex} of the tokenizer directory the text was tokenized with
 * @param vocabularySize every token is below it
 * @param addBos whether documents and labelled texts begin with the tokenizer's BOS token
 * @param eosId EOS, the token that ends a document or a labelled text
 * @param maximumTokens longest instruction or classification row; 0 for pre-training
 * @param labels class labels in id order; empty unless CLASSIFICATION
 * @param sources the mixture
 */
public record DatasetManifest(
        int formatVersion,
        DatasetKind kind,
        String tokenizerDigest,
        int vocabularySize,
        boolean addBos,
        int eosId,
        int maximumTokens,
        List<String> labels,
        List<Source> sources) {

    /** The version written and read here. */
    public static final int FORMAT_VERSION = 2;

    /** Key of the training rows in {@link Source#splits()}. */
    public static final String TRAIN = "train";

    /** Key of the rows that steer training (validation loss). */
    public static final String VALIDATION = "validation";

    /** Key of the rows that are looked at last and once. */
    public static final String TEST = "test";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    public DatasetManifest {
        labels = List.copyOf(labels);
        sources = List.copyOf(sources);
    }

    /**
     * One weighted source.
     *
     * @param name shown in the mixture table
     * @param weight normalised sampling weight; those of all sources sum to 1
     * @param maximumEpochs most passes over the source; 0: no cap
     * @param splits by {@link #TRAIN}, {@link #VALIDATION} and {@link #TEST}; a split without rows is present too
     */
    public record Source(String name, double weight, double maximumEpochs, Map<String, Split> splits) {
        public Source {
            splits = Collections.unmodifiableMap(new TreeMap<>(splits));
        }

        /** The split of that name; {@link Split#EMPTY} where there is none. */
        public Split split(String key) {
            return splits.getOrDefault(key, Split.EMPTY);
        }
    }

    /**
     * One split of a source.
     *
     * @param rows rows or documents
     * @param tokens tokens, special ones included
     * @param lossTokens tokens that are predicted and count for the loss
     * @param bytes UTF-8 bytes of the text behind the loss tokens
     * @param characters Unicode code points of the same text
     * @param shards where the rows are, in order
     */
    public record Split(
            long rows, long tokens, long lossTokens, long bytes, long characters, List<ShardReference> shards) {
        /** A split without rows. */
        public static final Split EMPTY = new Split(0, 0, 0, 0, 0, List.of());

        public Split {
            shards = List.copyOf(shards);
        }
    }

    /**
     * A shard file in the artifact store.
     *
     * @param digest {@code sha256:hex}
     * @param rows its rows
     * @param tokens its tokens
     */
    public record ShardReference(String digest, long rows, long tokens) {}

    /**
     * Reads a manifest from the store; its bytes are verified against the digest.
     *
     * @throws InvalidDatasetException where the artifact is no manifest of this version
     */
    public static DatasetManifest read(ArtifactStore store, Digest digest) {
        try {
            JsonNode tree = JSON.readTree(store.readAll(digest));
            int version = tree.path("formatVersion").asInt();
            if (version != FORMAT_VERSION) {
                throw new InvalidDatasetException("dataset manifest " + digest.value() + " has format version "
                        + version + ", this reads " + FORMAT_VERSION + ": prepare the dataset again");
            }
            return JSON.treeToValue(tree, DatasetManifest.class);
        } catch (IOException e) {
            throw new InvalidDatasetException(digest.value() + " is no dataset manifest", e);
        }
    }

    /** Stores the manifest and returns its digest. */
    public Digest write(ArtifactStore store) {
        try (ArtifactWriter writer = store.create()) {
            writer.write(bytes());
            return writer.commit();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot store the dataset manifest", e);
        }
    }

    private byte[] bytes() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a dataset manifest is always serialisable", e);
        }
    }
}
