package io.rootstock.evaluator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.evaluator.run.Workspace.Unfinished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
    @TempDir
    private Path folder;

    @Test
    void remembersTheUnfinishedEvaluationWithItsLease() throws IOException {
        try (Workspace workspace = new Workspace(folder)) {
            assertThat(workspace.unfinished()).isEmpty();
            workspace.begin("evaluations/eval-1", 3);
        }
        try (Workspace workspace = new Workspace(folder)) {
            assertThat(workspace.unfinished()).contains(new Unfinished("evaluations/eval-1", 3));
            workspace.end();
            assertThat(workspace.unfinished()).isEmpty();
            for (String damaged : new String[] {"", "evaluations/eval-1\n"}) {
                Files.writeString(folder.resolve("unfinished"), damaged);
                assertThat(workspace.unfinished()).isEmpty();
            }
        }
    }

    @Test
    void oneProcessUsesIt() throws IOException {
        try (Workspace _ = new Workspace(folder)) {
            assertThatThrownBy(() -> new Workspace(folder)).hasMessageContaining("another evaluator uses");
        }
    }
}
