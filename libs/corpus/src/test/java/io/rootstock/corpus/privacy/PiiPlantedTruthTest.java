package io.rootstock.corpus.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.corpus.RealTexts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Recall and precision on 2,000 items of each kind, planted between lines of real prose and code. */
class PiiPlantedTruthTest {
    private static final int ITEMS = 2000;
    private static final String KOREAN = "이 문서는 모델의 계보와 지표를 설명한다. 연락처와 계좌는 아래에 적혀 있다.\n";

    private static List<String> lines;

    @BeforeAll
    static void readLines() {
        PiiScanner scanner = new PiiScanner(EnumSet.allOf(PiiKind.class));
        lines = new ArrayList<>();
        List<String> texts = new ArrayList<>(RealTexts.documents());
        texts.addAll(RealTexts.sources());
        for (String text : texts) {
            text.lines()
                    .filter(line -> !line.isBlank())
                    .filter(line -> scanner.scan(utf8(line)).count() == 0)
                    .forEach(lines::add);
        }
        assertThat(lines).hasSizeGreaterThan(10_000);
    }

    @ParameterizedTest
    @EnumSource(PiiKind.class)
    void findsPlantedItemsAndNothingElse(PiiKind kind) {
        Random random = new Random(kind.label().hashCode());
        PlantedItem items = new PlantedItem(random);
        StringBuilder text = new StringBuilder();
        Set<List<Integer>> planted = new HashSet<>();
        List<String> plantedTexts = new ArrayList<>();
        int bytes = 0;
        for (int item = 0; item < ITEMS; item++) {
            String line = random.nextInt(4) == 0 ? KOREAN : lines.get(random.nextInt(lines.size())) + "\n";
            String before = line + items.before(kind);
            String value = items.next(kind);
            int start = bytes + utf8(before).length;
            planted.add(List.of(start, start + utf8(value).length));
            plantedTexts.add(value);
            String piece = before + value + items.after() + "\n";
            text.append(piece);
            bytes += utf8(piece).length;
        }
        byte[] utf8 = utf8(text.toString());
        PiiMatches matches = new PiiScanner(EnumSet.allOf(PiiKind.class)).scan(utf8);
        Set<List<Integer>> found = new HashSet<>();
        List<String> wrong = new ArrayList<>();
        for (int index = 0; index < matches.count(); index++) {
            List<Integer> range = List.of(matches.start(index), matches.end(index));
            if (matches.kind(index) == kind && planted.contains(range)) {
                found.add(range);
            } else {
                wrong.add(matches.kind(index) + " "
                        + new String(utf8, range.get(0), range.get(1) - range.get(0), StandardCharsets.UTF_8));
            }
        }
        List<String> missed = new ArrayList<>();
        for (List<Integer> range : planted) {
            if (!found.contains(range)) {
                missed.add(new String(utf8, range.get(0), range.get(1) - range.get(0), StandardCharsets.UTF_8));
            }
        }
        assertThat(plantedTexts).hasSize(ITEMS);
        assertThat((double) found.size() / planted.size())
                .as(
                        "recall; missed: %s; wrong: %s",
                        missed.subList(0, Math.min(20, missed.size())), wrong.subList(0, Math.min(20, wrong.size())))
                .isGreaterThanOrEqualTo(0.99);
        assertThat((double) found.size() / matches.count())
                .as("precision; wrong: %s", wrong.subList(0, Math.min(20, wrong.size())))
                .isGreaterThanOrEqualTo(0.99);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
