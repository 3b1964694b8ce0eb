package io.rootstock.corpus.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {
    @Test
    void findsInvalidSequencesExactlyWhereTheJdkDoes() {
        Random random = new Random(1);
        int invalid = 0;
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = randomBytes(random, 1 + random.nextInt(24));
            int expected = firstInvalidOfJdk(bytes);
            assertThat(Utf8.firstInvalid(bytes, 0, bytes.length)).isEqualTo(expected);
            invalid += expected >= 0 ? 1 : 0;
        }
        assertThat(invalid).isBetween(50_000, 190_000);
    }

    @Test
    void everyScalarValueIsValidAndEveryThreeByteSequenceIsJudgedAsByTheJdk() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                byte[] bytes = Character.toString(c).getBytes(StandardCharsets.UTF_8);
                assertThat(Utf8.firstInvalid(bytes, 0, bytes.length)).isEqualTo(-1);
            }
        }
        for (int first = 0xC0; first < 0x100; first++) {
            for (int second = 0x70; second < 0xD0; second++) {
                byte[] bytes = {'a', (byte) first, (byte) second, (byte) 0x80, 'b'};
                assertThat(Utf8.firstInvalid(bytes, 0, 5)).isEqualTo(firstInvalidOfJdk(bytes));
            }
        }
    }

    @Test
    void findsBytesAndTheEndOfAscii() {
        Random random = new Random(2);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = randomBytes(random, random.nextInt(40));
            int from = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            byte value = (byte) random.nextInt(256);
            int at = from;
            while (at < bytes.length && bytes[at] != value) {
                at++;
            }
            assertThat(Utf8.indexOf(bytes, from, bytes.length, value)).isEqualTo(at);
            at = from;
            while (at < bytes.length && bytes[at] >= 0) {
                at++;
            }
            assertThat(Utf8.skipAscii(bytes, from, bytes.length)).isEqualTo(at);
        }
    }

    private static int firstInvalidOfJdk(byte[] bytes) {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            decoder.decode(buffer);
            return -1;
        } catch (CharacterCodingException e) {
            return buffer.position();
        }
    }

    private static byte[] randomBytes(Random random, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte)
                    switch (random.nextInt(6)) {
                        case 0 -> random.nextInt(256);
                        case 1 -> 0xC0 + random.nextInt(56);
                        case 2 -> 0x80 + random.nextInt(64);
                        default -> 'a' + random.nextInt(26);
                    };
        }
        return bytes;
    }
}
