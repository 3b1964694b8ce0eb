package io.rootstock.inference.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Utf8AssemblerTest {
    private final Utf8Assembler assembler = new Utf8Assembler();

    @Test
    void aCharacterAppearsWithItsLastByte() {
        byte[] emoji = "😀".getBytes(StandardCharsets.UTF_8);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < emoji.length; i++) {
            String piece = assembler.push(new byte[] {emoji[i]});
            assertThat(piece.isEmpty()).isEqualTo(i < emoji.length - 1);
            text.append(piece);
        }
        assertThat(text).hasToString("😀");
    }

    @Test
    void invalidUtf8IsReplaced() {
        assertThat(assembler.push(new byte[] {(byte) 0xff, 'a'})).isEqualTo("\uFFFDa");
        assertThat(assembler.push(new byte[] {(byte) 0xf0, (byte) 0x9f})).isEmpty();
        assertThat(assembler.push(new byte[] {'b'})).isEqualTo("\uFFFDb");
    }
}
