package io.rootstock.checkpoint;

import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * The shape of a model of the Llama architecture or of a {@link ModelFamily} near it, with Hugging Face's meanings.
 *
 * @param vocabularySize V, tokens including the special ones
 * @param dimension D, width of the hidden state
 * @param layers number of blocks
 * @param heads H, query heads
 * @param keyValueHeads K, key and value heads; divides H
 * @param headDimension hd, width of a head; even; D / H unless stated otherwise
 * @param feedForward F, width inside the feed-forward part
 * @param contextLength longest sequence in tokens
 * @param normEpsilon epsilon of RMSNorm
 * @param ropeTheta base of the rotary embedding
 * @param tiedEmbeddings whether the output projection is the embedding matrix
 * @param bosId id of the token that begins a text
 * @param eosId id of the token that ends a text
 * @param family in what it differs from Llama
 * @param ropeScaling how its rotary frequencies are changed
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
        int bosId,
        int eosId,
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
        require(bosId >= 0 && bosId < vocabularySize, "bosId " + bosId + " is no token of " + vocabularySize);
        require(eosId >= 0 && eosId < vocabularySize, "eosId " + eosId + " is no token of " + vocabularySize);
    }

    /** A Llama model without scaled frequencies. */
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
                bosId,
                eosId,
                ModelFamily.LLAMA,
                RopeScaling.NONE);
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
