package io.rootstock.evaluation.contamination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContaminationSearchTest {
    private static final String ROW =
            "Which gas do plants take from the air while the sun shines on their green leaves?";

    private static TaskTexts task(String name, String... texts) {
        List<RowText> rows = new ArrayList<>();
        for (String text : texts) {
            rows.add(new RowText(rows.size(), text));
        }
        return TaskTexts.of(name, rows);
    }

    private static ContaminationIndex index(TaskTexts... tasks) {
        ContaminationIndex index = new ContaminationIndex();
        Arrays.stream(tasks).forEach(index::add);
        return index;
    }

    private static ContaminationSearch search(ContaminationIndex index, String... documents) {
        ContaminationSearch search = new ContaminationSearch(index);
        for (int i = 0; i < documents.length; i++) {
            add(search, i, documents[i], documents[i].length());
        }
        return search;
    }

    private static void add(ContaminationSearch search, long number, String document, int part) {
        search.begin("s", number);
        char[] text = document.toCharArray();
        for (int from = 0; from < text.length; from += Math.max(1, part)) {
            search.add(text, from, Math.min(text.length, from + part));
        }
        search.end();
    }

    private static List<RowMatch> matches(String row, String... documents) {
        return search(index(task("t", row)), documents).matches("t");
    }

    private static BitSet bits(int... bits) {
        BitSet set = new BitSet();
        Arrays.stream(bits).forEach(set::set);
        return set;
    }

    @Test
    void theFoundNgramsAndTheFirstPlaceAreStated() {
        // 16 words: four 13-grams.
        List<RowMatch> matches = matches(
                ROW,
                "nothing of it",
                "gas do plants take from the air while the sun shines on their GREEN -- leaves, too",
                ROW);
        assertThat(matches).containsExactly(new RowMatch(0, 4, bits(0, 1, 2, 3), new Place("s", 1)));
        RowMatch half = matches(ROW, "gas do plants take from the air while the sun shines on their green")
                .getFirst();
        assertThat(half.found()).isEqualTo(bits(1, 2));
        assertThat(half.share()).isEqualTo(0.5);
        assertThat(matches(ROW, "gas do plants take from the air while the sun shines on my green leaves"))
                .isEmpty();
        assertThat(half.with(new RowMatch(0, 4, bits(3), new Place("x", 9))))
                .isEqualTo(new RowMatch(0, 4, bits(1, 2, 3), new Place("s", 0)));
    }

    @Test
    void shortRowsAreFoundWholeAtWordBorders() {
        String row = "The cat sat down";
        assertThat(matches(row, "and the cat sat down.")).hasSize(1);
        assertThat(matches(row, "and the cat sat downstairs")).isEmpty();
        assertThat(matches(row, "breathe cat sat down")).isEmpty();
        assertThat(matches("one two three", "one two three")).isEmpty();
        RowMatch ngram = matches("a1 a2 a3 a4 a5 a6 a7 a8 a9", "x a1 a2 a3 a4 a5 a6 a7 a8")
                .getFirst();
        assertThat(ngram.found()).isEqualTo(bits(0));
        assertThat(ngram.ngrams()).isEqualTo(2);
    }

    @Test
    void koreanIsFoundWithOtherSpacesAndEndings() {
        String row = "이 영화는 정말 재미있었고 배우들의 연기도 훌륭했습니다. 또 보고 싶어요!";
        assertThat(matches(row, "리뷰: 이영화는 정말 재미 있었고, 배우들의 연기도 훌륭했습니다. 또보고 싶어요")
                        .getFirst()
                        .share())
                .isEqualTo(1);
        assertThat(matches(row, "이 영화는 정말 재미있었고 배우들의 연기도 훌륭했습니다. 또 보자")
                        .getFirst()
                        .found())
                .isEqualTo(bits(0));
        assertThat(matches(row, "이 영화는 정말 재미있었고 배우들의 연기는 훌륭했습니다. 또 보고 싶어요!")).isEmpty();
        assertThat(matches("𠀀𠀁𠀂𠀃𠀄𠀅𠀆𠀇", "x𠀀𠀁𠀂𠀃𠀄𠀅𠀆𠀇x")).hasSize(1);
    }

    @Test
    void asciiInsideOfKoreanIsNotSearchedForByItself() {
        String row =
                "어제 저녁에 친구들과 함께 극장에서 본 영화 보러 가기 전에 꼭 읽어 보세요 " + "the best movie that i have ever seen 정말 최고의 영화였습니다";
        assertThat(matches(row, "the best movie that i have ever seen")).isEmpty();
        String before = "a long text of ASCII characters, after which hashes are computed again: " + "x".repeat(40);
        assertThat(matches(row, before + row).getFirst().share()).isEqualTo(1);
        assertThat(matches(row, before + "seen 정말 최고의 영화였습니다")).isEmpty();
        assertThat(matches(row, before + "best movie that i have ever seen 정말")).hasSize(1);
    }

    @Test
    void anNgramDoesNotSpanDocuments() {
        String row = "one two three four five six";
        assertThat(matches(row, "one two three", "four five six")).isEmpty();
        assertThat(matches(row, "one two three four five", "six")).isEmpty();
        assertThat(matches("정말재미있는영화", "정말재미", "있는영화")).isEmpty();
        assertThat(matches(row, "one two", "one two three four five six")
                        .getFirst()
                        .place()
                        .document())
                .isEqualTo(1);
    }

    @Test
    void thePartsOfADocumentDoNotMatter() {
        String document = "Before it. " + ROW + " After it: 정말 재미있는 영화였습니다 추천해요";
        for (int part = 1; part < document.length(); part++) {
            ContaminationSearch search = new ContaminationSearch(index(task("t", ROW, "정말 재미있는 영화였습니다 추천해요")));
            add(search, 0, document, part);
            assertThat(search.matches("t")).extracting(RowMatch::share).containsExactly(1.0, 1.0);
        }
    }

    @Test
    void equalRowsOfSeveralTasksAreAllFound() {
        ContaminationIndex index = index(task("a", "x", ROW), task("b", ROW, ROW), task("c", "other text of this row"));
        ContaminationSearch search = search(index, ROW);
        assertThat(search.matches("a")).extracting(RowMatch::row).containsExactly(1);
        assertThat(search.matches("b")).extracting(RowMatch::row).containsExactly(0, 1);
        assertThat(search.matches("c")).isEmpty();
    }

    /** A naive search: the n-grams of the rows as strings in the words of the documents. */
    private static List<RowMatch> naive(TaskTexts task, List<String> documents) {
        List<RowMatch> matches = new ArrayList<>();
        for (RowNgrams row : task.rows()) {
            String[] words = row.text().split(" ");
            BitSet found = new BitSet();
            Place place = null;
            for (int document = 0; document < documents.size(); document++) {
                for (int i = 0; i < row.positions().length; i++) {
                    int at = row.positions()[i];
                    String ngram = " " + String.join(" ", Arrays.copyOfRange(words, at, at + row.size())) + " ";
                    if ((" " + documents.get(document) + " ").contains(ngram)) {
                        found.set(i);
                        place = place == null ? new Place("s", document) : place;
                    }
                }
            }
            if (!found.isEmpty()) {
                matches.add(new RowMatch(row.row(), row.positions().length, found, place));
            }
        }
        return matches;
    }

    @Test
    void falseHitsOfHashesAreNotMatches() {
        Random random = new Random(7);
        // Few words, so that many n-grams are almost equal.
        java.util.function.IntFunction<String> text = words ->
                IntStream.range(0, words).mapToObj(_ -> "w" + random.nextInt(3)).collect(Collectors.joining(" "));
        String[] rows = IntStream.range(0, 400)
                .mapToObj(_ -> text.apply(4 + random.nextInt(16)))
                .toArray(String[]::new);
        List<String> documents =
                IntStream.range(0, 60).mapToObj(_ -> text.apply(300)).toList();
        TaskTexts task = task("t", rows);
        List<RowMatch> expected = naive(task, documents);
        assertThat(expected).hasSizeBetween(100, 390);
        for (int bits : new int[] {1, 4, 12, Long.SIZE}) {
            ContaminationIndex index = new ContaminationIndex(bits, 1 << 20, NgramLengths.DEFAULT);
            index.add(task);
            assertThat(search(index, documents.toArray(String[]::new)).matches("t"))
                    .as("hashes of %d bits", bits)
                    .isEqualTo(expected);
        }
    }

    @Test
    void theNumberOfNgramsIsBounded() {
        String words = IntStream.range(0, 312).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
        TaskTexts large = task("large", words);
        assertThat(large.ngrams()).isEqualTo(300);
        ContaminationIndex index = new ContaminationIndex(Long.SIZE, 1000, NgramLengths.DEFAULT);
        for (int i = 0; i < 3; i++) {
            assertThat(index.fits(large)).isTrue();
            index.add(large);
        }
        assertThat(index.fits(large)).isFalse();
        assertThatThrownBy(() -> index.add(large))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("task large has 300 n-grams, with others more than 1000");
    }

    /** Prints the speed: 20,000 rows of 60 words against 40 MB of text, a thousandth of which is of the rows. */
    @Test
    void speed() {
        Random random = new Random(11);
        String[] vocabulary = IntStream.range(0, 30_000)
                .mapToObj(i -> Integer.toString(i, 36) + (i % 3 == 0 ? "en" : i % 3 == 1 ? "s" : "ing"))
                .toArray(String[]::new);
        java.util.function.IntFunction<String> text = words -> IntStream.range(0, words)
                .mapToObj(_ -> vocabulary[(int) (vocabulary.length * Math.pow(random.nextDouble(), 3))])
                .collect(Collectors.joining(" "));
        String[] rows = IntStream.range(0, 20_000).mapToObj(_ -> text.apply(60)).toArray(String[]::new);
        ContaminationIndex index = index(task("t", rows));
        char[] document = text.apply(170_000).toCharArray();
        ContaminationSearch search = new ContaminationSearch(index);
        long start = System.nanoTime();
        long bytes = 0;
        for (int i = 0; i < 40; i++) {
            search.begin("s", i);
            search.add(document, 0, document.length);
            search.add(rows[i].toCharArray(), 0, rows[i].length());
            search.end();
            bytes += document.length + rows[i].length();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("contamination search: %.0f MB/s, %d n-grams%n", bytes / 1e6 / seconds, 20_000 * 48);
        assertThat(search.matches("t")).hasSize(40);
    }
}
