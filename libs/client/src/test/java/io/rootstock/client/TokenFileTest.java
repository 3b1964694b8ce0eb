package io.rootstock.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFileTest {
    @TempDir
    Path folder;

    @Test
    void takesANewTokenWhenItsFileIsReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "first-token-0123\n");
        TokenFile token = new TokenFile(file);
        assertThat(token.matches("first-token-0123")).isTrue();

        Files.writeString(file, "second-token-0123\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(token.matches("first-token-0123")).isFalse();
        assertThat(token.current()).isEqualTo("second-token-0123");

        Files.delete(file);
        assertThat(token.matches("second-token-0123")).isTrue();
    }

    @Test
    void sendsTheFirstLineAndAcceptsAll() throws IOException {
        TokenFile token =
                new TokenFile(Files.writeString(folder.resolve("token"), "second-token-0123\nfirst-token-0123\n"));

        assertThat(token.current()).isEqualTo("second-token-0123");
        assertThat(token.matches("first-token-0123")).isTrue();
        assertThat(token.matches("second-token-0123")).isTrue();
        assertThat(token.matches("second-token-0123\nfirst-token-0123")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "two words 0123456", "ünsichtbar-0123456", "0123456789abcdef\nshort"})
    void refusesATokenFileThatHoldsNoToken(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("token"), content);

        assertThatThrownBy(() -> new TokenFile(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("visible ASCII characters");
    }
}
