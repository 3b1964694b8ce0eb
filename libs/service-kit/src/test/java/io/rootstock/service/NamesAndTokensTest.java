package io.rootstock.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesAndTokensTest {
    @Test
    void readsTheIdOutOfAName() {
        assertThat(RequestNames.id("tokenizers", "tokenizers/java-doc-4096", "tokenizer"))
                .isEqualTo("java-doc-4096");
        assertThat(RequestNames.id("a".repeat(63), "dataset_id")).hasSize(63);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "datasets/a", "tokenizers/A", "tokenizers/a/b"})
    void rejectsMalformedNamesAndStatesTheField(String name) {
        assertThatThrownBy(() -> RequestNames.id("tokenizers", name, "tokenizer"))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("tokenizer: must be tokenizers/{id}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u202E", "\u200B", "\u2066", "\uFEFF", "\u200E"})
    void refusesInvisibleFormatCharactersAndStatesTheField(String character) {
        assertThatThrownBy(() -> RequestTexts.requireVisible("good" + character + "lmth.exe", "description"))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessage("INVALID_ARGUMENT: description: must have no invisible format characters, has U+%04X"
                        .formatted((int) character.charAt(0)));
    }

    @Test
    void allowsTextsOfAllScriptsAndEmoji() {
        String text = "Größe, 中文, مرحبا, می\u200Cخواهم, \u0601١٢, 👩\u200D👧";
        assertThat(RequestTexts.requireVisible(text, "description")).isEqualTo(text);
    }

    @Test
    void leadsFromOnePageToTheNext() {
        String token = PageToken.encode("jobs state=RUNNING", "job-ü-42");

        assertThat(token).matches("[A-Za-z0-9_-]+");
        assertThat(PageToken.decode("jobs state=RUNNING", token)).contains("job-ü-42");
        assertThat(PageToken.decode("jobs", "")).isEmpty();
    }

    @Test
    void refusesThePageTokenOfAnotherQuery() {
        String token = PageToken.encode("jobs", "a");

        assertThatThrownBy(() -> PageToken.decode("models", token)).hasMessageContaining("page_token");
    }

    @Test
    void refusesEveryChangedPageToken() {
        String token = PageToken.encode("jobs", "job-42");
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'w' : 'A';
            String changed = token.substring(0, i) + other + token.substring(i + 1);
            assertThatThrownBy(() -> PageToken.decode("jobs", changed)).isInstanceOf(StatusRuntimeException.class);
        }
        assertThatThrownBy(() -> PageToken.decode("jobs", "%%%")).isInstanceOf(StatusRuntimeException.class);
        assertThatThrownBy(() -> PageToken.decode("jobs", "AA")).isInstanceOf(StatusRuntimeException.class);
    }

    @Test
    void boundsPages() {
        assertThat(PageToken.size(0)).isEqualTo(50);
        assertThat(PageToken.size(7)).isEqualTo(7);
        assertThat(PageToken.size(5000)).isEqualTo(1000);
        assertThat(PageToken.size(0, 10_000, 10_000)).isEqualTo(10_000);
        assertThatThrownBy(() -> PageToken.size(-1)).hasMessageContaining("page_size");
    }
}
