package io.rootstock.cli.command.serving;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.command.Subcommands;
import io.rootstock.cli.display.Console;
import io.rootstock.inference.v1.UnloadAdapterRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock serving adapters}: groups its commands. */
@Command(
        name = "adapters",
        mixinStandardHelpOptions = true,
        header = "Load, unload and list LoRA adapters of a served model",
        description = "Adapters belong to one version: after a promotion they must be loaded again.",
        footer = {"", "Example:", "  rootstock serving adapters list javadoc"})
@Subcommands({
    ServingAdaptersLoadCommand.class,
    ServingAdaptersCommand.UnloadCommand.class,
    ServingAdaptersListCommand.class
})
final class ServingAdaptersCommand extends GroupCommand {
    /** {@code rootstock serving adapters unload}. */
    @Command(
            name = "unload",
            mixinStandardHelpOptions = true,
            header = "Unload a LoRA adapter",
            description = "Waits for requests that use the adapter.",
            footer = {"", "Example:", "  rootstock serving adapters unload javadoc formal"})
    static final class UnloadCommand extends ServiceCommand {
        @Parameters(index = "0", paramLabel = "MODEL", description = "Model that the adapter is loaded for")
        private String model;

        @Parameters(index = "1", paramLabel = "NAME", description = "Adapter name")
        private String name;

        @Override
        protected int run(Clients clients, Console console) {
            UnloadAdapterRequest request = UnloadAdapterRequest.newBuilder()
                    .setModel(Names.of("models", model))
                    .setName(name)
                    .build();
            clients.servingPods()
                    .call(pod -> pod.unloadAdapter(request))
                    .values()
                    .forEach(console::printJson);
            console.print("unloaded " + name);
            return 0;
        }
    }
}
