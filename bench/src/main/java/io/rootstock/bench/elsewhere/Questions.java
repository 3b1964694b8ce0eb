package io.rootstock.bench.elsewhere;

import io.rootstock.bench.BenchmarkData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** Prompts and conversations that every model is tested with. */
final class Questions {
    private static final int COUNT = 40;
    private static final int FIRST = 450_000;

    /**
     * A turn of a conversation.
     *
     * @param role {@code system}, {@code user} or {@code assistant}
     */
    record Turn(String role, String content) {}

    private Questions() {}

    /** Beginnings of texts, from a part that is in no training data. */
    static List<String> prompts() throws IOException {
        List<String> lines = lines();
        List<String> prompts = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            prompts.add(i % 8 == 7 ? "  " + lines.get(i) : lines.get(i));
        }
        return prompts;
    }

    /** Conversations of one to five turns: system prompts, code, other scripts. */
    static List<List<Turn>> conversations() throws IOException {
        List<String> lines = lines();
        List<List<Turn>> conversations = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            List<Turn> turns = new ArrayList<>();
            if (i % 4 == 1) {
                turns.add(new Turn("system", "Answer briefly."));
            }
            if (i % 4 >= 2) {
                turns.add(new Turn("user", lines.get(COUNT + i)));
                turns.add(new Turn("assistant", lines.get(2 * COUNT + i)));
            }
            turns.add(new Turn("user", content(i, lines.get(3 * COUNT + i))));
            conversations.add(turns);
        }
        return conversations;
    }

    private static String content(int number, String line) {
        return switch (number % 10) {
            case 7 -> "안녕하세요, 오늘 날씨가 어때요?";
            case 8 -> "for (int i = 0; i < 10; i++) {\n    sum += values[i];\n}";
            case 9 -> "What is <b>this</b>: " + line;
            default -> "What does this mean: " + line;
        };
    }

    private static List<String> lines() throws IOException {
        return Files.readString(BenchmarkData.file("tinyshakespeare.txt"))
                .substring(FIRST)
                .lines()
                .filter(line -> line.length() > 20)
                .toList();
    }
}
