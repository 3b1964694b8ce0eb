package io.rootstock.cli.command.model;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.MadeFileConverter;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.operation.GgufFiles;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.GgufFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock models quantize}. */
@Command(
        name = "quantize",
        mixinStandardHelpOptions = true,
        header = "Add a GGUF file to a version",
        description =
                "Creates the file from the version's Hugging Face directory, unless the version has it. The inference"
                        + " service chooses among the files of a version when it loads the version.",
        footer = {"", "Example:", "  rootstock models quantize javadoc:2 --quantization q4_k_m"})
final class ModelsQuantizeCommand extends ServiceCommand {
    @Parameters(paramLabel = "VERSION", description = "Version: MODEL (latest version), MODEL@ALIAS or MODEL:NUMBER")
    private String name;

    @Option(
            names = "--quantization",
            required = true,
            paramLabel = "f32|f16|q8_0|q4_k_m",
            converter = MadeFileConverter.class,
            completionCandidates = MadeFileConverter.class,
            description = "GGUF file to add")
    private GgufFile quantization;

    @Override
    protected int run(Clients clients, Console console) {
        Version version =
                GgufFiles.ensure(clients, console, Versions.get(clients, Names.version(name, "latest")), quantization);
        console.printJson(version);
        for (Artifact artifact : version.getArtifactsList()) {
            if (artifact.getKind() == quantization.kind()) {
                console.print("%s  %s  %s"
                        .formatted(
                                Names.brief(version.getName()),
                                Format.bytes(artifact.getBytes()),
                                artifact.getDigest()));
            }
        }
        return 0;
    }
}
