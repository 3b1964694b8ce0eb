package io.rootstock.cli.evaluation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.EvaluationWatcher;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Evaluations watched until they have ended. Ctrl-C stops watching; the evaluations continue. */
public final class WatchedEvaluation {
    private WatchedEvaluation() {}

    /**
     * Watches evaluations one after the other, and prints the final state of each.
     *
     * @param names evaluations/{evaluation}, in this order
     * @param afterSequence sequence number of the last event to skip; 0: none
     * @return the evaluations in their final state; the last one is the first that did not succeed
     */
    public static List<Evaluation> watch(Clients clients, Console console, List<String> names, long afterSequence) {
        List<String> remaining = new CopyOnWriteArrayList<>(names);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> remaining.forEach(name -> noteInterrupt(name, console))));
        try {
            List<Evaluation> evaluations = new ArrayList<>();
            for (String name : names) {
                Evaluation evaluation = watch(clients, console, name, afterSequence);
                remaining.remove(name);
                evaluations.add(evaluation);
                if (!succeeded(evaluation)) {
                    break;
                }
            }
            return evaluations;
        } finally {
            remaining.clear();
        }
    }

    private static void noteInterrupt(String name, Console console) {
        String id = Names.id(name);
        console.note("");
        console.note(name + " continues in the background");
        console.note("hint: rootstock eval watch " + id + ", or rootstock eval cancel " + id);
    }

    private static Evaluation watch(Clients clients, Console console, String name, long afterSequence) {
        Evaluation evaluation;
        try (EvaluationDisplay display = new EvaluationDisplay(console, Names.id(name))) {
            evaluation = new EvaluationWatcher(
                            clients, display::show, why -> display.note("connection lost (" + why + "), reconnecting"))
                    .watch(name, afterSequence);
        }
        console.printJson(evaluation);
        console.print(name + " " + EvaluationDisplay.withMessage(evaluation.getState(), evaluation.getMessage()));
        if (!succeeded(evaluation)) {
            console.note("hint: rootstock eval resume " + Names.id(name));
        }
        return evaluation;
    }

    /** Whether all rows are scored. */
    public static boolean succeeded(Evaluation evaluation) {
        return evaluation.getState() == EvaluationState.EVALUATION_STATE_SUCCEEDED;
    }
}
