package io.rootstock.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares {@link Kustomize} with kubectl, where there is one. */
class KubectlTest {
    @Test
    void rendersTheSameResources(@TempDir Path folder) throws IOException, InterruptedException {
        String path = System.getenv().getOrDefault("PATH", "");
        if (Stream.of(path.split(File.pathSeparator, -1))
                .noneMatch(directory -> Files.isExecutable(Path.of(directory, "kubectl")))) {
            Assumptions.abort("kubectl not found");
        }
        for (Rendered rendered : Rendered.everything()) {
            Path output = folder.resolve("output.yaml");
            Process kubectl = new ProcessBuilder("kubectl", "kustomize", rendered.name())
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            assertThat(kubectl.waitFor()).as(rendered.name()).isZero();
            assertThat(Resources.byName(Kustomize.render(Path.of(rendered.name()))))
                    .as(rendered.name())
                    .isEqualTo(Resources.byName(Manifests.documents(output)));
        }
    }
}
