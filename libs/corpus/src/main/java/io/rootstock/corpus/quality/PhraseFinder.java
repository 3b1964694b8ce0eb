package io.rootstock.corpus.quality;

import java.util.Arrays;

/** Finds phrases of lower-case ASCII in a text, regardless of the ASCII case of the text. */
final class PhraseFinder {
    /** Letters from the most frequent to the rarest in English; characters not listed are rarer. */
    private static final String BY_FREQUENCY = " etaoinsrhldcumfpgwybvkxjqz";

    private final byte[][] phrases;
    private final int[] masks;
    private final int[] triggerOffsets;
    /** Numbers of the phrases that are tried at a byte. */
    private final int[][] byTrigger = new int[256][];

    /** @param groups phrases; those of group g set bit g of {@link #find} */
    PhraseFinder(String[]... groups) {
        int count = 0;
        for (String[] group : groups) {
            count += group.length;
        }
        phrases = new byte[count][];
        masks = new int[count];
        triggerOffsets = new int[count];
        int phrase = 0;
        for (int group = 0; group < groups.length; group++) {
            for (String text : groups[group]) {
                phrases[phrase] = new byte[text.length()];
                for (int index = 0; index < text.length(); index++) {
                    phrases[phrase][index] = (byte) text.charAt(index);
                }
                masks[phrase] = 1 << group;
                triggerOffsets[phrase] = rarest(text);
                char trigger = text.charAt(triggerOffsets[phrase]);
                addTrigger(trigger, phrase);
                if (Character.toUpperCase(trigger) != trigger) {
                    addTrigger(Character.toUpperCase(trigger), phrase);
                }
                phrase++;
            }
        }
    }

    private static int rarest(String text) {
        int rarest = 0;
        for (int index = 0; index < text.length(); index++) {
            if (rank(text.charAt(index)) > rank(text.charAt(rarest))) {
                rarest = index;
            }
        }
        return rarest;
    }

    private static int rank(char letter) {
        int rank = BY_FREQUENCY.indexOf(letter);
        return rank < 0 ? Integer.MAX_VALUE : rank;
    }

    private void addTrigger(char trigger, int phrase) {
        int[] before = byTrigger[trigger] == null ? new int[0] : byTrigger[trigger];
        int[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = phrase;
        byTrigger[trigger] = after;
    }

    /** Returns the bits of all groups with a phrase in a range. */
    int find(byte[] utf8, int from, int to) {
        int found = 0;
        for (int at = from; at < to; at++) {
            int[] candidates = byTrigger[utf8[at] & 0xFF];
            if (candidates != null) {
                for (int phrase : candidates) {
                    if ((found & masks[phrase]) == 0
                            && matches(utf8, at - triggerOffsets[phrase], from, to, phrases[phrase])) {
                        found |= masks[phrase];
                    }
                }
            }
        }
        return found;
    }

    private static boolean matches(byte[] utf8, int at, int from, int to, byte[] phrase) {
        if (at < from || at + phrase.length > to) {
            return false;
        }
        for (int index = 0; index < phrase.length; index++) {
            int letter = utf8[at + index];
            int lower = letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
            if (lower != phrase[index]) {
                return false;
            }
        }
        return true;
    }
}
