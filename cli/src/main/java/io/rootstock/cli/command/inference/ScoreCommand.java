package io.rootstock.cli.command.inference;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.Input;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.LogprobTable;
import io.rootstock.cli.display.Table;
import io.rootstock.inference.v1.Score;
import io.rootstock.inference.v1.ScoreRequest;
import io.rootstock.inference.v1.ScoreResponse;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock score}. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        header = "Score continuations of a prompt",
        description = "Prints the sum of the natural log-probabilities of the tokens of each continuation.",
        footer = {"", "Example:", "  rootstock score javadoc \"Returns the number of\" \" elements.\" \" bananas.\""})
public final class ScoreCommand extends ServiceCommand {
    private static final int DIGITS = 3;
    private static final int TEXT_WIDTH = 60;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Name of a served generative model")
    private String model;

    @Parameters(index = "1", paramLabel = "PROMPT", description = "Prompt; - reads standard input")
    private String prompt;

    @Parameters(
            index = "2..*",
            arity = "1..*",
            paramLabel = "CONTINUATION",
            description = "Continuations to score, 1 to 4096")
    private List<String> continuations;

    @Option(
            names = "--adapter",
            paramLabel = "NAME[:SCALE]",
            description = "Loaded adapter and its scale [default scale: 1]")
    private String adapter;

    @Option(names = "--logprobs", description = "Print the log-probability of each token")
    private boolean logprobs;

    @Override
    protected int run(Clients clients, Console console) {
        ScoreRequest.Builder request = ScoreRequest.newBuilder()
                .setModel(Names.of("models", model))
                .setPrompt(Input.text(prompt))
                .addAllContinuations(continuations)
                .setLogprobs(logprobs);
        if (adapter != null) {
            request.setAdapter(SamplingOptions.parseAdapter(adapter));
        }
        ScoreResponse response = clients.inference().score(request.build());
        console.printJson(response);
        Table table = new Table("logprob", "tokens", "logprob/token", "greedy", "continuation");
        for (int i = 0; i < response.getScoresCount(); i++) {
            Score score = response.getScores(i);
            table.row(
                    Format.fixed(score.getLogprob(), DIGITS),
                    score.getTokens(),
                    Format.fixed(score.getLogprob() / score.getTokens(), DIGITS),
                    score.getGreedy() ? "yes" : "no",
                    Format.fit(continuations.get(i), TEXT_WIDTH));
        }
        table.print(console);
        response.getScoresList().forEach(score -> LogprobTable.print(score.getLogprobsList(), console));
        return 0;
    }
}
