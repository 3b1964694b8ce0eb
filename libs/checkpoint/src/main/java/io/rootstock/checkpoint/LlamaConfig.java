package io.rootstock.checkpoint;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.OptionalInt;

/**
 * Configuration of a model of the Llama architecture or a related {@link ModelFamily}, with Hugging Face's meanings.
 *
 * @param vocabularySize V, number of tokens including special tokens
 * @param dimension D, size of the hidden state
 * @param layers number of blocks
 * @param heads H, number of query heads
 * @param keyValueHeads K, number of key and value heads; divides H
 * @param headDimension hd, size of a head; even; D / H by default
 * @param feedForward F, inner size of the feed-forward layers
 * @param contextLength maximum sequence length in tokens
 * @param normEpsilon epsilon of RMSNorm
 * @param ropeTheta base of the rotary embedding
 * @param tiedEmbeddings whether the output projection is the embedding matrix
 * @param bosId {@code bos_token_id}; empty: null
 * @param eosIds {@code eos_token_id}: generation ends at these tokens, the first is EOS
 * @param family differences from Llama
 * @param ropeScaling scaling of the rotary frequencies
 */
@RecordBuilder
public record LlamaConfig(
        int vocabularySize,
        int dimension,
        int layers,
        int heads,
        int keyValueHeads,
        int headDimension,
        int feedForward,
        int contextLength,
        double normEpsilon,
        double ropeTheta,
        boolean tiedEmbeddings,
        OptionalInt bosId,
        List<Integer> eosIds,
        ModelFamily family,
        RopeScaling ropeScaling)
        implements LlamaConfigBuilder.With {
    public LlamaConfig {
        requirePositive("vocabularySize", vocabularySize);
        requirePositive("dimension", dimension);
        requirePositive("layers", layers);
        requirePositive("heads", heads);
        requirePositive("keyValueHeads", keyValueHeads);
        requirePositive("headDimension", headDimension);
        requirePositive("feedForward", feedForward);
        requirePositive("contextLength", contextLength);
        require(heads % keyValueHeads == 0, "keyValueHeads " + keyValueHeads + " must divide heads " + heads);
        require(headDimension % 2 == 0, "headDimension must be even, was " + headDimension);
        require(normEpsilon > 0 && normEpsilon < 1, "normEpsilon must lie between 0 and 1, was " + normEpsilon);
        require(ropeTheta > 0 && Double.isFinite(ropeTheta), "ropeTheta must be positive, was " + ropeTheta);
        eosIds = List.copyOf(eosIds);
        require(!eosIds.isEmpty(), "eosIds must name at least one token");
        bosId.ifPresent(id -> requireToken("bosId", id, vocabularySize));
        eosIds.forEach(id -> requireToken("eosId", id, vocabularySize));
    }

    /** A Llama model without RoPE scaling. */
    public LlamaConfig(
            int vocabularySize,
            int dimension,
            int layers,
            int heads,
            int keyValueHeads,
            int headDimension,
            int feedForward,
            int contextLength,
            double normEpsilon,
            double ropeTheta,
            boolean tiedEmbeddings,
            int bosId,
            int eosId) {
        this(
                vocabularySize,
                dimension,
                layers,
                heads,
                keyValueHeads,
                headDimension,
                feedForward,
                contextLength,
                normEpsilon,
                ropeTheta,
                tiedEmbeddings,
                OptionalInt.of(bosId),
                List.of(eosId),
                ModelFamily.LLAMA,
                RopeScaling.NONE);
    }

    /** EOS, the first of {@link #eosIds}. */
    public int eosId() {
        return eosIds.getFirst();
    }

    private static void requireToken(String name, int id, int vocabularySize) {
        require(id >= 0 && id < vocabularySize, name + " " + id + " is not an id below " + vocabularySize);
    }

    private static void requirePositive(String name, int value) {
        require(value > 0, name + " must be at least 1, was " + value);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
