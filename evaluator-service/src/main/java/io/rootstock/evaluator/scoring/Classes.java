package io.rootstock.evaluator.scoring;

import io.rootstock.evaluation.task.request.ClassifyRequest;
import io.rootstock.evaluation.task.request.RenderedRow;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The classes of a classifier. The choices of a row must be exactly these, in any order: by their texts, or by the task's
 * {@code class_labels}.
 */
public final class Classes {
    private static final int SHOWN = 20;

    private final String version;
    private final Set<String> labels;

    /**
     * @param version name of the classifier, for errors
     * @param labels its labels
     */
    public Classes(String version, List<String> labels) {
        this.version = version;
        this.labels = new TreeSet<>(labels);
    }

    static List<ClassifyRequest> requests(RenderedRow row) {
        return row.requests().stream().map(ClassifyRequest.class::cast).toList();
    }

    /**
     * Checks the choices of a row.
     *
     * @throws io.rootstock.yaml.InvalidFileException naming both sets if they differ
     */
    public void require(RenderedRow row) {
        List<String> choices =
                requests(row).stream().map(ClassifyRequest::choice).toList();
        List<String> named = requests(row).stream().map(ClassifyRequest::label).toList();
        if (!equal(choices) && !equal(named)) {
            String alternative = named.equals(choices) ? "" : " (class_labels " + shown(named) + ")";
            throw row.row()
                    .error(
                            "the row has the choices " + shown(choices) + alternative + ", but " + version
                                    + " has the classes " + shown(labels) + difference(choices),
                            "select tasks with these classes, or name the classes of the choices in"
                                    + " metadata.class_labels");
        }
    }

    /** Names of the classes of a row's choices, in their order. */
    List<String> names(RenderedRow row) {
        List<String> choices =
                requests(row).stream().map(ClassifyRequest::choice).toList();
        return equal(choices)
                ? choices
                : requests(row).stream().map(ClassifyRequest::label).toList();
    }

    private boolean equal(List<String> names) {
        return names.size() == labels.size() && labels.equals(new TreeSet<>(names));
    }

    /** The classes of long lists that differ. */
    private String difference(List<String> choices) {
        if (choices.size() <= SHOWN && labels.size() <= SHOWN) {
            return "";
        }
        Set<String> missing = new TreeSet<>(labels);
        choices.forEach(missing::remove);
        Set<String> unknown = new TreeSet<>(choices);
        unknown.removeAll(labels);
        return "; only choices: " + shown(unknown) + "; only classes: " + shown(missing);
    }

    private static String shown(Collection<String> names) {
        boolean whole = names.size() <= SHOWN;
        return names.stream().limit(SHOWN).collect(Collectors.joining(", ", "[", whole ? "]" : ", ...]"))
                + (whole ? "" : " (" + names.size() + ")");
    }
}
