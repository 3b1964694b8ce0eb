package io.rootstock.cli.command.model;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Details;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.display.MixturePlanTable;
import io.rootstock.cli.display.Table;
import io.rootstock.names.VersionName;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.GetModelRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Model;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock models show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        header = "Show the origin, metrics, files and aliases of a version",
        footer = {"", "Examples:", "  rootstock models show javadoc", "  rootstock models show javadoc:2"})
final class ModelsShowCommand extends ServiceCommand {
    @Parameters(paramLabel = "VERSION", description = "Version: MODEL (latest version), MODEL@ALIAS or MODEL:NUMBER")
    private String version;

    @Override
    protected int run(Clients clients, Console console) {
        Version found = clients.models()
                .getVersion(GetVersionRequest.newBuilder()
                        .setName(Names.version(version, "latest"))
                        .build())
                .getVersion();
        Model model = clients.models()
                .getModel(GetModelRequest.newBuilder()
                        .setName(VersionName.parse(found.getName()).modelName())
                        .build())
                .getModel();
        console.printJson(found);
        new Details()
                .add("version", Names.brief(found.getName()))
                .add("kind", Labels.of(found.getKind()))
                .add("aliases", aliases(model, found))
                .add("parent", Names.brief(found.getParent()))
                .add("imported from", origin(found))
                .add("state", state(found))
                .add("job", found.getJob())
                .add("dataset", MixturePlanTable.data(found))
                .add("mixture digest", found.getMixture().getDigest())
                .add("tokenizer", found.getTokenizer())
                .add("special tokens", SpecialTokenText.of(found))
                .add("license", found.getLicense())
                .add("description", found.getDescription())
                .add("tags", TagText.of(found.getTagsMap()))
                .add("model description", model.getDescription())
                .add("model tags", TagText.of(model.getTagsMap()))
                .add("labels", String.join(", ", found.getLabelsList()))
                .add("created", Format.time(found.getCreateTime()))
                .print(console);
        if (found.hasMixture()) {
            console.print("");
            MixturePlanTable.print(found.getMixture(), console);
        }
        if (!found.getMetricsMap().isEmpty()) {
            console.print("");
            Table metrics = new Table("metric", "value");
            new TreeMap<>(found.getMetricsMap()).forEach((name, value) -> metrics.row(name, Format.fixed(value, 4)));
            metrics.print(console);
        }
        console.print("");
        Table artifacts = new Table("file", "size", "digest");
        for (Artifact artifact : found.getArtifactsList()) {
            artifacts.row(Labels.file(artifact.getKind()), Format.bytes(artifact.getBytes()), artifact.getDigest());
        }
        artifacts.print(console);
        return 0;
    }

    private static String origin(Version version) {
        return Stream.concat(
                        Stream.of(version.getOrigin().getVersion()), version.getOrigin().getAncestorsList().stream())
                .map(Names::brief)
                .collect(Collectors.joining(", fine-tuned from "));
    }

    private static String state(Version version) {
        return Stream.of(version.getArchived() ? "archived" : "", version.getPinned() ? "pinned" : "")
                .filter(state -> !state.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String aliases(Model model, Version version) {
        return model.getAliasesList().stream()
                .filter(alias -> alias.getVersion().equals(version.getName())
                        || alias.getCanary().getVersion().equals(version.getName()))
                .map(alias -> text(alias, version))
                .collect(Collectors.joining(", "));
    }

    private static String text(Alias alias, Version version) {
        return Names.id(alias.getName()) + (alias.getVersion().equals(version.getName()) ? "" : " (canary)");
    }
}
