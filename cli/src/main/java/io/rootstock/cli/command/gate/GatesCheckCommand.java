package io.rootstock.cli.command.gate;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.evaluation.v1.CheckGatesRequest;
import io.rootstock.evaluation.v1.CheckGatesResponse;
import io.rootstock.evaluation.v1.GateResult;
import io.rootstock.names.VersionName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock gates check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        header = "Say which gates of an alias a version passes",
        description = "The alias does not move. Exit code 1 if a gate fails.",
        footer = {"", "Example:", "  rootstock gates check support:4"})
final class GatesCheckCommand extends ServiceCommand {
    @Parameters(paramLabel = "MODEL:NUMBER", description = "Version to check")
    private String version;

    @Option(
            names = "--alias",
            paramLabel = "ALIAS",
            defaultValue = "production",
            description = "Alias name [default: ${DEFAULT-VALUE}]")
    private String alias;

    @Override
    protected int run(Clients clients, Console console) {
        VersionName exact = Names.exactVersion(version);
        CheckGatesResponse response = clients.gates()
                .checkGates(CheckGatesRequest.newBuilder()
                        .setAlias(Names.alias(exact.modelName(), alias))
                        .setVersion(exact.toString())
                        .build());
        int failed = 0;
        for (GateResult result : response.getResultsList()) {
            console.printJson(result);
            console.print((result.getPassed() ? "passed  " : "failed  ")
                    + Names.id(result.getGate().getName()) + ": " + result.getReason());
            failed += result.getPassed() ? 0 : 1;
        }
        if (response.getResultsCount() == 0) {
            console.print(Names.alias(exact.modelName(), alias) + " has no gates");
        } else if (failed > 0) {
            console.note(Format.counted(failed, "gate") + " of " + response.getResultsCount() + " failed");
        }
        return failed == 0 ? 0 : 1;
    }
}
