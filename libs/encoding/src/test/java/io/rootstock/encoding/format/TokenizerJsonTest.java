package io.rootstock.encoding.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.encoding.reference.ReferenceCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerJsonTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"hf-llama2", "hf-metaspace", "hf-metaspace-split", "hf-gemma"})
    void idsAndTextsAreThoseOfHuggingFace(String name) throws IOException {
        TokenizerJson tokenizer = TokenizerJson.read(ReferenceCases.file(name + ".json"));
        for (ReferenceCases.Case example : ReferenceCases.read(name + ".jsonl")) {
            assertThat(tokenizer.encode(example.text(), true))
                    .as("tokens of '%s'", example.text())
                    .isEqualTo(example.ids());
            assertThat(tokenizer.decode(example.ids(), true))
                    .as("text of the tokens of '%s'", example.text())
                    .isEqualTo(example.decoded());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf-llama2", "hf-metaspace", "hf-metaspace-split", "hf-gemma"})
    void isWrittenWithoutLoss(String name) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        TokenizerJson.read(ReferenceCases.file(name + ".json")).write(file);
        assertThat(JSON.readTree(file.toFile()))
                .isEqualTo(JSON.readTree(ReferenceCases.file(name + ".json").toFile()));
    }

    @Test
    void truncatesAndPadsAsTheFileStates() throws IOException {
        ObjectNode json = json();
        json.putObject("truncation")
                .put("direction", "Right")
                .put("max_length", 4)
                .put("strategy", "LongestFirst")
                .put("stride", 0);
        ObjectNode padding = json.putObject("padding").put("direction", "Left");
        padding.putObject("strategy").put("Fixed", 3);
        padding.put("pad_to_multiple_of", 4)
                .put("pad_id", 2)
                .put("pad_type_id", 0)
                .put("pad_token", "</s>");
        int[] whole = TokenizerJson.read(ReferenceCases.file("hf-llama2.json")).encode("katomiren solthe", true);
        TokenizerJson tokenizer = read(json);
        assertThat(whole).hasSizeGreaterThan(4);
        assertThat(tokenizer.encode("katomiren solthe", true)).containsExactly(whole[0], whole[1], whole[2], whole[3]);
        assertThat(tokenizer.encode("", true)).containsExactly(2, 2, 2, 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/version | `2.0` | version = `2.0`",
                "/more | 1 | more = 1 is unknown",
                "/truncation | {`strategy`:`OnlySecond`} | truncation.strategy = `OnlySecond`",
                "/padding | {`strategy`:`Other`} | padding.strategy = `Other`",
                "/added_tokens/1/lstrip | true | added_tokens[1].lstrip = true",
                "/added_tokens/0/normalized | true | added_tokens[0].normalized = true",
                "/normalizer | {`type`:`Lowercase`} | normalizer.type = `Lowercase`",
                "/normalizer/normalizers/0/prepend | `_` | normalizer.normalizers[0].prepend = `_`",
                "/pre_tokenizer | {`type`:`Whitespace`} | pre_tokenizer.type = `Whitespace`",
                "/post_processor | {`type`:`BertProcessing`} | post_processor.type = `BertProcessing`",
                "/decoder | {`type`:`WordPiece`} | decoder.type = `WordPiece`",
                "/decoder/decoders/3/stop | 1 | decoder.decoders[3]",
                "/model/type | `Unigram` | model.type = `Unigram`",
                "/model/dropout | 0.1 | model.dropout = 0.1",
                "/model/unk_token | `missing` | model.unk_token = `missing`",
                "/model/end_of_word_suffix | `</w>` | model.end_of_word_suffix = `</w>`",
                "/model/ignore_merges | true | model.ignore_merges = true",
                "/model/merges/0 | `one` | model.merges[0] = `one`",
                "/model/vocab | {} | model.vocab = {}"
            })
    void whatIsNotSupportedIsRefusedByItsPath(String pointer, String value, String message) throws IOException {
        ObjectNode json = json();
        int slash = pointer.lastIndexOf('/');
        String name = pointer.substring(slash + 1);
        JsonNode parent = json.at(pointer.substring(0, slash));
        JsonNode node = JSON.readTree(value.replace('`', '"'));
        switch (parent) {
            case ObjectNode object -> object.set(name, node);
            case ArrayNode array -> array.set(Integer.parseInt(name), node);
            default -> throw new AssertionError(pointer);
        }
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(InvalidTokenizerException.class)
                .hasMessageContaining("tokenizer.json: ")
                .hasMessageContaining(message.replace('`', '"'));
    }

    @Test
    void damagedJsonIsRefusedWithTheLine() throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), "{\n\"version\": ");
        assertThatThrownBy(() -> TokenizerJson.read(file))
                .isInstanceOf(InvalidTokenizerException.class)
                .hasMessageContaining("line 2");
    }

    private static ObjectNode json() throws IOException {
        return TokenizerJson.read(ReferenceCases.file("hf-llama2.json")).json();
    }

    private TokenizerJson read(ObjectNode json) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.write(file, JSON.writeValueAsBytes(json));
        return TokenizerJson.read(file);
    }
}
