package io.rootstock.trainer.plan;

import static io.rootstock.trainer.plan.RefusedSpecException.unless;

import io.rootstock.trainer.v1.Architecture;

/**
 * Default architecture by depth: the number of layers determines width, heads, feed-forward width and context. Explicit
 * fields override the defaults.
 *
 * <p>Depth d gives d layers of width 64 d; heads of 32 below width 512 and of 64 from there; half as many key/value
 * heads; a SwiGLU width of 8/3 of the model's, rounded to 32; tied embeddings while the embedding would be a large part
 * of the model.
 */
final class ArchitectureRule {
    private static final int DEFAULT_DEPTH = 4;
    private static final int MAX_LAYERS = 256;
    private static final int MAX_CONTEXT = 131_072;
    private static final int UNTIED_FROM_DEPTH = 24;
    private static final double DEFAULT_ROPE_THETA = 10_000.0;

    private ArchitectureRule() {}

    static Architecture resolve(Architecture asked, int vocabularySize) {
        int depth = asked.getDepth() == 0 ? DEFAULT_DEPTH : asked.getDepth();
        unless(
                depth >= 1 && depth <= MAX_LAYERS,
                "architecture.depth",
                "must be 1 to " + MAX_LAYERS + ", was " + depth);
        int dimension = asked.hasDimension() ? asked.getDimension() : 64 * depth;
        unless(dimension >= 8 && dimension <= 65_536, "architecture.dimension", "must be 8 to 65536, was " + dimension);
        int heads = asked.hasHeads() ? asked.getHeads() : automaticHeads(dimension);
        unless(
                heads >= 1 && dimension % heads == 0 && dimension / heads % 2 == 0,
                "architecture.heads",
                "must divide the dimension " + dimension + " into heads of an even width, was " + heads);
        int keyValueHeads = asked.hasKeyValueHeads() ? asked.getKeyValueHeads() : heads % 2 == 0 ? heads / 2 : heads;
        unless(
                keyValueHeads >= 1 && heads % keyValueHeads == 0,
                "architecture.key_value_heads",
                "must divide the number of heads " + heads + ", was " + keyValueHeads);
        int feedForward = asked.hasFeedForward() ? asked.getFeedForward() : nearest(dimension * 8.0 / 3.0, 32);
        unless(
                feedForward >= 1 && feedForward <= 1 << 20,
                "architecture.feed_forward",
                "must be 1 to 1048576, was " + feedForward);
        int context = asked.hasContextLength() ? asked.getContextLength() : depth <= 8 ? 256 : 1024;
        unless(
                context >= 8 && context <= MAX_CONTEXT,
                "architecture.context_length",
                "must be 8 to " + MAX_CONTEXT + ", was " + context);
        double theta = asked.hasRopeTheta() ? asked.getRopeTheta() : DEFAULT_ROPE_THETA;
        unless(
                theta > 1.0 && Double.isFinite(theta),
                "architecture.rope_theta",
                "must be a finite number above 1, was " + theta);
        unless(
                !asked.hasHeadDimension() && !asked.hasRopeScaling() && asked.getFamilyValue() == 0,
                "architecture",
                "must not set head_dimension, family or rope_scaling, which only imported bases have");
        unless(vocabularySize >= 2, "architecture.vocabulary_size", "must be at least 2, was " + vocabularySize);
        return Architecture.newBuilder()
                .setDepth(depth)
                .setDimension(dimension)
                .setHeads(heads)
                .setKeyValueHeads(keyValueHeads)
                .setFeedForward(feedForward)
                .setContextLength(context)
                .setTiedEmbeddings(asked.hasTiedEmbeddings() ? asked.getTiedEmbeddings() : depth < UNTIED_FROM_DEPTH)
                .setRopeTheta(theta)
                .setVocabularySize(vocabularySize)
                .build();
    }

    private static int automaticHeads(int dimension) {
        int width = dimension < 512 ? 32 : 64;
        for (int heads = Math.max(1, dimension / width); heads > 1; heads--) {
            if (dimension % heads == 0 && dimension / heads % 2 == 0) {
                return heads;
            }
        }
        return 1;
    }

    private static int nearest(double value, int multiple) {
        return Math.max(multiple, (int) Math.round(value / multiple) * multiple);
    }
}
