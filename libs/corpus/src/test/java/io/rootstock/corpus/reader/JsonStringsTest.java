package io.rootstock.corpus.reader;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonStringsTest {
    @Test
    void decodesEveryCodePointInEachSpelling() throws IOException {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c += c < 0x300 ? 1 : 37) {
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                continue;
            }
            StringBuilder escaped = new StringBuilder("\"x");
            for (char unit : Character.toChars(c)) {
                escaped.append(String.format(c % 2 == 0 ? "\\u%04x" : "\\u%04X", (int) unit));
            }
            assertThat(decode(escaped + "\"")).isEqualTo("x" + Character.toString(c));
        }
    }

    @Test
    void decodesAsJacksonDoes() throws IOException {
        JsonMapper mapper = new JsonMapper();
        Random random = new Random(6);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                int c = random.nextInt(random.nextBoolean() ? 0x80 : Character.MAX_CODE_POINT + 1);
                text.appendCodePoint(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 'x' : c);
            }
            String json = mapper.writeValueAsString(text.toString());
            assertThat(decode(json)).isEqualTo(text.toString());
        }
    }

    @Test
    void loneSurrogatesAndBrokenEscapesHaveNoText() {
        for (String json : new String[] {
            "\"\\ud83d\"", "\"\\ude00\"", "\"\\ud83d\\u0041\"", "\"\\ud83dx\"", "\"\\u12\"", "\"\\uzzzz\"", "\"open\\"
        }) {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            assertThat(JsonStrings.decode(bytes, 0, bytes.length)).as(json).isNull();
        }
    }

    private static String decode(String json) {
        byte[] bytes = (" " + json).getBytes(StandardCharsets.UTF_8);
        return new String(JsonStrings.decode(bytes, 1, bytes.length), StandardCharsets.UTF_8);
    }
}
