package io.rootstock.dataset;

import com.fasterxml.jackson.annotation.JsonProperty;
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
 * Contents of a prepared dataset; a JSON artifact whose digest identifies the dataset.
 *
 * <p>Serialization is deterministic, so that equal contents have equal digests: maps are sorted, and no time is
 * written.
 *
 * @param formatVersion {@link #FORMAT_VERSION}
 * @param kind kind of the rows
 * @param tokenizerDigest {@code sha256:hex} of the tokenizer directory used
 * @param vocabularySize exclusive upper bound of the tokens
 * @param addBos whether documents and labelled texts begin with the tokenizer's BOS token
 * @param eosId EOS, the token that ends a document or a labelled text
 * @param maxTokens maximum length of an instruction or classification row; 0 for pre-training
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
        @JsonProperty("maximumTokens") int maxTokens,
        List<String> labels,
        List<Source> sources) {

    /** Version number of the manifest format; readers reject all others. */
    public static final int FORMAT_VERSION = 3;

    /** Version whose texts to classify end with EOS; equal for other kinds (decision 0114). */
    private static final int WITH_EOS = 2;

    /** Key of the training split in {@link Source#splits()}. */
    public static final String TRAIN = "train";

    /** Key of the validation split, whose loss steers training. */
    public static final String VALIDATION = "validation";

    /** Key of the test split, which is evaluated once, at the end. */
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
     * One source with its sampling weight.
     *
     * @param name name shown in the mixture table
     * @param weight normalized sampling weight; the weights of all sources sum to 1
     * @param maximumEpochs maximum passes over the source; 0: unlimited
     * @param splits splits by {@link #TRAIN}, {@link #VALIDATION} and {@link #TEST}; includes splits without rows
     */
    public record Source(String name, double weight, double maximumEpochs, Map<String, Split> splits) {
        public Source {
            splits = Collections.unmodifiableMap(new TreeMap<>(splits));
        }

        /** Returns the split of that name; {@link Split#EMPTY} if it does not exist. */
        public Split split(String key) {
            return splits.getOrDefault(key, Split.EMPTY);
        }
    }

    /**
     * One split of a source.
     *
     * @param rows number of rows or documents
     * @param tokens number of tokens, special tokens included
     * @param lossTokens number of tokens that count in the loss
     * @param bytes UTF-8 bytes of the text of the loss tokens
     * @param characters Unicode code points of that text
     * @param shards shards with the rows, in order
     */
    public record Split(
            long rows, long tokens, long lossTokens, long bytes, long characters, List<ShardReference> shards) {
        /** Split without any rows. */
        public static final Split EMPTY = new Split(0, 0, 0, 0, 0, List.of());

        public Split {
            shards = List.copyOf(shards);
        }
    }

    /**
     * Reference to a shard file in the artifact store.
     *
     * @param digest {@code sha256:hex}
     * @param rows number of rows
     * @param tokens number of tokens
     */
    public record ShardReference(String digest, long rows, long tokens) {}

    /**
     * Reads a manifest from the store, which verifies its digest.
     *
     * @throws InvalidDatasetException if the artifact is not a manifest of this version
     */
    public static DatasetManifest read(ArtifactStore store, Digest digest) {
        try {
            JsonNode tree = JSON.readTree(store.readAll(digest));
            int version = tree.path("formatVersion").asInt();
            boolean classification =
                    DatasetKind.CLASSIFICATION.name().equals(tree.path("kind").asText());
            if (version != FORMAT_VERSION && (version != WITH_EOS || classification)) {
                throw new InvalidDatasetException("dataset manifest " + digest.value() + " has format version "
                        + version + ", this reads " + FORMAT_VERSION + ": prepare the dataset again");
            }
            return JSON.treeToValue(tree, DatasetManifest.class);
        } catch (IOException e) {
            throw new InvalidDatasetException(digest.value() + " is not a dataset manifest", e);
        }
    }

    /** Stores the manifest and returns its digest. */
    public Digest write(ArtifactStore store) {
        try (ArtifactWriter writer = store.create()) {
            writer.write(json());
            return writer.commit();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot store the dataset manifest", e);
        }
    }

    /** Returns the manifest as the bytes of its artifact. */
    public byte[] json() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a dataset manifest is always serialisable", e);
        }
    }
}
