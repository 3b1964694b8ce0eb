package io.rootstock.cli.display;

import io.rootstock.cli.client.Names;
import io.rootstock.registry.v1.LineageNode;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Ancestors and descendants of a version as a tree. */
public final class LineageTree {
    private static final List<String> SHOWN_METRICS = List.of(
            "bits_per_byte",
            "accuracy",
            "linear_accuracy",
            "majority_accuracy",
            "loss",
            "base_loss",
            "macro_f1",
            "chrf_plus_plus",
            "nearest_chrf_plus_plus");

    private LineageTree() {}

    /** The lines of the tree, starting with the oldest ancestor. */
    public static List<String> lines(LineageNode root) {
        List<String> lines = new ArrayList<>();
        Version version = root.getVersion();
        if (!version.getTokenizer().isEmpty()) {
            lines.add(version.getTokenizer() + "  sha256 " + Format.digest(version.getTokenizerDigest()));
            add(root, "", "└─ ", "   ", lines);
        } else {
            add(root, "", "", "", lines);
        }
        return lines;
    }

    private static void add(LineageNode node, String indent, String branch, String below, List<String> lines) {
        Version version = node.getVersion();
        boolean visible = version.getKind() != VersionKind.VERSION_KIND_UNSPECIFIED;
        String aliases = node.getAliasesList().stream()
                .map(alias -> "@" + Names.id(alias))
                .collect(Collectors.joining(" "));
        lines.add(indent + branch + Names.brief(version.getName()) + "  "
                + (visible ? Labels.of(version.getKind()) : "not visible to you")
                + (aliases.isEmpty() ? "" : "  [" + aliases + "]"));
        boolean hasChildren = node.getChildrenCount() > 0;
        String detail = indent + below + (hasChildren ? "│    " : "     ");
        String origin = version.getJob().isEmpty() ? "imported" : version.getJob();
        if (visible) {
            String data = MixturePlanTable.data(version);
            String mixture = version.hasMixture()
                    ? " (mixture sha256 " + Format.digest(version.getMixture().getDigest()) + ")"
                    : "";
            lines.add(detail + (data.isEmpty() ? "" : "from " + data + mixture + ", ") + origin);
        }
        String metrics = metrics(version.getMetricsMap());
        if (!metrics.isEmpty()) {
            lines.add(detail + metrics);
        }
        for (int i = 0; i < node.getChildrenCount(); i++) {
            boolean last = i == node.getChildrenCount() - 1;
            add(node.getChildren(i), indent + below, last ? "└─ " : "├─ ", last ? "   " : "│  ", lines);
        }
    }

    /** Selected metrics in one line. */
    private static String metrics(Map<String, Double> metrics) {
        return SHOWN_METRICS.stream()
                .filter(metrics::containsKey)
                .map(name -> name + " " + Format.fixed(metrics.get(name), 3))
                .collect(Collectors.joining(", "));
    }
}
