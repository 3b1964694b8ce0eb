package io.rootstock.corpus.worker.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.evaluation.contamination.RowInDocument.Place;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContaminatedPartsTest {
    /** Cuts words out; {@code null} if nothing is left, "too many" if the pieces are too many. */
    private static String cut(ContaminatedParts parts, String text, String... words) {
        List<Place> places = Arrays.stream(words)
                .map(word -> {
                    int from = text.substring(0, text.indexOf(word)).getBytes(StandardCharsets.UTF_8).length;
                    return new Place(from, from + word.getBytes(StandardCharsets.UTF_8).length);
                })
                .toList();
        return switch (parts.cut(text.getBytes(StandardCharsets.UTF_8), places)) {
            case ContaminatedParts.Result.Rest(byte[] utf8) -> new String(utf8, StandardCharsets.UTF_8);
            case ContaminatedParts.Result.TooManyPieces _ -> "too many";
            case ContaminatedParts.Result.NothingLeft _ -> null;
        };
    }

    @Test
    void theContextGoesWithAPart() {
        ContaminatedParts parts = new ContaminatedParts(4, 1, 10);
        assertThat(cut(parts, "one two three BAD four five six", "BAD")).isEqualTo("one two\n\nfive six");
        assertThat(cut(parts, "BAD four five six", "BAD")).isEqualTo("five six");
        assertThat(cut(parts, "one two three BAD", "BAD")).isEqualTo("one two");
        assertThat(cut(parts, "a BAD b", "BAD")).isNull();
    }

    @Test
    void partsWhoseContextsMeetAreOneCut() {
        ContaminatedParts parts = new ContaminatedParts(2, 1, 10);
        assertThat(cut(parts, "start here WORSE x BAD and the end", "BAD", "WORSE"))
                .isEqualTo("start\n\nthe end");
        assertThat(cut(parts, "start BADDER end", "BADDER", "ADD")).isNull();
    }

    @Test
    void shortPiecesAreDroppedAndManyPiecesRemoveTheText() {
        String text = "long enough piece A ab B another long piece C the last long piece";
        assertThat(cut(new ContaminatedParts(0, 6, 4), text, "A", "B", "C"))
                .isEqualTo("long enough piece\n\nanother long piece\n\nthe last long piece");
        assertThat(cut(new ContaminatedParts(0, 6, 3), text, "A", "B", "C")).isEqualTo("too many");
    }

    @Test
    void charactersAreNotDivided() {
        ContaminatedParts parts = new ContaminatedParts(3, 2, 10);
        assertThat(cut(parts, "가나다라마바사아자차", "마")).isNull();
        String wide = "가".repeat(100) + "마" + "나".repeat(100);
        assertThat(cut(parts, wide, "마")).isEqualTo("가".repeat(97) + "\n\n" + "나".repeat(97));
        assertThat(cut(parts, "ééé ééé ééé X 😀😀 😀😀 😀😀", "X")).isEqualTo("ééé ééé\n\n😀😀 😀😀");
    }
}
