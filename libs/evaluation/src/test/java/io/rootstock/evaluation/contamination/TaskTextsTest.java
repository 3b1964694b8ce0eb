package io.rootstock.evaluation.contamination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskTextsTest {
    private static TaskTexts task(int rows, IntFunction<String> text) {
        return TaskTexts.of(
                "t",
                IntStream.range(0, rows)
                        .mapToObj(row -> new RowText(row, text.apply(row)))
                        .toList());
    }

    /** Words that no other row has: w7a w7b ... */
    private static String own(int row, int words) {
        return IntStream.range(0, words).mapToObj(i -> "w" + row + "x" + i).collect(Collectors.joining(" "));
    }

    private static RowNgrams only(String text) {
        return task(1, _ -> text).rows().getFirst();
    }

    @Test
    void theLengthOfTheNgramsFollowsTheLengthOfTheRow() {
        assertThat(only(own(0, 15)).size()).isEqualTo(13);
        assertThat(only(own(0, 15)).positions()).containsExactly(0, 1, 2);
        assertThat(only(own(0, 13)).positions()).containsExactly(0);
        assertThat(only(own(0, 12)).size()).isEqualTo(8);
        assertThat(only(own(0, 12)).positions()).containsExactly(0, 1, 2, 3, 4);
        assertThat(only(own(0, 7)).size()).isEqualTo(7);
        assertThat(only(own(0, 4)).positions()).containsExactly(0);
        assertThat(only(own(0, 3)).isChecked()).isFalse();
        assertThat(only(" ?! ").isChecked()).isFalse();
    }

    @Test
    void textsWithoutSeparatedWordsHaveNgramsOfCharacters() {
        RowNgrams korean = only("이 영화는 정말 재미있었고 배우들의 연기도 훌륭했습니다. 또 보고 싶어요!");
        assertThat(korean.unit()).isEqualTo(TextUnit.CHARACTER);
        assertThat(korean.text()).isEqualTo("이영화는정말재미있었고배우들의연기도훌륭했습니다또보고싶어요");
        assertThat(korean.size()).isEqualTo(26);
        assertThat(korean.positions()).containsExactly(0, 1, 2, 3, 4);
        assertThat(only("정말 재미있는 영화였습니다 추천해요").size()).isEqualTo(16);
        assertThat(only("정말 재미있는 영화").size()).isEqualTo(8);
        assertThat(only("재미있는 영화").isChecked()).isFalse();
        assertThat(TaskTexts.unit("中文 abc")).isEqualTo(TextUnit.WORD);
        assertThat(TaskTexts.unit("中文中文 abc")).isEqualTo(TextUnit.CHARACTER);
        assertThat(TaskTexts.unit("สวัสดี")).isEqualTo(TextUnit.CHARACTER);
        assertThat(TaskTexts.unit("russisch русский")).isEqualTo(TextUnit.WORD);
        assertThat(TaskTexts.unit("12 3")).isEqualTo(TextUnit.WORD);
    }

    @Test
    void theTemplateOfManyRowsIsNotSearchedFor() {
        IntFunction<String> templated =
                row -> "Read the passage and answer with yes or no. Passage: " + own(row, 14) + " Answer:";
        RowNgrams row = task(11, templated).rows().get(3);
        assertThat(row.text()).isEqualTo(own(3, 14));
        assertThat(row.positions()).containsExactly(0, 1);
        // Ten rows may have a text in common by themselves.
        assertThat(task(10, templated).rows().get(3).positions()).hasSize(14 + 11 - 12);
        TaskTexts same = task(11, _ -> "the same text in all the rows");
        assertThat(same.checkedRows()).isZero();
        assertThat(same.uncheckedRows()).isEqualTo(11);
    }

    @Test
    void ngramsThatOverlapACommonOneAreLeftOut() {
        String shared = own(99, 13);
        TaskTexts task = task(12, row -> own(row, 20) + " " + shared + " " + own(row + 100, 14));
        RowNgrams row = task.rows().get(5);
        // 13-grams at 0 to 7 end before the shared words at 20 to 32; those at 33 and 34 begin after them.
        assertThat(row.positions()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 33, 34);
        assertThat(task.ngrams()).isEqualTo(12 * 10);
    }

    @Test
    void theDigestNamesTheTexts() {
        assertThat(task(3, row -> own(row, 5)).digest())
                .isEqualTo(task(3, row -> own(row, 5).toUpperCase(java.util.Locale.ROOT))
                        .digest())
                .isNotEqualTo(task(2, row -> own(row, 5)).digest())
                .isNotEqualTo(task(3, row -> own(row, 6)).digest());
    }

    @Test
    void commonEndsAreWholeWords() {
        assertThat(TaskTexts.withoutCommonEnds(List.of("q one is a", "q once was a", "", "q a")))
                .containsExactly("one is", "once was", "", "");
        assertThat(TaskTexts.withoutCommonEnds(List.of("same", "same"))).containsExactly("", "");
        assertThat(TaskTexts.withoutCommonEnds(List.of("", ""))).containsExactly("", "");
    }
}
