package io.rootstock.cli.command.data;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.DeletionCommand;
import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.command.Subcommands;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.error.CliException;
import io.rootstock.tokenizer.v1.CancelCorpusRequest;
import io.rootstock.tokenizer.v1.Corpus;
import io.rootstock.tokenizer.v1.DeleteCorpusRequest;
import io.rootstock.tokenizer.v1.DeleteCorpusResponse;
import io.rootstock.tokenizer.v1.ListRecipePresetsRequest;
import io.rootstock.tokenizer.v1.RecipePreset;
import io.rootstock.tokenizer.v1.ResumeCorpusRequest;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock data}: groups its commands. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        header = "Clean raw files to a corpus by a recipe",
        footer = {
            "",
            "Examples:",
            "  rootstock data plan recipe.yaml",
            "  rootstock data run recipe.yaml",
            "  rootstock data report CORPUS"
        })
@Subcommands({
    DataPlanCommand.class,
    DataRunCommand.class,
    DataStatusCommand.class,
    DataCommand.WatchCommand.class,
    DataReportCommand.class,
    DataListCommand.class,
    DataCommand.CancelCommand.class,
    DataCommand.ResumeCommand.class,
    DataCommand.DeleteCommand.class,
    DataCommand.PresetCommand.class
})
public final class DataCommand extends GroupCommand {
    /** {@code rootstock data cancel}. */
    @Command(
            name = "cancel",
            mixinStandardHelpOptions = true,
            header = "Cancel the job of a corpus",
            description = "Finished units are kept for `rootstock data resume`.",
            footer = {"", "Example:", "  rootstock data cancel web"})
    static final class CancelCommand extends ServiceCommand {
        @Parameters(paramLabel = "CORPUS", description = "Corpus name")
        private String corpus;

        @Override
        protected int run(Clients clients, Console console) {
            Corpus cancelled = clients.corpora()
                    .cancelCorpus(CancelCorpusRequest.newBuilder()
                            .setName(Names.of("corpora", corpus))
                            .build())
                    .getCorpus();
            console.printJson(cancelled);
            console.print(cancelled.getName() + " "
                    + CorpusDisplay.withMessage(cancelled.getState(), cancelled.getMessage()));
            return 0;
        }
    }

    /** {@code rootstock data delete}. */
    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            header = "Delete a corpus that has ended, with the files of its job",
            description =
                    "Cancel a corpus that has not ended first. Datasets made from it stay. `rootstock prune` frees the"
                            + " documents.",
            footer = {"", "Example:", "  rootstock data delete web"})
    static final class DeleteCommand extends DeletionCommand {
        @Parameters(paramLabel = "CORPUS", description = "Corpus name")
        private String corpus;

        @Override
        protected int run(Clients clients, Console console) {
            String name = Names.of("corpora", corpus);
            return delete(console, name, "delete " + name + " with its events and documents?", () -> {
                DeleteCorpusResponse _ = clients.corpora()
                        .deleteCorpus(
                                DeleteCorpusRequest.newBuilder().setName(name).build());
            });
        }
    }

    /** {@code rootstock data preset}. */
    @Command(
            name = "preset",
            mixinStandardHelpOptions = true,
            header = "Print a recipe to start from",
            description = "Presets: gpt-3 (the mixture of GPT-3), fineweb-like (web pages), books.",
            footer = {"", "Example:", "  rootstock data preset fineweb-like > recipe.yaml"})
    static final class PresetCommand extends ServiceCommand {
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
                                    + presets.stream()
                                            .map(RecipePreset::getName)
                                            .collect(Collectors.joining(", "))));
            console.printJson(found);
            console.print(found.getText().stripTrailing());
            return 0;
        }
    }

    /** {@code rootstock data resume}. */
    @Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            header = "Run a cancelled or failed corpus again",
            description = "Finished units are not repeated. Execution options replace those of the first run.",
            footer = {"", "Example:", "  rootstock data resume web"})
    static final class ResumeCommand extends ServiceCommand {
        @Parameters(paramLabel = "CORPUS", description = "Corpus name")
        private String corpus;

        @Mixin
        private ExecutionOptions execution;

        @Option(names = "--detach", description = "Exit after queueing; the job runs in the background")
        private boolean detach;

        @Override
        protected int run(Clients clients, Console console) {
            ResumeCorpusRequest.Builder request =
                    ResumeCorpusRequest.newBuilder().setName(Names.of("corpora", corpus));
            if (execution.isStated()) {
                request.setExecution(execution.execution());
            }
            Corpus resumed = clients.corpora().resumeCorpus(request.build()).getCorpus();
            if (detach) {
                console.printJson(resumed);
                console.print(
                        resumed.getName() + " " + CorpusDisplay.withMessage(resumed.getState(), resumed.getMessage()));
                return 0;
            }
            return WatchedCorpus.watch(clients, console, resumed.getName());
        }
    }

    /** {@code rootstock data watch}. */
    @Command(
            name = "watch",
            mixinStandardHelpOptions = true,
            header = "Watch the job of a corpus",
            description = "Replays past events and prints new ones until the job ends. Exits with code 1 if it did not"
                    + " succeed.",
            footer = {"", "Example:", "  rootstock data watch web --json > events.jsonl"})
    static final class WatchCommand extends ServiceCommand {
        @Parameters(paramLabel = "CORPUS", description = "Corpus name")
        private String corpus;

        @Override
        protected int run(Clients clients, Console console) {
            return WatchedCorpus.watch(clients, console, Names.of("corpora", corpus));
        }
    }
}
