package io.rootstock.cli.command.shell;

import io.rootstock.cli.command.CommonOptions;
import io.rootstock.cli.completion.Completion.Shell;
import io.rootstock.cli.display.Console;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rootstock completion}. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        header = "Print the completion script of a shell",
        description =
                "The script completes commands, options, their values, and the names of models, jobs, datasets and"
                        + " other resources.",
        footer = {
            "",
            "Examples:",
            "  source <(rootstock completion bash)     in ~/.bashrc",
            "  source <(rootstock completion zsh)      in ~/.zshrc, after compinit",
            "  rootstock completion fish | source      in ~/.config/fish/config.fish"
        })
public final class CompletionCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Parameters(index = "0", paramLabel = "bash|zsh|fish", description = "Shell")
    private Shell shell;

    @Override
    public Integer call() {
        Console console = common.console();
        String script = shell.script();
        console.printJson(Map.of("shell", shell.name().toLowerCase(Locale.ROOT), "script", script));
        console.print(script.stripTrailing());
        return 0;
    }
}
