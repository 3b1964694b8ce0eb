package io.rootstock.cli.display;

import io.rootstock.cli.client.Names;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.MixturePhasePlan;
import io.rootstock.trainer.v1.MixturePlan;
import io.rootstock.trainer.v1.MixtureSource;
import io.rootstock.trainer.v1.MixtureSourcePlan;
import java.util.List;
import java.util.stream.Collectors;

/** Expected draws of a mixture as a table, and mixtures in one line. */
public final class MixturePlanTable {
    private MixturePlanTable() {}

    /** Prints sources with their tokens, weights, draws and epochs; with a curriculum for each phase; then the notes. */
    public static void print(MixturePlan plan, Console console) {
        console.print("mixture sha256 " + Format.digest(plan.getDigest()) + ":");
        table(plan).print(console);
        plan.getNotesList().forEach(note -> console.print("  note: " + note));
    }

    /** One row for each source, and for each of its phases if there are several. */
    static Table table(MixturePlan plan) {
        boolean phased = plan.getSourcesList().stream().anyMatch(source -> source.getPhasesCount() > 1);
        Table table = phased
                ? new Table("source", "until", "tokens", "weight", "drawn tokens", "epochs", "max epochs")
                : new Table("source", "tokens", "weight", "drawn tokens", "epochs", "max epochs");
        for (MixtureSourcePlan source : plan.getSourcesList()) {
            if (!phased) {
                table.row(
                        name(source),
                        Format.count(source.getTokens()),
                        Format.fixed(source.getWeight(), 3),
                        Format.count(source.getDrawnTokens()),
                        Format.fixed(source.getEpochs(), 2),
                        maximum(source));
                continue;
            }
            for (MixturePhasePlan phase : source.getPhasesList()) {
                table.row(
                        name(source),
                        Format.percent(phase.getUntil()),
                        "",
                        Format.fixed(phase.getWeight(), 3),
                        Format.count(phase.getDrawnTokens()),
                        Format.fixed(phase.getEpochs(), 2),
                        "");
            }
            table.row(
                    name(source),
                    "all",
                    Format.count(source.getTokens()),
                    Format.fixed(source.getWeight(), 3),
                    Format.count(source.getDrawnTokens()),
                    Format.fixed(source.getEpochs(), 2),
                    maximum(source));
        }
        return table;
    }

    /** The dataset of a job, or the sources of its mixture. */
    public static String data(JobSpec spec) {
        return spec.hasMixture()
                ? joined(spec.getMixture().getSourcesList().stream()
                        .map(MixturePlanTable::name)
                        .toList())
                : Names.id(spec.getDataset());
    }

    /** The dataset of a version, or the sources of its mixture; empty if none is known. */
    public static String data(Version version) {
        return version.hasMixture()
                ? joined(version.getMixture().getSourcesList().stream()
                        .map(MixturePlanTable::name)
                        .toList())
                : version.getDataset();
    }

    /** As {@link #data(Version)}, without the collection's name. */
    public static String brief(Version version) {
        return version.hasMixture() ? data(version) : Names.id(version.getDataset());
    }

    /** Digest of the dataset or of the mixture. */
    public static String digest(Version version) {
        return version.hasMixture() ? version.getMixture().getDigest() : version.getDatasetDigest();
    }

    private static String joined(List<String> names) {
        return names.stream().collect(Collectors.joining(" + "));
    }

    private static String maximum(MixtureSourcePlan source) {
        return source.getMaximumEpochs() == 0 ? "-" : Format.count(source.getMaximumEpochs());
    }

    private static String name(MixtureSource source) {
        return name(source.getDataset(), source.getSource());
    }

    private static String name(MixtureSourcePlan source) {
        return name(source.getDataset(), source.getSource());
    }

    private static String name(String dataset, String source) {
        return source.isEmpty() ? Names.id(dataset) : Names.id(dataset) + "/" + source;
    }
}
