package io.rootstock.encoding.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.knuddels.jtokkit.api.EncodingType;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.bpe.ByteLevelBpe;
import io.rootstock.encoding.bpe.Merge;
import io.rootstock.encoding.bpe.Vocabulary;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TiktokenFileTest {
    @TempDir
    private Path folder;

    @Test
    void ranksComeBack() throws IOException {
        Vocabulary vocabulary = OpenAiRanks.vocabulary(EncodingType.P50K_BASE);
        Path file = folder.resolve("p50k.tiktoken");
        TiktokenFile.write(vocabulary, file);
        Vocabulary read = TiktokenFile.read(file);
        assertThat(read.size()).isEqualTo(vocabulary.size());
        assertThat(read.merges()).isEqualTo(vocabulary.merges());
        // The end of a text has a rank that no line gives.
        assertThat(read.bytes(50_256)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "YWI=, 'line 257: ''YWI='' is not a rank'",
        "Y*I= 256, 'line 257: ''Y*I='' is not Base64'",
        "YWI= 255, line 257: rank 255 is given twice",
        "YWI= -1, line 257: rank -1 is not 0..1048574",
        "' 256', line 257: the token is empty",
        "YQ== 256, gives the token of rank 97 another rank too"
    })
    void anInvalidLineIsRefused(String line, String message) throws IOException {
        List<String> lines = bytes();
        lines.add(line);
        Path file = Files.write(folder.resolve("ranks"), lines);
        assertThatThrownBy(() -> TiktokenFile.read(file))
                .isInstanceOf(InvalidTokenizerException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aMissingByteIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("ranks"), bytes().subList(0, 255));
        assertThatThrownBy(() -> TiktokenFile.read(file)).hasMessageContaining("has no rank for the byte 255");
    }

    @Test
    void mergesThatAreNotInTheOrderOfIdsAreRefused() {
        List<byte[]> tokens = new ArrayList<>();
        for (int value = 0; value < 256; value++) {
            tokens.add(new byte[] {(byte) value});
        }
        tokens.add(new byte[] {'a', 'b'});
        tokens.add(new byte[] {'c', 'd'});
        Vocabulary vocabulary = Vocabulary.of(tokens, List.of(new Merge('c', 'd', 257), new Merge('a', 'b', 256)));
        assertThatThrownBy(() -> TiktokenFile.write(vocabulary, folder.resolve("ranks")))
                .isInstanceOf(InvalidTokenizerException.class)
                .hasMessageContaining("merge 1 gives token 256 after token 257");
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource
    void bytesThatAreNotUtf8ComeBack(SplitPattern pattern) throws IOException {
        Vocabulary vocabulary = OpenAiRanks.vocabulary(EncodingType.CL100K_BASE);
        Random random = new Random(6);
        for (boolean composed : new boolean[] {false, true}) {
            ByteLevelBpe codec = new ByteLevelBpe(vocabulary, pattern, true, composed, List.of());
            for (int round = 0; round < 200; round++) {
                byte[] bytes = new byte[random.nextInt(3_000)];
                random.nextBytes(bytes);
                int[] ids = codec.encode(bytes, SpecialTokenPolicy.AS_TEXT);
                if (!composed) {
                    assertThat(codec.decode(ids, false)).isEqualTo(bytes);
                }
            }
            byte[] invalid = {'a', (byte) 0xCC, (byte) 0x81, (byte) 0xFF, 'e', (byte) 0xCC, (byte) 0x81, (byte) 0xE2};
            byte[] expected = composed
                    ? new byte[] {(byte) 0xC3, (byte) 0xA1, (byte) 0xFF, (byte) 0xC3, (byte) 0xA9, (byte) 0xE2}
                    : invalid;
            assertThat(codec.decode(codec.encode(invalid, SpecialTokenPolicy.AS_TEXT), false))
                    .isEqualTo(expected);
        }
    }

    /** Lines of all bytes, whose ranks are their values. */
    private static List<String> bytes() {
        List<String> lines = new ArrayList<>(Collections.nCopies(256, ""));
        for (int value = 0; value < 256; value++) {
            lines.set(value, Base64.getEncoder().encodeToString(new byte[] {(byte) value}) + " " + value);
        }
        return lines;
    }
}
