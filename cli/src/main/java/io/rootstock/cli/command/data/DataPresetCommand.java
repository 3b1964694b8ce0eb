package io.rootstock.cli.command.data;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.error.CliException;
import io.rootstock.tokenizer.v1.ListRecipePresetsRequest;
import io.rootstock.tokenizer.v1.RecipePreset;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock data preset}. */
@Command(
        name = "preset",
        mixinStandardHelpOptions = true,
        header = "Print a recipe to start from",
        description = "Presets: gpt-3 (the mixture of GPT-3), fineweb-like (web pages), books.",
        footer = {"", "Example:", "  rootstock data preset fineweb-like > recipe.yaml"})
final class DataPresetCommand extends ServiceCommand {
    @Parameters(paramLabel = "PRESET", description = "Name of the preset")
    private String preset;

    @Override
    protected int run(Clients clients, Console console) {
        List<RecipePreset> presets = clients.corpora()
                .listRecipePresets(ListRecipePresetsRequest.getDefaultInstance())
                .getPresetsList();
        RecipePreset found = presets.stream()
                .filter(known -> known.getName().equals(preset))
                .findFirst()
                .orElseThrow(() -> new CliException(
                        "unknown PRESET '" + preset + "'",
                        "choose from "
                                + presets.stream().map(RecipePreset::getName).collect(Collectors.joining(", "))));
        console.printJson(found);
        console.print(found.getText().stripTrailing());
        return 0;
    }
}
