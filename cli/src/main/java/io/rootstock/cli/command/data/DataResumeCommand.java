package io.rootstock.cli.command.data;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.tokenizer.v1.Corpus;
import io.rootstock.tokenizer.v1.ResumeCorpusRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock data resume}. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        header = "Run a cancelled or failed corpus again",
        description = "Finished units are not repeated. Execution options replace those of the first run.",
        footer = {"", "Example:", "  rootstock data resume web"})
final class DataResumeCommand extends ServiceCommand {
    @Parameters(paramLabel = "CORPUS", description = "Corpus name")
    private String corpus;

    @Mixin
    private ExecutionOptions execution;

    @Option(names = "--detach", description = "Exit after queueing; the job runs in the background")
    private boolean detach;

    @Override
    protected int run(Clients clients, Console console) {
        ResumeCorpusRequest.Builder request = ResumeCorpusRequest.newBuilder().setName(Names.of("corpora", corpus));
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
