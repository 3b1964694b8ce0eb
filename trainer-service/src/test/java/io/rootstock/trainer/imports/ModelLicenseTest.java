package io.rootstock.trainer.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelLicenseTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "---\nlibrary_name: transformers\nlicense: apache-2.0\nlanguage:\n- en\n---\n# A model\n",
                "---\nlicense: \"apache-2.0\" # as its base\n---\n",
                "---\r\nlicense: 'apache-2.0'\r\n---\r\n",
                "---\nlicense:\n- apache-2.0\n- mit\n---\n"
            })
    void modelCardsStateALicense(String card) throws IOException {
        Files.writeString(folder.resolve("README.md"), card);
        assertThat(ModelLicense.ofDirectory(folder)).contains("apache-2.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# A model\nlicense: apache-2.0\n",
                "---\nlanguage: en\n---\nlicense: apache-2.0\n---\n",
                "---\nlicense: <unknown>\n---\n",
                "---\nlicense: apache-2.0\n",
                ""
            })
    void otherTextIsNoLicense(String card) throws IOException {
        Files.writeString(folder.resolve("README.md"), card);
        assertThat(ModelLicense.ofDirectory(folder)).isEmpty();
    }

    @Test
    void aDirectoryWithoutACardStatesNone() throws IOException {
        assertThat(ModelLicense.ofDirectory(folder)).isEmpty();
    }
}
