package io.rootstock.encoding.format;

import io.rootstock.encoding.SampleText;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/** Texts that tokenizers split differently if they differ: all Unicode blocks, long runs, all kinds of neighbours. */
final class HardTexts {
    private HardTexts() {}

    /** Real code, random text, and every block of Unicode. */
    static List<String> all() {
        return withBlocks(texts(400_000, 3_000));
    }

    /** As {@link #all}, with less real and random text, for slow tokenizers. */
    static List<String> few() {
        return withBlocks(fewest());
    }

    /** As {@link #few}, without the blocks of Unicode. */
    static List<String> fewest() {
        return texts(60_000, 500);
    }

    private static List<String> withBlocks(List<String> texts) {
        texts.addAll(blocks(codePoint -> true));
        return texts;
    }

    private static List<String> texts(int characters, int randomTexts) {
        List<String> texts = new ArrayList<>();
        String real = SampleText.real(characters);
        for (int from = 0; from < real.length(); from += 5_003) {
            texts.add(real.substring(from, Math.min(real.length(), from + 5_003)));
        }
        Random random = new Random(11);
        for (int round = 0; round < randomTexts; round++) {
            texts.add(SampleText.random(random, random.nextInt(120)));
        }
        texts.addAll(runs());
        return texts;
    }

    /** Each block of 128 assigned code points as they are, between blanks, between letters and digits. */
    static List<String> blocks(Predicate<Integer> included) {
        List<String> texts = new ArrayList<>();
        for (int block = 0; block <= Character.MAX_CODE_POINT; block += 128) {
            StringBuilder plain = new StringBuilder();
            StringBuilder mixed = new StringBuilder();
            for (int codePoint = block; codePoint < block + 128; codePoint++) {
                int type = Character.getType(codePoint);
                if (type != Character.SURROGATE
                        && type != Character.UNASSIGNED
                        && type != Character.PRIVATE_USE
                        && included.test(codePoint)) {
                    plain.appendCodePoint(codePoint);
                    String character = Character.toString(codePoint);
                    mixed.append(' ')
                            .append(character)
                            .append('a')
                            .append(character)
                            .append("1'")
                            .append(character);
                    mixed.append("\n ")
                            .append(character)
                            .append(character)
                            .append("A ")
                            .append(character);
                }
            }
            if (!plain.isEmpty()) {
                texts.add(plain.toString());
                texts.add(mixed.toString());
            }
        }
        return texts;
    }

    private static List<String> runs() {
        List<String> texts = new ArrayList<>();
        for (String unit : List.of("a", " ", "\n", "aA", "ab ", "1", "!", "'s", "\t\n", "가", "🦀", "ſ", "e\u0301")) {
            for (int count : new int[] {1, 2, 15, 16, 17, 63, 64, 65, 127, 128, 129, 1_000}) {
                texts.add(unit.repeat(count));
                texts.add("x" + unit.repeat(count) + "\n y");
            }
        }
        return texts;
    }
}
