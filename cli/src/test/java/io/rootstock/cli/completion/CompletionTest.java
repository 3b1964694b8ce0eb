package io.rootstock.cli.completion;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.cli.Rootstock;
import io.rootstock.cli.completion.Completion.Shell;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class CompletionTest {
    private final CommandLine root =
            Rootstock.commandLine(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()));
    private final Completion completion = new Completion(
            root, (label, current) -> label.equals("MODEL") ? List.of("spam", "support", "javadoc") : List.of());

    @Test
    void completesCommandsWithTheirHeaders() {
        assertThat(values("mod")).containsExactly("models");
        assertThat(completion.lines(List.of("models", "li")))
                .containsExactly("list\tList models", "lineage\tShow the ancestors and descendants of a version");
        assertThat(values("models", "list", "li")).isEmpty();
    }

    @Test
    void completesOptionsOfTheCommand() {
        assertThat(values("models", "list", "--fil")).containsExactly("--filter");
        assertThat(completion.lines(List.of("models", "list", "--lim")))
                .containsExactly("--limit\tMaximum number of results");
        assertThat(values("models", "list", "--", "--lim")).isEmpty();
    }

    @Test
    void completesValuesOfOptions() {
        assertThat(values("models", "list", "--output", "")).containsExactly("table", "json", "yaml", "name");
        assertThat(values("models", "list", "--output=y")).containsExactly("--output=yaml");
        assertThat(values("suites", "create", "x", "--built-in", "em")).containsExactly("emergence");
        assertThat(values("logs", "tr")).containsExactly("trainer");
    }

    @Test
    void completesNamesOfResources() {
        assertThat(values("models", "promote", "")).isEmpty();
        assertThat(values("chat", "s")).containsExactly("spam", "support");
        assertThat(values("chat", "--temperature", "0", "ja")).containsExactly("javadoc");
        assertThat(values("chat", "spam", "s")).isEmpty();
        assertThat(values("pretrain", "--model", "su")).containsExactly("support");
    }

    @Test
    void completesAfterGlobalOptions() {
        assertThat(values("--home", "/x", "mod")).containsExactly("models");
        assertThat(values("--json", "models", "--output", "json", "li")).containsExactly("list", "lineage");
        assertThat(values("--output", "")).containsExactly("table", "json", "yaml", "name");
        assertThat(values("--regis")).containsExactly("--registry-endpoint");
    }

    @Test
    void completesCommandsAfterHelp() {
        assertThat(values("help", "mod")).containsExactly("models");
        assertThat(values("--json", "help", "models", "li")).containsExactly("list", "lineage");
        assertThat(values("help", "chat", "s")).isEmpty();
        assertThat(values("help", "--js")).containsExactly("--json");
    }

    @Test
    void leavesFilesToTheShell() {
        assertThat(values("models", "import", "--home", "/t")).containsExactly(":files");
        assertThat(values("data", "run", "")).contains(":files");
    }

    @Test
    void everyShellHasAScript() {
        for (Shell shell : Shell.values()) {
            assertThat(shell.script()).contains("__complete").contains("rootstock");
        }
    }

    private List<String> values(String... words) {
        return completion.lines(List.of(words)).stream()
                .map(line -> line.split("\t", 2)[0])
                .toList();
    }
}
