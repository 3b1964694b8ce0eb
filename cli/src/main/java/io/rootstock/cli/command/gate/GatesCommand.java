package io.rootstock.cli.command.gate;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.DeletionCommand;
import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.Subcommands;
import io.rootstock.cli.display.Console;
import io.rootstock.evaluation.v1.DeleteGateRequest;
import io.rootstock.evaluation.v1.DeleteGateResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock gates}: groups its commands. */
@Command(
        name = "gates",
        mixinStandardHelpOptions = true,
        header = "Rules that a version must pass before it is promoted",
        description = "A gate belongs to an alias, such as production, and reads the newest evaluation of the version"
                + " (rootstock eval run) on the gate's suite, limit and shots. rootstock models promote is refused while a gate"
                + " fails, unless it has --override-gates and a reason; rootstock models rollback is never refused.",
        footer = {
            "",
            "Examples:",
            "  rootstock gates set support quality --suite base --task boolq --bound 0.6",
            "  rootstock gates set support no-loss --suite base --task lambada --not-worse-by 0.02",
            "  rootstock gates check support:4"
        })
@Subcommands({GatesSetCommand.class, GatesListCommand.class, GatesCheckCommand.class, GatesCommand.DeleteCommand.class})
public final class GatesCommand extends GroupCommand {
    /** {@code rootstock gates delete}. */
    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            header = "Delete a gate",
            footer = {"", "Example:", "  rootstock gates delete support quality"})
    static final class DeleteCommand extends DeletionCommand {
        @Parameters(index = "0", paramLabel = "MODEL", description = "Model of the alias")
        private String model;

        @Parameters(index = "1", paramLabel = "GATE", description = "Name of the gate")
        private String gate;

        @Option(
                names = "--alias",
                paramLabel = "ALIAS",
                defaultValue = "production",
                description = "Alias name [default: ${DEFAULT-VALUE}]")
        private String alias;

        @Override
        protected int run(Clients clients, Console console) {
            String name = Names.gate(model, alias, gate);
            return delete(console, name, "delete " + name + "?", () -> {
                DeleteGateResponse _ = clients.gates()
                        .deleteGate(DeleteGateRequest.newBuilder().setName(name).build());
            });
        }
    }
}
