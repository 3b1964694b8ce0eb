package io.rootstock.evaluation.contamination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DocumentSearchTest {
    private static final String ROW =
            "which gas do plants take from the air while the sun shines on their green leaves";

    private static TaskTexts task(String name, NgramLengths lengths, List<String> texts) {
        return TaskTexts.of(
                name,
                IntStream.range(0, texts.size())
                        .mapToObj(i -> new RowText(i, texts.get(i)))
                        .toList(),
                lengths);
    }

    private static ContaminationIndex index(TaskTexts... tasks) {
        ContaminationIndex index = new ContaminationIndex(tasks[0].lengths());
        List.of(tasks).forEach(index::add);
        return index;
    }

    private static List<RowInDocument> search(ContaminationIndex index, String document) {
        return new DocumentSearch(index).search(document.getBytes(StandardCharsets.UTF_8));
    }

    private static String part(String document, RowInDocument.Place place) {
        return new String(
                document.getBytes(StandardCharsets.UTF_8),
                place.from(),
                place.to() - place.from(),
                StandardCharsets.UTF_8);
    }

    @Test
    void rowsAreFoundWithTheirPlaces() {
        ContaminationIndex index = index(task("t", NgramLengths.DEFAULT, List.of("other text of a row", ROW)));
        String document = "Übung: „" + ROW.replace("gas", "GAS") + "“? And again, " + ROW + ".";
        RowInDocument found = search(index, document).getFirst();
        assertThat(found.task()).isEqualTo("t");
        assertThat(found.row()).isEqualTo(1);
        assertThat(found.share()).isEqualTo(1);
        assertThat(found.places())
                .extracting(place -> part(document, place))
                .containsExactly(ROW.replace("gas", "GAS"), ROW);
        assertThat(search(index, "Other text of a row, whole.").getFirst().ngrams())
                .isEqualTo(1);
        assertThat(search(index, "other text of the row")).isEmpty();
    }

    @Test
    void partOfARowHasAShare() {
        ContaminationIndex index = index(task("t", NgramLengths.DEFAULT, List.of(ROW)));
        RowInDocument found = search(index, ROW.replace(" leaves", "")).getFirst();
        assertThat(found.ngrams()).isEqualTo(4);
        assertThat(found.found()).isEqualTo(3);
        assertThat(found.share()).isEqualTo(0.75);
    }

    @Test
    void koreanPlacesAreExact() {
        String row = "이 영화는 정말 재미있었고 배우들의 연기도 훌륭했습니다. 또 보고 싶어요!";
        ContaminationIndex index = index(task("t", NgramLengths.DEFAULT, List.of(row)));
        String document = "리뷰 하나, " + row + " 끝.";
        assertThat(search(index, document).getFirst().places())
                .extracting(place -> part(document, place))
                .containsExactly(row.substring(0, row.length() - 1));
    }

    @Test
    void placesOfNormalizedTextContainTheRow() {
        ContaminationIndex index = index(task("t", NgramLengths.DEFAULT, List.of("the ﬁfth café of this street")));
        String document = "x".repeat(40) + " the ﬁfth cafe\u0301 of this street, y";
        assertThat(search(index, document).getFirst().places())
                .extracting(place -> part(document, place))
                .containsExactly("the ﬁfth cafe\u0301 of this street");
    }

    @Test
    void otherLengthsFindOtherParts() {
        NgramLengths lengths = new NgramLengths(5, 5, 3);
        ContaminationIndex index = index(task("t", lengths, List.of(ROW, "only three words")));
        assertThat(search(index, "gas do plants take from")).hasSize(1);
        assertThat(search(index, "gas do plants take")).isEmpty();
        assertThat(search(index, "only three words")).hasSize(1);
        assertThatThrownBy(() -> index.add(task("u", NgramLengths.DEFAULT, List.of(ROW))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("task u");
        assertThatThrownBy(() -> new NgramLengths(13, 14, 4)).hasMessageContaining("shorter 14");
        assertThatThrownBy(() -> new NgramLengths(16, 8, 4)).hasMessageContaining("at most 15");
    }

    /** Rows and documents of few words in several scripts, with characters that normalization changes. */
    @Test
    void findsTheRowsThatAStreamFinds() {
        Random random = new Random(5);
        List<String> words = List.of(
                "a",
                "bc",
                "Def",
                "é",
                "e\u0301",
                "ﬁ",
                "한국",
                "국",
                "\u1112\u1161\u11ab",
                "漢字",
                "かな",
                "ｶﾞ",
                "𝐁",
                "😀",
                "12",
                "русский",
                "สวัส");
        List<String> gaps = List.of(" ", " ", " ", ", ", "\n", "—", "’", "。", "\u00a0", "", "·");
        List<String> rows = IntStream.range(0, 300)
                .mapToObj(_ -> text(random, words, gaps, 4 + random.nextInt(20)))
                .toList();
        TaskTexts task = task("t", NgramLengths.DEFAULT, rows);
        ContaminationIndex index = index(task);
        DocumentSearch search = new DocumentSearch(index);
        int hits = 0;
        for (int i = 0; i < 400; i++) {
            String document = text(random, words, gaps, random.nextInt(60))
                    + (i % 3 == 0 ? " " + rows.get(random.nextInt(rows.size())) + " " : "x".repeat(i))
                    + text(random, words, gaps, random.nextInt(60));
            ContaminationSearch stream = new ContaminationSearch(index);
            stream.begin("s", 0);
            stream.add(document.toCharArray(), 0, document.length());
            stream.end();
            List<RowInDocument> found = search.search(document.getBytes(StandardCharsets.UTF_8));
            assertThat(found)
                    .extracting(row -> row.row() + " " + row.found() + "/" + row.ngrams())
                    .containsExactlyElementsOf(stream.matches("t").stream()
                            .map(row -> row.row() + " " + row.found().cardinality() + "/" + row.ngrams())
                            .toList());
            hits += found.size();
        }
        assertThat(hits).isGreaterThan(90);
    }

    private static String text(Random random, List<String> words, List<String> gaps, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(words.get(random.nextInt(words.size()))).append(gaps.get(random.nextInt(gaps.size())));
        }
        return text.toString();
    }

    @Test
    void splitsIntoTheWordsOfTheNormalizer() {
        Random random = new Random(9);
        int[] characters =
                "abcXYZ019 .,\u0301é\u1112\u1161\u11ab\u3131\u314f漢字かな\uff76\uff9e𝐁İ한글\u0338’“”—…、。（）\u00a0\u200d\u2011Ωж😀"
                        .codePoints()
                        .toArray();
        for (int round = 0; round < 60; round++) {
            StringBuilder text = new StringBuilder();
            // Every second text has few separators, so that it passes the limits of buffers.
            int length = round % 2 == 0 ? 300 : 9_000;
            for (int i = 0; i < length; i++) {
                int next = characters[random.nextInt(characters.length)];
                text.appendCodePoint(round % 2 == 0 || next > ',' ? next : 'x');
            }
            if (round % 10 == 1) {
                text.append("y".repeat(300)).append("é".repeat(200));
            }
            List<String> expected = new ArrayList<>();
            TextNormalizer normalizer =
                    new TextNormalizer((letters, count) -> expected.add(new String(letters, 0, count)));
            normalizer.add(text.toString().toCharArray(), 0, text.length());
            normalizer.end();
            assertThat(words(text.toString())).isEqualTo(expected);
        }
    }

    private static List<String> words(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        List<String> words = new ArrayList<>();
        long[] last = {0};
        new Utf8Words(new Utf8Words.Words() {
                    private final char[] letters = new char[TextNormalizer.MAX_WORD_LENGTH];

                    @Override
                    public char[] next() {
                        return letters;
                    }

                    @Override
                    public void word(int length, long hash, long from, long to, boolean exact) {
                        assertThat(hash).isEqualTo(UnitHash.word(letters, length));
                        assertThat(from).isLessThan(to);
                        assertThat(to).isGreaterThanOrEqualTo(last[0]).isLessThanOrEqualTo(utf8.length);
                        last[0] = to;
                        words.add(new String(letters, 0, length));
                    }
                })
                .scan(utf8);
        return words;
    }
}
