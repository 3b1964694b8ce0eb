package io.rootstock.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackingTest {
    private static final List<String> RESOURCES = List.of(
            "META-INF/maven/org.bytedeco/pytorch/pom.properties", "META-INF/maven/org.bytedeco/pytorch/pom.xml");

    @TempDir
    Path home;

    @Test
    void manyAtOnceMakeOneWholeFolder() throws Exception {
        Callable<Path> unpack = () -> Unpacking.once(home, "things", RESOURCES);
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (var unpacked : threads.invokeAll(Collections.nCopies(8, unpack))) {
                assertThat(unpacked.get()).isDirectoryContaining("glob:**/pom.xml");
            }
        }
        assertThat(home.resolve("things.part")).doesNotExist();
    }

    @Test
    void whatADeadProcessLeftIsNotTakenForTheWhole() throws Exception {
        Path part = Files.createDirectory(home.resolve("things.part"));
        Files.writeString(part.resolve("pom.xml"), "half");
        Path unpacked = Unpacking.once(home, "things", RESOURCES);
        assertThat(unpacked.resolve("pom.xml")).content().endsWith("</project>\n");
    }

    @Test
    void aMissingResourceLeavesNoFolder() {
        assertThatThrownBy(() -> Unpacking.once(home, "things", List.of(RESOURCES.getFirst(), "no/such.so")))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("no/such.so is not on the class path");
        assertThat(home.resolve("things")).doesNotExist();
        assertThat(home.resolve("things.part")).doesNotExist();
    }
}
