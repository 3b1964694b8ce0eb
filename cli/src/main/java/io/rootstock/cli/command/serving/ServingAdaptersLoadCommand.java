package io.rootstock.cli.command.serving;

import io.rootstock.cli.client.AdapterReference;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.inference.v1.Adapter;
import io.rootstock.inference.v1.LoadAdapterRequest;
import io.rootstock.inference.v1.LoadAdapterResponse;
import io.rootstock.trainer.v1.ArtifactKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock serving adapters load}. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        header = "Load a LoRA adapter for a served model",
        description =
                "Verifies the digest and the structure of the file before it is loaded. Every pod that the name of the"
                        + " endpoint resolves to loads it; a pod that starts later does not.",
        footer = {
            "",
            "Examples:",
            "  rootstock serving adapters load javadoc formal formal-answers:1",
            "  rootstock serving adapters load javadoc formal sha256:9f86d0..."
        })
final class ServingAdaptersLoadCommand extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "Name of a served generative model")
    private String model;

    @Parameters(index = "1", paramLabel = "NAME", description = "Name of the adapter in requests (--adapter)")
    private String name;

    @Parameters(
            index = "2",
            paramLabel = "VERSION|DIGEST",
            description = "Version fine-tuned with --method lora, or digest of a GGUF adapter")
    private String adapterSource;

    @Option(names = "--pinned", description = "Never evict the adapter")
    private boolean pinned;

    @Override
    protected int run(Clients clients, Console console) {
        LoadAdapterRequest request = LoadAdapterRequest.newBuilder()
                .setModel(Names.of("models", model))
                .setName(name)
                .setDigest(AdapterReference.digest(clients, adapterSource, ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER))
                .setPinned(pinned)
                .build();
        for (LoadAdapterResponse response :
                clients.servingPods().call(pod -> pod.loadAdapter(request)).values()) {
            Adapter adapter = response.getAdapter();
            console.printJson(adapter);
            console.print("loaded " + adapter.getName() + " (" + Format.digest(adapter.getDigest()) + ") for "
                    + Names.brief(adapter.getVersion()));
        }
        return 0;
    }
}
