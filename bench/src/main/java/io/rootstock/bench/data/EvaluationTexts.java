package io.rootstock.bench.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.bench.BenchmarkData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of evaluation sets, English and Korean, and generated rows of few words; and the ways in which a crawl holds them. */
final class EvaluationTexts {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SHORT_ROWS = 300;
    private static final int MIN_WORDS = 17;
    private static final int MIN_CHARACTERS = 34;

    private final List<String> english = new ArrayList<>();
    private final List<String> korean = new ArrayList<>();
    private final List<String> few = new ArrayList<>();

    /** Reads the rows, and writes them as files of one field {@code text}. */
    static EvaluationTexts write(Path folder) throws IOException {
        EvaluationTexts texts = new EvaluationTexts();
        Files.createDirectories(folder);
        for (String[] file : new String[][] {
            {"core/arc_easy.jsonl", "query"}, {"core/boolq.jsonl", "query"}, {"math/gsm8k-test.jsonl", "question"}
        }) {
            List<String> rows = new ArrayList<>();
            for (String line : Files.readAllLines(BenchmarkData.file("evaluation/" + file[0]))) {
                rows.add(JSON.readTree(line).path(file[1]).asText());
            }
            write(folder.resolve(Path.of(file[0]).getFileName()), rows);
            rows.stream().filter(row -> row.split("\\s+").length >= MIN_WORDS).forEach(texts.english::add);
        }
        List<String> reviews = Files.readAllLines(BenchmarkData.file("evaluation/korean/nsmc-test.tsv")).stream()
                .skip(1)
                .map(line -> line.split("\t", -1)[1])
                .limit(10_000)
                .toList();
        write(folder.resolve("nsmc.jsonl"), reviews);
        reviews.stream()
                .filter(row -> row.codePoints().filter(Character::isLetter).count() >= MIN_CHARACTERS
                        && row.codePoints().noneMatch(letter -> letter >= 'A' && letter <= 'z'))
                .forEach(texts.korean::add);
        SplittableRandom random = new SplittableRandom(3);
        for (int row = 0; row < SHORT_ROWS; row++) {
            texts.few.add(IntStream.range(0, 4 + row % 9)
                    .mapToObj(_ -> "r" + Integer.toString(random.nextInt(1 << 24), 26))
                    .collect(Collectors.joining(" ")));
        }
        write(folder.resolve("short.jsonl"), texts.few);
        return texts;
    }

    private static void write(Path file, List<String> rows) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String row : rows) {
            JsonNode json = JSON.createObjectNode().put("text", row);
            lines.add(JSON.writeValueAsString(json));
        }
        Files.write(file, lines);
    }

    /** Number of ways in which {@link #planted} gives rows. */
    static final List<String> WAYS = List.of(
            "row as it is",
            "upper case",
            "other punctuation",
            "16 words of a row",
            "Korean, other spacing",
            "row of 4 to 12 words");

    /** Returns a row in one of the ways. */
    String planted(int way, SplittableRandom random) {
        String row = english.get(random.nextInt(english.size()));
        return switch (way) {
            case 0 -> row;
            case 1 -> row.toUpperCase(Locale.ROOT);
            case 2 -> row.replaceAll("[\\p{P}&&[^'’]]", " — ");
            case 3 -> {
                String[] words = row.split("\\s+");
                int from = random.nextInt(words.length - MIN_WORDS + 1);
                yield String.join(" ", List.of(words).subList(from, from + MIN_WORDS - 1));
            }
            case 4 -> korean.get(random.nextInt(korean.size())).replace(" ", "");
            default -> few.get(random.nextInt(few.size()));
        };
    }
}
