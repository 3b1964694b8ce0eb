package io.rootstock.registry.evaluation;

/** An evaluation that refers to a version or a suite, and so prevents its deletion. */
public record EvaluationReference(String id, String state) {
    /**
     * Describes the reference with the commands that remove it.
     *
     * @param relation predicate about the referred resource, such as {@code uses it}
     */
    public String describe(String relation) {
        boolean active = state.equals("QUEUED") || state.equals("RUNNING");
        return Evaluations.name(id) + " " + relation + " and is " + state + " ("
                + (active ? "rootstock eval cancel " + id + ", then " : "") + "rootstock eval delete " + id + ")";
    }
}
