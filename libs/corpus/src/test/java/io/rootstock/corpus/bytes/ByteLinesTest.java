package io.rootstock.corpus.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteLinesTest {
    @Test
    void linesNumbersAndOffsetsAreThoseOfTheFile() throws IOException {
        ByteLines lines = lines("one\r\n\ntwö\nlast", 100);
        assertThat(lines.next()).isTrue();
        assertThat(text(lines)).isEqualTo("one");
        assertThat(lines.next()).isTrue();
        assertThat(text(lines)).isEmpty();
        assertThat(lines.offset()).isEqualTo(5);
        assertThat(lines.next()).isTrue();
        assertThat(text(lines)).isEqualTo("twö");
        assertThat(lines.number()).isEqualTo(3);
        assertThat(lines.next()).isTrue();
        assertThat(text(lines)).isEqualTo("last");
        assertThat(lines.ended()).isFalse();
        assertThat(lines.offset()).isEqualTo(11);
        assertThat(lines.next()).isFalse();
    }

    @Test
    void aLongLineComesInPiecesOfWholeCharacters() throws IOException {
        Random random = new Random(3);
        for (int round = 0; round < 2000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(300); i > 0; i--) {
                text.append("ab\n\r\r\n😀한é"
                        .codePoints()
                        .skip(random.nextInt(9))
                        .limit(1)
                        .mapToObj(Character::toString)
                        .findFirst()
                        .orElseThrow());
            }
            int longest = 8 + random.nextInt(30);
            StringBuilder joined = new StringBuilder();
            List<String> numbered = new ArrayList<>();
            ByteLines lines = lines(text.toString(), longest);
            while (lines.next()) {
                assertThat(lines.to() - lines.from()).isLessThanOrEqualTo(longest);
                assertThat(Utf8.firstInvalid(lines.buffer(), lines.from(), lines.to()))
                        .isEqualTo(-1);
                joined.append(text(lines));
                if (lines.ended()) {
                    joined.append('\n');
                }
                numbered.add(lines.number() + "");
            }
            assertThat(joined.toString()).isEqualTo(text.toString().replace("\r\n", "\n"));
            assertThat(numbered.stream().distinct().count())
                    .isEqualTo(
                            text.isEmpty()
                                    ? 0
                                    : text.toString().split("\n", -1).length
                                            - (text.toString().endsWith("\n") ? 1 : 0));
        }
    }

    private static ByteLines lines(String text, int longest) {
        return new ByteLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), longest, 0);
    }

    private static String text(ByteLines lines) {
        return new String(lines.buffer(), lines.from(), lines.to() - lines.from(), StandardCharsets.UTF_8);
    }
}
