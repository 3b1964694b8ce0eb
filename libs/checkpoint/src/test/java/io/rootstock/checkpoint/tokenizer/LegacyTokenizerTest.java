package io.rootstock.checkpoint.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LegacyTokenizerTest {
    @TempDir
    Path folder;

    @Test
    void isRefusedWithTheWayToExportItAgain() throws IOException {
        earlier();

        assertThatThrownBy(() -> TokenizerFiles.read(folder))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageContaining("written by an earlier version")
                .hasMessageContaining("rootstock models export");
    }

    @Test
    void saysAfterAnUpdateWhatItsModelsWereTrainedWith() throws IOException {
        earlier();

        assertThat(LegacyTokenizer.update(folder)).isTrue();
        TokenizerFiles files = TokenizerFiles.read(folder);
        assertThat(files.rule().addBos()).isTrue();
        assertThat(files.rule().bos()).contains(TinyModel.BOS);
        assertThat(files.chatTemplate()).isEqualTo("{{ bos_token }}{{ messages }}");
        assertThat(LegacyTokenizer.update(folder)).isFalse();
        assertThat(TokenizerFiles.read(folder)).isEqualTo(files);
    }

    @Test
    void filesOfOthersStayAsTheyAre() throws IOException {
        TinyModel.tokenizerWithoutBos(folder);
        String before = Files.readString(folder.resolve(TokenizerFiles.TOKENIZER));

        assertThat(LegacyTokenizer.update(folder)).isFalse();
        assertThat(folder.resolve(TokenizerFiles.TOKENIZER)).hasContent(before);
    }

    private void earlier() throws IOException {
        Path file = TinyModel.tokenizer(folder).resolve(TokenizerFiles.TOKENIZER);
        ObjectNode json = (ObjectNode) Json.readObject(file);
        json.putObject("post_processor").put("type", "ByteLevel");
        Json.write(file, json);
    }
}
