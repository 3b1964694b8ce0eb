package io.rootstock.corpus.html;

import java.util.ArrayList;
import java.util.List;

/**
 * Selects the blocks of the main content by length and link density, as jusText does
 * (https://github.com/miso-belica/jusText/blob/main/doc/algorithm.rst), without its stop words.
 */
final class BlockSelector {
    private static final int LONG = 100;
    private static final int SENTENCE = 40;
    private static final double FEW_LINKS = 0.33;
    private static final double MANY_LINKS = 0.6;
    private static final int HEADING_DISTANCE = 3;

    private enum Quality {
        GOOD,
        SHORT,
        BAD
    }

    private BlockSelector() {}

    /**
     * Returns the blocks to keep, in order.
     *
     * @param isContent whether the blocks lie in an element named as content, where only blocks of links are left out
     */
    static List<Block> select(List<Block> blocks, boolean isContent) {
        Quality[] qualities = new Quality[blocks.size()];
        for (int i = 0; i < qualities.length; i++) {
            qualities[i] = quality(blocks.get(i));
        }
        boolean[] kept = isContent ? withoutLinks(qualities) : nearGood(qualities);
        keepHeadings(blocks, kept);
        List<Block> selected = new ArrayList<>();
        for (int i = 0; i < kept.length; i++) {
            if (kept[i]) {
                selected.add(blocks.get(i));
            }
        }
        return selected;
    }

    /** Returns blocks with few links that are long enough for a sentence, for pages without longer ones. */
    static List<Block> selectSentences(List<Block> blocks) {
        return blocks.stream()
                .filter(block -> width(block.text()) >= SENTENCE && block.linkDensity() < FEW_LINKS)
                .toList();
    }

    private static Quality quality(Block block) {
        double links = block.linkDensity();
        int length = width(block.text());
        if (links > MANY_LINKS && length < 4 * LONG) {
            return Quality.BAD;
        }
        if (block.kind() == ElementRole.PREFORMATTED) {
            return Quality.GOOD;
        }
        boolean sentence = length >= SENTENCE && links < FEW_LINKS && endsAsSentence(block.text());
        return sentence || (length >= LONG && links <= FEW_LINKS) ? Quality.GOOD : Quality.SHORT;
    }

    /** Length of a text in which a character of Chinese, Japanese or Korean counts as two. */
    private static int width(String text) {
        int width = text.length();
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            width += character >= 0x2E80 && (character <= 0x9FFF || (character >= 0xAC00 && character <= 0xD7A3))
                    ? 1
                    : 0;
        }
        return width;
    }

    private static boolean endsAsSentence(String text) {
        return ".!?:;。！？\"”»…)".indexOf(text.charAt(text.length() - 1)) >= 0;
    }

    private static boolean[] withoutLinks(Quality[] qualities) {
        boolean[] kept = new boolean[qualities.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = qualities[i] != Quality.BAD;
        }
        return kept;
    }

    /** Keeps good blocks, and short ones whose nearest other blocks on both sides are good. */
    private static boolean[] nearGood(Quality[] qualities) {
        boolean[] kept = new boolean[qualities.length];
        boolean goodBefore = false;
        for (int i = 0; i < kept.length; i++) {
            if (qualities[i] != Quality.SHORT) {
                goodBefore = qualities[i] == Quality.GOOD;
            }
            kept[i] = goodBefore;
        }
        boolean goodAfter = false;
        for (int i = kept.length - 1; i >= 0; i--) {
            if (qualities[i] != Quality.SHORT) {
                goodAfter = qualities[i] == Quality.GOOD;
            }
            kept[i] &= goodAfter;
        }
        return kept;
    }

    /** Keeps a heading if and only if a block soon after it is kept. */
    private static void keepHeadings(List<Block> blocks, boolean[] kept) {
        int distance = HEADING_DISTANCE + 1;
        for (int i = blocks.size() - 1; i >= 0; i--) {
            if (blocks.get(i).kind() == ElementRole.HEADING) {
                kept[i] = distance <= HEADING_DISTANCE && blocks.get(i).linkDensity() <= 1;
            } else if (kept[i]) {
                distance = 0;
            }
            distance++;
        }
    }
}
