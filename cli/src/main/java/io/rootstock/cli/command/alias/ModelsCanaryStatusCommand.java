package io.rootstock.cli.command.alias;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.error.CliException;
import io.rootstock.registry.v1.CanaryAnalysis;
import io.rootstock.registry.v1.CanaryAnalysisState;
import io.rootstock.registry.v1.CanaryInterval;
import io.rootstock.registry.v1.CanaryVerdict;
import io.rootstock.registry.v1.GetCanaryAnalysisRequest;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock models canary-status}. */
@Command(
        name = "canary-status",
        mixinStandardHelpOptions = true,
        header = "Show the analysis of an alias's canary",
        description =
                "Prints the judged intervals with their numbers and verdicts. With --watch the exit code is 1 if the"
                        + " canary was rolled back.",
        footer = {
            "",
            "Examples:",
            "  rootstock models canary-status javadoc",
            "  rootstock models canary-status javadoc --watch"
        })
public final class ModelsCanaryStatusCommand extends ServiceCommand {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    @Parameters(paramLabel = "MODEL", description = "Model name")
    private String model;

    @Option(
            names = "--alias",
            paramLabel = "ALIAS",
            defaultValue = "production",
            description = "Alias name [default: ${DEFAULT-VALUE}]")
    private String alias;

    @Option(names = "--watch", description = "Print intervals as they are judged, until the analysis has ended")
    private boolean watch;

    @Override
    protected int run(Clients clients, Console console) {
        CanaryAnalysis analysis = read(clients);
        if (watch) {
            int printed = 0;
            while (!AnalysisText.isEnded(analysis)) {
                printed = printNew(analysis, printed, console);
                pause();
                analysis = read(clients);
            }
        }
        console.printJson(analysis);
        AnalysisText.print(analysis, console);
        return watch && analysis.getState() == CanaryAnalysisState.CANARY_ANALYSIS_STATE_ROLLED_BACK ? 1 : 0;
    }

    /** Prints the intervals that are new; one that waits may still change and is printed with its last numbers. */
    private static int printNew(CanaryAnalysis analysis, int printed, Console console) {
        int count = printed;
        for (CanaryInterval interval : analysis.getIntervalsList()
                .subList(Math.min(printed, analysis.getIntervalsCount()), analysis.getIntervalsCount())) {
            boolean isLast = interval.getNumber() == analysis.getIntervalsCount();
            if (isLast && interval.getVerdict() == CanaryVerdict.CANARY_VERDICT_WAITING) {
                break;
            }
            console.print(AnalysisText.line(interval));
            count = interval.getNumber();
        }
        return count;
    }

    private CanaryAnalysis read(Clients clients) {
        return clients.canaries()
                .getCanaryAnalysis(GetCanaryAnalysisRequest.newBuilder()
                        .setAlias(Names.alias(model, alias))
                        .build())
                .getAnalysis();
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", "run the command again; the analysis continues");
        }
    }
}
