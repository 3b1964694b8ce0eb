package io.rootstock.cli.command.data;

import io.rootstock.cli.error.CliException;
import io.rootstock.corpus.worker.step.Presets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rootstock data preset}. */
@Command(
        name = "preset",
        mixinStandardHelpOptions = true,
        header = "Print a recipe to start from",
        description = "Presets: gpt-3 (the mixture of GPT-3), fineweb-like (web pages), books.",
        footer = {"", "Example:", "  rootstock data preset fineweb-like > recipe.yaml"})
final class DataPresetCommand implements Callable<Integer> {
    @Parameters(paramLabel = "gpt-3|fineweb-like|books", description = "Name of the preset")
    private String preset;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            spec.commandLine().getOut().print(Presets.yaml(preset));
            spec.commandLine().getOut().flush();
            return 0;
        } catch (IllegalArgumentException e) {
            throw new CliException(e.getMessage(), "rootstock data preset --help");
        }
    }
}
