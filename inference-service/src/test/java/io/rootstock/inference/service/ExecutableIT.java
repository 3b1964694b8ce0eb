package io.rootstock.inference.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The native executable as a file; Maven, which runs this test, built it with the same environment variables. */
@EnabledIfSystemProperty(named = ExecutableIT.EXECUTABLE, matches = ".+")
class ExecutableIT {
    static final String EXECUTABLE = "rootstock.inference.executable";

    @Test
    void hasNothingOfTheEnvironmentOfItsBuild() throws IOException {
        Path file = Path.of(System.getProperty(EXECUTABLE));
        try (FileChannel channel = FileChannel.open(file)) {
            MappedByteBuffer bytes = channel.map(MapMode.READ_ONLY, 0, channel.size());
            assertThat(contains(bytes, "rootstock.inference.threads")).isTrue();
            assertThat(contains(bytes, System.getenv("PATH"))).isFalse();
            assertThat(contains(bytes, System.getenv("GRAALVM_HOME"))).isFalse();
            assertThat(contains(bytes, Path.of("").toAbsolutePath().toString())).isFalse();
        }
    }

    private static boolean contains(MappedByteBuffer bytes, String text) {
        byte[] sought = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int start = 0; start <= bytes.limit() - sought.length; start++) {
            int matching = 0;
            while (matching < sought.length && bytes.get(start + matching) == sought[matching]) {
                matching++;
            }
            if (matching == sought.length) {
                return true;
            }
        }
        return false;
    }
}
