package io.rootstock.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GgufChatTemplateTest {
    private final ByteBuffer file = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);

    private GgufChatTemplateTest header(int keys) {
        file.putInt(GgufWriter.MAGIC).putInt(GgufWriter.VERSION).putLong(0).putLong(keys);
        return this;
    }

    private GgufChatTemplateTest text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        file.putLong(bytes.length).put(bytes);
        return this;
    }

    private GgufChatTemplateTest type(int type) {
        file.putInt(type);
        return this;
    }

    private boolean found(int length) throws IOException {
        return GgufChatTemplate.isIn(new ByteArrayInputStream(Arrays.copyOf(file.array(), length)));
    }

    /** A file with a key of each kind before the template's. */
    private void writeKeys(String last) {
        header(6).text("general.name").type(GgufWriter.STRING).text("model");
        text("llama.block_count").type(GgufWriter.UINT32).type(2);
        text("flag").type(GgufWriter.BOOL);
        file.put((byte) 1);
        text("tokenizer.ggml.tokens").type(GgufWriter.ARRAY).type(GgufWriter.STRING);
        file.putLong(2);
        text("a").text("tokenizer.chat_template");
        text("tokenizer.ggml.scores").type(GgufWriter.ARRAY).type(GgufWriter.FLOAT32);
        file.putLong(2).putFloat(1).putFloat(2);
        text(last).type(GgufWriter.STRING).text("{{ messages }}");
    }

    @Test
    void theTemplateIsFoundBehindOtherKeys() throws IOException {
        writeKeys("tokenizer.chat_template");
        assertThat(found(file.position())).isTrue();
    }

    @Test
    void aTokenOfThatNameIsNoTemplate() throws IOException {
        writeKeys("tokenizer.ggml.pre");
        assertThat(found(file.position())).isFalse();
    }

    @Test
    void damagedFilesAreRefused() {
        writeKeys("tokenizer.ggml.pre");
        for (int length = 0; length < file.position(); length += 7) {
            int shorter = length;
            assertThatThrownBy(() -> found(shorter)).isInstanceOf(InvalidGgufException.class);
        }
        file.clear();
        text("not a GGUF file").text("");
        assertThatThrownBy(() -> found(file.position())).hasMessageContaining("does not begin with GGUF of version 3");
        file.clear();
        header(1).text("x").type(99);
        assertThatThrownBy(() -> found(file.position())).hasMessage("a key has the unknown type 99");
        file.clear();
        header(1).text("x").type(GgufWriter.ARRAY).type(GgufWriter.UINT32);
        file.putLong(Long.MAX_VALUE / 2);
        assertThatThrownBy(() -> found(file.position())).hasMessageContaining("elements");
        file.clear();
        header(1).text("x").type(GgufWriter.STRING);
        file.putLong(-1);
        assertThatThrownBy(() -> found(file.position())).hasMessageContaining("bytes");
    }
}
